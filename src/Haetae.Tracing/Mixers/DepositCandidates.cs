namespace Haetae.Tracing.Mixers;

/// <summary>A deposit that a withdrawal may spend.</summary>
/// <param name="Deposit">Place in the pool's deposits.</param>
/// <param name="Millionths">How likely, given the links and the trust put in them.</param>
/// <param name="Methods">The rules that name it, in order; empty: none does.</param>
public sealed record DepositCandidate(int Deposit, int Millionths, IReadOnlyList<string> Methods);

/// <summary>One withdrawal and the deposits it may spend.</summary>
/// <param name="Top">The likeliest first; of equals, the latest deposit.</param>
/// <param name="Candidates">How many there are in all.</param>
/// <param name="EffectiveHundredths">2 to the power of the entropy, in hundredths: as many equally likely deposits would hide it as well.</param>
public sealed record WithdrawalCandidates(int Withdrawal, IReadOnlyList<DepositCandidate> Top, int Candidates, long EffectiveHundredths);

/// <summary>The bipartite view: for a withdrawal, every deposit before it with a share of likelihood.</summary>
/// <remarks>
/// Contract: deposits that other linked withdrawals spend are no candidates, unless a link names them for this one. A link of score s over n deposits gives each s/n times the trust; several rules that name one deposit add up as
/// independent witnesses do (1 less the product of their doubts). If links give more than 1 in all they are scaled down to 1 less the least doubt; what they leave is shared evenly by all candidates. The trust is a judgement, said with
/// every answer; docs/accuracy.md has measured rates. Witnesses are not independent in truth, so figures above one half mean "likely", not their digits.
/// </remarks>
public sealed class DepositCandidates
{
    /// <summary>Thousandths of trust in a link without rivals, unless said otherwise.</summary>
    public const int UsualTrust = 900;

    private const double LeastDoubt = 0.001;
    private readonly PoolBook _book;
    private readonly int _pool;
    private readonly int _trust;
    private readonly ILookup<int, PoolLink> _links;
    private readonly int[] _spentBy;
    private readonly int[] _free; // places of deposits that nobody's link spends, rising

    /// <param name="book">The pools.</param>
    /// <param name="pool">Which one.</param>
    /// <param name="runs">What the rules say.</param>
    /// <param name="trust">Thousandths.</param>
    public DepositCandidates(PoolBook book, int pool, IEnumerable<HeuristicRun> runs, int trust = UsualTrust)
    {
        (_book, _pool, _trust) = (book, pool, trust);
        _links = runs.SelectMany(run => run.Links).Where(link => link.Pool == pool).ToLookup(link => link.Withdrawal);
        _spentBy = AnonymitySets.Spent(book.Pools[pool], _links.SelectMany(links => links).Where(link => link.Score >= 500).ToLookup(link => link.Withdrawal));
        _free = [.. Enumerable.Range(0, _spentBy.Length).Where(d => _spentBy[d] < 0)];
    }

    /// <summary>The candidates of one withdrawal.</summary>
    /// <param name="withdrawal">Place in the pool's withdrawals.</param>
    /// <param name="top">So many are named.</param>
    public WithdrawalCandidates Of(int withdrawal, int top)
    {
        var bound = _book.DepositsBefore(_pool, _book.Pools[_pool].Withdrawals[withdrawal].Block);
        var named = new SortedDictionary<int, (double Doubt, List<string> Methods)>();
        foreach (var link in _links[withdrawal])
        {
            foreach (var d in link.Deposits.Where(d => d < bound))
            {
                var (doubt, methods) = named.TryGetValue(d, out var known) ? known : (1.0, []);
                if (!methods.Contains(link.Method)) methods.Add(link.Method);
                named[d] = (doubt * (1 - _trust / 1_000.0 * (link.Score / 1_000.0) / link.Deposits.Count), methods);
            }
        }

        var place = Array.BinarySearch(_free, bound);
        var free = place < 0 ? ~place : place;
        var unnamed = free - named.Keys.Count(d => _spentBy[d] < 0);
        var (count, given) = (unnamed + named.Count, named.Values.Sum(one => 1 - one.Doubt));
        if (count == 0) return new WithdrawalCandidates(withdrawal, [], 0, 0);
        var scale = given > 1 - LeastDoubt ? (1 - LeastDoubt) / given : 1.0;
        var rest = (1 - given * scale) / count;
        List<DepositCandidate> all = [.. named.Select(one => new DepositCandidate(one.Key, Millionths((1 - one.Value.Doubt) * scale + rest), one.Value.Methods))];
        for (var i = free - 1; i >= 0 && all.Count < named.Count + top; i--)
            if (!named.ContainsKey(_free[i])) all.Add(new DepositCandidate(_free[i], Millionths(rest), []));
        var entropy = named.Values.Sum(one => Bits((1 - one.Doubt) * scale + rest)) + unnamed * Bits(rest);
        return new WithdrawalCandidates(withdrawal, [.. all.OrderByDescending(one => one.Millionths).ThenByDescending(one => one.Deposit).Take(top)], count, (long)Math.Round(100 * Math.Pow(2, entropy), MidpointRounding.AwayFromZero));
    }

    private static double Bits(double share) => share > 0 ? -share * Math.Log2(share) : 0;

    private static int Millionths(double share) => (int)Math.Round(1_000_000 * share, MidpointRounding.AwayFromZero);
}
