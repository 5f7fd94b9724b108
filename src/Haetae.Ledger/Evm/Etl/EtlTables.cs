namespace Haetae.Ledger.Evm.Etl;

/// <summary>The files of a folder by the table they hold.</summary>
public sealed class EtlTables
{
    /// <summary>Rows that may stand out of the order of blocks: ethereum-etl's workers finish as they finish.</summary>
    internal const int Window = 50_000;

    private static readonly string[] Endings = [".csv", ".json", ".jsonl", ".ndjson"];

    private readonly Dictionary<EtlKind, List<(string File, ulong First)>> _files = [];

    private EtlTables(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Files that are of no table read here.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>Every file that is read, by name.</summary>
    public IEnumerable<string> Files => _files.Values.SelectMany(files => files).Select(one => one.File).Order(StringComparer.Ordinal);

    public bool Has(EtlKind kind) => _files.ContainsKey(kind);

    /// <summary>Looks through a folder and all below it: a file's table is told by its columns, whatever its name.</summary>
    /// <exception cref="LedgerException">There is no table in it.</exception>
    public static EtlTables Open(string folder)
    {
        var tables = new EtlTables(folder);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var bare = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
            if (!Endings.Any(ending => bare.EndsWith(ending, StringComparison.OrdinalIgnoreCase))) continue;
            tables.Take(file);
        }

        if (tables._files.Count == 0)
            throw new LedgerException($"'{folder}' holds no table of ethereum-etl: blocks, transactions, receipts, logs, token_transfers or traces, as .csv or .json (one object a line), packed as .gz or not.");
        foreach (var files in tables._files.Values) files.Sort((left, right) => left.First != right.First ? left.First.CompareTo(right.First) : string.CompareOrdinal(left.File, right.File));
        return tables;
    }

    private void Take(string file)
    {
        if (First(file) is not { } first)
        {
            LeftOut.Add(file);
            return;
        }

        if (!_files.TryGetValue(first.Kind, out var files)) _files[first.Kind] = files = [];
        files.Add((file, first.Block));
    }

    /// <summary>A file's table and the block of its first row; null where it is empty, of another table, or no table at all.</summary>
    private static (EtlKind Kind, ulong Block)? First(string file)
    {
        using var lines = EtlLines.Read(file).GetEnumerator();
        try
        {
            if (!lines.MoveNext() || EtlReading.KindOf(lines.Current) is not { } kind) return null;
            return (kind, EtlReading.BlockOf(kind, lines.Current));
        }
        catch (LedgerException) when (file.Contains(".json", StringComparison.OrdinalIgnoreCase))
        {
            return null; // JSON of another form than one object a line
        }
    }

    /// <summary>The rows of a table in the order of blocks.</summary>
    /// <param name="times">Is told the time of a block where a row knows it.</param>
    internal IEnumerable<(ulong Block, T Row)> Rows<T>(EtlKind kind, Func<EtlLine, T> read, Action<ulong, ulong> times)
    {
        if (!_files.TryGetValue(kind, out var files)) yield break;
        var waiting = new PriorityQueue<(ulong Block, T Row), (ulong, long)>();
        long number = 0;
        ulong last = 0;
        foreach (var (file, _) in files)
        {
            foreach (var line in EtlLines.Read(file))
            {
                var block = EtlReading.BlockOf(kind, line);
                if (block < last) throw new LedgerException($"{file}, line {line.Number}: block {block} comes more than {Window} rows after rows of block {last}. Sort the rows by block first.");
                if (line.Whole("block_timestamp") is { } time) times(block, time);
                waiting.Enqueue((block, read(line)), (block, number++));
                if (waiting.Count <= Window) continue;
                last = waiting.Peek().Block;
                yield return waiting.Dequeue();
            }
        }

        while (waiting.TryDequeue(out var row, out _)) yield return row;
    }
}
