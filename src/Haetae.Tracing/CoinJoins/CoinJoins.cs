using System.Runtime.CompilerServices;
using Haetae.Ledger;

namespace Haetae.Tracing;

/// <summary>Transactions in which several owners join to make their outputs alike.</summary>
public static class CoinJoins
{
    /// <summary>BlockSci's test: half the outputs, rounded up, pay one amount, and at least as many inputs and input addresses stand behind them.</summary>
    /// <remarks>
    /// At least 2 inputs and 3 outputs; the most frequent amount (among equally frequent ones the lowest) occurs exactly (outputs + 1) / 2
    /// times and is neither 546 nor 2,730 satoshi; inputs and distinct input scripts are at least as many. Errs on payments that happen
    /// to be equal, and misses every CoinJoin of another shape. Source: BlockSci, heuristics, isCoinjoin.
    /// </remarks>
    public static long Count(BitcoinLedger ledger, int threads)
    {
        long total = 0;
        var pieces = Math.Max(1, Math.Min(threads, (int)(ledger.Graph.TransactionCount / 65_536 + 1)));
        Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = pieces }, piece =>
        {
            var from = (uint)((ulong)ledger.Graph.TransactionCount * (uint)piece / (uint)pieces);
            var to = (uint)((ulong)ledger.Graph.TransactionCount * ((uint)piece + 1) / (uint)pieces);
            Interlocked.Add(ref total, new Scan(ledger).Count(from, to));
        });
        return total;
    }

    /// <summary>Whether one transaction passes the same test.</summary>
    public static bool PassesBlockSci(BitcoinLedger ledger, uint transaction) => new Scan(ledger).IsOne(transaction);

    /// <summary>The same test for single transactions; one instance a thread.</summary>
    internal sealed class Scan(BitcoinLedger ledger)
    {
        private readonly UtxoGraph _graph = ledger.Graph;
        private long[] _values = new long[64];
        private ulong[] _keys = new ulong[64];

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal long Count(uint from, uint to)
        {
            long found = 0;
            _graph.FirstInput.Touch(from, to + 1L);
            _graph.FirstOutput.Touch(from, to + 1L);
            var (firstInput, firstOutput) = (_graph.FirstInput.Unguarded, _graph.FirstOutput.Unguarded);
            long firstIn = firstInput[from], firstOut = firstOutput[from];
            for (var tx = from; tx < to; tx++)
            {
                long endIn = firstInput[tx + 1L], endOut = firstOutput[tx + 1L];
                if (CanBe(endIn - firstIn, endOut - firstOut) && IsOne(firstIn, (int)(endIn - firstIn), firstOut, (int)(endOut - firstOut))) found++;
                firstIn = endIn;
                firstOut = endOut;
            }

            return found;
        }

        /// <summary>Whether a transaction is one.</summary>
        internal bool IsOne(uint tx)
        {
            long firstIn = _graph.FirstInput[tx], endIn = _graph.FirstInput[tx + 1L], firstOut = _graph.FirstOutput[tx], endOut = _graph.FirstOutput[tx + 1L];
            return CanBe(endIn - firstIn, endOut - firstOut) && IsOne(firstIn, (int)(endIn - firstIn), firstOut, (int)(endOut - firstOut));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal static bool CanBe(long inputs, long outputs) => inputs >= 2 && outputs >= 3 && (outputs + 1) / 2 <= inputs;

        private bool IsOne(long firstIn, int inputs, long firstOut, int outputs)
        {
            // Amounts first: they lie in a row, and nearly always they settle it.
            var participants = (outputs + 1) / 2;
            if (_values.Length < outputs) _values = new long[2 * outputs];
            var values = _values.AsSpan(0, outputs);
            _graph.Value.Slice(firstOut, outputs).CopyTo(values);
            values.Sort();
            int most = 0, run = 0;
            long common = 0;
            for (var i = 0; i < outputs; i++)
            {
                run = i > 0 && values[i] == values[i - 1] ? run + 1 : 1;
                if (run <= most) continue;
                most = run;
                common = values[i];
            }

            if (most != participants || common is 546 or 2730) return false;
            if (_keys.Length < inputs) _keys = new ulong[2 * inputs];
            var keys = _keys.AsSpan(0, inputs);
            for (var i = 0; i < inputs; i++) keys[i] = ledger.InputScriptKey(firstIn + i);
            keys.Sort();
            var distinct = 1;
            for (var i = 1; i < inputs; i++)
                if (keys[i] != keys[i - 1]) distinct++;
            return distinct >= participants;
        }
    }
}
