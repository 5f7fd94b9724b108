using System.Globalization;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Reports;

/// <summary>Entities and stops as members of <c>haetae.trace/1</c>.</summary>
internal static class StopJson
{
    /// <summary>Writes the member <c>entity</c>; nothing where nothing is said of the address.</summary>
    public static void Member(CanonicalWriter json, Entity? entity)
    {
        if (entity is null) return;
        json.Name("entity");
        Entity(json, entity);
    }

    public static void Entity(CanonicalWriter json, Entity entity)
    {
        json.BeginObject();
        if (entity.Actor is not null) json.Text("actor", entity.Actor);
        if (entity.Category is not null) json.Text("category", entity.Category);
        if (entity.Confidence is not null) json.Text("confidence", entity.Confidence);
        if (entity.ConfidenceLevel is { } level) json.Number("confidenceLevel", level);
        json.Flag("disputed", entity.IsDisputed);
        json.Text("name", entity.Name);
        if (entity.Sanctions is not null) json.Text("sanctions", entity.Sanctions);
        json.Flag("service", entity.IsService);
        json.Text("source", entity.Source);
        json.Text("via", entity.Via == EntityVia.Cluster ? "cluster" : "address");
        json.EndObject();
    }

    public static void Tags(CanonicalWriter json, TraceTags tags)
    {
        json.BeginObject();
        json.Number("addresses", tags.Addresses);
        if (tags.AsOf is { } day) json.Text("asOf", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.Flag("clusters", tags.Clusters);
        json.Text("digest", tags.Digest);
        json.EndObject();
    }

    public static void Total(CanonicalWriter json, EntityTotal total)
    {
        json.BeginObject();
        json.Number("addresses", total.Addresses);
        json.Number("ends", total.Ends);
        Member(json, total.Entity);
        json.Number("firstHeight", total.FirstHeight);
        json.Number("lastHeight", total.LastHeight);
        json.Amount("tainted", total.Tainted);
        json.EndObject();
    }

    public static void Stop(CanonicalWriter json, TraceStop stop)
    {
        json.BeginObject();
        if (stop.CoinJoin is { } verdict)
        {
            json.Name("coinjoin");
            Verdict(json, verdict);
        }

        json.Number("ends", stop.Ends);
        Member(json, stop.Entity);
        json.Number("firstHeight", stop.FirstHeight);
        json.Text("firstTime", Amounts.Instant(stop.FirstTime));
        json.Text("kind", stop.Kind);
        json.Number("lastHeight", stop.LastHeight);
        json.Text("lastTime", Amounts.Instant(stop.LastTime));
        json.Amount("tainted", stop.Tainted);
        if (stop.TxId is not null) json.Text("txid", stop.TxId);
        json.EndObject();
    }

    private static void Verdict(CanonicalWriter json, CoinJoinVerdict verdict)
    {
        json.BeginObject();
        if (verdict.Confidence is { } confidence) json.Text("confidence", confidence.ToString().ToLowerInvariant());
        json.List("denominations", verdict.Denominations.Select(amount => amount.ToString(CultureInfo.InvariantCulture)));
        json.Text("kind", CoinJoinNames.Of(verdict.Kind));
        if (verdict.Participants is { } participants) json.Number("participants", participants);
        json.Text("rule", verdict.Rule);
        json.EndObject();
    }
}
