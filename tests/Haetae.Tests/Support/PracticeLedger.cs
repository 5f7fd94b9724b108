using Haetae.Cli.Commands;
using Haetae.Cli.Exercise;
using Haetae.Ledger.Ingest;

namespace Haetae.Tests.Support;

/// <summary>A small practice heist, ingested once for all tests of a class.</summary>
public sealed class PracticeLedger : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-practice-").FullName;

    public PracticeLedger()
    {
        Blocks = Path.Combine(_root, "blocks");
        Folder = Path.Combine(_root, "ledger");
        var heist = PracticeHeist.Write(Blocks, 5, 1_000, ExerciseCommand.AddressOf, CancellationToken.None);
        Seeds = [.. heist.Seeds];
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = Blocks, Ledger = Folder, Threads = 2 });
    }

    /// <summary>The ledger's folder.</summary>
    public string Folder { get; }

    /// <summary>The folder of block files.</summary>
    public string Blocks { get; }

    /// <summary>The stolen outputs, as TXID:VOUT.</summary>
    public IReadOnlyList<string> Seeds { get; }

    /// <summary>A folder that no ledger lies in.</summary>
    public string Elsewhere => Path.Combine(_root, "elsewhere");

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
