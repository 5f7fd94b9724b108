using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts;

/// <summary>Draws one network an asset from the steps that taint can reach, and notes where exchanges join them.</summary>
internal sealed class NetworkBuilder(int mostSteps) : IMoveRecorder
{
    private readonly Dictionary<Purse, Place> _places = [];
    private readonly List<Place> _inOrder = [];
    private readonly List<Exchange> _exchanges = [];
    private readonly Dictionary<Exchange, List<Leg>> _legs = [];
    private readonly Dictionary<Exchange, List<(Move Move, NetworkSource Source)>> _entries = [];
    private int _steps;

    public SortedDictionary<uint, AssetNetwork> Networks { get; } = [];

    /// <summary>Exchanges in chain order, each with what reached accounts gave in it and where what was received entered.</summary>
    public IEnumerable<(Exchange Exchange, IReadOnlyList<Leg> Legs, IReadOnlyList<(Move Move, NetworkSource Source)> Entries)> Exchanges =>
        _exchanges.Select(one => (one, (IReadOnlyList<Leg>)_legs[one], (IReadOnlyList<(Move, NetworkSource)>)(_entries.TryGetValue(one, out var entries) ? entries : [])));

    public void Open(Purse purse, UInt256 clean)
    {
        var place = new Place(purse, NetworkOf(purse.Asset)) { Balance = clean };
        place.Node = place.Network.AddNode(_steps);
        _places.Add(purse, place);
        _inOrder.Add(place);
    }

    public void Record(in Step step)
    {
        if (++_steps > mostSteps) throw new TooLargeException();
        var move = step.Move;
        var network = NetworkOf(move.Asset);
        var from = step.From is null ? null : _places[step.From];
        if (from is not null)
        {
            from.HasPaid = true;
            from.Balance -= move.Amount;
        }

        if (move.Kind == MoveKind.Give)
        {
            RecordGive(step, from!, network);
            return;
        }

        var to = step.To is null ? null : _places[step.To];
        to?.Receive(_steps, move.Amount);
        if (move.Kind == MoveKind.Get)
        {
            if (step.IsFollowed || step.End is not null) RecordGet(step, to, network);
            return;
        }

        if (!step.Stolen.IsZero)
        {
            var node = step.IsFollowed ? to!.Node : EndNode(step, network, step.Stolen);
            network.Sources.Add(new NetworkSource(node, step.Stolen, step.Stolen));
            if (from is not null) network.AddEnd(from.Node, step.Stolen, new NetworkEnd(null, null));
        }

        if (from is null) return;
        var rest = move.Amount - step.Stolen;
        if (step.IsFollowed) network.AddEdge(from.Node, to!.Node, rest);
        else network.AddEnd(from.Node, rest, EndOf(step));
    }

    /// <summary>Closes the networks: what every account holds is an end.</summary>
    public void Close()
    {
        foreach (var place in _inOrder) place.Network.AddEnd(place.Node, place.Balance, new NetworkEnd(place.Purse.Account, null));
    }

    private static NetworkEnd EndOf(in Step step) =>
        step.Move.Kind == MoveKind.Fee ? new NetworkEnd(null, null, IsFee: true) : step.End is null || step.Move.To == AccountGraph.Nobody ? new NetworkEnd(null, null) : new NetworkEnd(step.Move.To, step.Move.From);

    private int EndNode(in Step step, AssetNetwork network, UInt256 capacity)
    {
        var node = network.AddNode(_steps);
        network.AddEnd(node, capacity, EndOf(step));
        return node;
    }

    private void RecordGive(in Step step, Place from, AssetNetwork network)
    {
        var (move, exchange) = (step.Move, step.Exchange!);
        if (exchange.Note is not null)
        {
            network.AddEnd(from.Node, move.Amount, new NetworkEnd(move.To, move.From));
            return;
        }

        if (!_legs.TryGetValue(exchange, out var legs))
        {
            _legs.Add(exchange, legs = []);
            _exchanges.Add(exchange);
        }

        legs.Add(new Leg(move, network, network.AddEnd(from.Node, move.Amount, new NetworkEnd(null, null))));
    }

    private void RecordGet(in Step step, Place? to, AssetNetwork network)
    {
        var source = new NetworkSource(step.IsFollowed ? to!.Node : EndNode(step, network, step.Move.Amount), default, default);
        network.Sources.Add(source);
        network.IsTight = false;
        if (!_entries.TryGetValue(step.Exchange!, out var entries)) _entries.Add(step.Exchange!, entries = []);
        entries.Add((step.Move, source));
    }

    private AssetNetwork NetworkOf(uint asset)
    {
        if (!Networks.TryGetValue(asset, out var network)) Networks.Add(asset, network = new AssetNetwork());
        return network;
    }

    /// <summary>Something given in an exchange: an end of its asset's network.</summary>
    internal readonly record struct Leg(Move Move, AssetNetwork Network, int End);

    /// <summary>More steps than the caller is ready to compute with.</summary>
    internal sealed class TooLargeException : Exception;

    private sealed class Place(Purse purse, AssetNetwork network)
    {
        public Purse Purse => purse;

        public AssetNetwork Network => network;

        public int Node { get; set; }

        public bool HasPaid { get; set; }

        public UInt256 Balance { get; set; }

        public void Receive(int step, UInt256 amount)
        {
            if (HasPaid)
            {
                var next = network.AddNode(step);
                network.AddEdge(Node, next, Balance);
                (Node, HasPaid) = (next, false);
            }

            network.LastReceipt[Node] = step;
            Balance += amount;
        }
    }
}
