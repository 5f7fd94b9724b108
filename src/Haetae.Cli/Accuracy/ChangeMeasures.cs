using Haetae.Ledger;
using Haetae.Tracing;
using Haetae.Tracing.Change;
using Haetae.Tracing.PeelChains;

namespace Haetae.Cli.Accuracy;

/// <summary>Rules of change and peel chains against the owners of a practice heist's addresses.</summary>
/// <remarks>
/// Counted are transactions whose inputs have one owner and which pay two outputs or more. A rule speaks where it leaves a single candidate; it is right where that
/// output is the payer's own. Recall is asked of transactions with exactly one output of the payer.
/// </remarks>
internal static class ChangeMeasures
{
    private const ulong Seed = 77_003;
    private const int Transactions = 20_000;
    private const string Weak = "the economy's habits are ours: fresh addresses for change, few programs; real wallets differ";

    internal static readonly Measurement[] All =
    [
        new("change-generated", AccuracySection.ChangeOutputs, (data, cancel) => [.. Rules(OwnedLedger.Practice(data, Seed, Transactions, cancel), cancel)]),
        new("peel-generated", AccuracySection.ChangeOutputs, (data, cancel) => [.. Hops(OwnedLedger.Practice(data, Seed, Transactions, cancel), cancel)]),
    ];

    private static readonly string Set = $"practice heist, seed {Seed}, {Transactions:#,0} transactions";

    private static IEnumerable<Figure> Rules(OwnedLedger chain, CancellationToken cancel)
    {
        IChangeRule[] rules = [.. ChangeRules.All.Where(rule => rule is not SpentRule)];
        var counts = new (long Right, long Told, long Found)[rules.Length + 1];
        long withOne = 0;
        for (var transaction = 0U; transaction < chain.Ledger.Graph.TransactionCount; transaction++)
        {
            cancel.ThrowIfCancellationRequested();
            if (OwnOf(chain, transaction) is not { } own) continue;
            var facts = ChangeTransaction.Of(chain.Ledger, transaction);
            if (facts.Outputs.Count(output => output.IsSpendable) < 2) continue;
            if (own.Count == 1) withOne++;
            for (var i = 0; i < rules.Length; i++) Count(i, rules[i].Candidates(facts));
            Count(rules.Length, [.. ChangeRules.Consensus(facts).Select(sign => sign.Output)]);

            void Count(int at, SortedSet<int> candidates)
            {
                if (candidates.Count != 1) return;
                counts[at].Told++;
                if (!own.Contains(candidates.Min)) return;
                counts[at].Right++;
                if (own.Count == 1) counts[at].Found++;
            }
        }

        for (var i = 0; i < counts.Length; i++)
        {
            var method = i < rules.Length ? $"change: {rules[i].Name}" : "change: surest sign of several";
            yield return new Figure(AccuracySection.ChangeOutputs, method, Set, "right", new Rate(counts[i].Right, counts[i].Told), Weak);
            yield return new Figure(AccuracySection.ChangeOutputs, method, Set, "found", new Rate(counts[i].Found, withOne), Weak);
        }
    }

    private static IEnumerable<Figure> Hops(OwnedLedger chain, CancellationToken cancel)
    {
        long right = 0, told = 0;
        for (var transaction = 0U; transaction < chain.Ledger.Graph.TransactionCount; transaction++)
        {
            cancel.ThrowIfCancellationRequested();
            if (OwnOf(chain, transaction) is not { } own || PeelFollower.FromTransaction(chain.Ledger, transaction, mostHops: 1, cancel).Hops is not [{ Next: { } next }]) continue;
            told++;
            if (own.Contains((int)(next - chain.Ledger.Graph.FirstOutput[transaction]))) right++;
        }

        yield return new Figure(AccuracySection.ChangeOutputs, "peel chain: single hops", Set, "right", new Rate(right, told), Weak + "; most hops here are not the thief's");
    }

    /// <summary>The places of the outputs that belong to the one owner of all inputs; null where several own them, or nobody knows who.</summary>
    private static HashSet<int>? OwnOf(OwnedLedger chain, uint transaction)
    {
        var graph = chain.Ledger.Graph;
        string? owner = null;
        for (var input = graph.FirstInput[transaction]; input < graph.FirstInput[transaction + 1L]; input++)
        {
            if (graph.Previous[input] == OutputNum.NotHeld || OwnerOf(chain, graph.Previous[input]) is not { } who || (owner ?? who) != who) return null;
            owner = who;
        }

        if (owner is null) return null;
        var own = new HashSet<int>();
        for (var output = graph.FirstOutput[transaction]; output < graph.FirstOutput[transaction + 1L]; output++)
            if (OwnerOf(chain, output) == owner) own.Add((int)(output - graph.FirstOutput[transaction]));
        return own;
    }

    private static string? OwnerOf(OwnedLedger chain, long output) => chain.Owners.GetValueOrDefault(Convert.ToHexStringLower(chain.Ledger.ScriptOf(output)));
}
