using System.Numerics;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tracing.Accounts;

/// <summary>Reads from a transaction's sums who exchanged what for what.</summary>
/// <remarks>
/// Whoever gives one asset on balance and receives another has exchanged them: the customer his A for B, the pool its B for A. Routers pass all on and do not
/// appear. What goes on to somebody who gives nothing is a payment, unless it is all that was given and something came back: then it was the price. Where somebody
/// who gives nothing receives from a pool, it is what the transaction's principal bought for him. Several assets against one are understood for shares
/// of pools, which are made and destroyed for it, and where it is known what they were worth. What one asset was given for is as stolen as that asset, however
/// many they are.
/// </remarks>
internal sealed class ExchangeReader(IAccountView view, TransactionNets nets, uint transaction, uint? sender, IAssetValues? values)
{
    private readonly HashSet<uint> _givers = [];
    private readonly HashSet<uint> _receivers = [];
    private readonly Dictionary<uint, List<Net>> _byAccount = [];
    private readonly List<Handover> _payments = [];
    private readonly List<Handover> _bought = []; // by the principal, for others
    private readonly Dictionary<Net, Handover> _largest = []; // per giver, to whom most of it went
    private uint? _principal;

    public List<Exchange> Exchanges { get; } = [];

    public List<Move> Moves { get; } = [];

    /// <summary>False where nobody both gave and received, and transfers mean what they say.</summary>
    public bool TryRead()
    {
        foreach (var net in nets.All)
        {
            if (net.Account == AccountGraph.Nobody) continue;
            if (!_byAccount.TryGetValue(net.Account, out var own)) _byAccount.Add(net.Account, own = []);
            own.Add(net);
            if (net.IsGiven) _givers.Add(net.Account);
            if (net.IsReceived) _receivers.Add(net.Account);
        }

        _receivers.UnionWith(nets.ReceiversOfUnreal);
        if (!_givers.Overlaps(_receivers)) return false;
        foreach (var one in nets.Handovers)
        {
            if (!_largest.TryGetValue(one.Giver, out var largest) || one.Amount > largest.Amount) _largest[one.Giver] = one;
        }

        _principal = Principal();
        Sort();
        KeepPrices();
        foreach (var payment in _payments) Settle(payment);
        foreach (var one in _bought) one.Receiver.Open -= one.Amount;
        ReadExchanges();
        Emit();
        return true;
    }

    // Who sent the transaction, if it gave something; else the only one who gave and received nothing.
    private uint? Principal()
    {
        if (sender is { } who && nets.All.Any(net => net.Account == who && net.IsGiven && !nets.IsIssuer(net))) return who;
        uint? only = null;
        foreach (var net in nets.All)
        {
            if (!net.IsGiven || nets.IsIssuer(net) || _receivers.Contains(net.Account) || net.Account == only) continue;
            if (only is not null) return null;
            only = net.Account;
        }

        return only;
    }

    private void Sort()
    {
        foreach (var one in nets.Handovers)
        {
            var receiver = one.Receiver.Account;
            if (receiver != AccountGraph.Nobody && _givers.Contains(receiver)) continue;
            var giver = one.Giver.Account;
            var isSupplier = _principal is { } principal && giver != principal && (giver == AccountGraph.Nobody || _receivers.Contains(giver));
            if (!isSupplier) _payments.Add(one);
            else if (nets.All.Any(net => net.Account == _principal && net.Asset == one.Giver.Asset && net.IsGiven)) _payments.Add(one);
            else if (nets.IsIssuer(one.Receiver)) _payments.Add(one);
            else _bought.Add(one);
        }
    }

    // Payments that are all somebody gave, while something came back to him, were no payments.
    private void KeepPrices()
    {
        var paid = _payments.GroupBy(payment => payment.Giver).ToDictionary(group => group.Key, Sum);
        var prices = new HashSet<uint>();
        foreach (var (account, own) in _byAccount)
        {
            if (!_givers.Contains(account) || !_receivers.Contains(account)) continue;
            if (own.All(net => !net.IsGiven || (paid.TryGetValue(net, out var sum) && sum == net.Open))) prices.Add(account);
        }

        _payments.RemoveAll(payment => prices.Contains(payment.Giver.Account));
    }

    private static void Settle(Handover payment)
    {
        payment.Giver.Open -= payment.Amount;
        payment.Receiver.Open -= payment.Amount;
    }

    private void ReadExchanges()
    {
        var read = new HashSet<uint>();
        foreach (var net in nets.All)
        {
            if (nets.IsIssuer(net) || !net.IsGiven || net.Open.IsZero || !read.Add(net.Account)) continue;
            var own = _byAccount[net.Account].Where(one => !nets.IsIssuer(one) && !one.Open.IsZero).ToList();
            Net[] gives = [.. own.Where(one => one.IsGiven)];
            List<(Net Net, UInt256 Amount)> gets = [.. own.Where(one => one.IsReceived).Select(one => (one, one.Open))];
            if (net.Account == _principal)
            {
                foreach (var one in _bought) one.Receiver.Open += one.Amount;
                gets.AddRange(_bought.GroupBy(one => one.Receiver).Select(group => (group.Key, Sum(group))));
            }

            if (gets.Count == 0) gets = LeftOver(net.Account);
            Read(net.Account, gives, gets);
        }

        // A principal who in the end only paid has bought nothing.
        if (_principal is not { } buyer || read.Contains(buyer)) return;
        foreach (var one in _bought) one.Receiver.Open += one.Amount;
    }

    private static UInt256 Sum(IEnumerable<Handover> handovers) => handovers.Aggregate(UInt256.Zero, (sum, one) => sum + one.Amount);

    // Of somebody who only gave, what others only received, if nobody else only gave: the two sides of a dealer with two accounts.
    private List<(Net Net, UInt256 Amount)> LeftOver(uint giver)
    {
        bool IsLeft(Net net) => !nets.IsIssuer(net) && !net.Open.IsZero;
        if (nets.All.Any(net => IsLeft(net) && net.IsGiven && net.Account != giver && net.Account != _principal && !_receivers.Contains(net.Account))) return [];
        return [.. nets.All.Where(net => IsLeft(net) && net.IsReceived && !_givers.Contains(net.Account)).Select(net => (net, net.Open))];
    }

    private void Read(uint actor, Net[] gives, List<(Net Net, UInt256 Amount)> gets)
    {
        var (manner, note) = MannerOf(gives, gets, out var weights);
        var exchange = new Exchange { Transaction = transaction, Actor = actor, Manner = manner, Note = note, Weights = weights };
        var number = Exchanges.Count;
        Exchanges.Add(exchange);
        foreach (var give in gives)
        {
            var to = _largest[give];
            var receiver = to.Receiver.Account == AccountGraph.Nobody ? give.Account : to.Receiver.Account; // destroyed by a contract the ledger never met
            var move = new Move(give.FirstOut, to.Last, give.Account, receiver, give.Asset, give.Open, MoveKind.Give, number);
            exchange.Given.Add((move, new PieceQueue()));
            give.Open = default;
        }

        if (note is not null) return;
        foreach (var (get, amount) in gets)
        {
            exchange.Received.Add(new Move(get.LastIn, get.LastIn, AccountGraph.Nobody, get.Account, get.Asset, amount, MoveKind.Get, number));
            get.Open -= amount;
        }
    }

    private (string Manner, string? Note) MannerOf(Net[] gives, List<(Net Net, UInt256 Amount)> gets, out BigInteger[]? weights)
    {
        weights = null;
        uint[] received = [.. gets.Select(get => get.Net.Asset).Distinct()];
        if (received.Length == 0 && nets.ReceiversOfUnreal.Contains(gives[0].Account)) return ("", "an amount of 2^200 units or more was received, which no real asset has");
        if (received.Length == 0) return ("", "it was given in an exchange, and who received what for it cannot be told");
        if (gives.Select(give => give.Asset).Intersect(received).Any()) return ("", "what was given and what was received cannot be told apart");
        var isMade = received.All(asset => IsOnlySide(asset, made: true));
        var isDestroyed = gives.All(give => IsOnlySide(give.Asset, made: false));
        if (gives.Length > 1)
        {
            var isMany = received.Length > 1;
            if (isMany || !isMade)
            {
                weights = WeightsOf(gives, out var why);
                if (weights is not null) return ("swap", null);
                var what = isMany ? "several assets were given for several others, and no value says which for which" : "several assets were given for one, and no value says in which shares";
                return ("", why is null ? what : $"{what}: {why}");
            }

            return gets.Any(get => get.Amount < (ulong)gives.Length) ? ("", "what was received has fewer units than assets were given") : ("pool-in", null);
        }

        if (received.Length > 1) return (isDestroyed ? "pool-out" : "swap", null);
        var isSame = gets.Aggregate(UInt256.Zero, (sum, get) => sum + get.Amount) == gives[0].Open;
        if (isMade) return (isSame && IsNative(gives[0].Asset) ? "wrap" : "pool-in", null);
        if (isDestroyed) return (isSame && IsNative(received[0]) ? "unwrap" : "pool-out", null);
        return ("swap", null);
    }

    // What each asset given was worth, over one denominator; null where the worth of any is not known, or all of it is nothing.
    private BigInteger[]? WeightsOf(Net[] gives, out string? why)
    {
        why = null;
        if (values is null) return null;
        var worths = new List<(BigInteger Mantissa, int Scale)>();
        foreach (var give in gives)
        {
            if (values.WorthOf(give.Asset, give.Open, view.Graph.TxTime[transaction], out why) is not { } worth) return null;
            worths.Add(worth);
        }

        var scale = worths.Max(worth => worth.Scale);
        BigInteger[] weights = [.. worths.Select(worth => worth.Mantissa * BigInteger.Pow(10, scale - worth.Scale))];
        if (weights.Any(weight => !weight.IsZero)) return weights;
        why = "by the prices at hand all of it was worth nothing";
        return null;
    }

    private bool IsNative(uint asset) => view.Assets[(int)asset].Name.Kind == AssetKind.Native;

    private bool IsOnlySide(uint asset, bool made)
    {
        var sides = nets.All.Where(net => net.Asset == asset && (made ? net.IsGiven : net.IsReceived));
        return sides.All(nets.IsIssuer);
    }

    private void Emit()
    {
        foreach (var payment in _payments)
        {
            var from = nets.IsIssuer(payment.Giver) ? AccountGraph.Nobody : payment.Giver.Account;
            var to = nets.IsIssuer(payment.Receiver) ? AccountGraph.Nobody : payment.Receiver.Account;
            Moves.Add(new Move(payment.Transfer, payment.Last, from, to, payment.Giver.Asset, payment.Amount, MoveKind.Payment));
        }

        foreach (var exchange in Exchanges) Moves.AddRange(exchange.Given.Select(given => given.Move));
        Moves.Sort((left, right) => left.Transfer != right.Transfer ? left.Transfer.CompareTo(right.Transfer) : left.Last.CompareTo(right.Last));
        var outs = Moves.Count;
        foreach (var exchange in Exchanges) Moves.AddRange(exchange.Received);
        // What came in against nothing that is followed: clean.
        foreach (var net in nets.All)
        {
            if (!nets.IsIssuer(net) && net.IsReceived && !net.Open.IsZero)
                Moves.Add(new Move(net.LastIn, net.LastIn, AccountGraph.Nobody, net.Account, net.Asset, net.Open, MoveKind.Payment));
        }

        Moves.Sort(outs, Moves.Count - outs, Comparer<Move>.Create((left, right) => left.Transfer != right.Transfer ? left.Transfer.CompareTo(right.Transfer) : left.To.CompareTo(right.To)));
    }
}
