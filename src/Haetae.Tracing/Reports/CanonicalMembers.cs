using System.Globalization;

namespace Haetae.Tracing.Reports;

/// <summary>Members of an object, name and value in one call, in the forms that all of Haetae's documents share.</summary>
internal static class CanonicalMembers
{
    public static void Text(this CanonicalWriter json, string name, string value)
    {
        json.Name(name);
        json.String(value);
    }

    public static void TextOrNull(this CanonicalWriter json, string name, string? value)
    {
        json.Name(name);
        if (value is null) json.Null();
        else json.String(value);
    }

    /// <summary>A count, height or time: a JSON number.</summary>
    public static void Number(this CanonicalWriter json, string name, long value)
    {
        json.Name(name);
        json.Integer(value);
    }

    /// <summary>An amount in satoshi: a decimal string.</summary>
    public static void Amount(this CanonicalWriter json, string name, long satoshi) => json.Text(name, satoshi.ToString(CultureInfo.InvariantCulture));

    public static void Flag(this CanonicalWriter json, string name, bool value)
    {
        json.Name(name);
        json.Boolean(value);
    }

    public static void List<T>(this CanonicalWriter json, string name, IEnumerable<T> items, Action<CanonicalWriter, T> write)
    {
        json.Name(name);
        json.BeginArray();
        foreach (var item in items) write(json, item);
        json.EndArray();
    }

    public static void List(this CanonicalWriter json, string name, IEnumerable<string> items) => json.List(name, items, static (json, text) => json.String(text));
}
