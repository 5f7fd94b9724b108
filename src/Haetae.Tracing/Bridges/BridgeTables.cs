using System.Reflection;
using System.Text.Json;
using Haetae.Ledger;

namespace Haetae.Tracing.Bridges;

/// <summary>The bridges that are known, one file each (<c>haetae.bridge/1</c>): adding one is a table and a test.</summary>
public static class BridgeTables
{
    public const string Format = "haetae.bridge/1";

    /// <summary>The longest table that is read, in bytes.</summary>
    public const int MostBytes = 1 << 20;

    private const string Folder = "Haetae.Tracing.Bridges.Protocols.";

    private static readonly Lazy<IReadOnlyList<BridgeProtocol>> Built = new(ReadBuiltIn);

    /// <summary>The tables that come with the program, by name, then version.</summary>
    public static IReadOnlyList<BridgeProtocol> BuiltIn => Built.Value;

    /// <summary>Reads and checks a table.</summary>
    /// <param name="name">What the table is called in errors: its file.</param>
    /// <exception cref="LedgerException">It is none, or says what cannot be; the message names the file and the member.</exception>
    public static BridgeProtocol Read(ReadOnlyMemory<byte> json, string name)
    {
        if (json.Length > MostBytes) throw new LedgerException($"{name}: a table of a bridge has at most {MostBytes} bytes, this one {json.Length}.");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 16 });
            return BridgeTableReader.Read(document.RootElement);
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new LedgerException($"{name}: {wrong.Message}", wrong);
        }
    }

    private static IReadOnlyList<BridgeProtocol> ReadBuiltIn()
    {
        var assembly = typeof(BridgeTables).Assembly;
        var tables = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name => Read(Bytes(assembly, name), name[Folder.Length..]));
        return [.. tables.OrderBy(table => table.Name, StringComparer.Ordinal).ThenBy(table => table.Version, StringComparer.Ordinal)];
    }

    private static byte[] Bytes(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
