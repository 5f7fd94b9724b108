using Haetae.Ledger;
using Haetae.Ledger.Storage;

namespace Haetae.Tracing.Clusters;

/// <summary>The numbers of the addresses that a transaction spends from, as far as they have one.</summary>
internal static class InputAddresses
{
    internal static IEnumerable<uint> Of(BitcoinLedger ledger, Column<uint> addressOfOutput, uint transaction)
    {
        for (var input = ledger.Graph.FirstInput[transaction]; input < ledger.Graph.FirstInput[transaction + 1L]; input++)
        {
            var previous = ledger.Graph.Previous[input];
            var address = previous != OutputNum.NotHeld ? addressOfOutput[previous] : Outside(ledger, addressOfOutput, input);
            if (address != AddressNumbers.None) yield return address;
        }
    }

    /// <summary>Spent from before the ledger's first block: known if its script is, and an address if that script is paid later on.</summary>
    internal static uint Outside(BitcoinLedger ledger, Column<uint> addressOfOutput, long input) =>
        ledger.OutsideOf(input).Script is { } script && ledger.FindOutputs(script) is [var output, ..] ? addressOfOutput[output] : AddressNumbers.None;
}
