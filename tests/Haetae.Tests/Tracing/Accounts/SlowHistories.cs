using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>TIHO and TILO, slow and obvious, on ledgers where nobody is paid by somebody he paid: account after account, trying every amount.</summary>
internal sealed class SlowHistories
{
    private readonly SortedDictionary<string, long> _results = new(StringComparer.Ordinal);

    public SlowHistories(AccountTable ledger, AccountQuery query, Policy policy)
    {
        var graph = ledger.Graph;
        var left = new Dictionary<long, long>();
        var stolen = query.Seeds.ToDictionary(seed => seed.Transfer, seed => (long)(ulong)seed.Stolen.Lower);
        // The name's letter is the order of payment; "victim" pays only.
        var order = Enumerable.Range(0, (int)ledger.AccountCount).Select(account => (uint)account).OrderBy(account => RankOf(ledger, account)).ToArray();
        for (uint asset = 0; asset < ledger.Assets.Count; asset++)
        {
            foreach (var account in order)
            {
                long tainted = 0, clean = SlowAccounts.LeastOpening(ledger, account, asset);
                var payments = new List<Outgoing>();
                var numbers = new List<long>();
                for (var i = 0L; i < graph.TransferCount; i++)
                {
                    if (graph.Asset[i] != asset || graph.From[i] == graph.To[i] || graph.Amount[i].IsZero) continue;
                    var amount = (long)(ulong)graph.Amount[i].Lower;
                    var isFee = graph.KindOf(i) == TransferKind.FeeBurnt;
                    if (graph.From[i] == account)
                    {
                        payments.Add(new Outgoing((ulong)amount, (ulong)tainted, (ulong)clean, isFee));
                        numbers.Add(i);
                    }
                    else if (graph.To[i] == account)
                    {
                        var arrived = Math.Max(left.GetValueOrDefault(i), stolen.GetValueOrDefault(i));
                        Add("absorbed", Math.Min(left.GetValueOrDefault(i), stolen.GetValueOrDefault(i)));
                        tainted += arrived;
                        clean += amount - arrived;
                    }
                }

                var filled = Fill(payments, policy == Policy.Tiho);
                for (var i = 0; i < filled.Length; i++)
                {
                    var taint = (long)(ulong)filled[i].Lower;
                    left[numbers[i]] = taint;
                    tainted -= taint;
                    if (payments[i].IsFee) Add("fees", taint);
                    else if (graph.To[numbers[i]] == AccountGraph.Nobody) Add("destroyed", taint);
                }

                Add($"held {account} {asset}", tainted);
            }
        }

        foreach (var (transfer, taint) in left) Add($"flow {transfer}", taint);
    }

    public string Text => string.Join('\n', _results.Where(one => one.Value > 0).Select(one => $"{one.Key} = {one.Value}"));

    public static string TextOf(AccountOutcome outcome)
    {
        var results = new SortedDictionary<string, long>(StringComparer.Ordinal) { ["fees"] = 0, ["destroyed"] = 0, ["absorbed"] = 0 };
        foreach (var book in outcome.Books)
        {
            results["fees"] += (long)(ulong)book.Fees.Lower;
            results["destroyed"] += (long)(ulong)book.Destroyed.Lower;
            results["absorbed"] += (long)(ulong)book.Absorbed.Lower;
        }

        foreach (var end in outcome.Ends) results[$"held {end.Account} {end.Asset}"] = (long)(ulong)end.Tainted.Lower;
        foreach (var (transfer, tainted) in outcome.Flow) results[$"flow {transfer}"] = (long)(ulong)tainted.Lower;
        return string.Join('\n', results.Where(one => one.Value > 0).Select(one => $"{one.Key} = {one.Value}"));
    }

    /// <summary>The largest (smallest) payment first takes the most for which some amounts of all others exist.</summary>
    public static UInt256[] Fill(IReadOnlyList<Outgoing> payments, bool highestFirst)
    {
        var fixedAt = new long?[payments.Count];
        var order = Enumerable.Range(0, payments.Count).OrderBy(i => payments[i].IsFee)
            .ThenBy(i => (highestFirst ? -1 : 1) * (long)(ulong)payments[i].Amount.Lower).ThenBy(i => i);
        foreach (var at in order)
        {
            var most = (long)(ulong)payments[at].Amount.Lower;
            for (; most >= 0; most--)
            {
                fixedAt[at] = most;
                if (IsPossible(payments, fixedAt)) break;
            }
        }

        return [.. fixedAt.Select(amount => (UInt256)(ulong)amount!.Value)];
    }

    // Whether some sums exist: the set of taint that can have left so far, payment after payment.
    private static bool IsPossible(IReadOnlyList<Outgoing> payments, long?[] fixedAt)
    {
        var sums = new HashSet<long> { 0 };
        var paid = 0L;
        for (var i = 0; i < payments.Count; i++)
        {
            var amount = (long)(ulong)payments[i].Amount.Lower;
            paid += amount;
            var next = new HashSet<long>();
            foreach (var sum in sums)
            {
                for (var taken = fixedAt[i] ?? 0; taken <= (fixedAt[i] ?? amount); taken++)
                {
                    var after = sum + taken;
                    if (after <= (long)(ulong)payments[i].TaintedBefore.Lower && paid - after <= (long)(ulong)payments[i].CleanBefore.Lower) next.Add(after);
                }
            }

            sums = next;
        }

        return sums.Count > 0;
    }

    private static int RankOf(AccountTable ledger, uint account)
    {
        for (var letter = 'a'; letter <= 'z'; letter++)
        {
            if (ledger.AddressOf(account) == Scene.Address(letter.ToString())) return letter;
        }

        return 0;
    }

    private void Add(string what, long amount) => _results[what] = _results.GetValueOrDefault(what) + amount;
}
