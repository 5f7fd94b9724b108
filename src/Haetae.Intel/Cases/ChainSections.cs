using System.Buffers.Binary;
using Haetae.Ledger;
using Haetae.Ledger.Proofs;

namespace Haetae.Intel.Cases;

/// <summary>The two binary sections of a pack: headers of blocks, and transactions with their Merkle branches. Numbers are little-endian.</summary>
internal static class ChainSections
{
    internal const string Headers = "headers";
    internal const string Transactions = "transactions";

    /// <summary>Count of runs; for each its first height, its count of headers, and the headers.</summary>
    internal static byte[] Write(IReadOnlyList<HeaderRun> runs)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(runs.Count);
        foreach (var run in runs)
        {
            writer.Write(run.FirstHeight);
            writer.Write(run.Count);
            writer.Write(run.Bytes.Span);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Count of transactions; for each its height, its position in the block, the rows of its branch (1 byte) and their hashes, its length and its bytes.</summary>
    internal static byte[] Write(IReadOnlyList<ProvenTransaction> transactions)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(transactions.Count);
        foreach (var transaction in transactions)
        {
            writer.Write(transaction.Height);
            writer.Write(transaction.Position);
            writer.Write((byte)transaction.Branch.Count);
            foreach (var hash in transaction.Branch) writer.Write(hash.ToArray());
            writer.Write(transaction.Transaction.Bytes.Length);
            writer.Write(transaction.Transaction.Bytes.Span);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Null with the reason where the bytes are no such section.</summary>
    internal static IReadOnlyList<HeaderRun>? ReadHeaders(ReadOnlyMemory<byte> section, out string? wrong)
    {
        var reader = new Walk(section);
        var runs = new List<HeaderRun>();
        var count = reader.Number();
        for (long r = 0; r < count && !reader.Ended; r++)
        {
            var first = reader.Number();
            var bytes = reader.Bytes((long)reader.Number() * BlockHeader.Size);
            if (!reader.Ended) runs.Add(new HeaderRun((int)Math.Min(first, int.MaxValue), bytes));
        }

        wrong = reader.Ended ? $"run {runs.Count} of {count} goes beyond the section's end" : reader.Left > 0 ? $"{reader.Left} bytes follow the last run" : null;
        return wrong is null ? runs : null;
    }

    /// <summary>Reads transactions one by one and checks each against its header; null with the reason at the first that does not hold.</summary>
    internal static IReadOnlyList<ProvenTransaction>? ReadTransactions(ReadOnlyMemory<byte> section, ProvenChain chain, out string? wrong)
    {
        var reader = new Walk(section);
        var transactions = new List<ProvenTransaction>();
        var ids = new HashSet<Hash256>();
        var count = reader.Number();
        for (long t = 0; t < count; t++)
        {
            var (height, position) = (reader.Number(), (uint)reader.Number());
            var branch = new Hash256[reader.Byte()];
            for (var row = 0; row < branch.Length && !reader.Ended; row++) branch[row] = reader.Hash();
            var bytes = reader.Bytes(reader.Number());
            ProvenTransaction? transaction = null;
            wrong = reader.Ended ? "it goes beyond the section's end" : Check(out transaction);
            if (wrong is not null)
            {
                wrong = $"transaction {t} of {count} (height {height}, position {position}): {wrong}";
                return null;
            }

            transactions.Add(transaction!);

            string? Check(out ProvenTransaction? proven)
            {
                proven = null;
                if (height > int.MaxValue || !chain.Holds((int)height)) return "no header is there for this height";
                if (transactions is [.., var last] && (height, position).CompareTo(((uint)last.Height, last.Position)) <= 0) return "it does not stand after the one before";
                if (BareTransaction.Read(bytes, out var why) is not { } bare) return $"its bytes are no transaction: {why}";
                if (bare.IsCoinbase != (position == 0)) return $"{bare.Id} {(position == 0 ? "stands first in its block and is no coinbase" : "is a coinbase and does not stand first in its block")}";
                if (!ids.Add(bare.Id)) return $"{bare.Id} is there twice";
                if (MerkleBranch.Root(bare.Id, position, branch, out why) is not { } root) return $"{bare.Id}: {why}";
                if (root != chain.HeaderAt((int)height).MerkleRoot) return $"its bytes hash to {bare.Id} and its branch leads to the root {root}; the header of block {height} says {chain.HeaderAt((int)height).MerkleRoot}";
                proven = new ProvenTransaction((int)height, position, branch, bare);
                return null;
            }
        }

        wrong = reader.Left > 0 ? $"{reader.Left} bytes follow the last transaction" : null;
        return wrong is null ? transactions : null;
    }

    /// <summary>Reads forward; behind the end everything is zero and <see cref="Ended"/> says so.</summary>
    private sealed class Walk(ReadOnlyMemory<byte> section)
    {
        private int _at;

        internal bool Ended { get; private set; }

        internal int Left => section.Length - _at;

        internal ReadOnlyMemory<byte> Bytes(long count)
        {
            if (Ended |= count > Left) return default;
            _at += (int)count;
            return section.Slice(_at - (int)count, (int)count);
        }

        internal uint Number() => Bytes(4) is { Length: 4 } four ? BinaryPrimitives.ReadUInt32LittleEndian(four.Span) : 0;

        internal byte Byte() => Bytes(1) is { Length: 1 } one ? one.Span[0] : (byte)0;

        internal Hash256 Hash() => Bytes(Hash256.Size) is { Length: Hash256.Size } hash ? new Hash256(hash.Span) : default;
    }
}
