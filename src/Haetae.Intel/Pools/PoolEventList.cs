using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Haetae.Intel.Files;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Mixers;

namespace Haetae.Intel.Pools;

/// <summary>The lists of deposits and withdrawals that the pools' own web page shipped (<c>deposits_eth_100.json</c>): JSON, alone or packed as .zip.</summary>
/// <remarks>
/// A row has blockNumber and transactionHash, and leafIndex, commitment and timestamp (a deposit) or nullifierHash, to and fee (a withdrawal). Who deposited, gas prices, relayers' addresses and the times of
/// withdrawals are not in them, so these stay null.
/// </remarks>
public static class PoolEventList
{
    /// <summary>So many bytes are unpacked of one list; the longest that was published has 12 million.</summary>
    internal const long MaximumUnpacked = 64L << 20;

    /// <summary>Reads a list of deposits or of withdrawals; the other list is empty. Deposits come by leaf, withdrawals by block.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="path">What errors call it.</param>
    /// <exception cref="IntelException">It is no such list; the message names the row.</exception>
    public static (IReadOnlyList<PoolDeposit> Deposits, IReadOnlyList<PoolWithdrawal> Withdrawals) Read(Stream file, string path)
    {
        var deposits = new List<PoolDeposit>();
        var withdrawals = new List<PoolWithdrawal>();
        var row = 0;
        try
        {
            using var document = JsonDocument.Parse(Unpacked(file, path), new JsonDocumentOptions { MaxDepth = 4 });
            foreach (var item in document.RootElement.EnumerateArray())
            {
                if (item.TryGetProperty("commitment", out _)) deposits.Add(Deposit(item));
                else withdrawals.Add(Withdrawal(item));
                row++;
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException or InvalidDataException or KeyNotFoundException or OverflowException)
        {
            throw new IntelException(string.Create(CultureInfo.InvariantCulture, $"{path}, row {row}: this is no list of a pool's deposits or withdrawals ({wrong.Message})."), wrong);
        }

        if (deposits.Count > 0 && withdrawals.Count > 0) throw new IntelException($"{path}: deposits and withdrawals stand in one list; take them apart.");
        // A stable order: some of the published lists run backwards. Inside a block nothing but the source tells the order of withdrawals.
        return ([.. deposits.OrderBy(deposit => deposit.Leaf)], [.. withdrawals.OrderBy(withdrawal => withdrawal.Block)]);
    }

    /// <summary>The denomination a list's name tells: <c>deposits_eth_0.1.json</c> is of the pool that takes 0.1 ETH. Null: it tells none.</summary>
    public static (string Symbol, UInt256 Denomination)? NamedPool(string path)
    {
        var parts = Path.GetFileName(path).Split('_');
        if (parts.Length != 3 || parts[0] is not ("deposits" or "withdrawals") || !string.Equals(parts[1], "eth", StringComparison.OrdinalIgnoreCase)) return null;
        var end = parts[2].IndexOf(".json", StringComparison.OrdinalIgnoreCase);
        if (end <= 0) return null;
        var number = parts[2][..end].Split('.');
        const int places = 18;
        if (number.Length > 2 || (number.Length == 2 && number[1].Length > places)) return null;
        var digits = number[0] + (number.Length == 2 ? number[1] : "").PadRight(places, '0');
        return UInt256.TryParse(digits, out var denomination) && !denomination.IsZero ? ("ETH", denomination) : null;
    }

    private static MemoryStream Unpacked(Stream file, string path)
    {
        var whole = new MemoryStream();
        if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (archive.Entries.Count != 1) throw new InvalidDataException($"the archive holds {archive.Entries.Count.ToString(CultureInfo.InvariantCulture)} files and not one");
            using var entry = archive.Entries[0].Open();
            new BoundedStream(entry, MaximumUnpacked).CopyTo(whole);
        }
        else
        {
            new BoundedStream(file, MaximumUnpacked).CopyTo(whole);
        }

        whole.Position = 0;
        return whole;
    }

    private static PoolDeposit Deposit(JsonElement item) =>
        new(Hash(item, "transactionHash"), item.GetProperty("blockNumber").GetUInt32(), Hash(item, "commitment"), item.GetProperty("leafIndex").GetUInt32()) { Time = checked((uint)Number(item, "timestamp").Lower) };

    private static PoolWithdrawal Withdrawal(JsonElement item) =>
        new(Hash(item, "transactionHash"), item.GetProperty("blockNumber").GetUInt32(), AccountAddress.Parse(item.GetProperty("to").GetString()), Hash(item, "nullifierHash"), Number(item, "fee"));

    private static UInt256 Number(JsonElement item, string name)
    {
        var value = item.GetProperty(name);
        return value.ValueKind == JsonValueKind.Number ? value.GetUInt64() : UInt256.Parse(value.GetString());
    }

    private static Hash256 Hash(JsonElement item, string name)
    {
        var text = item.GetProperty(name).GetString().AsSpan();
        return Hash256.Parse(text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text);
    }
}
