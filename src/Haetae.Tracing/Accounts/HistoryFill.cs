using System.Numerics;
using Haetae.Ledger;

namespace Haetae.Tracing.Accounts;

/// <summary>One payment out of an account, for TIHO and TILO.</summary>
/// <param name="Amount">What left.</param>
/// <param name="TaintedBefore">All taint that had come in before it.</param>
/// <param name="CleanBefore">All clean money that had, what was there at first included.</param>
/// <param name="IsFee">Fees are filled after all payments, as on Bitcoin.</param>
internal readonly record struct Outgoing(UInt256 Amount, UInt256 TaintedBefore, UInt256 CleanBefore, bool IsFee);

/// <summary>TIHO and TILO on an account: which of its payments were stolen money, decided when all of them are known.</summary>
/// <remarks>
/// The largest payment (under TILO the smallest) takes as much taint as it can, then the next, among equal ones the earlier, such that at no time more taint has
/// left than had come in, nor more clean money. With S(k) the taint that left up to payment k, this asks S(k) to stay between two lines; payment j can take
/// at most the least room above S from j on, less the most that must have left before j. Both are ranges of one tree, so n payments cost n log n.
/// </remarks>
internal static class HistoryFill
{
    public static UInt256[] Fill(IReadOnlyList<Outgoing> payments, bool highestFirst)
    {
        if (payments.Count == 0) return [];
        if (payments.Count == 1) return [UInt256.Min(payments[0].Amount, payments[0].TaintedBefore)];
        var order = new (bool IsFee, UInt256 Amount, int At)[payments.Count];
        for (var i = 0; i < order.Length; i++) order[i] = (payments[i].IsFee, payments[i].Amount, i);
        Array.Sort(order, (left, right) =>
        {
            if (left.IsFee != right.IsFee) return left.IsFee ? 1 : -1;
            var bySize = highestFirst ? right.Amount.CompareTo(left.Amount) : left.Amount.CompareTo(right.Amount);
            return bySize != 0 ? bySize : left.At.CompareTo(right.At);
        });

        // Sums over a history can be far above any balance; where they are, count without a limit.
        // All that was paid had come in before.
        var isNarrow = (((BigInteger)payments[^1].TaintedBefore) + payments[^1].CleanBefore).GetBitLength() < 126;
        return isNarrow
            ? Fill(payments, order, amount => (Int128)amount.Lower, value => (UInt128)value)
            : Fill(payments, order, amount => (BigInteger)amount, value => (UInt256)value);
    }

    private static UInt256[] Fill<T>(IReadOnlyList<Outgoing> payments, (bool IsFee, UInt256 Amount, int At)[] order, Func<UInt256, T> into, Func<T, UInt256> back) where T : struct, INumber<T>
    {
        var most = new T[payments.Count];
        var least = new T[payments.Count];
        var paid = T.Zero;
        for (var i = 0; i < payments.Count; i++)
        {
            paid += into(payments[i].Amount);
            most[i] = into(payments[i].TaintedBefore);
            least[i] = T.Max(T.Zero, paid - into(payments[i].CleanBefore));
        }

        var room = new RoomTree<T>(most, least);
        var filled = new UInt256[payments.Count];
        foreach (var (_, amount, at) in order)
        {
            var taken = T.Min(into(amount), room.LeastFrom(at) - T.Max(T.Zero, room.MostBefore(at)));
            filled[at] = back(taken);
            room.LowerFrom(at, taken);
        }

        return filled;
    }
}

/// <summary>Two rows of numbers: the least of the first from a place on, the most of the second before a place, and both lowered from a place on.</summary>
internal sealed class RoomTree<T> where T : struct, INumber<T>
{
    private readonly T[] _least;
    private readonly T[] _most;
    private readonly T[] _lowered; // by how much everything below a node is to be lowered
    private readonly int _width;
    private readonly int _count;

    public RoomTree(T[] first, T[] second)
    {
        _count = first.Length;
        _width = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, _count));
        (_least, _most, _lowered) = (new T[2 * _width], new T[2 * _width], new T[2 * _width]);
        for (var i = 0; i < _width; i++)
        {
            // Places beyond the end repeat the last one: they change no least and are asked for no most.
            _least[_width + i] = i < _count ? first[i] : _count > 0 ? first[^1] : T.Zero;
            _most[_width + i] = i < _count ? second[i] : _count > 0 ? second[^1] : T.Zero;
        }

        for (var node = _width - 1; node > 0; node--) Gather(node);
    }

    public T LeastFrom(int place)
    {
        var node = _width + place;
        var least = _least[node];
        for (; node > 1; node >>= 1)
        {
            if ((node & 1) == 0) least = T.Min(least, _least[node + 1]);
            least -= _lowered[node >> 1];
        }

        return least;
    }

    /// <summary>Zero where there is no place before.</summary>
    public T MostBefore(int place)
    {
        if (place == 0) return T.Zero;
        var node = _width + place - 1;
        var most = _most[node];
        for (; node > 1; node >>= 1)
        {
            if ((node & 1) == 1) most = T.Max(most, _most[node - 1]);
            most -= _lowered[node >> 1];
        }

        return most;
    }

    public void LowerFrom(int place, T amount)
    {
        var node = _width + place;
        Lower(node, amount);
        for (; node > 1; node >>= 1)
        {
            if ((node & 1) == 0) Lower(node + 1, amount);
            Gather(node >> 1);
        }
    }

    private void Lower(int node, T amount)
    {
        _least[node] -= amount;
        _most[node] -= amount;
        _lowered[node] += amount;
    }

    private void Gather(int node)
    {
        _least[node] = T.Min(_least[2 * node], _least[(2 * node) + 1]) - _lowered[node];
        _most[node] = T.Max(_most[2 * node], _most[(2 * node) + 1]) - _lowered[node];
    }
}
