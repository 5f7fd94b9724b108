using Haetae.Ledger.Bitcoin;

namespace Haetae.Ledger.Proofs;

/// <summary>Checked headers: runs of consecutive blocks, the last of which ends at the tip.</summary>
public sealed class ProvenChain
{
    /// <summary>No chain is as high for a century: what claims to be is not given memory.</summary>
    public const int MostHeight = 1 << 24;

    private readonly BlockHeader[][] _headers;
    private readonly int[] _firstHeights;

    private ProvenChain(BitcoinNetwork network, IReadOnlyList<HeaderRun> runs, BlockHeader[][] headers)
    {
        Network = network;
        _headers = headers;
        _firstHeights = [.. runs.Select(run => run.FirstHeight)];
    }

    public BitcoinNetwork Network { get; }

    public int Runs => _headers.Length;

    public int Headers => _headers.Sum(run => run.Length);

    public int LowestHeight => _firstHeights[0];

    public int TipHeight => _firstHeights[^1] + _headers[^1].Length - 1;

    public Hash256 TipHash => _headers[^1][^1].Hash;

    /// <summary>Height of the first block of the run that ends at the tip: from here on the chain is whole.</summary>
    public int WholeFrom => _firstHeights[^1];

    /// <summary>Whether that run begins with the network's first block: then the heights are proven too.</summary>
    public bool FromGenesis => WholeFrom == 0;

    /// <summary>Hashes it takes on average to find all headers of the run that ends at the tip.</summary>
    public UInt128 Work { get; private set; }

    /// <summary>Headers whose own target is easier than the network's limit.</summary>
    public int Weak { get; private set; }

    /// <summary>Whether a height's header is there.</summary>
    public bool Holds(int height) => RunOf(height) is var run && run >= 0 && height - _firstHeights[run] < _headers[run].Length;

    public BlockHeader HeaderAt(int height)
    {
        var run = RunOf(height);
        return _headers[run][height - _firstHeights[run]];
    }

    /// <summary>Checks runs in rising order: that each header meets its target and follows the one before.</summary>
    /// <param name="wrong">The first thing that does not hold; else null.</param>
    public static ProvenChain? Of(BitcoinNetwork network, IReadOnlyList<HeaderRun> runs, out string? wrong)
    {
        wrong = runs.Count == 0 ? "there is no header" : null;
        var chain = new ProvenChain(network, runs, new BlockHeader[runs.Count][]);
        for (var r = 0; r < runs.Count && wrong is null; r++)
        {
            if (runs[r].FirstHeight < 0 || runs[r].Count == 0 || (long)runs[r].FirstHeight + runs[r].Count > MostHeight) wrong = $"run {r} of headers says that it begins at height {runs[r].FirstHeight} with {runs[r].Count} headers";
            else if (r > 0 && runs[r].FirstHeight <= runs[r - 1].LastHeight + 1) wrong = $"run {r} of headers begins at height {runs[r].FirstHeight}, not after a gap behind {runs[r - 1].LastHeight}";
            else wrong = chain.Check(r, runs[r], last: r == runs.Count - 1);
        }

        return wrong is null ? chain : null;
    }

    private string? Check(int r, HeaderRun run, bool last)
    {
        var headers = _headers[r] = new BlockHeader[run.Count];
        for (var i = 0; i < headers.Length; i++)
        {
            var header = headers[i] = BlockHeader.Parse(run[i]);
            var height = run.FirstHeight + i;
            if (!header.MeetsItsTarget(out var work)) return $"header {height}: its hash {header.Hash} does not meet the target it states (bits {header.Bits:x8})";
            if (i > 0 && header.Previous != headers[i - 1].Hash) return $"header {height}: it names another block before it than header {height - 1}, whose hash is {headers[i - 1].Hash}";
            if (height == 0 && header.Hash != Network.GenesisHash) return $"header 0: its hash {header.Hash} is not that of {Network.Name}'s first block";
            if (last) Work += work;
            if (header.IsWeakOn(Network)) Weak++;
        }

        return null;
    }

    private int RunOf(int height)
    {
        var at = Array.BinarySearch(_firstHeights, height);
        return at >= 0 ? at : ~at - 1;
    }
}
