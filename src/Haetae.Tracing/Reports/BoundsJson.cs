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
        json.List("destinations", bounds.Destinations, Destination);
        if (bounds.NotComputed is not null) json.Text("notComputed", bounds.NotComputed);
        if (bounds.Stolen is { } stolen) json.Amount("stolen", stolen);
        json.Flag("tight", bounds.Tight);
        if (bounds.Transactions is { } transactions) json.Number("transactions", transactions);
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
            if (holder.Address is null) json.Text("addressReason", $"a {holder.ScriptType} script has no address");
        }

        json.Number("ends", destination.Ends);
        StopJson.Member(json, destination.Entity ?? destination.Holder?.Entity);
        json.Name("figures");
        json.BeginArray();
        foreach (var figure in destination.Figures)
        {
            json.BeginObject();
            json.Flag("bounded", figure.Bounded);
            json.Text("policy", figure.Policy);
            json.Amount("tainted", figure.Tainted);
            json.EndObject();
        }

        json.EndArray();
        json.Text("kind", destination.Kind);
        json.Amount("least", destination.Least);
        json.Amount("most", destination.Most);
        if (destination.Name is not null) json.Text("name", destination.Name);
        if (destination.Holder?.ScriptHex is { } hex) json.Text("scriptHex", hex);
        if (destination.Holder is not null) json.Text("scriptType", destination.Holder.ScriptType);
        json.EndObject();
    }
}
