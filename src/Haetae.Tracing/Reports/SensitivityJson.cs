using System.Globalization;
using Haetae.Tracing.Sensitivity;

namespace Haetae.Tracing.Reports;

/// <summary>What an answer rests on, as the member <c>sensitivity</c> of <c>haetae.trace/1</c>.</summary>
internal static class SensitivityJson
{
    public static void Write(CanonicalWriter json, SensitivityResult result)
    {
        json.BeginObject();
        json.Name("assumptions");
        json.BeginArray();
        foreach (var effect in result.Effects) Effect(json, effect);
        json.EndArray();
        json.Name("notTried");
        json.Integer(result.NotTried);
        Text(json, "policy", result.Policy);
        json.Name("transactionLimit");
        json.Integer(result.Limit);
        json.EndObject();
    }

    private static void Effect(CanonicalWriter json, AssumptionEffect effect)
    {
        json.BeginObject();
        json.Name("conclusions");
        json.BeginArray();
        foreach (var shift in effect.Conclusions)
        {
            json.BeginObject();
            if (shift.Name is not null) Text(json, "name", shift.Name);
            Text(json, "place", shift.Place);
            Text(json, "with", Number(shift.With));
            Text(json, "without", Number(shift.Without));
            json.EndObject();
        }

        json.EndArray();
        StopJson.Member(json, effect.Entity);
        Text(json, "kind", effect.Kind.ToString().ToLowerInvariant());
        if (effect.LinkFrom is not null) Text(json, "linkFrom", effect.LinkFrom);
        json.Name("loadBearing");
        json.Boolean(effect.IsLoadBearing);
        Text(json, "moved", Number(effect.Moved));
        if (effect.TxId is not null) Text(json, "txid", effect.TxId);
        json.EndObject();
    }

    private static string Number(long satoshi) => satoshi.ToString(CultureInfo.InvariantCulture);

    private static void Text(CanonicalWriter json, string name, string value)
    {
        json.Name(name);
        json.String(value);
    }
}
