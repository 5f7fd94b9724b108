using Haetae.Ledger;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Ingest;

namespace Haetae.Tests.Support;

/// <summary>A transaction taken apart plainly. A coinbase has no inputs.</summary>
internal sealed record PlainTransaction(Hash256 Id, byte[] Bytes, List<(Hash256 Id, uint Vout)> Inputs, List<(long Value, byte[] Script)> Outputs);

/// <summary>A block taken apart plainly, apart from the parser under test.</summary>
internal sealed record PlainBlock(Hash256 Hash, List<PlainTransaction> Transactions)
{
    internal static PlainBlock Read(byte[] block)
    {
        var reader = new BlockReader(block);
        reader.Bytes(80);
        var transactions = new List<PlainTransaction>();
        for (var left = reader.Count(60); left > 0; left--) transactions.Add(Transaction(block, ref reader, transactions.Count == 0));
        return new PlainBlock(DoubleSha256.Hash(block.AsSpan(0, 80)), transactions);
    }

    private static PlainTransaction Transaction(byte[] block, ref BlockReader reader, bool coinbase)
    {
        var start = reader.At;
        reader.Bytes(4);
        var witness = reader.Peek() == 0;
        if (witness) reader.Bytes(2);
        var body = reader.At;
        var inputs = new List<(Hash256, uint)>();
        for (var count = reader.Count(41); count > 0; count--)
        {
            inputs.Add((new Hash256(reader.Bytes(32)), reader.UInt32()));
            reader.Bytes(reader.Count(1));
            reader.Bytes(4);
        }

        var outputs = new List<(long, byte[])>();
        for (var count = reader.Count(9); count > 0; count--) outputs.Add((reader.Int64(), reader.Bytes(reader.Count(1)).ToArray()));
        var end = reader.At;
        for (var i = 0; witness && i < inputs.Count; i++)
            for (var items = reader.Count(1); items > 0; items--) reader.Bytes(reader.Count(1));
        var lockTime = reader.Bytes(4);
        byte[] stripped = [.. block.AsSpan(start, 4), .. block.AsSpan(body, end - body), .. lockTime];
        return new PlainTransaction(DoubleSha256.Hash(stripped), block[start..reader.At], coinbase ? [] : inputs, outputs);
    }
}
