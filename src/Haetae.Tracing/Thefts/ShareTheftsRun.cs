using Haetae.Ledger;

namespace Haetae.Tracing.Thefts;

/// <summary>Several thefts under a policy that divides sums: every open output keeps each theft's part.</summary>
internal sealed class ShareTheftsRun<TPolicy>(UtxoGraph graph, TraceQuery query, uint limit, TheftClaims claims, ITaintBook book, int tags)
    : TheftsRun<Tagged[]?>(graph, query, limit, claims, book)
    where TPolicy : struct, IPartPolicy
{
    private readonly PartSums _sums = new(tags);
    private readonly PlaceShares _shares = new();
    private long[] _values = new long[64];

    /// <summary>The most steps of work (<see cref="PlaceShares.Work"/>).</summary>
    public long MostWork { get; init; } = long.MaxValue;

    protected override bool IsNothing(Tagged[]? taint) => taint is null;

    protected override int SizeOf(Tagged[]? taint) => taint is null ? 0 : taint.Length;

    protected override ReadOnlySpan<Tagged> PartsOf(Tagged[]? taint, long value, out long total)
    {
        total = 0;
        foreach (var part in taint.AsSpan()) total += part.Amount;
        return taint;
    }

    protected override Tagged[]? Divide(uint transaction, Span<Tagged[]?> outputs)
    {
        var last = Graph.FirstInput[transaction + 1L];
        for (var input = Graph.FirstInput[transaction]; input < last; input++) _sums.Add(Take(Graph.Previous[input]));
        Split(transaction, Graph.Fee[transaction], _sums.Finish(out _), outputs);
        return _shares.At(outputs.Length);
    }

    protected override void DivideFees(uint coinbase, uint end, ReadOnlySpan<(uint Transaction, Tagged[]? Taint)> fees, Span<Tagged[]?> outputs)
    {
        foreach (var (_, fee) in fees) _sums.Add(fee);
        var left = 0L;
        for (var i = 0; i < outputs.Length; i++) left += Graph.Value[Graph.FirstOutput[coinbase] + i];
        var taints = _sums.Finish(out _).ToArray();
        var taken = 0;
        for (var i = 0; i < taints.Length; i++)
        {
            // What a coinbase does not claim is lost to everyone; the earliest theft's part is claimed first.
            var claimed = Math.Min(left, taints[i].Amount);
            if (claimed < taints[i].Amount) Book.Lost([new Tagged(taints[i].Tag, taints[i].Amount - claimed)], taints[i].Amount - claimed);
            left -= claimed;
            taints[i] = new Tagged(taints[i].Tag, claimed);
            if (claimed > 0) taken = i + 1;
        }

        if (taken > 0) Split(coinbase, 0, taints.AsSpan(0, taken), outputs);
    }

    protected override Tagged[]? LayOver(long output, Tagged[]? arrived, ReadOnlySpan<Tagged> claims)
    {
        // Of its own arrived and claimed satoshi a theft's part is the larger; the smaller is absorbed.
        foreach (var claim in claims) _sums.Add(claim.Tag, claim.Amount);
        foreach (var part in arrived.AsSpan())
        {
            var claim = ClaimOf(part.Tag, claims);
            if (claim > 0) Book.Absorbed(part.Tag, Math.Min(part.Amount, claim));
            _sums.Add(part.Tag, part.Amount - Math.Min(part.Amount, claim));
        }

        var parts = _sums.Finish(out _).ToArray();
        var left = Graph.Value[output];
        var kept = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var (tag, amount) = parts[i];
            if (amount > left) Collide(output, parts.AsSpan(0, i), tag, amount - left);
            var keeps = Math.Min(amount, left);
            left -= keeps;
            parts[i] = new Tagged(tag, keeps);
            if (keeps > 0) kept = i + 1;
        }

        return parts[..kept];
    }

    // What a theft has no room for is what earlier ones keep, the earliest first.
    private void Collide(long output, ReadOnlySpan<Tagged> earlier, int later, long amount)
    {
        foreach (var (tag, keeps) in earlier)
        {
            var value = Math.Min(keeps, amount);
            if (value > 0) Book.Collided(new Collision(tag, later, output, value));
            amount -= value;
        }
    }

    private static long ClaimOf(int tag, ReadOnlySpan<Tagged> claims)
    {
        foreach (var claim in claims)
        {
            if (claim.Tag == tag) return claim.Amount;
        }

        return 0;
    }

    private void Split(uint transaction, long fee, ReadOnlySpan<Tagged> taints, Span<Tagged[]?> outputs)
    {
        var places = outputs.Length + 1;
        if (_values.Length < places) _values = new long[2 * places];
        var first = Graph.FirstOutput[transaction];
        var clean = _values[places - 1] = fee;
        for (var i = 0; i < outputs.Length; i++) clean += _values[i] = Graph.Value[first + i];
        if (clean > Satoshi.Maximum) throw AmountsDisagree(transaction);
        foreach (var taint in taints) clean -= taint.Amount;
        if (clean < 0) throw AmountsDisagree(transaction);
        _shares.Begin(places);
        TPolicy.Split(_values.AsSpan(0, places), taints, clean, _shares);
        if (_shares.Work > MostWork) throw new TooMixedException(_shares.Work);
        for (var i = 0; i < outputs.Length; i++) outputs[i] = _shares.At(i);
    }
}
