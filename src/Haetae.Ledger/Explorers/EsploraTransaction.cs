using System.Buffers.Binary;
using System.Text.Json;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Proofs;

namespace Haetae.Ledger.Explorers;

/// <summary>A transaction as Esplora's JSON tells it, proven by its id.</summary>
/// <remarks>
/// The JSON holds all that an id commits to (version, outpoints, scripts, sequences, amounts, lock time), so it is put back into the form of the
/// wire and hashed: a server that changes an amount changes the id. Amounts of what is spent are no part of it. Source: Esplora's HTTP API,
/// "Transaction format".
/// </remarks>
public static class EsploraTransaction
{
    /// <summary>Reads one.</summary>
    /// <exception cref="ExplorerAnswerException">It is none, or its content does not have its id.</exception>
    public static CaseTransaction Read(JsonElement json)
    {
        try
        {
            var id = Hash(json.GetProperty("txid"));
            var inputs = json.GetProperty("vin").EnumerateArray().Select(Input).ToList();
            var outputs = json.GetProperty("vout").EnumerateArray().Select(output => new CaseOutput(Amount(output.GetProperty("value")), Hex(output.GetProperty("scriptpubkey")))).ToList();
            var version = unchecked((uint)json.GetProperty("version").GetInt64());
            var lockTime = json.GetProperty("locktime").GetUInt32();
            var bytes = Wire(version, inputs, outputs, lockTime);
            if (BareTransaction.Read(bytes, out var wrong) is not { } bare) throw new ExplorerAnswerException($"transaction {id} cannot be one: {wrong}");
            if (bare.Id != id) throw new ExplorerAnswerException($"what is said to be transaction {id} has the id {bare.Id}: something in it was changed or left out");
            var status = json.GetProperty("status");
            var isInBlock = status.GetProperty("confirmed").GetBoolean();
            var height = isInBlock ? status.GetProperty("block_height").GetInt32() : -1;
            if (isInBlock && height is < 0 or > CaseLedger.MostBlocks) throw new ExplorerAnswerException($"transaction {id} is said to be in block {height}");
            return new CaseTransaction(
                id, height, isInBlock ? status.GetProperty("block_time").GetUInt32() : 0, isInBlock ? Hash(status.GetProperty("block_hash")) : null, null, version, lockTime, true,
                bare.IsCoinbase ? [] : [.. inputs.Select(input => input.Input)], outputs);
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ExplorerAnswerException($"a transaction is not as Esplora writes them: {wrong.Message}");
        }
    }

    private static (CaseInput Input, byte[] Script) Input(JsonElement json)
    {
        var hasPrevious = json.TryGetProperty("prevout", out var previous) && previous.ValueKind == JsonValueKind.Object;
        var spent = new Outpoint(Hash(json.GetProperty("txid")), json.GetProperty("vout").GetUInt32());
        var input = new CaseInput(
            spent, json.GetProperty("sequence").GetUInt32(), hasPrevious ? Amount(previous.GetProperty("value")) : null, hasPrevious ? Hex(previous.GetProperty("scriptpubkey")) : null);
        return (input, Hex(json.GetProperty("scriptsig")));
    }

    private static byte[] Wire(uint version, List<(CaseInput Input, byte[] Script)> inputs, List<CaseOutput> outputs, uint lockTime)
    {
        using var bytes = new MemoryStream();
        UInt32(version);
        Count(inputs.Count);
        foreach (var (input, script) in inputs)
        {
            bytes.Write(input.Spent.TxId.ToArray());
            UInt32(input.Spent.Vout);
            Script(script);
            UInt32(input.Sequence);
        }

        Count(outputs.Count);
        Span<byte> value = stackalloc byte[8];
        foreach (var output in outputs)
        {
            BinaryPrimitives.WriteInt64LittleEndian(value, output.Value);
            bytes.Write(value);
            Script(output.Script);
        }

        UInt32(lockTime);
        return bytes.ToArray();

        void UInt32(uint number)
        {
            Span<byte> four = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(four, number);
            bytes.Write(four);
        }

        void Script(byte[] script)
        {
            Count(script.Length);
            bytes.Write(script);
        }

        // Bitcoin's compact size.
        void Count(int count)
        {
            Span<byte> five = stackalloc byte[5];
            if (count < 0xfd)
            {
                bytes.WriteByte((byte)count);
            }
            else if (count <= ushort.MaxValue)
            {
                five[0] = 0xfd;
                BinaryPrimitives.WriteUInt16LittleEndian(five[1..], (ushort)count);
                bytes.Write(five[..3]);
            }
            else
            {
                five[0] = 0xfe;
                BinaryPrimitives.WriteInt32LittleEndian(five[1..], count);
                bytes.Write(five);
            }
        }
    }

    internal static Hash256 Hash(JsonElement json) =>
        json.GetString() is { } text && Hash256.TryParse(text, out var hash) ? hash : throw new ExplorerAnswerException($"'{ExplorerWords.Of(json)}' is no hash");

    private static byte[] Hex(JsonElement json)
    {
        var text = json.GetString() ?? throw new ExplorerAnswerException("a script is missing");
        return text.Length <= 2 * BlockReader.MaximumBlockSize ? Convert.FromHexString(text) : throw new ExplorerAnswerException("a script is larger than a block");
    }

    private static long Amount(JsonElement json) =>
        json.GetInt64() is >= 0 and <= Satoshi.Maximum and var value ? value : throw new ExplorerAnswerException($"{ExplorerWords.Of(json)} is no amount of satoshi");
}

/// <summary>What a server said is not what its protocol, or the chain, allows. The message is the rest of a sentence.</summary>
public sealed class ExplorerAnswerException(string message) : Exception(message);

/// <summary>A server's own words, made harmless for a message.</summary>
internal static class ExplorerWords
{
    private const int Longest = 160;

    internal static string Of(JsonElement json) => Of(json.ToString());

    internal static string Of(ReadOnlySpan<byte> bytes) => Of(System.Text.Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4 * Longest)]));

    internal static string Of(string text)
    {
        var clean = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return clean.Length <= Longest ? clean : clean[..Longest] + "…";
    }
}
