using System.Numerics;

namespace Haetae.Ledger.Accounts;

/// <summary>Figures over a whole account ledger.</summary>
/// <param name="Failed">Transactions whose execution failed.</param>
/// <param name="MadeIds">Transactions whose id is made from a row.</param>
/// <param name="Zero">Transfers of nothing.</param>
/// <param name="Kinds">Transfers by <see cref="TransferKind"/>.</param>
/// <param name="Assets">Per asset, its transfers and what they add up to in base units: moved, not held.</param>
public sealed record AccountStatistics(long Failed, long MadeIds, long Zero, IReadOnlyList<long> Kinds, IReadOnlyList<(long Transfers, BigInteger Total)> Assets)
{
    /// <summary>Counts and adds up, in one pass over the columns.</summary>
    public static AccountStatistics Of(AccountGraph graph, int assets)
    {
        long failed = 0, made = 0, zero = 0;
        for (long tx = 0; tx < graph.TransactionCount; tx++)
        {
            var marks = (TxMarks)graph.Marks[tx];
            if ((marks & TxMarks.Failed) != 0) failed++;
            if ((marks & TxMarks.RowId) != 0) made++;
        }

        var kinds = new long[Enum.GetValues<TransferKind>().Length];
        var counts = new long[assets];
        var sums = new UInt128[assets];
        var totals = new BigInteger[assets];
        for (long t = 0; t < graph.TransferCount; t++)
        {
            var (kind, asset, amount) = (graph.Kind[t], graph.Asset[t], graph.Amount[t]);
            if (kind >= kinds.Length || asset >= assets) throw new LedgerCorruptException(FormattableString.Invariant($"Transfer {t} is of kind {kind} and asset {asset}, which are not there. Run 'haetae ledger verify'."));
            kinds[kind]++;
            counts[asset]++;
            if (amount.IsZero) zero++;
            if (amount.IsNarrow && amount.Lower <= UInt128.MaxValue - sums[asset])
            {
                sums[asset] += amount.Lower;
                continue;
            }

            totals[asset] += (BigInteger)sums[asset] + amount;
            sums[asset] = 0;
        }

        return new AccountStatistics(failed, made, zero, kinds, [.. counts.Select((count, asset) => (count, totals[asset] + sums[asset]))]);
    }
}
