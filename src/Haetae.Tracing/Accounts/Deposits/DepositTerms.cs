using Haetae.Ledger;
using Haetae.Ledger.Chains;

namespace Haetae.Tracing.Accounts.Deposits;

/// <summary>When a payment and its forwarding count as a deposit. Every answer names its terms.</summary>
/// <param name="LargestLoss">Base units of the native coin that a deposit may lose on its way, for gas: α. Of tokens nothing is lost.</param>
/// <param name="MostBlocks">Blocks between a receipt and its forwarding, at most: τ.</param>
/// <param name="MostSeconds">The same where the ledger knows no blocks.</param>
/// <param name="MostPayers">A deposit address has one customer, who may pay from several accounts; one with more payers than this is taken for something else and joins nobody.</param>
/// <param name="MostDeposits">A payer of more deposit addresses than this is taken for a service that pays other people's, and joins nobody.</param>
public sealed record DepositTerms(UInt256 LargestLoss, uint MostBlocks, uint MostSeconds, int MostPayers, int MostDeposits)
{
    /// <summary>Victor's parameters (α = 0.01 coin, τ = 3,200 blocks: some 12 hours of Ethereum), and bounds against crowds that are Haetae's own.</summary>
    public static DepositTerms Usual(ChainName chain) =>
        new(chain.Family == ChainFamily.Tron ? 10_000UL : 10_000_000_000_000_000UL, 3_200, chain.Family == ChainFamily.Tron ? 9_600U : 38_400U, 10, 20);
}

/// <summary>A receipt and its forwarding: what shows that a payer is a customer of the service at this deposit address.</summary>
/// <param name="Receipt">The transfer from the payer to the deposit address.</param>
/// <param name="Forward">The transfer from there to the service.</param>
/// <param name="Confidence">Millionths: 1 − ½ × loss / α − ½ × wait / τ (Tutela), rounded down.</param>
public sealed record DepositWitness(uint Payer, uint Deposit, uint Service, uint Asset, long Receipt, long Forward, int Confidence);

/// <summary>Accounts that pay into the same deposit addresses: one customer, if the rule is right.</summary>
/// <param name="Payers">By number, rising.</param>
/// <param name="Deposits">Deposit addresses, by number, rising.</param>
/// <param name="Witnesses">For each payer and deposit address the surest pair, by payer, then deposit.</param>
/// <param name="Confidence">Millionths: the mean over deposit addresses of their surest witness, rounded down.</param>
public sealed record DepositCluster(IReadOnlyList<uint> Payers, IReadOnlyList<uint> Deposits, IReadOnlyList<DepositWitness> Witnesses, int Confidence);
