using Haetae.Ledger;

namespace Haetae.Tracing.Demixing;

/// <summary>All evidence on one mix, rule by rule, coin by coin, the best first. Nothing is followed because of it.</summary>
public static class RoundEvidence
{
    /// <summary>What the mix itself says: amounts alone.</summary>
    public static IEnumerable<LinkEvidence> OfShape(TransactionShape shape)
    {
        if (CoinJoinRules.First(CoinJoinRules.Judge(shape)) is not { } verdict) return [];
        // In a tx0 or chips there is nobody to tell apart.
        if (verdict.Kind == CoinJoinKind.WhirlpoolTx0) return Tx0Change.Of(shape, verdict);
        return verdict.Kind == CoinJoinKind.ChipMixerFunding ? [] : [.. SourceAmounts.Of(shape), .. ChangeArithmetic.Of(shape, verdict)];
    }

    /// <summary>What the mix and the ledger around it say.</summary>
    public static IReadOnlyList<LinkEvidence> Of(BitcoinLedger ledger, uint transaction, CancellationToken cancel = default)
    {
        var shape = TransactionShape.Of(ledger, transaction);
        return CoinJoinRules.First(CoinJoinRules.Judge(shape)) is null ? [] : [.. LedgerEvidence.Of(ledger, transaction, cancel), .. OfShape(shape)];
    }
}
