using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger;

/// <summary>Checks a stored ledger against itself: everything that can be computed again is.</summary>
public static class LedgerVerifier
{
    private const int MostFindings = 100;

    /// <summary>Returns what is wrong, each finding naming its file and place; empty for a whole ledger. Stops after 100 findings and says so.</summary>
    public static IReadOnlyList<string> Verify(string folder, int threads, Action<string, double>? progress, CancellationToken cancel)
    {
        var findings = new List<string>();
        try
        {
            using var ledger = BitcoinLedger.Open(folder);
            ledger.OfOneBranch(() => // what a writer takes back meanwhile would look like damage
            {
                CheckChecksums(ledger, threads, findings, progress, cancel);
                if (findings.Count == 0) CheckContent(ledger, findings, progress, cancel); // else it would only repeat the same in other words
                return findings.Count;
            });
        }
        catch (LedgerCorruptException corrupt)
        {
            findings.Add(corrupt.Message);
        }

        if (findings.Count >= MostFindings) findings.Add($"Stopped after {MostFindings} findings; there may be more.");
        return findings;
    }

    private static void CheckContent(BitcoinLedger ledger, List<string> findings, Action<string, double>? progress, CancellationToken cancel)
    {
        CheckChain(ledger, findings, progress, cancel);
        CheckSpends(ledger, findings, progress, cancel);
        CheckIndexes(ledger, findings, progress, cancel);
    }

    /// <summary>Every block of every column against its checksum.</summary>
    private static void CheckChecksums(BitcoinLedger ledger, int threads, List<string> findings, Action<string, double>? progress, CancellationToken cancel)
    {
        var done = 0;
        var guards = ledger.Guards;
        SideBySide.ForEach(guards, threads, cancel, guard =>
        {
            foreach (var finding in guard.Findings())
            {
                cancel.ThrowIfCancellationRequested();
                lock (findings) findings.Add(finding);
            }

            progress?.Invoke("checksums", (double)Interlocked.Increment(ref done) / guards.Count);
        });
        foreach (var column in LedgerColumns.All.Where(column => column.Padding > 0))
        {
            var path = Path.Combine(ledger.Folder, column.FileName);
            var padding = new byte[column.Padding];
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            // what a writer is adding, or what was taken back, lies behind what is published: no padding then
            if (RandomAccess.GetLength(handle) != column.Bytes(ledger.Counts) + column.Padding) continue;
            Checksums.Fill(handle, padding, column.Bytes(ledger.Counts), column);
            if (padding.AsSpan().ContainsAnyExcept((byte)0)) findings.Add($"{path}: the zeros behind its last item, at byte {column.Bytes(ledger.Counts)}, are no zeros.");
        }

        findings.Sort(StringComparer.Ordinal);
    }

    /// <summary>Header links, hashes, proof of work, Merkle roots over the stored ids.</summary>
    private static void CheckChain(BitcoinLedger ledger, List<string> findings, Action<string, double>? progress, CancellationToken cancel)
    {
        using var hasher = new TxidHasher();
        var ids = new Hash256[1024];
        for (var b = 0; b < ledger.Counts.Blocks && findings.Count < MostFindings; b++)
        {
            if (b % 256 == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke("blocks", (double)b / ledger.Counts.Blocks);
            }

            var header = ledger.BlockHeaders.Slice(80L * b, 80);
            var height = ledger.Manifest.FirstHeight + b;
            if (DoubleSha256.Hash(header) != ledger.BlockHashes[b]) findings.Add($"block.hash.col: the block at height {height} has another hash than its header.");
            if (b > 0 && new Hash256(header.Slice(4, 32)) != ledger.BlockHashes[b - 1]) findings.Add($"block.header.col: the block at height {height} does not follow the one before.");
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[68..]) != ledger.Graph.BlockTime[b]) findings.Add($"block.time.col: the block at height {height} has another time than its header.");
            if (!ProofOfWork.TryTarget(BinaryPrimitives.ReadUInt32LittleEndian(header[72..]), out var target) || ProofOfWork.Number(ledger.BlockHashes[b]) > target)
                findings.Add($"block.header.col: the block at height {height} does not meet its own target.");
            uint first = ledger.Graph.BlockFirstTx[b], end = ledger.Graph.BlockFirstTx[b + 1L];
            if (end <= first || end > ledger.Graph.TransactionCount)
            {
                findings.Add($"block.firsttx.col: the block at height {height} has transactions {first} to {end}.");
                continue;
            }

            if (ids.Length < end - first) ids = new Hash256[end - first];
            ledger.TxIds.Slice(first, (int)(end - first)).CopyTo(ids);
            if (hasher.MerkleRoot(ids.AsSpan(0, (int)(end - first)), out _) != new Hash256(header.Slice(36, 32)))
                findings.Add($"tx.id.col: the transaction ids of the block at height {height} do not give its Merkle root.");
        }
    }

    /// <summary>Every input's output names it as spender and no other output has one; fees are what inputs leave; script keys are their scripts'.</summary>
    private static void CheckSpends(BitcoinLedger ledger, List<string> findings, Action<string, double>? progress, CancellationToken cancel)
    {
        var graph = ledger.Graph;
        long held = 0;
        for (uint tx = 0; tx < graph.TransactionCount && findings.Count < MostFindings; tx++)
        {
            if (tx % 65_536 == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke("spends", (double)tx / graph.TransactionCount);
            }

            long firstIn = graph.FirstInput[tx], endIn = graph.FirstInput[tx + 1L], firstOut = graph.FirstOutput[tx], endOut = graph.FirstOutput[tx + 1L];
            if (endIn < firstIn || endOut <= firstOut || endIn > graph.InputCount || endOut > graph.OutputCount)
            {
                findings.Add($"tx.firstinput.col, tx.firstoutput.col: transaction {tx} has inputs {firstIn} to {endIn}, outputs {firstOut} to {endOut}.");
                return;
            }

            long sum = 0, paid = 0;
            var unknown = false;
            for (var i = firstIn; i < endIn; i++)
            {
                var previous = graph.Previous[i];
                if (previous == OutputNum.NotHeld)
                {
                    var outside = ledger.OutsideOf(i).Value;
                    if (outside is null) unknown = true;
                    else sum += outside.Value;
                    continue;
                }

                held++;
                if (previous >= firstOut) findings.Add($"in.previous.col: input {i} spends output {previous}, which no earlier transaction made.");
                else if (graph.SpenderOf(previous) != tx) findings.Add($"out.spender.col: output {previous} is spent by transaction {tx} and names {graph.SpenderOf(previous)}.");
                else sum += graph.Value[previous];
            }

            for (var o = firstOut; o < endOut; o++) paid += graph.Value[o];
            var fee = firstIn == endIn ? 0 : unknown ? UtxoGraph.UnknownFee : sum - paid;
            if (fee != graph.Fee[tx]) findings.Add($"tx.fee.col: transaction {tx} ({ledger.TxIds[tx]}) leaves {fee} and states {graph.Fee[tx]}.");
        }

        long spent = 0;
        for (long o = 0; o < graph.OutputCount; o++)
            if (graph.SpenderOf(o) != 0) spent++;
        if (spent != held) findings.Add($"out.spender.col: {spent} outputs name a spender, and {held} inputs spend one.");
    }

    /// <summary>Each index run against its checksum and against the columns it was made from.</summary>
    private static void CheckIndexes(BitcoinLedger ledger, List<string> findings, Action<string, double>? progress, CancellationToken cancel)
    {
        foreach (var finding in ledger.CheckIndexRuns(progress, cancel))
        {
            findings.Add(finding);
            if (findings.Count >= MostFindings) return;
        }
    }
}
