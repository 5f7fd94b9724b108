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
        json.Text("name", theft.Name);
        json.EndObject();
    }

    public static void Part(CanonicalWriter json, TheftPart part)
    {
        json.BeginObject();
        json.Amount("tainted", part.Tainted);
        json.Text("theft", part.Theft);
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
        json.Amount("claimed", theft.Claimed);
        json.Amount("collided", theft.Collided);
        json.Number("ends", theft.Ends);
        json.Text("name", theft.Name);
        json.EndObject();
    }

    public static void Collision(CanonicalWriter json, TraceCollision collision)
    {
        json.BeginObject();
        json.Text("earlier", collision.Earlier);
        json.Text("later", collision.Later);
        json.Text("txid", collision.TxId);
        json.Amount("value", collision.Value);
        json.Number("vout", collision.Vout);
        json.EndObject();
    }
}
