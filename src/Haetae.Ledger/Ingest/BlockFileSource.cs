using System.Numerics;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Ledger.Ingest;

/// <summary>The chain with most work among the blocks of a folder of block files.</summary>
internal sealed class BlockFileSource : BlockSource
{
    private readonly BlockFiles _files;
    private readonly List<SourceBlock> _blocks;
    private readonly List<BlockPlace> _places;
    private readonly int[] _chain;
    private readonly UndoData _undo;

    private BlockFileSource(BlockFiles files, HeaderScan.Result scan, int[] chain, int firstHeight)
    {
        _files = files;
        _blocks = scan.Blocks;
        _places = scan.Places;
        _chain = chain;
        _undo = new UndoData(files, scan.Network, _blocks, _places);
        FirstHeight = firstHeight;
    }

    internal override int FirstHeight { get; }

    internal override int Count => _chain.Length;

    internal override SourceBlock this[int index] => _blocks[_chain[index]];

    internal override string Describe(int index)
    {
        var place = _places[_chain[index]];
        return $"{_files.PathOf(place.File)} at offset {place.Offset}";
    }

    /// <summary>Picks the chain: from the genesis block, or from the anchor, the one block whose parent no file holds.</summary>
    /// <param name="from">The anchor's height where it is not the genesis block, or the height to begin with where it is.</param>
    /// <param name="isKnown">The height of a block that the ledger already holds, or -1: such a parent is no missing parent.</param>
    internal static BlockFileSource Select(BlockFiles files, HeaderScan.Result scan, int? from, int? to, Func<Hash256, int> isKnown, List<string> warnings)
    {
        var blocks = scan.Blocks;
        if (blocks.Count == 0) throw new LedgerException($"{files.PathOf(0)}: the files hold no whole block.{(warnings.Count > 0 ? " " + warnings[0] : "")}");
        var byHash = new Dictionary<Hash256, int>(blocks.Count);
        for (var i = 0; i < blocks.Count; i++) byHash.TryAdd(blocks[i].Hash, i);

        var tree = Grow(blocks, byHash, scan, files);
        var best = Best(blocks, byHash, tree, scan.Network, isKnown, out var unconnected);
        if (unconnected >= 0)
        {
            var place = scan.Places[unconnected];
            warnings.Add($"Some blocks do not connect: {blocks[unconnected].Hash} ({files.PathOf(place.File)} at offset {place.Offset}) follows {blocks[unconnected].Previous}, which no file holds. They wait for it.");
        }

        var path = new List<int>();
        for (var at = best; at >= 0; at = tree.Parent[at]) path.Add(at);
        path.Reverse();
        var root = path[0];
        var first = RootHeight(blocks[root], scan, files, root, from, isKnown);
        var skip = from is { } wanted && wanted > first ? wanted - first : 0;
        var take = to is { } last ? (int)Math.Min(path.Count, (long)last - first + 1) : path.Count;
        if (skip >= take) throw new LedgerException($"No block lies between --from and --to: the files' chain goes from height {first} to {first + path.Count - 1}.");
        return new BlockFileSource(files, scan, [.. path.GetRange(skip, take - skip)], first + skip);
    }

    private sealed record Tree(int[] Parent, UInt128[] Work, int[] Root);

    private static Tree Grow(List<SourceBlock> blocks, Dictionary<Hash256, int> byHash, HeaderScan.Result scan, BlockFiles files)
    {
        var parent = new int[blocks.Count];
        var work = new UInt128[blocks.Count];
        var root = new int[blocks.Count];
        var done = new bool[blocks.Count];
        var targets = new Dictionary<uint, (BigInteger Target, UInt128 Work)>();
        var open = new Stack<int>();
        for (var i = 0; i < blocks.Count; i++)
        {
            for (var at = i; !done[at]; at = parent[at])
            {
                open.Push(at);
                parent[at] = byHash.TryGetValue(blocks[at].Previous, out var up) && up != at ? up : -1;
                if (parent[at] < 0) break;
            }

            while (open.TryPop(out var at))
            {
                if (done[at]) continue;
                var (target, own) = TargetOf(blocks[at], targets, scan.Places[at], files);
                if (ProofOfWork.Number(blocks[at].Hash) > target)
                    throw new InvalidBlockException($"{files.PathOf(scan.Places[at].File)} at offset {scan.Places[at].Offset}: block {blocks[at].Hash} does not meet the target its own header states (bits {blocks[at].Bits:x8}).");
                work[at] = own + (parent[at] < 0 ? 0 : work[parent[at]]);
                root[at] = parent[at] < 0 ? at : root[parent[at]];
                done[at] = true;
            }
        }

        return new Tree(parent, work, root);
    }

    private static (BigInteger Target, UInt128 Work) TargetOf(SourceBlock block, Dictionary<uint, (BigInteger, UInt128)> targets, BlockPlace place, BlockFiles files)
    {
        if (targets.TryGetValue(block.Bits, out var known)) return known;
        if (!ProofOfWork.TryTarget(block.Bits, out var target))
            throw new InvalidBlockException($"{files.PathOf(place.File)} at offset {place.Offset}: block {block.Hash} states an impossible target (bits {block.Bits:x8}).");
        return targets[block.Bits] = (target, ProofOfWork.Work(target));
    }

    /// <summary>The tip with most work; a chain from the genesis block or from a block the ledger holds goes before one that hangs in the air. Ties: first in the files.</summary>
    private static int Best(List<SourceBlock> blocks, Dictionary<Hash256, int> byHash, Tree tree, BitcoinNetwork network, Func<Hash256, int> isKnown, out int unconnected)
    {
        var best = -1;
        var bestRooted = false;
        unconnected = -1;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (byHash[blocks[i].Hash] != i) continue; // a duplicate of an earlier record
            var root = blocks[tree.Root[i]];
            var rooted = root.Hash == network.GenesisHash || root.Previous == network.GenesisHash || isKnown(root.Previous) >= 0 || isKnown(root.Hash) >= 0;
            if (best < 0 || (rooted && !bestRooted) || (rooted == bestRooted && tree.Work[i] > tree.Work[best]))
            {
                best = i;
                bestRooted = rooted;
            }
        }

        for (var i = 0; i < blocks.Count && unconnected < 0; i++)
        {
            var root = blocks[i];
            if (tree.Parent[i] < 0 && byHash[root.Hash] == i && tree.Root[best] != i && root.Hash != network.GenesisHash && isKnown(root.Previous) < 0) unconnected = i;
        }

        return best;
    }

    private static int RootHeight(SourceBlock root, HeaderScan.Result scan, BlockFiles files, int index, int? from, Func<Hash256, int> isKnown)
    {
        if (root.Hash == scan.Network.GenesisHash) return 0;
        if (root.Previous == scan.Network.GenesisHash) return 1;
        if (isKnown(root.Hash) is >= 0 and var own) return own;
        if (isKnown(root.Previous) is >= 0 and var parent) return parent + 1;
        if (from is { } height) return height;
        var place = scan.Places[index];
        var bytes = new byte[place.Size];
        files.Read(place.File, place.Offset, bytes);
        try
        {
            if (Coinbase.Height(bytes) is >= 0 and var stated) return stated;
        }
        catch (BlockFormatException)
        {
            // the parser will say what is wrong with this block; for now it only means that it does not state its height
        }

        throw new LedgerException(
            $"{files.PathOf(place.File)} at offset {place.Offset}: the first block {root.Hash} follows {root.Previous}, which no file holds, and does not state its height (BIP 34). Give it with --from.");
    }

    internal override void Read(int first, int count, Chunk chunk)
    {
        var needed = 0;
        for (var i = 0; i < count; i++) needed += _places[_chain[first + i]].Size + 8;
        if (chunk.Raw.Length < needed) chunk.Raw = new byte[needed];
        for (int i = 0, at = 0; i < count;)
        {
            // Records that follow each other in one file come with one read, the 8 bytes between them included.
            var place = _places[_chain[first + i]];
            var length = 0;
            var run = i;
            for (; run < count; run++)
            {
                var next = _places[_chain[first + run]];
                if (run > i && (next.File != place.File || next.Offset != place.Offset + length + 8)) break;
                var start = run > i ? length + 8 : 0;
                chunk.Blocks.Add((at + start, next.Size));
                length = start + next.Size;
            }

            if (_files.Read(place.File, place.Offset, chunk.Raw.AsSpan(at, length)) != length)
                throw new LedgerException($"{Describe(first + i)}: the file was cut while it was read.");
            at += length;
            i = run;
        }
    }

    internal override bool TrySpentOutput(Chunk chunk, int block, int input, out long value, out ReadOnlySpan<byte> script) =>
        _undo.TrySpentOutput(chunk, _chain[chunk.FirstBlock + block], block, input, out value, out script);

    public override void Dispose()
    {
        _undo.Dispose();
        _files.Dispose();
    }
}
