namespace Haetae.Tracing.Bounds;

/// <summary>The most stolen money that can reach a set of ends, by exact maximum flow in 64-bit integers.</summary>
/// <remarks>
/// Three passes answer most questions: backward, how much each node has room for on its way to the set (too much where ways share an edge);
/// forward, all that enters pushed on within that room; and a search from the set whether anything that got stuck can still be led there.
/// Only if so, it is led there by push-relabel (Goldberg and Tarjan, 1988; first in first out, exact distances anew after each sweep's worth of
/// work), which also takes money back from where it was pushed. What cannot reach the set stays where it is: it reaches some other end
/// under every rule, since a transaction pays out all it takes in. No recursion; the same result on every machine.
/// </remarks>
internal sealed class MaximumFlow
{
    private readonly ReachedGraph _graph;
    private readonly int _nodes;
    private readonly int _far; // no way is longer than the nodes are many
    private readonly int[] _firstInto; // per node, its first entry in _into; one item more
    private readonly int[] _into; // edges by the node they enter
    private readonly long[] _source; // per node, what enters from seeds
    private readonly long[] _flow;
    private readonly long[] _left; // per node, what entered and was not passed on
    private readonly long[] _room;
    private readonly int[] _distance; // per node, to the set, in edges with room; _far where there is none
    private readonly int[] _at; // per node, the edge to try next
    private readonly int[] _queue; // a ring
    private readonly bool[] _queued;
    private readonly bool[] _wanted; // per end
    private int _head, _count;

    public MaximumFlow(ReachedGraph graph)
    {
        _graph = graph;
        _nodes = graph.TransactionCount;
        _far = _nodes + 1;
        _firstInto = new int[_nodes + 1];
        foreach (var to in graph.To)
        {
            if (to >= 0) _firstInto[to + 1]++;
        }

        for (var node = 0; node < _nodes; node++) _firstInto[node + 1] += _firstInto[node];
        _into = new int[_firstInto[_nodes]];
        var next = _firstInto.AsSpan(0, _nodes).ToArray();
        for (var edge = 0; edge < graph.To.Length; edge++)
        {
            if (graph.To[edge] is >= 0 and var to) _into[next[to]++] = edge;
        }

        _source = new long[_nodes];
        for (var seed = 0; seed < graph.SeedTargets.Length; seed++)
        {
            if (graph.SeedTargets[seed] is >= 0 and var node) _source[node] += graph.Seeds.StolenAt(seed);
        }

        _flow = new long[graph.EdgeCount];
        _left = new long[_nodes];
        _room = new long[_nodes];
        _distance = new int[_nodes];
        _at = new int[_nodes];
        _queue = new int[_nodes];
        _queued = new bool[_nodes];
        _wanted = new bool[graph.Ends.Count];
    }

    /// <summary>Per edge, what flowed in the last run.</summary>
    public ReadOnlySpan<long> Flow => _flow;

    /// <summary>Finds the most that can reach the ends marked; the spans stay as they are until the next run.</summary>
    /// <param name="others">True: the ends that are not marked, instead.</param>
    public long Run(ReadOnlySpan<bool> marked, bool others, CancellationToken cancellation)
    {
        for (var end = 0; end < _wanted.Length; end++) _wanted[end] = marked[end] != others;
        Array.Clear(_flow);
        _source.CopyTo(_left, 0);
        MeasureRoom();
        PushForward();
        Improve(cancellation);
        var reached = 0L;
        for (var seed = 0; seed < _graph.SeedTargets.Length; seed++)
        {
            if (_graph.SeedTargets[seed] is < 0 and var end && _wanted[~end]) reached += _graph.Seeds.StolenAt(seed);
        }

        for (var edge = 0; edge < _flow.Length; edge++)
        {
            if (_graph.To[edge] is < 0 and var end && _wanted[~end]) reached += _flow[edge];
        }

        return reached;
    }

    /// <summary>After a run: whether more could go from a node to the set. What crosses from a node where it could not is the narrowest place.</summary>
    public bool IsBeforeTheSet(int node) => _distance[node] < _far;

    public bool IsWanted(int end) => _wanted[end];

    private void MeasureRoom()
    {
        int[] first = _graph.FirstEdge, to = _graph.To;
        var capacity = _graph.Capacity;
        var most = _graph.Stolen;
        for (var node = _nodes - 1; node >= 0; node--)
        {
            var room = 0L;
            for (var edge = first[node]; edge < first[node + 1]; edge++)
            {
                var target = to[edge];
                var part = target >= 0 ? Math.Min(capacity[edge], _room[target]) : _wanted[~target] ? Math.Min(capacity[edge], most) : 0;
                room = Math.Min(most, room + part);
            }

            _room[node] = room;
        }
    }

    // Straight into the set first, for nothing else needs that room.
    private void PushForward()
    {
        int[] first = _graph.FirstEdge, to = _graph.To;
        var capacity = _graph.Capacity;
        for (var node = 0; node < _nodes; node++)
        {
            var left = _left[node];
            if (left == 0 || _room[node] == 0) continue;
            for (var edge = first[node]; left > 0 && edge < first[node + 1]; edge++)
            {
                if (to[edge] >= 0 || !_wanted[~to[edge]]) continue;
                left -= _flow[edge] = Math.Min(left, capacity[edge]);
            }

            for (var edge = first[node]; left > 0 && edge < first[node + 1]; edge++)
            {
                var target = to[edge];
                if (target < 0 || _room[target] <= _left[target]) continue;
                var part = Math.Min(left, Math.Min(capacity[edge], _room[target] - _left[target]));
                _flow[edge] = part;
                _left[target] += part;
                left -= part;
            }

            _left[node] = left;
        }
    }

    private void Improve(CancellationToken cancellation)
    {
        var worth = (long)_nodes + _flow.Length; // as much work as measuring all distances
        do
        {
            cancellation.ThrowIfCancellationRequested();
            MeasureDistances();
        }
        while (Discharge(worth));
    }

    private void MeasureDistances()
    {
        int[] first = _graph.FirstEdge, to = _graph.To, from = _graph.From;
        var capacity = _graph.Capacity;
        Array.Fill(_distance, _far);
        var (head, tail) = (0, 0);
        for (var edge = 0; edge < to.Length; edge++)
        {
            if (to[edge] >= 0 || _flow[edge] == capacity[edge] || !_wanted[~to[edge]] || _distance[from[edge]] == 1) continue;
            _distance[from[edge]] = 1;
            _queue[tail++] = from[edge];
        }

        while (head < tail)
        {
            var node = _queue[head++];
            var further = _distance[node] + 1;
            for (var entry = _firstInto[node]; entry < _firstInto[node + 1]; entry++)
            {
                var before = from[_into[entry]];
                if (_distance[before] < _far || _flow[_into[entry]] == capacity[_into[entry]]) continue;
                _distance[before] = further;
                _queue[tail++] = before;
            }

            for (var edge = first[node]; edge < first[node + 1]; edge++)
            {
                var after = to[edge];
                if (after < 0 || _flow[edge] == 0 || _distance[after] < _far) continue;
                _distance[after] = further;
                _queue[tail++] = after;
            }
        }
    }

    // True when it stopped for want of fresh distances.
    private bool Discharge(long worth)
    {
        (_head, _count) = (0, 0);
        Array.Clear(_queued);
        Array.Clear(_at);
        for (var node = 0; node < _nodes; node++) Activate(node);
        var work = 0L;
        while (_count > 0)
        {
            if (work > worth) return true;
            var node = _queue[_head];
            _head = _head + 1 == _nodes ? 0 : _head + 1;
            _count--;
            _queued[node] = false;
            work += Empty(node);
        }

        return work > 0;
    }

    private void Activate(int node)
    {
        if (_left[node] == 0 || _distance[node] >= _far || _queued[node]) return;
        _queued[node] = true;
        var place = _head + _count++;
        _queue[place >= _nodes ? place - _nodes : place] = node;
    }

    // Pushes what is left at a node one step nearer to the set, raising the node as far as it must; returns the work done.
    private long Empty(int node)
    {
        var (firstOut, firstIn) = (_graph.FirstEdge[node], _firstInto[node]);
        var outs = _graph.FirstEdge[node + 1] - firstOut;
        var all = outs + _firstInto[node + 1] - firstIn;
        var work = 0L;
        while (_left[node] > 0)
        {
            for (; _at[node] < all; _at[node]++)
            {
                work++;
                if (_at[node] < outs) PushOn(node, firstOut + _at[node]);
                else PushBack(node, _into[firstIn + _at[node] - outs]);
                if (_left[node] == 0) return work;
            }

            work += all;
            _distance[node] = Math.Min(_far, LowestNeighbour(node) + 1);
            _at[node] = 0;
            if (_distance[node] >= _far) return work;
        }

        return work;
    }

    private void PushOn(int node, int edge)
    {
        var target = _graph.To[edge];
        var part = Math.Min(_left[node], _graph.Capacity[edge] - _flow[edge]);
        if (part == 0 || (target >= 0 ? _distance[target] != _distance[node] - 1 : _distance[node] != 1 || !_wanted[~target])) return;
        _flow[edge] += part;
        _left[node] -= part;
        if (target < 0) return;
        _left[target] += part;
        Activate(target);
    }

    private void PushBack(int node, int edge)
    {
        var target = _graph.From[edge];
        var part = Math.Min(_left[node], _flow[edge]);
        if (part == 0 || _distance[target] != _distance[node] - 1) return;
        _flow[edge] -= part;
        _left[node] -= part;
        _left[target] += part;
        Activate(target);
    }

    private int LowestNeighbour(int node)
    {
        var lowest = _far;
        for (var edge = _graph.FirstEdge[node]; edge < _graph.FirstEdge[node + 1]; edge++)
        {
            if (_flow[edge] == _graph.Capacity[edge]) continue;
            var target = _graph.To[edge];
            if (target >= 0) lowest = Math.Min(lowest, _distance[target]);
            else if (_wanted[~target]) lowest = 0;
        }

        for (var entry = _firstInto[node]; entry < _firstInto[node + 1]; entry++)
        {
            if (_flow[_into[entry]] > 0) lowest = Math.Min(lowest, _distance[_graph.From[_into[entry]]]);
        }

        return lowest;
    }
}
