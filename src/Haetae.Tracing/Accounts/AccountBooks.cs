using Haetae.Ledger;

namespace Haetae.Tracing.Accounts;

/// <summary>Where every stolen unit went, while a trace is under way.</summary>
internal sealed class AccountBooks
{
    private readonly SortedDictionary<uint, Sums> _sums = [];
    private readonly Dictionary<(uint Account, uint Asset, AccountEndReason Reason, string? Note), int> _endOf = [];
    private readonly List<AccountEnd> _ends = [];

    public void Seed(uint asset, UInt256 amount) => Of(asset).Seeds = Sum(Of(asset).Seeds, amount);

    public void Absorb(uint asset, UInt256 amount) => Of(asset).Absorbed = Sum(Of(asset).Absorbed, amount);

    public void PayFee(uint asset, UInt256 amount) => Of(asset).Fees = Sum(Of(asset).Fees, amount);

    public void Destroy(uint asset, UInt256 amount) => Of(asset).Destroyed = Sum(Of(asset).Destroyed, amount);

    public void ConvertOut(uint asset, UInt256 amount) => Of(asset).ConvertedOut = Sum(Of(asset).ConvertedOut, amount);

    public void ConvertIn(uint asset, UInt256 amount) => Of(asset).ConvertedIn = Sum(Of(asset).ConvertedIn, amount);

    /// <summary>Books taint that goes no further; nothing for 0.</summary>
    public void End(AccountEnd end)
    {
        if (end.Tainted.IsZero) return;
        var sums = Of(end.Asset);
        if (end.Reason == AccountEndReason.Held) sums.Held = Sum(sums.Held, end.Tainted);
        else if (end.Reason is AccountEndReason.MinValue or AccountEndReason.MaxTransactions) sums.Cut = Sum(sums.Cut, end.Tainted);
        else sums.Parked = Sum(sums.Parked, end.Tainted);

        var key = (end.Account, end.Asset, end.Reason, end.Note);
        if (!_endOf.TryGetValue(key, out var index))
        {
            _endOf.Add(key, _ends.Count);
            _ends.Add(end);
            return;
        }

        var before = _ends[index];
        _ends[index] = before with
        {
            Tainted = Sum(before.Tainted, end.Tainted),
            FirstTransfer = Math.Min(before.FirstTransfer, end.FirstTransfer),
            LastTransfer = Math.Max(before.LastTransfer, end.LastTransfer),
        };
    }

    /// <summary>The ends in the order in which the first taint came there.</summary>
    public IReadOnlyList<AccountEnd> Ends =>
        [.. _ends.OrderBy(end => end.FirstTransfer).ThenBy(end => end.Account).ThenBy(end => end.Asset).ThenBy(end => end.Reason).ThenBy(end => end.Note, StringComparer.Ordinal)];

    public IReadOnlyList<AssetBook> Books =>
        [.. _sums.Select(one => new AssetBook(
            one.Key, one.Value.Seeds, one.Value.ConvertedIn, one.Value.Held, one.Value.Parked, one.Value.Fees, one.Value.Destroyed, one.Value.Absorbed, one.Value.Cut, one.Value.ConvertedOut))];

    // Made-up tokens come to the limit, alone: other assets have books of their own. Reports warn of figures that stand at it.
    private static UInt256 Sum(UInt256 left, UInt256 right) => UInt256.AddCapped(left, right);

    private Sums Of(uint asset)
    {
        if (!_sums.TryGetValue(asset, out var sums)) _sums.Add(asset, sums = new Sums());
        return sums;
    }

    private sealed class Sums
    {
        public UInt256 Seeds, ConvertedIn, Held, Parked, Fees, Destroyed, Absorbed, Cut, ConvertedOut;
    }
}
