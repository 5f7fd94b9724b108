using System.Globalization;

namespace Haetae.Tracing.Reports;

/// <summary>Several thefts as members of <c>haetae.trace/1</c>. A trace of one theft without a name has none of them.</summary>
internal static class TheftJson
{
    public static void Asked(CanonicalWriter json, NamedTheft theft)
    {
        json.BeginObject();
        json.Name("from");
        json.BeginArray();
        foreach (var item in theft.From) json.String(item);
        json.EndArray();
        Text(json, "name", theft.Name);
        json.EndObject();
    }

    public static void Part(CanonicalWriter json, TheftPart part)
    {
        json.BeginObject();
        Amount(json, "tainted", part.Tainted);
        Text(json, "theft", part.Theft);
        json.EndObject();
    }

    /// <summary>Writes what one theft holds.</summary>
    /// <param name="addresses">Writes the member of its addresses.</param>
    /// <param name="books">Writes its books.</param>
    public static void Result(CanonicalWriter json, TheftResult theft, Action<CanonicalWriter, TheftResult> addresses, Action<CanonicalWriter, TraceBooks> books)
    {
        json.BeginObject();
        addresses(json, theft);
        json.Name("books");
        books(json, theft.Books);
        Amount(json, "claimed", theft.Claimed);
        Amount(json, "collided", theft.Collided);
        json.Name("ends");
        json.Integer(theft.Ends);
        Text(json, "name", theft.Name);
        json.EndObject();
    }

    public static void Collision(CanonicalWriter json, TraceCollision collision)
    {
        json.BeginObject();
        Text(json, "earlier", collision.Earlier);
        Text(json, "later", collision.Later);
        Text(json, "txid", collision.TxId);
        Amount(json, "value", collision.Value);
        json.Name("vout");
        json.Integer(collision.Vout);
        json.EndObject();
    }

    private static void Text(CanonicalWriter json, string name, string value)
    {
        json.Name(name);
        json.String(value);
    }

    private static void Amount(CanonicalWriter json, string name, long satoshi) => Text(json, name, satoshi.ToString(CultureInfo.InvariantCulture));
}
