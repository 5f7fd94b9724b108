using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Architecture;
using Haetae.Tests.Tracing.Reports;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Bridges.Abi;

namespace Haetae.Tests.Tracing.Bridges;

/// <summary>Every table that comes with the program: it reads, keeps its schema, and joins a deposit with its out.</summary>
public class BridgeTableTests
{
    private static readonly AccountAddress Payer = Account(1), Receiver = Account(2), Token = Account(3), Unlisted = Account(4);

    public static TheoryData<string> Tables() => [.. BridgeTables.BuiltIn.Select(table => table.ToString())];

    public static TheoryData<string> KeyTables() => [.. BridgeTables.BuiltIn.Where(table => table.Method == BridgeMethod.Key && !table.ReadsMemos).Select(table => table.ToString())];

    [Fact]
    public void The_known_bridges_are_there()
    {
        string[] names = ["across", "avalanche", "cctp", "celer", "debridge", "multichain", "omnibridge", "poly", "ronin", "stargate", "synapse", "thorchain", "wormhole"];
        Assert.Equal(names, BridgeTables.BuiltIn.Select(table => table.Name).Distinct());
        Assert.All(BridgeTables.BuiltIn, table => Assert.NotEmpty(table.Sources));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void A_table_keeps_its_schema(string name)
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "docs", "formats", "haetae.bridge.1.schema.json")))!.AsObject();
        var file = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Haetae.Tracing", "Bridges", "Protocols"), "*.json").Single(path => BridgeTables.Read(File.ReadAllBytes(path), path).ToString() == name);
        Assert.Empty(SchemaCheck.Errors(JsonNode.Parse(File.ReadAllText(file)), schema));
    }

    [Theory]
    [MemberData(nameof(KeyTables))]
    public void A_deposit_and_its_out_carry_one_key(string name)
    {
        var table = BridgeTables.BuiltIn.Single(one => one.ToString() == name);
        foreach (var source in table.Events.Where(one => one.End == BridgeEnd.Source))
        {
            var joined = table.Events.Where(one => one.End == BridgeEnd.Destination).Count(destination => (table.Name != "ronin" || table.Version != "v2" || (source.Signature.Name == "DepositRequested") == (destination.Signature.Name == "Deposited")) && Joins(table, source, destination));
            Assert.True(joined > 0, $"no out of {name} joins {source.Signature.Name}");
        }
    }

    [Fact]
    public void A_table_that_says_what_cannot_be_is_refused_by_name()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "src", "Haetae.Tracing", "Bridges", "Protocols", "omnibridge.json"));
        foreach (var (from, to, said) in new[]
        {
            ("\"messageId\"", "\"noSuchThing\"", "noSuchThing"), ("haetae.bridge/1", "haetae.bridge/9", "format"), ("\"source\"", "\"sideways\"", "end"), ("\"verified\"", "\"unverified\"", "verifiedBy"),
            ("eip155:100", "eip155:x", "eip155:x"), ("\"amount\"", "\"ammount\"", "ammount"), ("uint256 value", "uint300 value", "uint300"), ("\"title\"", "\"titel\"", "titel"),
        })
        {
            var wrong = Assert.Throws<LedgerException>(() => BridgeTables.Read(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)), "mine.json"));
            Assert.Contains("mine.json", wrong.Message, StringComparison.Ordinal);
            Assert.Contains(said, wrong.Message, StringComparison.Ordinal);
        }
    }

    // Writes both events with the values that the table says are shared, on two chains, and reads them back.
    private static bool Joins(BridgeProtocol table, BridgeEvent source, BridgeEvent destination)
    {
        var (from, to) = Chains(table, source, destination);
        var speaker = Speaker(table);
        var names = new BridgeNames();
        names.Add(table.Name, from.Caip2, speaker.ToString());
        names.Add(table.Name, to.Caip2, speaker.ToString());
        var sent = Ledger(table, source, from, to, from, speaker, default, Payer, speaker);
        var got = Ledger(table, destination, to, from, from, speaker, sent.Graph.TxId[0], speaker, Receiver);
        var messages = CrossChainMessages.Of(sent, 0, [table], names).Concat(CrossChainMessages.Of(got, 1, [table], names)).ToArray();
        Assert.Equal(2, messages.Length);
        Assert.All(messages, message => Assert.Equal(BridgeTrust.Named, message.Trust));
        Assert.All(messages, message => Assert.NotEmpty(message.Carriers));
        var links = CrossChainMatch.Of(messages).Links;
        if (links.Count == 0) return false;
        Assert.Equal((1_000, 0), (links[0].PerMille, links[0].Rivals));
        Assert.Equal(source.VerifiedBy is not null && destination.VerifiedBy is not null, links[0].IsVerified);
        return true;
    }

    // Ronin's directions are fixed; elsewhere any two chains that the table has numbers for will do.
    private static (ChainName From, ChainName To) Chains(BridgeProtocol table, BridgeEvent source, BridgeEvent destination)
    {
        if (table.Name != "ronin") return (ChainName.Ethereum, ChainName.Evm(137));
        var ronin = ChainName.Evm(2020);
        return source.Signature.Name is "DepositRequested" or "TokenDeposited" ? (ChainName.Ethereum, ronin) : (ronin, ChainName.Ethereum);
    }

    private static AccountAddress Speaker(BridgeProtocol table) => table.Name == "wormhole" ? Account(0x55) : Account(0x56);

    private static AccountTable Ledger(BridgeProtocol table, BridgeEvent one, ChainName here, ChainName there, ChainName start, AccountAddress speaker, Hash256 sourceId, AccountAddress from, AccountAddress to)
    {
        var builder = new AccountTableBuilder(here);
        builder.AddTransaction(EventData.Topic(new byte[] { 9, here == start ? (byte)1 : (byte)2 }), here == start ? 1_000u : 1_100u);
        builder.AddTransfer(from, to, AssetName.Token(here, Token), 1_000, TransferKind.Token);
        foreach (var side in new[] { one, one.With }.OfType<BridgeEvent>())
        {
            var (indexed, values) = EventArguments.Of(table, one, side, here, there, start, speaker, sourceId, Token, Payer, Receiver);
            var written = EventData.Of(side.Signature, speaker, indexed, values);
            builder.AddEvent(written.Emitter, [.. written.Topics], written.Data);
        }

        return builder.Build();
    }

    private static AccountAddress Account(byte last) => new([.. new byte[19], last]);

    [Fact]
    public void A_number_that_is_no_chain_of_EIP_155_is_told_and_breaks_nothing()
    {
        var chains = new BridgeChains(null);
        Assert.Equal(["unknown:0", "eip155:1", "unknown:18446744073709551616"], new[] { UInt256.Zero, 1UL, (UInt256)((UInt128)ulong.MaxValue + 1) }.Select(chains.NameOf));
    }
}
