using Haetae.Tracing.Sensitivity;

namespace Haetae.Tracing.Reports;

/// <summary>What an answer rests on, as the member <c>sensitivity</c> of <c>haetae.trace/1</c>.</summary>
internal static class SensitivityJson
{
    public static void Write(CanonicalWriter json, SensitivityResult result)
    {
        json.BeginObject();
        json.List("assumptions", result.Effects, Effect);
        json.Number("notTried", result.NotTried);
        json.Text("policy", result.Policy);
        json.Number("transactionLimit", result.Limit);
        json.EndObject();
    }

    private static void Effect(CanonicalWriter json, AssumptionEffect effect)
    {
        json.BeginObject();
        json.List("conclusions", effect.Conclusions, Shift);
        StopJson.Member(json, effect.Entity);
        json.Text("kind", effect.Kind.ToString().ToLowerInvariant());
        if (effect.LinkFrom is not null) json.Text("linkFrom", effect.LinkFrom);
        json.Flag("loadBearing", effect.IsLoadBearing);
        json.Amount("moved", effect.Moved);
        if (effect.TxId is not null) json.Text("txid", effect.TxId);
        json.EndObject();
    }

    private static void Shift(CanonicalWriter json, ConclusionShift shift)
    {
        json.BeginObject();
        if (shift.Name is not null) json.Text("name", shift.Name);
        json.Text("place", shift.Place);
        json.Amount("with", shift.With);
        json.Amount("without", shift.Without);
        json.EndObject();
    }
}
