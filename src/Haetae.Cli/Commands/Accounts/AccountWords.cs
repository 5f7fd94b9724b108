using System.Numerics;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands.Accounts;

/// <summary>What account ledgers hold, in words: amounts with the decimal places their asset is known to have, accounts, kinds, ids.</summary>
internal static class AccountWords
{
    internal static string Show(BigInteger amount, AssetInfo asset) => $"{AssetAmounts.Exact(amount, asset.Decimals)} {(asset.Decimals is null ? "base units of " : "")}{Name(asset)}";

    /// <summary>The symbol, which for a token is a claim: its contract stands behind it.</summary>
    internal static string Name(AssetInfo asset)
    {
        if (asset.Name.Kind == AssetKind.Native) return asset.Symbol ?? asset.Name.Caip19;
        return asset.Symbol is { } symbol ? $"{PlainText.Of(symbol)} ({asset.Name.Caip19})" : asset.Name.Caip19;
    }

    internal static string Account(IAccountView ledger, uint account) => account == AccountGraph.Nobody ? "nobody" : ledger.Chain.Show(ledger.AddressOf(account));

    internal static string Kind(TransferKind kind) => AccountReportBuilder.KindName(kind);

    internal static string Id(IAccountView ledger, uint transaction) => "0x" + ledger.Graph.TxId[transaction];

    internal static string Holds(AccountCounts counts) =>
        $"{Amounts.Count(counts.Transactions, "transaction", "transactions")}, {Amounts.Count(counts.Transfers, "transfer", "transfers")}, {Amounts.Count(counts.Accounts, "account", "accounts")}, {Amounts.Count(counts.Assets, "asset", "assets")}";

    internal static string Time(IAccountView ledger, uint transaction) => Amounts.Time(ledger.Graph.TxTime[transaction]);
}
