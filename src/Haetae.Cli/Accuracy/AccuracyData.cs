using System.IO.Compression;
using System.Text.Json;
using Haetae.Cli.Commands;
using Haetae.Ledger;

namespace Haetae.Cli.Accuracy;

/// <summary>The folder of recorded data, and a folder for ledgers that are made on the way.</summary>
/// <param name="folder">Laid out as the published sets: bitcoin/coinjoin, bitcoin/blocks, ethereum/tornado-cash.</param>
/// <param name="bench">Folder of a chain of the benchmark generator with its truth.tsv; null where none was named.</param>
internal sealed class AccuracyData(string folder, string? bench = null) : IDisposable
{
    // A line is one transaction or block; the longest recorded is far below.
    private const int LongestLine = 64 << 20;

    private IReadOnlyList<RecordedCoinJoin>? _recorded;
    private IReadOnlyList<OwnedRound>? _emulated;
    private readonly Dictionary<string, OwnedLedger> _chains = [];
    private string? _scratch;

    /// <summary>Recorded transactions with the labels of other detectors.</summary>
    internal IReadOnlyList<RecordedCoinJoin> Recorded => _recorded ??= [.. Lines(RecordedCoinJoin.Read, "bitcoin", "coinjoin", "mainnet-coinjoins.jsonl.gz")];

    /// <summary>Emulated rounds, each coin with its wallet.</summary>
    internal IReadOnlyList<OwnedRound> Emulated => _emulated ??= [.. Lines(OwnedRound.Read, "bitcoin", "coinjoin", "emulated-wabisabi-owned.jsonl.gz")];

    /// <summary>Folder of the generated chain that was named; null: none.</summary>
    internal string? Bench => bench;

    /// <exception cref="NotFoundException">It is not there.</exception>
    internal string File(params string[] parts)
    {
        var path = Path.Combine([folder, .. parts]);
        return System.IO.File.Exists(path) ? path : throw new NotFoundException($"{path} is missing. --data names the folder that holds bitcoin/coinjoin, bitcoin/blocks and ethereum; --only measures what needs fewer files.");
    }

    /// <summary>The lines of a packed file of JSON documents, one each; what is wrong is told with file and line.</summary>
    internal IEnumerable<T> Lines<T>(Func<JsonElement, T> read, params string[] parts)
    {
        var path = File(parts);
        using var reader = new StreamReader(new GZipStream(System.IO.File.OpenRead(path), CompressionMode.Decompress));
        for (var number = 1; Next(reader, path, number) is { } line; number++)
        {
            T item;
            try
            {
                using var document = JsonDocument.Parse(line);
                item = read(document.RootElement);
            }
            catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException or LedgerException)
            {
                throw new LedgerException($"{path}, line {number}: {wrong.Message}", wrong);
            }

            yield return item;
        }
    }

    /// <summary>A chain with its owners, made once and closed with this object.</summary>
    internal OwnedLedger Chain(string name, Func<OwnedLedger> make)
    {
        if (!_chains.TryGetValue(name, out var chain)) _chains[name] = chain = make();
        return chain;
    }

    /// <summary>A new folder for a ledger, gone with this object.</summary>
    internal string Scratch(string name)
    {
        _scratch ??= Directory.CreateTempSubdirectory("haetae-accuracy-").FullName;
        var path = Path.Combine(_scratch, name);
        Directory.CreateDirectory(path);
        return path;
    }

    public void Dispose()
    {
        foreach (var chain in _chains.Values) chain.Dispose();
        if (_scratch is not null) Directory.Delete(_scratch, recursive: true);
    }

    private static string? Next(StreamReader reader, string path, int number)
    {
        try
        {
            var line = reader.ReadLine();
            return line is null || line.Length <= LongestLine ? line : throw new LedgerException($"{path}, line {number}: over {LongestLine} characters long");
        }
        catch (InvalidDataException wrong)
        {
            throw new LedgerException($"{path}: not packed as .gz says ({wrong.Message})", wrong);
        }
    }
}
