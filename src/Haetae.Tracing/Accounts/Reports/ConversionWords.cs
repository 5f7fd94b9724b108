using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>What changed its asset, in the words of traces and journeys alike.</summary>
public static class ConversionWords
{
    /// <summary>From asset and amount to asset and amount, and where: <c>40 ETH of 50 became 8 DAI of 10 at 0x…</c>.</summary>
    /// <param name="recipient">Who received it, as people of the chain write it.</param>
    public static string Sentence(AssetInfo givenAsset, UInt256 given, UInt256 givenTaint, AssetInfo receivedAsset, UInt256 received, UInt256 receivedTaint, string recipient) =>
        $"{AssetAmounts.WithSymbol(givenTaint, givenAsset)} of {AssetAmounts.Exact(given, givenAsset.Decimals)} became {AssetAmounts.WithSymbol(receivedTaint, receivedAsset)} of {AssetAmounts.Exact(received, receivedAsset.Decimals)} at {recipient}";

    /// <summary>The same of one in a ledger's numbers.</summary>
    public static string Sentence(IAccountView view, TaintedConversion one) => Sentence(
        view.Assets[(int)one.GivenAsset], one.Given, one.GivenTaint, view.Assets[(int)one.ReceivedAsset], one.Received, one.ReceivedTaint, view.Chain.Show(view.AddressOf(one.Recipient)));
}
