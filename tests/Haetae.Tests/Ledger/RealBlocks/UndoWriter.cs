using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Hashing;

namespace Haetae.Tests.Ledger.RealBlocks;

/// <summary>Writes undo records as Bitcoin Core does, written apart from the reader it tests.</summary>
internal static class UndoWriter
{
    /// <summary>A record's content, checksum behind it.</summary>
    /// <param name="inputs">Per transaction but the coinbase, how many inputs.</param>
    internal static (byte[] Undo, byte[] Checksum) Encode(ReadOnlySpan<byte> block, IEnumerable<int> inputs, IReadOnlyList<(long Value, byte[] Script)> spent, int height)
    {
        var bytes = new List<byte>();
        var counts = inputs.ToList();
        Size(bytes, counts.Count);
        var at = 0;
        foreach (var count in counts)
        {
            Size(bytes, count);
            for (var i = 0; i < count; i++)
            {
                VarInt(bytes, (ulong)height * 2);
                if (height > 0) bytes.Add(0);
                VarInt(bytes, Amount((ulong)spent[at].Value));
                Script(bytes, spent[at++].Script);
            }
        }

        Assert.Equal(spent.Count, at);
        var undo = bytes.ToArray();
        return (undo, DoubleSha256.Hash([.. block.Slice(4, 32), .. undo]).ToArray());
    }

    private static void Size(List<byte> bytes, int count)
    {
        if (count < 0xfd) bytes.Add((byte)count);
        else bytes.AddRange([0xfd, (byte)count, (byte)(count >> 8)]);
        Assert.InRange(count, 0, 0xffff);
    }

    internal static void VarInt(List<byte> bytes, ulong number)
    {
        var reversed = new List<byte> { (byte)(number & 0x7f) };
        while (number > 0x7f)
        {
            number = (number >> 7) - 1;
            reversed.Add((byte)(number & 0x7f | 0x80));
        }

        reversed.Reverse();
        bytes.AddRange(reversed);
    }

    internal static ulong Amount(ulong value)
    {
        if (value == 0) return 0;
        ulong zeros = 0;
        for (; value % 10 == 0 && zeros < 9; zeros++) value /= 10;
        return zeros < 9 ? 1 + (value / 10 * 9 + value % 10 - 1) * 10 + zeros : 1 + (value - 1) * 10 + 9;
    }

    internal static void Script(List<byte> bytes, byte[] script)
    {
        switch (Haetae.Ledger.Bitcoin.Script.Classify(script))
        {
            case ScriptKind.PubKeyHash:
                bytes.Add(0);
                bytes.AddRange(script[3..23]);
                break;
            case ScriptKind.ScriptHash:
                bytes.Add(1);
                bytes.AddRange(script[2..22]);
                break;
            case ScriptKind.PubKey when script.Length == 35:
                bytes.AddRange(script[1..34]);
                break;
            case ScriptKind.PubKey when script[1] == 4:
                bytes.Add((byte)(4 | script[65] & 1));
                bytes.AddRange(script[2..34]);
                break;
            default:
                VarInt(bytes, (ulong)script.Length + 6);
                bytes.AddRange(script);
                break;
        }
    }
}
