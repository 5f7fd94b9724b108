using Haetae.Ledger;

namespace Haetae.Tracing.Accounts;

/// <summary>The most that can reach a set of ends of an <see cref="AssetNetwork"/>: exact maximum flow in 256 bits.</summary>
/// <remarks>
/// Two passes answer most questions: backward, how much each node has room for on its way to the set; forward, all that enters pushed on within that room. What got
/// stuck is then led on, or taken back and led elsewhere, by Dinic's method (1970): shortest ways in layers, until none is left. What cannot reach the set reaches
/// some other end under every rule. Sums over all sources stop at 2^256 - 1; only made-up tokens come there.
/// </remarks>
internal sealed class AssetFlow
{
    private readonly AssetNetwork _network;
    private readonly int _nodes;
    private readonly int[] _order; // nodes, payers before paid
    private readonly int[] _first; // per node, its first entry in _arcs; one item more
    private readonly int[] _arcs; // an edge e out of a node as 2e, into it as 2e + 1
    private readonly UInt256[] _capacity;
    private readonly UInt256[] _flow;
    private readonly UInt256[] _left;
    private readonly UInt256[] _room;
    private readonly int[] _layer;
    private readonly int[] _at;

    public AssetFlow(AssetNetwork network)
    {
        _network = network;
        _nodes = network.LastReceipt.Count;
        _order = [.. Enumerable.Range(0, _nodes).OrderBy(node => network.LastReceipt[node])];
        _first = new int[_nodes + 1];
        foreach (var (from, to, _) in network.Edges)
        {
            _first[from + 1]++;
            if (to >= 0) _first[to + 1]++;
        }

        for (var node = 0; node < _nodes; node++) _first[node + 1] += _first[node];
        _arcs = new int[_first[_nodes]];
        var next = _first.AsSpan(0, _nodes).ToArray();
        for (var edge = 0; edge < network.Edges.Count; edge++)
        {
            _arcs[next[network.Edges[edge].From]++] = 2 * edge;
            if (network.Edges[edge].To is >= 0 and var to) _arcs[next[to]++] = (2 * edge) + 1;
        }

        _capacity = new UInt256[network.Edges.Count];
        _flow = new UInt256[network.Edges.Count];
        (_left, _room, _layer, _at) = (new UInt256[_nodes], new UInt256[_nodes], new int[_nodes], new int[_nodes]);
    }

    /// <summary>Finds the most that reaches the ends a predicate names.</summary>
    /// <param name="atMost">Take of every source its most; otherwise its least.</param>
    public UInt256 Run(Func<int, bool> isWanted, bool atMost, CancellationToken cancellation)
    {
        Array.Clear(_flow);
        Array.Clear(_left);
        var total = UInt256.Zero;
        foreach (var source in _network.Sources)
        {
            var amount = atMost ? source.Most : source.Least;
            _left[source.Node] += amount;
            total = UInt256.AddCapped(total, amount);
        }

        for (var edge = 0; edge < _capacity.Length; edge++)
        {
            var (_, to, capacity) = _network.Edges[edge];
            _capacity[edge] = to >= 0 || isWanted(~to) ? UInt256.Min(capacity, total) : default;
        }

        MeasureRoom(total);
        PushForward();
        while (FindLayers())
        {
            cancellation.ThrowIfCancellationRequested();
            for (var node = 0; node < _nodes; node++) _at[node] = _first[node];
            for (var node = 0; node < _nodes; node++)
            {
                while (!_left[node].IsZero && _layer[node] >= 0 && TryLead(node))
                {
                }
            }
        }

        var reached = UInt256.Zero;
        for (var edge = 0; edge < _flow.Length; edge++)
        {
            if (_network.Edges[edge].To < 0) reached = UInt256.AddCapped(reached, _flow[edge]);
        }

        return reached;
    }

    private void MeasureRoom(UInt256 total)
    {
        for (var i = _nodes - 1; i >= 0; i--)
        {
            var node = _order[i];
            var room = UInt256.Zero;
            foreach (var arc in ArcsOf(node))
            {
                if ((arc & 1) != 0) continue;
                var to = _network.Edges[arc >> 1].To;
                var part = to < 0 ? _capacity[arc >> 1] : UInt256.Min(_capacity[arc >> 1], _room[to]);
                room = part >= total - room ? total : room + part;
            }

            _room[node] = room;
        }
    }

    private void PushForward()
    {
        foreach (var node in _order)
        {
            for (var intoTheSet = 1; intoTheSet >= 0; intoTheSet--)
            {
                foreach (var arc in ArcsOf(node))
                {
                    if (_left[node].IsZero) break;
                    var (_, to, _) = _network.Edges[arc >> 1];
                    if ((arc & 1) != 0 || to < 0 != (intoTheSet == 1)) continue;
                    var part = UInt256.Min(_left[node], _capacity[arc >> 1]);
                    if (to >= 0)
                    {
                        if (_room[to] <= _left[to]) continue;
                        part = UInt256.Min(part, _room[to] - _left[to]);
                        _left[to] += part;
                    }

                    _flow[arc >> 1] = part;
                    _left[node] -= part;
                }
            }
        }
    }

    // Layers by distance from all nodes where something is stuck; false when no end wanted can be reached.
    private bool FindLayers()
    {
        Array.Fill(_layer, -1);
        var queue = new Queue<int>();
        for (var node = 0; node < _nodes; node++)
        {
            if (_left[node].IsZero) continue;
            _layer[node] = 0;
            queue.Enqueue(node);
        }

        var reaches = false;
        while (queue.TryDequeue(out var node))
        {
            foreach (var arc in ArcsOf(node))
            {
                if (RoomOf(arc).IsZero) continue;
                var to = TargetOf(arc);
                if (to < 0) reaches = true;
                else if (_layer[to] < 0)
                {
                    _layer[to] = _layer[node] + 1;
                    queue.Enqueue(to);
                }
            }
        }

        return reaches;
    }

    // One way from a node to the set, down the layers; without recursion, for ways can be long.
    private bool TryLead(int start)
    {
        var way = new List<int>();
        var node = start;
        while (true)
        {
            var step = -1;
            for (; _at[node] < _first[node + 1]; _at[node]++)
            {
                var arc = _arcs[_at[node]];
                if (RoomOf(arc).IsZero) continue;
                var to = TargetOf(arc);
                if (to >= 0 && _layer[to] != _layer[node] + 1) continue;
                step = arc;
                break;
            }

            if (step < 0)
            {
                if (way.Count == 0) return false;
                node = SourceOf(way[^1]);
                way.RemoveAt(way.Count - 1);
                _at[node]++;
                continue;
            }

            way.Add(step);
            node = TargetOf(step);
            if (node < 0) break;
        }

        var amount = _left[start];
        foreach (var arc in way) amount = UInt256.Min(amount, RoomOf(arc));
        foreach (var arc in way) _flow[arc >> 1] = (arc & 1) == 0 ? _flow[arc >> 1] + amount : _flow[arc >> 1] - amount;
        _left[start] -= amount;
        return true;
    }

    private ReadOnlySpan<int> ArcsOf(int node) => _arcs.AsSpan(_first[node], _first[node + 1] - _first[node]);

    private UInt256 RoomOf(int arc) => (arc & 1) == 0 ? _capacity[arc >> 1] - _flow[arc >> 1] : _flow[arc >> 1];

    private int TargetOf(int arc) => (arc & 1) == 0 ? _network.Edges[arc >> 1].To : _network.Edges[arc >> 1].From;

    private int SourceOf(int arc) => (arc & 1) == 0 ? _network.Edges[arc >> 1].From : _network.Edges[arc >> 1].To;
}
