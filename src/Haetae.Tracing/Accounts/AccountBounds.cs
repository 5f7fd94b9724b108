using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tracing.Accounts;

/// <summary>A place that bounds are asked about.</summary>
/// <param name="Account">Money that lies there, or ends there.</param>
/// <param name="From">Only what this account paid there, where it ends; null: whoever did, and what lies there.</param>
public readonly record struct AccountPlace(uint Account, uint Asset, uint? From = null);

/// <summary>How much of the theft any rule that conserves value can place at a set of places, in base units of one asset.</summary>
/// <param name="Least">Every rule places so much there.</param>
/// <param name="Most">No rule exceeds it.</param>
/// <param name="IsTight">Whether some division of every balance reaches each of them; not so behind an exchange.</param>
public readonly record struct AccountBound(uint Asset, UInt256 Least, UInt256 Most, bool IsTight)
{
    public bool Holds(UInt256 figure) => figure >= Least && figure <= Most;
}

/// <summary>Bounds without a rule on account chains: what holds however each balance's taint is divided among what leaves and what stays.</summary>
/// <remarks>
/// most(D) is the maximum flow from the seeds to the places D, least(D) what was stolen less the maximum flow to all other ends; an account holds at no time
/// more taint than money. A set is asked as one: bounds of its parts, added up, are right but wider. The limits of a query that hang on a rule (least value,
/// count of transactions) have no part in this. Behind an exchange what was received counts as a share of what was given: the least and most of
/// what was given, rounded outward; poison, which conserves nothing, lies outside. Balances rest on the opening balances, which can be assumptions.
/// </remarks>
public sealed class AccountBounds
{
    /// <summary>Steps of reached accounts beyond which there is no answer unless the caller asks for one: some seconds of work.</summary>
    public const int UsualLimit = 300_000;

    private readonly SortedDictionary<uint, AssetNetwork> _networks = [];
    private readonly Dictionary<uint, AssetFlow> _flows = [];

    /// <param name="mostSteps">The most transfers of reached accounts that are taken in.</param>
    /// <exception cref="ArgumentException">A seed is none.</exception>
    public AccountBounds(IAccountView view, AccountQuery query, int mostSteps = UsualLimit, CancellationToken cancellation = default)
    {
        var builder = new NetworkBuilder(mostSteps);
        try
        {
            new AccountRun(view, query with { MinValue = null, MaxTransactions = null }, Policy.Poison, builder).Walk(cancellation);
        }
        catch (NetworkBuilder.TooLargeException)
        {
            NotComputed = FormattableString.Invariant(
                $"stolen money can have reached accounts with more than {mostSteps} transfers: name stops, an earlier end or the accounts to follow, or ask for more");
            return;
        }

        builder.Close();
        _networks = builder.Networks;
        foreach (var (asset, network) in _networks) _flows.Add(asset, new AssetFlow(network));
        foreach (var (exchange, legs, entries) in builder.Exchanges) CarryOver(exchange, legs, entries, cancellation);
    }

    /// <summary>Why there is no answer, as the end of a sentence; null when there is one.</summary>
    public string? NotComputed { get; }

    /// <summary>The assets that stolen money can have been in, by number.</summary>
    public IReadOnlyCollection<uint> Assets => _networks.Keys;

    /// <summary>Finds the bounds of a set of places, asked as one; one answer for each asset among them, by asset number.</summary>
    /// <exception cref="InvalidOperationException">There is no answer: <see cref="NotComputed"/>.</exception>
    public IReadOnlyList<AccountBound> Of(IEnumerable<AccountPlace> places, CancellationToken cancellation = default)
    {
        if (NotComputed is { } why) throw new InvalidOperationException($"There are no bounds: {why}.");
        var bounds = new List<AccountBound>();
        foreach (var group in places.GroupBy(place => place.Asset).OrderBy(group => group.Key))
        {
            if (!_networks.TryGetValue(group.Key, out var network))
            {
                bounds.Add(new AccountBound(group.Key, default, default, true));
                continue;
            }

            var wholly = group.Where(place => place.From is null).Select(place => place.Account).ToHashSet();
            var paid = group.Where(place => place.From is not null).Select(place => (place.Account, place.From)).ToHashSet();
            bool IsWanted(int end) => network.Ends[end] is { Account: { } account } known && (wholly.Contains(account) || paid.Contains((account, known.From)));
            var (least, most) = Ask(group.Key, network, IsWanted, cancellation);
            bounds.Add(new AccountBound(group.Key, least, most, network.IsTight && Entered(network) != UInt256.MaxValue));
        }

        return bounds;
    }

    /// <summary>Finds the bounds of what goes to fees; one answer for each asset that stolen money can pay them in, by asset number.</summary>
    /// <exception cref="InvalidOperationException">There is no answer: <see cref="NotComputed"/>.</exception>
    public IReadOnlyList<AccountBound> OfFees(CancellationToken cancellation = default)
    {
        if (NotComputed is { } why) throw new InvalidOperationException($"There are no bounds: {why}.");
        var bounds = new List<AccountBound>();
        foreach (var (asset, network) in _networks)
        {
            if (!network.Ends.Exists(end => end.IsFee)) continue;
            var (least, most) = Ask(asset, network, end => network.Ends[end].IsFee, cancellation);
            if (!most.IsZero) bounds.Add(new AccountBound(asset, least, most, network.IsTight && Entered(network) != UInt256.MaxValue));
        }

        return bounds;
    }

    private (UInt256 Least, UInt256 Most) Ask(uint asset, AssetNetwork network, Func<int, bool> isWanted, CancellationToken cancellation)
    {
        var flow = _flows[asset];
        return (Entered(network) - flow.Run(end => !isWanted(end), atMost: false, cancellation), flow.Run(isWanted, atMost: true, cancellation));
    }

    // At the limit of 2^256 - 1 the least becomes smaller, and so stays right.
    private static UInt256 Entered(AssetNetwork network)
    {
        var entered = UInt256.Zero;
        foreach (var source in network.Sources) entered = UInt256.AddCapped(entered, source.Least);
        return entered;
    }

    // In chain order, so what an exchange took in is known before what it gave out is asked about.
    private void CarryOver(Exchange exchange, IReadOnlyList<NetworkBuilder.Leg> legs, IReadOnlyList<(Move Move, NetworkSource Source)> entries, CancellationToken cancellation)
    {
        foreach (var leg in legs)
        {
            var (least, most) = Ask(leg.Move.Asset, leg.Network, end => end == leg.End, cancellation);
            foreach (var (move, source) in entries)
            {
                var share = exchange.ShareOf(leg.Move, move);
                source.Least += UInt256.MulDiv(least, share, leg.Move.Amount);
                var upper = UInt256.MulDiv(most, share, leg.Move.Amount, out var rest);
                source.Most = UInt256.Min(move.Amount, source.Most + (rest.IsZero ? upper : upper + UInt256.One));
            }
        }
    }
}
