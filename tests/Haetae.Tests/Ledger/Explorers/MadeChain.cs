using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Tracing.Support;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>A row of a made account chain: what a server of the Etherscan kind lists.</summary>
/// <param name="Action">The list it stands in.</param>
internal sealed record MadeRow(
    string Action, uint Block, uint Time, Hash256 Hash, int Index, AccountAddress From, AccountAddress? To, UInt256 Value, ulong Gas = 0, ulong GasPrice = 0, bool Failed = false,
    string Type = "", string TraceId = "", AccountAddress Contract = default, UInt256 TokenId = default, string Input = "0x");

/// <summary>An event of a made account chain.</summary>
/// <param name="Index">Its place in the block.</param>
internal sealed record MadeEvent(uint Block, uint Time, Hash256 Hash, int Index, AccountAddress Emitter, IReadOnlyList<Hash256> Topics, byte[] Data);

/// <summary>An account chain made from a seed, or row by row: payments, failures, calls of contracts, three kinds of tokens, mints and burns.</summary>
internal sealed class MadeChain
{
    internal List<MadeRow> Rows { get; } = [];

    /// <summary>In the order of blocks and places.</summary>
    internal List<MadeEvent> Events { get; } = [];

    /// <summary>Whether rows of tokens tell their places, as some servers do.</summary>
    internal bool TellsPlaces { get; init; }

    internal static Hash256 HashOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    internal static AccountAddress AddressOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, AccountAddress.Size));

    internal static MadeChain Of(ulong seed, int transactions, out List<AccountAddress> people, bool tellsPlaces = false)
    {
        var dice = new Dice(seed);
        var chain = new MadeChain { TellsPlaces = tellsPlaces };
        var all = people = [.. Enumerable.Range(0, 9).Select(i => AddressOf($"person {i}"))];
        var tokens = Enumerable.Range(0, 3).Select(i => AddressOf($"token {i}")).ToList();
        uint block = 100, time = 1_600_000_000;
        var index = 0;
        foreach (var person in people) Begin(AddressOf("faucet"), person, UInt256.Parse("1000000000000000000000"), false, 0);
        for (var i = 0; i < transactions; i++)
        {
            var hash = Begin(Anyone(), dice.OneIn(40) ? null : Anyone(), (ulong)dice.Below(1_000_000), dice.OneIn(8), 21_000);
            if (chain.Rows[^1].Failed) continue;
            for (var call = 0; call < dice.Below(4); call++)
                Add("txlistinternal", hash, Anyone(), Anyone(), (ulong)dice.Below(5_000));
            for (var token = 0; token < dice.Below(3); token++)
            {
                var action = dice.Below(3) switch { 0 => "tokennfttx", 1 => "token1155tx", _ => "tokentx" };
                var (from, to) = dice.Below(6) switch { 0 => (default, Anyone()), 1 => (Anyone(), default), _ => (Anyone(), Anyone()) };
                chain.Rows.Add(new MadeRow(action, block, time, hash, index, from, to, action == "tokennfttx" ? UInt256.One : (ulong)dice.Below(3), Contract: tokens[(int)dice.Below(3)], TokenId: action == "tokentx" ? default : (UInt256)(ulong)dice.Below(5)));
            }
        }

        return chain;

        AccountAddress Anyone() => all[(int)dice.Below(all.Count)];

        Hash256 Begin(AccountAddress from, AccountAddress? to, UInt256 value, bool failed, ulong gas)
        {
            if (dice.OneIn(2)) (block, time, index) = (block + (uint)dice.Below(3) + 1, time + 12, 0);
            else index++;
            var hash = HashOf($"{seed} {chain.Rows.Count}");
            chain.Rows.Add(new MadeRow("txlist", block, time, hash, index, from, to, value, gas, 7, failed, Contract: to is null ? AddressOf($"made {hash}") : default));
            return hash;
        }

        void Add(string action, Hash256 hash, AccountAddress from, AccountAddress to, UInt256 value)
        {
            var failed = dice.OneIn(6);
            var number = chain.Rows.Count(row => row.Hash == hash && row.Action == action);
            chain.Rows.Add(new MadeRow(action, block, time, hash, index, from, to, value, Failed: failed, Type: dice.OneIn(9) ? "delegatecall" : "call", TraceId: $"0_{number + 8}"));
        }
    }

    /// <summary>What the rows leave on an address.</summary>
    internal System.Numerics.BigInteger BalanceOf(AccountAddress address)
    {
        System.Numerics.BigInteger sum = 0;
        foreach (var row in Rows.Where(row => row.Action is "txlist" or "txlistinternal"))
        {
            if (row.Action == "txlist" && row.From == address) sum -= new System.Numerics.BigInteger(row.Gas) * row.GasPrice;
            if (row.Failed || row.Type == "delegatecall") continue;
            if (row.From == address) sum -= row.Value;
            if ((row.To ?? row.Contract) == address) sum += row.Value;
        }

        return sum;
    }

    /// <summary>All transfers as sentences, in chain order; token transfers of a transaction in the order of their texts, because no server tells theirs.</summary>
    internal List<string> Transfers(ChainName chain)
    {
        var all = new List<string>();
        foreach (var transaction in Rows.GroupBy(row => row.Hash))
        {
            all.Add($"{transaction.Key} in {transaction.First().Block} at {transaction.First().Time}{(transaction.First().Failed ? ", failed" : "")}");
            foreach (var row in transaction.Where(row => row.Action is "txlist" or "txlistinternal" && !row.Failed && row.Type != "delegatecall" && !row.Value.IsZero))
                all.Add($"{row.Hash} {(row.Action == "txlistinternal" ? "Internal" : row.To is null ? "Create" : "External")} {row.From} {row.To ?? row.Contract} {chain.NativeAsset} {row.Value}");
            all.AddRange(transaction.Where(row => row.Action.StartsWith("token", StringComparison.Ordinal)).Select(row => Token(row, chain)).OrderBy(text => TellsPlaces ? "" : text, StringComparer.Ordinal));
            if (transaction.First() is { Gas: > 0 } own) all.Add($"{own.Hash} Fee {own.From} nobody {chain.NativeAsset} {own.Gas * own.GasPrice}");
        }

        return all;
    }

    private static string Token(MadeRow row, ChainName chain)
    {
        var asset = new AssetName(chain, row.Action switch { "tokentx" => AssetKind.Token, "tokennfttx" => AssetKind.Unique, _ => AssetKind.Multi }, row.Contract, row.TokenId);
        var kind = row.From.IsZero ? "Mint" : row.To!.Value.IsZero ? "Burn" : "Token";
        return $"{row.Hash} {kind} {(row.From.IsZero ? "nobody" : row.From)} {(kind == "Burn" ? "nobody" : row.To)} {asset.Caip19} {row.Value}";
    }

    internal JsonObject Json(MadeRow row)
    {
        var json = new JsonObject
        {
            ["blockNumber"] = row.Block.ToString(CultureInfo.InvariantCulture),
            ["timeStamp"] = row.Time.ToString(CultureInfo.InvariantCulture),
            ["hash"] = $"0x{row.Hash}",
            ["from"] = row.From.ToString(),
            ["to"] = row.To?.ToString() ?? "",
            ["contractAddress"] = row.Contract.IsZero ? "" : row.Contract.ToString(),
            ["confirmations"] = Rows.Count.ToString(CultureInfo.InvariantCulture),
        };
        if (row.Action != "txlistinternal") json["transactionIndex"] = row.Index.ToString(CultureInfo.InvariantCulture);
        if (TellsPlaces && row.Action.StartsWith("token", StringComparison.Ordinal)) json["logIndex"] = Rows.IndexOf(row).ToString(CultureInfo.InvariantCulture);
        if (row.Action is "txlist" or "txlistinternal") json["isError"] = row.Failed ? "1" : "0";
        switch (row.Action)
        {
            case "txlist":
                (json["value"], json["gasUsed"], json["gasPrice"], json["input"]) = (row.Value.ToString(), $"{row.Gas}", $"{row.GasPrice}", row.Input);
                break;
            case "txlistinternal":
                (json["value"], json["type"], json["traceId"]) = (row.Value.ToString(), row.Type, row.TraceId);
                break;
            case "tokentx":
                (json["value"], json["tokenSymbol"], json["tokenDecimal"]) = (row.Value.ToString(), "MADE", "6");
                break;
            case "tokennfttx":
                (json["tokenID"], json["tokenSymbol"], json["tokenDecimal"]) = (row.TokenId.ToString(), "ONE", "0");
                break;
            default:
                (json["tokenID"], json["tokenValue"], json["tokenSymbol"]) = (row.TokenId.ToString(), row.Value.ToString(), "MANY");
                break;
        }

        return json;
    }

    /// <summary>As the <c>logs</c> API writes it: all numbers hexadecimal, a place of 0 as <c>0x</c>.</summary>
    internal static JsonObject Json(MadeEvent one) => new()
    {
        ["address"] = one.Emitter.ToString(),
        ["topics"] = new JsonArray([.. one.Topics.Select(topic => (JsonNode)$"0x{topic}")]),
        ["data"] = "0x" + Convert.ToHexStringLower(one.Data),
        ["blockNumber"] = $"0x{one.Block:x}",
        ["timeStamp"] = $"0x{one.Time:x}",
        ["gasPrice"] = "0x7",
        ["gasUsed"] = "0x5208",
        ["logIndex"] = one.Index == 0 ? "0x" : $"0x{one.Index:x}",
        ["transactionHash"] = $"0x{one.Hash}",
        ["transactionIndex"] = "0x",
    };
}
