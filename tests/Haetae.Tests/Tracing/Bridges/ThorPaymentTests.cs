using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Bridges;

namespace Haetae.Tests.Tracing.Bridges;

/// <summary>What a memo asks for, held against what the out pays, on hand-made memos of a swap from Avalanche to Ethereum.</summary>
public class ThorPaymentTests
{
    private const string Usdc = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", Usdt = "0xdAC17F958D2ee523a2206206994597C13D831ec7";
    private static readonly BridgeProtocol Thor = BridgeTables.BuiltIn.Single(table => table.Name == "thorchain");
    private static readonly ChainName Avalanche = ChainName.Evm(43114);
    private static readonly AccountAddress AvalancheRouter = AccountAddress.Parse("0x8F66c4AE756BEbC49Ec8B81966DD8bba9f127549"), EthereumRouter = AccountAddress.Parse("0xD37BbE5744D730a1d98d8DC97c42F0Ca46aD7146");
    private static readonly AccountAddress Vault = Account(9), Thief = Account(1), Token = Account(0x40);

    [Theory]
    [InlineData("=:ETH.ETH:", null, true, false)]
    [InlineData("=:e:", null, true, false)]
    [InlineData("=:ETH.ETH:", Usdc, false, false)]
    [InlineData("=:ETH.USDC-0XA0B86991C6218B36C1D19D4A2E9EB0CE3606EB48:", Usdc, true, false)]
    [InlineData("s:ETH.USDC-B48:", Usdc, true, false)]
    [InlineData("s:ETH.USDC-B48:", Usdt, false, false)]
    [InlineData("SWAP:ETH.USDC-B48:", null, false, false)]
    [InlineData("=:ETH.USDC:", Usdc, true, true)]
    [InlineData("=:ETH.USDC:", null, false, false)]
    public void An_out_is_sure_where_it_pays_what_the_memo_asks_for(string memo, string? paid, bool isSure, bool isOpen)
    {
        var link = Assert.Single(Match(memo + Thief, paid, "OUT:").Links);
        Assert.Equal((isSure, isSure ? 1_000 : 500, isSure ? 0 : 1), (link.IsCertain, link.PerMille, link.Doubts.Count));
        Assert.Equal(isOpen, link.Evidence.Any(line => line.Contains("was not checked", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_refund_that_gives_back_another_asset_is_doubted()
    {
        var given = AssetName.Token(Avalanche, Token).Caip19;
        Assert.True(Assert.Single(Match("=:ETH.ETH:" + Thief, Token.ToString(), "REFUND:").Links).IsCertain);
        var odd = Assert.Single(Match("=:ETH.ETH:" + Thief, null, "REFUND:").Links);
        Assert.Contains($"gives back what was paid in, {given}", Assert.Single(odd.Doubts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OUT:")]
    [InlineData("REFUND:")]
    public void A_stranger_s_deposit_that_names_another_s_is_no_rival(string forged)
    {
        var link = Assert.Single(Match("=:ETH.ETH:" + Thief, null, "OUT:", forged).Links);
        Assert.Equal((true, Id("deposit")), (link.IsCertain, link.Source.TransactionId));
    }

    // An out is on Ethereum, a refund back on Avalanche.
    private static CrossChainMatch Match(string memo, string? paid, string answer, string? forged = null)
    {
        var depositId = Id("deposit");
        var source = new AccountTableBuilder(Avalanche);
        source.AddTransaction(depositId, 1_000);
        source.AddTransfer(Thief, Vault, AssetName.Token(Avalanche, Token), 1_000, TransferKind.Token);
        Emit(source, "Deposit", AvalancheRouter, [Vault, Token], (UInt256)1_000, memo);
        if (forged is not null)
        {
            source.AddTransaction(Id("forged"), 1_100);
            source.AddTransfer(Account(2), Vault, AssetName.Token(Avalanche, Token), 1, TransferKind.Token);
            Emit(source, "Deposit", AvalancheRouter, [Vault, Token], (UInt256)1, forged + depositId.ToString().ToUpperInvariant());
        }

        var isRefund = answer == "REFUND:";
        var chain = isRefund ? Avalanche : ChainName.Ethereum;
        var destination = isRefund ? source : new AccountTableBuilder(chain);
        destination.AddTransaction(Id("out"), 1_200);
        var asset = paid is null ? AccountAddress.Zero : AccountAddress.Parse(paid);
        destination.AddTransfer(isRefund ? AvalancheRouter : EthereumRouter, Thief, paid is null ? AssetName.Native(chain) : AssetName.Token(chain, asset), 900, paid is null ? TransferKind.Internal : TransferKind.Token);
        Emit(destination, "TransferOut", isRefund ? AvalancheRouter : EthereumRouter, [Vault, Thief], asset, (UInt256)900, answer + depositId.ToString().ToUpperInvariant());
        IReadOnlyList<AccountTable> tables = isRefund ? [destination.Build()] : [source.Build(), destination.Build()];
        return CrossChainMatch.Of(tables.Index().SelectMany(table => CrossChainMessages.Of(table.Item, table.Index, [Thor], BridgeNames.None)));
    }

    private static void Emit(AccountTableBuilder builder, string name, AccountAddress emitter, object[] indexed, params object[] values)
    {
        var one = EventData.Of(Thor.Events.Single(table => table.Signature.Name == name).Signature, emitter, indexed, values);
        builder.AddEvent(one.Emitter, [.. one.Topics], one.Data);
    }

    private static Hash256 Id(string name) => EventData.Topic(Encoding.ASCII.GetBytes(name.PadLeft(20, '-')));

    private static AccountAddress Account(byte last) => new([.. new byte[19], last]);
}
