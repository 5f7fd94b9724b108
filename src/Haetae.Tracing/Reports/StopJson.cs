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
        if (entity.Actor is not null) Text(json, "actor", entity.Actor);
        if (entity.Category is not null) Text(json, "category", entity.Category);
        if (entity.Confidence is not null) Text(json, "confidence", entity.Confidence);
        if (entity.ConfidenceLevel is { } level) Number(json, "confidenceLevel", level);
        json.Name("disputed");
        json.Boolean(entity.IsDisputed);
        Text(json, "name", entity.Name);
        if (entity.Sanctions is not null) Text(json, "sanctions", entity.Sanctions);
        json.Name("service");
        json.Boolean(entity.IsService);
        Text(json, "source", entity.Source);
        Text(json, "via", entity.Via == EntityVia.Cluster ? "cluster" : "address");
        json.EndObject();
    }

    public static void Tags(CanonicalWriter json, TraceTags tags)
    {
        json.BeginObject();
        Number(json, "addresses", tags.Addresses);
        if (tags.AsOf is { } day) Text(json, "asOf", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.Name("clusters");
        json.Boolean(tags.Clusters);
        Text(json, "digest", tags.Digest);
        json.EndObject();
    }

    public static void Total(CanonicalWriter json, EntityTotal total)
    {
        json.BeginObject();
        Number(json, "addresses", total.Addresses);
        Number(json, "ends", total.Ends);
        Member(json, total.Entity);
        Number(json, "firstHeight", total.FirstHeight);
        Number(json, "lastHeight", total.LastHeight);
        Amount(json, "tainted", total.Tainted);
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

        Number(json, "ends", stop.Ends);
        Member(json, stop.Entity);
        Number(json, "firstHeight", stop.FirstHeight);
        Text(json, "firstTime", Amounts.Instant(stop.FirstTime));
        Text(json, "kind", stop.Kind);
        Number(json, "lastHeight", stop.LastHeight);
        Text(json, "lastTime", Amounts.Instant(stop.LastTime));
        Amount(json, "tainted", stop.Tainted);
        if (stop.TxId is not null) Text(json, "txid", stop.TxId);
        json.EndObject();
    }

    private static void Verdict(CanonicalWriter json, CoinJoinVerdict verdict)
    {
        json.BeginObject();
        if (verdict.Confidence is { } confidence) Text(json, "confidence", confidence.ToString().ToLowerInvariant());
        json.Name("denominations");
        json.BeginArray();
        foreach (var amount in verdict.Denominations) json.String(amount.ToString(CultureInfo.InvariantCulture));
        json.EndArray();
        Text(json, "kind", CoinJoinNames.Of(verdict.Kind));
        if (verdict.Participants is { } participants) Number(json, "participants", participants);
        Text(json, "rule", verdict.Rule);
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
