using System.Globalization;
using System.Reflection;

namespace Haetae.Intel.Storage;

/// <summary>The numbered scripts that make the tables: the same for every kind of database.</summary>
internal static class StoreScripts
{
    /// <summary>In the order of their numbers, from 1.</summary>
    internal static IReadOnlyList<(int Number, string Sql)> All { get; } = [.. Read()];

    /// <summary>The version of a database that has seen them all.</summary>
    internal static int Last => All[^1].Number;

    private static IEnumerable<(int Number, string Sql)> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), text.ReadToEnd());
        }
    }
}
