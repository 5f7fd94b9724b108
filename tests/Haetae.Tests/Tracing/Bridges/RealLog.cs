using System.Text.Json;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Architecture;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Bridges.Abi;

namespace Haetae.Tests.Tracing.Bridges;

/// <summary>What a real transaction emitted, as somebody published it: the facts only (hash, place, topics, data), with the place they were read at.</summary>
/// <remarks>One file each in <c>RealLogs</c>. Kept are the bridge's events and the token transfers beside them; the index of each is its own, in its block.</remarks>
internal sealed record RealLog(string Source, ChainName Chain, uint Block, uint Time, Hash256 Transaction, IReadOnlyList<(int Index, ChainEvent Event)> Logs)
{
    private static readonly EventSignature Transfer = EventSignature.Parse("Transfer(address indexed from, address indexed to, uint256 value)");

    internal static IReadOnlyList<string> Names { get; } = [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(Repository.Root, "tests", "Haetae.Tests", "Tracing", "Bridges", "RealLogs");

    internal static RealLog Read(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        var root = json.RootElement;
        Assert.True(ChainName.TryParse(root.GetProperty("chain").GetString()!, out var chain));
        return new RealLog(
            root.GetProperty("source").GetString()!, chain, root.GetProperty("block").GetUInt32(), root.TryGetProperty("time", out var time) ? time.GetUInt32() : 0,
            Hash256.Parse(root.GetProperty("transaction").GetString().AsSpan(2)), [.. root.GetProperty("logs").EnumerateArray().Select(Log)]);
    }

    /// <summary>How a table names a log that verified a line of it.</summary>
    internal string NameOf(int index) => FormattableString.Invariant($"{Chain.Caip2}, block {Block}, transaction 0x{Transaction}, log {index}");

    /// <summary>A ledger of this transaction alone: its events, and the transfers that they tell.</summary>
    internal AccountTable Ledger()
    {
        var builder = new AccountTableBuilder(Chain);
        builder.AddTransaction(Transaction, Time, Block);
        foreach (var (_, one) in Logs.Where(log => EventValues.TryRead(Transfer, log.Event, out _)))
        {
            Assert.True(EventValues.TryRead(Transfer, one, out var values));
            AccountAddress from = Address(values, "from"), to = Address(values, "to");
            var kind = from.IsZero ? TransferKind.Mint : to.IsZero ? TransferKind.Burn : TransferKind.Token;
            builder.AddTransfer(from.IsZero ? null : from, to.IsZero ? null : to, AssetName.Token(Chain, one.Emitter), BridgeField.Number(values.Find("value")!.Value.Span)!.Value, kind);
        }

        foreach (var (_, one) in Logs) builder.AddEvent(one.Emitter, [.. one.Topics], one.Data);
        return builder.Build();
    }

    private static AccountAddress Address(EventValues values, string name) => BridgeField.Address(values.Find(name)!.Value.Span)!.Value;

    private static (int Index, ChainEvent Event) Log(JsonElement log) =>
        (log.GetProperty("index").GetInt32(), new ChainEvent(0, AccountAddress.Parse(log.GetProperty("address").GetString()),
            [.. log.GetProperty("topics").EnumerateArray().Select(topic => Hash256.Parse(topic.GetString().AsSpan(2)))], Convert.FromHexString(log.GetProperty("data").GetString().AsSpan(2))));
}
