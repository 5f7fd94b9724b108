using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Node;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Proofs;

/// <summary>The bytes of single transactions, from where the ledger once took its blocks: a ledger itself does not keep them.</summary>
public abstract class BlockBytes : IDisposable
{
    /// <summary>What it reads from, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>Reads transactions of one block as they stand there, witness included.</summary>
    /// <param name="transactions">Where each lies in its block.</param>
    /// <exception cref="LedgerException">The block is not there, or shorter than it was.</exception>
    public abstract IReadOnlyList<byte[]> Read(Hash256 block, IReadOnlyList<TxMeta> transactions, CancellationToken cancel);

    /// <summary>Opens block files and finds the places of all blocks in them.</summary>
    /// <param name="path">A folder of block files, or one of them.</param>
    /// <param name="progress">Told the share that is done.</param>
    public static BlockBytes FromFiles(string path, BitcoinNetwork network, Action<double>? progress, CancellationToken cancel)
    {
        var files = BlockFiles.Open(path);
        try
        {
            var all = Math.Max(1, files.TotalBytes);
            var scan = HeaderScan.Scan(files, network, done => progress?.Invoke((double)done / all), cancel);
            var places = new Dictionary<Hash256, BlockPlace>(scan.Blocks.Count);
            for (var i = 0; i < scan.Blocks.Count; i++) places.TryAdd(scan.Blocks[i].Hash, scan.Places[i]);
            return new OfFiles(path, files, places);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Asks a node for each block.</summary>
    public static BlockBytes FromNode(NodeAccess access) => new OfNode(new NodeClient(access));

    public abstract void Dispose();

    private sealed class OfFiles(string path, BlockFiles files, Dictionary<Hash256, BlockPlace> places) : BlockBytes
    {
        public override string Name => path;

        public override IReadOnlyList<byte[]> Read(Hash256 block, IReadOnlyList<TxMeta> transactions, CancellationToken cancel)
        {
            cancel.ThrowIfCancellationRequested();
            if (!places.TryGetValue(block, out var place))
                throw new LedgerException($"'{path}' does not hold block {block}. Give the folder of block files that the ledger was made from, or --rpc URL.");
            var read = new List<byte[]>(transactions.Count);
            foreach (var meta in transactions)
            {
                if ((long)meta.Offset + meta.Size > place.Size) throw new LedgerException($"{files.PathOf(place.File)} at offset {place.Offset}: block {block} is shorter than the ledger says.");
                var bytes = new byte[meta.Size];
                if (files.Read(place.File, place.Offset + meta.Offset, bytes) < bytes.Length) throw new LedgerException($"{files.PathOf(place.File)}: the file was cut while it was read.");
                read.Add(bytes);
            }

            return read;
        }

        public override void Dispose() => files.Dispose();
    }

    private sealed class OfNode(NodeClient client) : BlockBytes
    {
        private const long Limit = 2L * BlockReader.MaximumBlockSize + 4096; // in hex, with the JSON around it

        public override string Name => $"the node at {client.Name}";

        public override IReadOnlyList<byte[]> Read(Hash256 block, IReadOnlyList<TxMeta> transactions, CancellationToken cancel)
        {
            using var answers = client.Call("getblock", [block, 0], Limit, cancel);
            var hex = answers[0].ValueKind == JsonValueKind.String ? JsonMarshal.GetRawUtf8Value(answers[0])[1..^1] : default;
            var bytes = new byte[hex.Length / 2];
            if (bytes.Length < BlockHeader.Size || Convert.FromHexString(hex, bytes, out _, out var written) != OperationStatus.Done || written != bytes.Length || BlockHeader.Parse(bytes.AsSpan(0, BlockHeader.Size)).Hash != block)
                throw new LedgerException($"The node at {client.Name} was asked for block {block} and gives something else.");
            if (transactions.Any(meta => (long)meta.Offset + meta.Size > bytes.Length)) throw new LedgerException($"The node at {client.Name} gives block {block} shorter than the ledger says.");
            return [.. transactions.Select(meta => bytes.AsSpan((int)meta.Offset, (int)meta.Size).ToArray())];
        }

        public override void Dispose() => client.Dispose();
    }
}
