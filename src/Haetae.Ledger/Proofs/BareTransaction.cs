using System.Buffers.Binary;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Ingest;

namespace Haetae.Ledger.Proofs;

/// <summary>A transaction as its id commits to it: version, inputs, outputs and lock time, without the witness.</summary>
/// <remarks>Whoever has these bytes and the id can check every amount in them. Signatures in witnesses are no part of the id, so they are left out.</remarks>
public sealed class BareTransaction
{
    private readonly (int Start, int Length)[] _scripts;

    private BareTransaction(ReadOnlyMemory<byte> bytes, List<Outpoint> inputs, List<uint> sequences, List<long> values, List<(int, int)> scripts)
    {
        Bytes = bytes;
        Id = DoubleSha256.Hash(bytes.Span);
        IsCoinbase = inputs is [{ IsNull: true }];
        Inputs = IsCoinbase ? [] : inputs;
        Sequences = IsCoinbase ? [] : sequences;
        Values = values;
        _scripts = [.. scripts];
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public Hash256 Id { get; }

    /// <summary>Whether it makes new coins and spends nothing.</summary>
    public bool IsCoinbase { get; }

    /// <summary>What it spends, in order; nothing for a coinbase.</summary>
    public IReadOnlyList<Outpoint> Inputs { get; }

    /// <summary>Its inputs' sequence numbers in order; nothing for a coinbase.</summary>
    public IReadOnlyList<uint> Sequences { get; }

    public uint Version => BinaryPrimitives.ReadUInt32LittleEndian(Bytes.Span);

    public uint LockTime => BinaryPrimitives.ReadUInt32LittleEndian(Bytes.Span[^4..]);

    /// <summary>Its outputs' amounts in order, satoshi.</summary>
    public IReadOnlyList<long> Values { get; }

    public ReadOnlySpan<byte> ScriptOf(int output) => Bytes.Span.Slice(_scripts[output].Start, _scripts[output].Length);

    /// <summary>Reads exactly these bytes; null with the reason where they are no transaction.</summary>
    public static BareTransaction? Read(ReadOnlyMemory<byte> bytes, out string? wrong)
    {
        var inputs = new List<Outpoint>();
        var sequences = new List<uint>();
        var values = new List<long>();
        var scripts = new List<(int, int)>();
        wrong = Walk(bytes.Span, (spent, sequence) =>
        {
            inputs.Add(spent);
            sequences.Add(sequence);
        }, (value, start, length) =>
        {
            values.Add(value);
            scripts.Add((start, length));
        });
        if (wrong is null && inputs.Count > 1 && inputs.Any(input => input.IsNull)) wrong = "one of several inputs is that of a coinbase";
        return wrong is null ? new BareTransaction(bytes, inputs, sequences, values, scripts) : null;
    }

    /// <summary>Whether some bytes can be read as a transaction.</summary>
    internal static bool IsOne(ReadOnlySpan<byte> bytes) => bytes[4] != 0 && Walk(bytes, null, null) is null;

    /// <summary>Takes the witness out of a transaction as it stands in a block.</summary>
    /// <exception cref="LedgerException">The bytes are no transaction.</exception>
    public static byte[] WithoutWitness(ReadOnlySpan<byte> raw)
    {
        try
        {
            var reader = new BlockReader(raw);
            reader.Bytes(4);
            if (reader.Peek() != 0) return raw.ToArray();
            reader.Bytes(2);
            var start = reader.At;
            WalkBody(ref reader, null, null);
            return [.. raw[..4], .. raw[start..reader.At], .. raw[^4..]];
        }
        catch (BlockFormatException wrong)
        {
            throw new LedgerException($"What was read is no transaction: byte {wrong.Offset}: {wrong.Message}.", wrong);
        }
    }

    private static string? Walk(ReadOnlySpan<byte> bytes, Action<Outpoint, uint>? input, Action<long, int, int>? output)
    {
        if (bytes.Length > BlockReader.MaximumBlockSize) return $"it has {bytes.Length} bytes, more than a block";
        try
        {
            var reader = new BlockReader(bytes);
            reader.Bytes(4);
            WalkBody(ref reader, input, output);
            reader.Bytes(4);
            return reader.Left == 0 ? null : $"{reader.Left} bytes follow its end";
        }
        catch (BlockFormatException wrong)
        {
            return $"byte {wrong.Offset}: {wrong.Message}";
        }
    }

    private static void WalkBody(ref BlockReader reader, Action<Outpoint, uint>? input, Action<long, int, int>? output)
    {
        var inputs = reader.Count(41);
        if (inputs == 0) throw new BlockFormatException("the transaction has no input", reader.At);
        for (var i = 0; i < inputs; i++)
        {
            var id = new Hash256(reader.Bytes(32));
            var spent = new Outpoint(id, reader.UInt32());
            reader.Bytes(reader.Count(1));
            var sequence = reader.UInt32();
            input?.Invoke(spent, sequence);
        }

        var outputs = reader.Count(9);
        if (outputs == 0) throw new BlockFormatException("the transaction has no output", reader.At);
        long sum = 0;
        for (var o = 0; o < outputs; o++)
        {
            var value = reader.Int64();
            if ((ulong)value > Satoshi.Maximum || (sum += value) > Satoshi.Maximum)
                throw new BlockFormatException($"output {o} of {value} satoshi is negative or makes more than 21 million coins", reader.At - 8);
            var length = reader.Count(1);
            output?.Invoke(value, reader.At, length);
            reader.Bytes(length);
        }
    }
}

/// <summary>An output by the id of its transaction and its place in it.</summary>
public readonly record struct Outpoint(Hash256 TxId, uint Vout)
{
    /// <summary>What a coinbase's input holds instead of an outpoint.</summary>
    public bool IsNull => Vout == uint.MaxValue && TxId == default;

    public override string ToString() => FormattableString.Invariant($"{TxId}:{Vout}");
}
