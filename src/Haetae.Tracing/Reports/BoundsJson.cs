using System.Globalization;

namespace Haetae.Tracing.Reports;

/// <summary>Bounds without a rule as a member of <c>haetae.trace/1</c>.</summary>
internal static class BoundsJson
{
    /// <summary>Writes the member <c>bounds</c>; nothing where they were not asked for.</summary>
    public static void Member(CanonicalWriter json, BoundsReport? bounds)
    {
        if (bounds is null) return;
        json.Name("bounds");
        json.BeginObject();
        json.Name("destinations");
        json.BeginArray();
        foreach (var destination in bounds.Destinations) Destination(json, destination);
        json.EndArray();
        if (bounds.NotComputed is not null) Text(json, "notComputed", bounds.NotComputed);
        if (bounds.Stolen is { } stolen) Amount(json, "stolen", stolen);
        json.Name("tight");
        json.Boolean(bounds.Tight);
        if (bounds.Transactions is { } transactions) Number(json, "transactions", transactions);
        json.EndObject();
    }

    private static void Destination(CanonicalWriter json, DestinationBounds destination)
    {
        json.BeginObject();
        if (destination.Holder is { } holder)
        {
            json.Name("address");
            if (holder.Address is null) json.Null();
            else json.String(holder.Address);
            if (holder.Address is null) Text(json, "addressReason", $"a {holder.ScriptType} script has no address");
        }

        Number(json, "ends", destination.Ends);
        StopJson.Member(json, destination.Entity ?? destination.Holder?.Entity);
        json.Name("figures");
        json.BeginArray();
        foreach (var figure in destination.Figures)
        {
            json.BeginObject();
            json.Name("bounded");
            json.Boolean(figure.Bounded);
            Text(json, "policy", figure.Policy);
            Amount(json, "tainted", figure.Tainted);
            json.EndObject();
        }

        json.EndArray();
        Text(json, "kind", destination.Kind);
        Amount(json, "least", destination.Least);
        Amount(json, "most", destination.Most);
        if (destination.Name is not null) Text(json, "name", destination.Name);
        if (destination.Holder?.ScriptHex is { } hex) Text(json, "scriptHex", hex);
        if (destination.Holder is not null) Text(json, "scriptType", destination.Holder.ScriptType);
        json.EndObject();
    }

    private static void Text(CanonicalWriter json, string name, string value)
    {
        json.Name(name);
        json.String(value);
    }

    private static void Number(CanonicalWriter json, string name, long value)
    {
        json.Name(name);
        json.Integer(value);
    }

    private static void Amount(CanonicalWriter json, string name, long satoshi) => Text(json, name, satoshi.ToString(CultureInfo.InvariantCulture));
}
