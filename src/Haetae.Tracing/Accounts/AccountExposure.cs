using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Accounts;

/// <summary>How much of a theft an account can have to do with, in one asset, under any rule that conserves value.</summary>
/// <param name="Stolen">The sum of the seeds in this asset.</param>
/// <param name="Received">Of the stolen units, those that ever came to the account in this asset: each is counted once, however often it comes back.</param>
/// <param name="Held">Those that lie there at the last transaction looked at, what the account itself changed into this asset included.</param>
public sealed record AccountExposure(uint Asset, UInt256 Stolen, AccountBound Received, AccountBound Held);

/// <summary>The exculpatory question on account chains: how much stolen money can an account have received or hold at most?</summary>
/// <remarks>
/// For what was received the account is an end, so that money which leaves and comes back counts once; for what is held it is followed.
/// Nothing after the account's last transfer can change either answer, so nothing later is looked at. Where another stop ends taint at the account itself,
/// all that came counts as held (<paramref name="IsStop"/>): what such a place pays out is not its customers' any more.
/// </remarks>
/// <param name="Assets">Every asset that was stolen or can have come to the account, by asset number.</param>
/// <param name="IsStop">Whether a stop ends taint at the account.</param>
public sealed record AccountExposures(IReadOnlyList<AccountExposure> Assets, bool IsStop)
{
    /// <param name="query">The theft and how far to look. Its policy-bound limits (least value, count of transactions) have no part in this.</param>
    /// <param name="notComputed">Why there is no answer, as the end of a sentence; null when there is one.</param>
    /// <param name="mostSteps">As in <see cref="AccountBounds"/>.</param>
    /// <exception cref="ArgumentException">A seed is none.</exception>
    public static AccountExposures? Of(
        IAccountView view, AccountQuery query, uint account, out string? notComputed, int mostSteps = AccountBounds.UsualLimit, CancellationToken cancellation = default)
    {
        var near = query with { UntilTransaction = LastThatCounts(view, query, account) };
        var end = new EndAt(view.Graph, account, query.Stops);
        var received = new AccountBounds(view, near with { Stops = end }, mostSteps, cancellation);
        var held = new AccountBounds(view, near, mostSteps, cancellation);
        notComputed = received.NotComputed ?? held.NotComputed;
        if (notComputed is not null) return null;
        var stolen = new SortedDictionary<uint, UInt256>();
        foreach (var seed in query.Seeds)
        {
            var asset = view.Graph.Asset[seed.Transfer];
            stolen[asset] = UInt256.AddCapped(stolen.GetValueOrDefault(asset), seed.Stolen);
        }

        var found = new List<AccountExposure>();
        foreach (var asset in stolen.Keys.Union(received.Assets).Union(held.Assets).Order())
        {
            var (came, lies) = (received.Of([new AccountPlace(account, asset)], cancellation)[0], held.Of([new AccountPlace(account, asset)], cancellation)[0]);
            if (stolen.ContainsKey(asset) || !came.Most.IsZero || !lies.Most.IsZero) found.Add(new AccountExposure(asset, stolen.GetValueOrDefault(asset), came, lies));
        }

        return new AccountExposures(found, end.IsStop);
    }

    private static uint? LastThatCounts(IAccountView view, AccountQuery query, uint account)
    {
        var last = query.Seeds.Max(seed => seed.Transfer);
        if (view.TransfersOf(account) is [.., var own]) last = Math.Max(last, own);
        if ((ulong)last >= (ulong)view.Graph.TransferCount) return query.UntilTransaction; // a seed that is none: the trace says so
        var transaction = view.Graph.TransactionOf(last);
        return query.UntilTransaction is { } until && until < transaction ? until : transaction;
    }

    // Ends taint at one account, and wherever else it ends.
    private sealed class EndAt(AccountGraph graph, uint account, IAccountStops? inner) : IAccountStops
    {
        public bool IsStop { get; private set; }

        public AccountEndReason? At(long transfer)
        {
            var stopped = inner?.At(transfer);
            if (graph.To[transfer] != account) return stopped;
            IsStop |= stopped is not null;
            return stopped ?? AccountEndReason.Outside;
        }

        public Entity? ServiceOf(uint other) => inner?.ServiceOf(other);
    }
}
