using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Node;
using Haetae.Ledger.Proofs;

namespace Haetae.Ledger.Explorers;

/// <summary>Transactions with what they spend, one JSON object a line.</summary>
/// <remarks>
/// Members: <c>txid</c>; <c>time</c> (seconds since 1970); <c>vin</c> of <c>txid, vout</c>, with <c>value</c> (satoshi) and <c>script</c> (hex)
/// where known, and <c>sequence</c>; <c>vout</c> of <c>value, script</c>; and where known <c>height</c>, <c>block</c> (its hash), <c>index</c> (the place
/// in it), <c>version</c>, <c>locktime</c>. Others are ignored. Ids cannot be recomputed from it, so all of it is the file's word.
/// Two other shapes are read as they are: Esplora's transactions (<c>status</c>, <c>prevout</c>, <c>scriptpubkey</c>), which are proven by their ids, and
/// those of Bitcoin Core's <c>getrawtransaction</c> with verbosity 2 and <c>getblock</c> with 3 (<c>prevout</c>, <c>scriptPubKey.hex</c>, values in coins).
/// </remarks>
public static class JsonLines
{
    internal const string Prefix = "jsonl ";

    private const long LongestFile = 2L << 30;

    /// <summary>How a file's place among the answers is written down.</summary>
    internal static string Request(BitcoinNetwork network, string sha256) => $"{Prefix}{network.Name} {sha256}";

    internal static BitcoinNetwork NetworkOf(string request) =>
        request.Split(' ') is [_, var name, _] && BitcoinNetwork.TryParse(name, out var network) ? network : throw new LedgerException($"The index names a file of an unknown network: '{request}'.");

    /// <summary>Takes a file into a case ledger, byte for byte, once it is known to be readable.</summary>
    /// <returns>How many transactions the file holds; whether it was there already.</returns>
    /// <exception cref="LedgerException">A line cannot be read, or the folder holds something else.</exception>
    public static (int Transactions, bool WasThere) TakeIn(string file, string folder, BitcoinNetwork network, TimeProvider clock)
    {
        if (new FileInfo(file).Length > KeptAnswers.LongestAnswer) throw new LedgerException(FormattableString.Invariant($"{file} has more than {KeptAnswers.LongestAnswer} bytes: split it."));
        var bytes = File.ReadAllBytes(file);
        var name = Path.GetFileName(file);
        var read = Read(bytes, name);
        RequireOneChain(read, name);
        CaseFolder.Claim(folder, network.ChainId);
        using var kept = KeptAnswers.OpenForWriting(folder);
        var request = Request(network, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        if (kept.Find(request) is not null) return (read.Count, true);
        kept.Keep(request, name, 0, bytes, clock.GetUtcNow());
        return (read.Count, false);
    }

    /// <summary>A file is one source: it must not contradict itself, or nothing of it is kept.</summary>
    private static void RequireOneChain(IReadOnlyList<CaseTransaction> read, string name)
    {
        var alone = new Dictionary<Hash256, CaseTransaction>();
        foreach (var one in read) alone.TryAdd(one.Id, one);
        if (alone.Values.All(one => one.Height < 0)) NumberBlocks(alone);
        try
        {
            _ = new CaseColumns(CaseOrder.Of(alone.Values), 0);
        }
        catch (CaseContradictionException wrong)
        {
            throw new LedgerException($"{name}: its lines contradict each other: {wrong.What}. Nothing was stored.", wrong);
        }
    }

    /// <summary>Reads the transactions of a file, packed with gzip or not.</summary>
    /// <param name="name">What errors call the file.</param>
    /// <exception cref="LedgerException">A line cannot be read; the message names it.</exception>
    public static IReadOnlyList<CaseTransaction> Read(byte[] bytes, string name)
    {
        using Stream plain = bytes is [0x1f, 0x8b, ..] ? new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress) : new MemoryStream(bytes);
        using var reader = new StreamReader(plain);
        var transactions = new List<CaseTransaction>();
        long length = 0;
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if ((length += text.Length) > LongestFile) throw new LedgerException(FormattableString.Invariant($"{name}, line {line}: the file unpacks to more than {LongestFile} letters."));
            if (string.IsNullOrWhiteSpace(text)) continue;
            try
            {
                using var json = JsonDocument.Parse(text);
                transactions.Add(Transaction(json.RootElement));
            }
            catch (Exception wrong) when (wrong is ExplorerAnswerException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new LedgerException(FormattableString.Invariant($"{name}, line {line}: {wrong.Message} Each line is one transaction: txid, time, vin (txid, vout, value, script), vout (value, script)."), wrong);
            }
        }

        return transactions;
    }

    /// <summary>Where no row states a height, blocks are counted by time, then hash.</summary>
    internal static void NumberBlocks(Dictionary<Hash256, CaseTransaction> transactions)
    {
        var height = -1;
        (uint, Hash256?) last = default;
        foreach (var one in transactions.Values.OrderBy(one => one.Time).ThenBy(one => one.Block ?? default).ThenBy(one => one.Id).ToList())
        {
            if (height < 0 || (one.Time, one.Block) != last) (height, last) = (height + 1, (one.Time, one.Block));
            transactions[one.Id] = one with { Height = height };
        }
    }

    private static CaseTransaction Transaction(JsonElement json)
    {
        if (json.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.Object)
        {
            var esplora = EsploraTransaction.Read(json);
            return esplora.Height >= 0 ? esplora : throw new ExplorerAnswerException($"transaction {esplora.Id} is in no block.");
        }

        if (!json.TryGetProperty("vin", out var vin)) throw new ExplorerAnswerException("it has no 'vin': inputs must name the outputs they spend.");
        var inputs = vin.EnumerateArray().Where(input => !input.TryGetProperty("coinbase", out _)).Select(Input).ToList();
        var outputs = json.GetProperty("vout").EnumerateArray().Select(output => new CaseOutput(Amount(output) ?? throw new ExplorerAnswerException("an output has no value."), Script(output) ?? throw new ExplorerAnswerException("an output has no script."))).ToList();
        if (outputs.Aggregate((Int128)0, (sum, output) => sum + output.Value) > Satoshi.Maximum) throw new ExplorerAnswerException("it pays more than 21 million coins.");
        if (outputs.Count == 0) throw new ExplorerAnswerException("it has no output.");
        var height = Number(json, "height");
        if (height > CaseLedger.MostBlocks) throw new ExplorerAnswerException($"there is no block {height}.");
        return new CaseTransaction(
            Hash(json, "txid"), height is { } told ? (int)told : -1, Number(json, "time") ?? Number(json, "blocktime") ?? throw new ExplorerAnswerException("'time' is missing."),
            json.TryGetProperty("block", out _) ? Hash(json, "block") : json.TryGetProperty("blockhash", out _) ? Hash(json, "blockhash") : null, (int?)Number(json, "index"),
            Number(json, "version"), Number(json, "locktime"), false, inputs, outputs);
    }

    private static CaseInput Input(JsonElement json)
    {
        var spent = json.TryGetProperty("prevout", out var told) && told.ValueKind == JsonValueKind.Object ? told : json;
        return new CaseInput(new Outpoint(Hash(json, "txid"), json.GetProperty("vout").GetUInt32()), Number(json, "sequence") ?? uint.MaxValue, Amount(spent), Script(spent));
    }

    private static Hash256 Hash(JsonElement json, string member) =>
        json.TryGetProperty(member, out var text) && Hash256.TryParse(text.GetString(), out var hash) ? hash : throw new ExplorerAnswerException($"'{member}' is missing or no hash.");

    private static uint? Number(JsonElement json, string member) => json.TryGetProperty(member, out var number) && number.ValueKind != JsonValueKind.Null ? number.GetUInt32() : null;

    private static long? Amount(JsonElement json)
    {
        if (!json.TryGetProperty("value", out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (IsCores(json, out _))
            return CoinNumber.TrySatoshi(System.Text.Encoding.ASCII.GetBytes(value.GetRawText()), out var coins) ? coins : throw new ExplorerAnswerException($"{ExplorerWords.Of(value)} is no amount of coins.");
        var read = value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, NumberStyles.None, CultureInfo.InvariantCulture) : value.GetInt64();
        return read is >= 0 and <= Satoshi.Maximum ? read : throw new ExplorerAnswerException($"{read} is no amount of satoshi.");
    }

    /// <summary>Whether an output is written as Bitcoin Core writes it: then its value counts coins.</summary>
    private static bool IsCores(JsonElement json, out JsonElement script) => json.TryGetProperty("scriptPubKey", out script) && script.ValueKind == JsonValueKind.Object;

    private static byte[]? Script(JsonElement json) => IsCores(json, out var cores) ? Convert.FromHexString(cores.GetProperty("hex").GetString() ?? "") : json.TryGetProperty("script", out var script) && script.GetString() is { } hex ? Convert.FromHexString(hex) : null;
}
