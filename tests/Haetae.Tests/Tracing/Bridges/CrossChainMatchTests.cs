using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Bridges;

namespace Haetae.Tests.Tracing.Bridges;

/// <summary>What joins two ends, and what keeps them apart.</summary>
public class CrossChainMatchTests
{
    private static readonly BridgeProtocol Celer = BridgeTables.BuiltIn.Single(table => table.Name == "celer");
    private static readonly AccountAddress Bridge = AccountAddress.Parse("0x5427FEFA711Eff984124bFBB1AB6fbf5E3DA1820"), Polygon = AccountAddress.Parse("0x88DCDC47D2f83a99CF0000FDF667A468bB958a78");
    private static readonly AccountAddress Payer = Account(1), Token = Account(3), Forger = Account(0x66);

    [Fact]
    public void A_deposit_and_its_out_are_joined_without_a_rival()
    {
        var match = CrossChainMatch.Of([.. Deposit(0, Bridge, 7), .. Out(Polygon, 7, 1_200)]);
        var link = Assert.Single(match.Links);
        Assert.Equal((1_000, 0, "7"), (link.PerMille, link.Rivals, link.Key));
        Assert.Equal(BridgeTrust.Listed, link.Source.Trust);
        Assert.Equal("1000", Assert.Single(link.Source.Carriers).Amount.ToString());
        Assert.Equal("990", Assert.Single(link.Destination.Carriers).Amount.ToString());
        Assert.Empty(match.Alone);
    }

    [Fact]
    public void An_event_of_a_stranger_joins_nothing_and_is_told()
    {
        var match = CrossChainMatch.Of([.. Deposit(0, Bridge, 7), .. Out(Forger, 7, 1_200)]);
        Assert.Empty(match.Links);
        Assert.Equal(2, match.Alone.Count);
        Assert.All(match.Alone, alone => Assert.Contains("not known to be Celer", alone.Why, StringComparison.Ordinal));
        Assert.Single(CrossChainMatch.Of([.. Deposit(0, Bridge, 7), .. Out(Forger, 7, 1_200)], acceptUnknown: true).Links);
    }

    [Fact]
    public void A_stranger_beside_the_bridge_takes_nothing_away()
    {
        var match = CrossChainMatch.Of([.. Deposit(0, Bridge, 7), .. Out(Forger, 7, 1_100), .. Out(Polygon, 7, 1_200)]);
        Assert.Equal(BridgeTrust.Listed, Assert.Single(match.Links).Destination.Trust);
        Assert.Equal(BridgeTrust.Unknown, Assert.Single(match.Alone).Message.Trust);
    }

    [Fact]
    public void Two_deposits_with_one_key_are_rivals_and_no_fact()
    {
        var match = CrossChainMatch.Of([.. Deposit(0, Bridge, 7), .. Deposit(2, Bridge, 7), .. Out(Polygon, 7, 1_200)]);
        Assert.Equal([(500, 1), (500, 1)], match.Links.Select(link => (link.PerMille, link.Rivals)));
        Assert.All(match.Links, link => Assert.False(link.IsCertain));
    }

    [Fact]
    public void An_out_long_before_its_deposit_is_none()
    {
        Assert.Contains("before", Assert.Single(CrossChainMatch.Of([.. Deposit(0, Bridge, 7, 100_000), .. Out(Polygon, 7, 1_200)]).Alone, alone => alone.Message.End == BridgeEnd.Source).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deposit_for_another_chain_is_not_joined()
    {
        var match = CrossChainMatch.Of([.. Deposit(0, Bridge, 7, to: 56), .. Out(Polygon, 7, 1_200)]);
        Assert.Empty(match.Links);
        Assert.All(match.Alone, alone => Assert.Contains("eip155:56", alone.Why, StringComparison.Ordinal));
    }

    [Fact]
    public void The_order_of_messages_changes_nothing()
    {
        CrossChainMessage[] messages = [.. Deposit(0, Bridge, 7), .. Deposit(2, Bridge, 8), .. Out(Polygon, 8, 1_300), .. Out(Polygon, 7, 1_200), .. Out(Polygon, 9, 1_250)];
        var forward = CrossChainMatch.Of(messages);
        var backward = CrossChainMatch.Of(messages.Reverse());
        Assert.Equal(forward.Links.Select(link => link.Key), backward.Links.Select(link => link.Key));
        Assert.Equal(forward.Alone.Select(alone => (alone.Message.Key, alone.Why)), backward.Alone.Select(alone => (alone.Message.Key, alone.Why)));
        Assert.Equal(2, forward.Links.Count);
    }

    private static IReadOnlyList<CrossChainMessage> Deposit(int ledger, AccountAddress emitter, int id, uint time = 1_000, int to = 137)
    {
        var builder = Begin(ChainName.Ethereum, time);
        builder.AddTransfer(Payer, emitter, AssetName.Token(ChainName.Ethereum, Token), 1_000, TransferKind.Token);
        Emit(builder, "Send", emitter, id, Payer, Payer, Token, 1_000, to, 5, 6);
        return CrossChainMessages.Of(builder.Build(), ledger, [Celer], BridgeNames.None);
    }

    private static IReadOnlyList<CrossChainMessage> Out(AccountAddress emitter, int id, uint time)
    {
        var chain = ChainName.Evm(137);
        var builder = Begin(chain, time);
        builder.AddTransfer(emitter, Payer, AssetName.Token(chain, Token), 990, TransferKind.Token);
        Emit(builder, "Relay", emitter, 99, Payer, Payer, Token, 990, 1, id);
        return CrossChainMessages.Of(builder.Build(), 1, [Celer], BridgeNames.None);
    }

    private static AccountTableBuilder Begin(ChainName chain, uint time)
    {
        var builder = new AccountTableBuilder(chain);
        builder.AddTransaction(EventData.Topic(new byte[] { 1, (byte)time }), time);
        return builder;
    }

    private static void Emit(AccountTableBuilder builder, string name, AccountAddress emitter, params object[] values)
    {
        var one = EventData.Of(Celer.Events.Single(table => table.Signature.Name == name).Signature, emitter, [], values);
        builder.AddEvent(emitter, [.. one.Topics], one.Data);
    }

    private static AccountAddress Account(byte last) => new([.. new byte[19], last]);
}
