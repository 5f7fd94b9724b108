using System.Security.Cryptography;

namespace Haetae.Tests.Cli.Exercise;

/// <summary>Reads block files byte by byte and checks what every node checks, sharing no code with the generator.</summary>
internal sealed class SlowChecker
{
    private const long Coin = 100_000_000;

    private readonly Dictionary<string, (long Amount, string Script, int? CoinbaseHeight)> _unspent = [];

    /// <summary>Every output ever made, "txid:vout" to its amount and script.</summary>
    public Dictionary<string, (long Amount, string Script)> Outputs { get; } = [];

    public HashSet<string> Unspent => [.. _unspent.Keys];

    public int Blocks { get; private set; }

    public int Transactions { get; private set; }

    public int BlocksWithoutWitness { get; private set; }

    public int BusyBlocksWithoutWitness { get; private set; }

    public string Tip { get; private set; } = new('0', 64);

    public List<uint> Times { get; } = [];

    public static SlowChecker Read(string folder)
    {
        var checker = new SlowChecker();
        foreach (var path in Directory.GetFiles(folder, "blk*.dat").Order(StringComparer.Ordinal))
        {
            using var reader = new BinaryReader(File.OpenRead(path));
            while (reader.BaseStream.Position < reader.BaseStream.Length)
            {
                Assert.Equal("fabfb5da", Convert.ToHexStringLower(reader.ReadBytes(4)));
                checker.Block(reader.ReadBytes(reader.ReadInt32()));
            }
        }

        return checker;
    }

    private void Block(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var header = reader.ReadBytes(80);
        Assert.Equal(Tip, Printed(header.AsSpan(4, 32)));
        Assert.Equal(0x207fffffu, BitConverter.ToUInt32(header, 72));
        Tip = Printed(Twice(header));
        Assert.True(string.CompareOrdinal(Tip, "7fffff" + new string('0', 58)) <= 0, $"block {Blocks} has too little work");
        Times.Add(BitConverter.ToUInt32(header, 68));

        var all = new List<Transaction>();
        for (var count = Count(reader); count > 0; count--) all.Add(ReadTransaction(reader, bytes));
        Assert.Equal(bytes.Length, reader.BaseStream.Position);
        Assert.Equal(Convert.ToHexString(header[36..68]), Convert.ToHexString(Root(all.ConvertAll(t => t.Id))));
        CheckWitnesses(all);
        CheckMoney(all);
        Blocks++;
        Transactions += all.Count;
    }

    private void CheckWitnesses(List<Transaction> all)
    {
        var marks = all[0].Outputs.FindAll(o => o.Script.StartsWith("6a24aa21a9ed", StringComparison.Ordinal));
        if (!all.Exists(t => t.Witness.Count > 0))
        {
            Assert.Empty(marks);
            BlocksWithoutWitness++;
            if (all.Count > 1) BusyBlocksWithoutWitness++;
            return;
        }

        var reserved = Assert.Single(Assert.Single(all[0].Witness));
        Assert.Equal(32, reserved.Length);
        List<byte[]> leaves = [new byte[32], .. all.Skip(1).Select(t => t.WitnessId)];
        Assert.Equal(Convert.ToHexStringLower(Twice([.. Root(leaves), .. reserved])), Assert.Single(marks).Script[12..]);
    }

    private void CheckMoney(List<Transaction> all)
    {
        var fees = 0L;
        foreach (var transaction in all.Skip(1))
        {
            var fee = -transaction.Outputs.Sum(o => o.Amount);
            foreach (var input in transaction.Inputs)
            {
                Assert.True(_unspent.Remove(input, out var spent), $"block {Blocks} spends {input}, which is not there");
                if (spent.CoinbaseHeight is { } height) Assert.True(Blocks - height >= 100, $"block {Blocks} spends the reward of {height}");
                fee += spent.Amount;
            }

            Assert.InRange(fee, 1, Coin / 10);
            fees += fee;
            Keep(transaction, null);
        }

        Assert.Equal((50 * Coin >> (Blocks / 150)) + fees, all[0].Outputs.Sum(o => o.Amount));
        if (Blocks > 0)
        {
            Assert.Equal([new string('0', 64) + ":4294967295"], all[0].Inputs);
            Assert.StartsWith(HeightPush(Blocks), all[0].FirstInputScript, StringComparison.Ordinal);
            Keep(all[0], Blocks);
        }
    }

    private void Keep(Transaction transaction, int? coinbaseHeight)
    {
        for (var i = 0; i < transaction.Outputs.Count; i++)
        {
            var (amount, script) = transaction.Outputs[i];
            Assert.InRange(amount, script.StartsWith("6a", StringComparison.Ordinal) ? 0 : 1, 21_000_000 * Coin);
            Outputs.Add($"{Printed(transaction.Id)}:{i}", (amount, script));
            _unspent.Add($"{Printed(transaction.Id)}:{i}", (amount, script, coinbaseHeight));
        }
    }

    private static string HeightPush(int height) => height switch
    {
        <= 16 => (0x50 + height).ToString("x2"),
        < 0x80 => $"01{height:x2}",
        < 0x8000 => $"02{height & 0xff:x2}{height >> 8:x2}",
        _ => throw new NotSupportedException("a test chain is shorter"),
    };

    private sealed record Transaction(
        byte[] Id,
        byte[] WitnessId,
        List<string> Inputs,
        string FirstInputScript,
        List<(long Amount, string Script)> Outputs,
        List<List<byte[]>> Witness);

    private static Transaction ReadTransaction(BinaryReader reader, byte[] block)
    {
        var start = (int)reader.BaseStream.Position;
        reader.ReadUInt32();
        var segwit = block[start + 4] == 0;
        if (segwit) Assert.Equal(0x0100, reader.ReadUInt16());
        var body = (int)reader.BaseStream.Position;

        List<string> inputs = [], scripts = [];
        for (var count = Count(reader); count > 0; count--)
        {
            inputs.Add($"{Printed(reader.ReadBytes(32))}:{reader.ReadUInt32()}");
            scripts.Add(Convert.ToHexStringLower(reader.ReadBytes(Count(reader))));
            reader.ReadUInt32();
        }

        List<(long, string)> outputs = [];
        for (var count = Count(reader); count > 0; count--)
            outputs.Add((reader.ReadInt64(), Convert.ToHexStringLower(reader.ReadBytes(Count(reader)))));

        var bodyEnd = (int)reader.BaseStream.Position;
        List<List<byte[]>> witness = [];
        for (var i = 0; segwit && i < inputs.Count; i++)
        {
            witness.Add([]);
            for (var count = Count(reader); count > 0; count--) witness[i].Add(reader.ReadBytes(Count(reader)));
        }

        reader.ReadUInt32();
        var end = (int)reader.BaseStream.Position;
        byte[] stripped = [.. block[start..(start + 4)], .. block[body..bodyEnd], .. block[(end - 4)..end]];
        return new Transaction(Twice(stripped), Twice(block[start..end]), inputs, scripts[0], outputs, witness);
    }

    private static int Count(BinaryReader reader) => reader.ReadByte() switch
    {
        253 => reader.ReadUInt16(),
        254 => checked((int)reader.ReadUInt32()),
        255 => throw new InvalidDataException("no count here is so large"),
        var small => small,
    };

    private static byte[] Root(List<byte[]> row)
    {
        while (row.Count > 1)
        {
            if (row.Count % 2 == 1) row = [.. row, row[^1]];
            row = [.. row.Chunk(2).Select(pair => Twice([.. pair[0], .. pair[1]]))];
        }

        return row[0];
    }

    private static byte[] Twice(byte[] bytes) => SHA256.HashData(SHA256.HashData(bytes));

    private static string Printed(ReadOnlySpan<byte> wire)
    {
        var bytes = wire.ToArray();
        Array.Reverse(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
