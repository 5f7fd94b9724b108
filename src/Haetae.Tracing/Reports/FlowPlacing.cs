namespace Haetae.Tracing.Reports;

/// <summary>Gives the flow graph places: columns left to right, rows ordered to cross little, ribbons led around the nodes between.</summary>
internal sealed class FlowPlacing
{
    private const int Margin = 12, PictureWidth = 960, WideNode = 176, NarrowNode = 118, Line = 15, Padding = 8, Gap = 16, WidestRibbon = 72, Sweeps = 8;

    private readonly FlowGraph _graph;
    private readonly List<Cell>[] _columns;
    private readonly Dictionary<FlowGraph.Vertex, Cell> _cells = [];
    private readonly Dictionary<FlowGraph.Link, Cell[]> _routes = [];
    private readonly long _largest;

    public FlowPlacing(FlowGraph graph, int columns)
    {
        _graph = graph;
        _columns = Enumerable.Range(0, columns).Select(_ => new List<Cell>()).ToArray();
        var into = graph.Links.ToLookup(link => link.To);
        var from = graph.Links.ToLookup(link => link.From);
        _largest = graph.Vertices.Select(vertex => Math.Max(Sum(into[vertex]), Sum(from[vertex]))).DefaultIfEmpty(1).Max();
        foreach (var vertex in graph.Vertices)
        {
            var (lines, tip, warning) = FlowNotes.Of(vertex, into[vertex].ToList(), from[vertex].ToList());
            var ribbons = Math.Max(into[vertex].Sum(Thickness), from[vertex].Sum(Thickness));
            var cell = new Cell(vertex.Kind, Math.Max(ribbons, Box(lines)), lines, tip, warning, vertex.Column) { IsInference = vertex.Kind is FlowKind.End or FlowKind.Seed && vertex.First.Entity is not null };
            _cells.Add(vertex, cell);
            _columns[vertex.Column].Add(cell);
        }

        foreach (var link in graph.Links) Route(link);
    }

    public int Columns => _columns.Length;

    public void AddRest(int column, (List<string> Lines, string Tip) note) =>
        _columns[column].Add(new Cell(FlowKind.Rest, Box(note.Lines), note.Lines, note.Tip, true, column));

    public (int Width, int Height, List<FlowNode> Nodes, List<FlowRibbon> Ribbons) Place()
    {
        Order();
        var height = _columns.Max(column => column.Sum(cell => cell.Height) + Math.Max(0, column.Count - 1) * Gap);
        Settle(height);
        var shown = _columns.SelectMany(column => column).Where(cell => cell.Lines is not null).ToList();
        var nodes = shown.ConvertAll(cell =>
            new FlowNode(cell.Kind, Left(cell.Column), Margin + cell.Y, NodeWidth(cell.Column), cell.Height, cell.Lines!, cell.Tip, cell.Warning) { IsInference = cell.IsInference });
        return (PictureWidth, height + 2 * Margin, nodes, Ribbons(shown));
    }

    /// <summary>Reserves a lane in every column a ribbon passes, so that no ribbon runs behind a node.</summary>
    private void Route(FlowGraph.Link link)
    {
        var route = new List<Cell> { _cells[link.From] };
        for (var column = link.From.Column + 1; column < link.To.Column; column++)
        {
            var lane = new Cell(FlowKind.Rest, Thickness(link), null, "", false, column);
            _columns[column].Add(lane);
            route.Add(lane);
        }

        route.Add(_cells[link.To]);
        for (var i = 1; i < route.Count; i++)
        {
            route[i - 1].Right.Add(route[i]);
            route[i].Left.Add(route[i - 1]);
        }

        _routes.Add(link, [.. route]);
    }

    private void Order()
    {
        foreach (var column in _columns) Number(column);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var forward = sweep % 2 == 0;
            for (var i = 1; i < Columns; i++)
            {
                var column = _columns[forward ? i : Columns - 1 - i];
                var sorted = column.OrderBy(cell => cell.IsRest).ThenBy(cell => Middle(forward ? cell.Left : cell.Right, cell.Rank * 1024L)).ToList();
                column.Clear();
                column.AddRange(sorted);
                Number(column);
            }
        }

        static void Number(List<Cell> column)
        {
            for (var i = 0; i < column.Count; i++) column[i].Rank = i;
        }

        static long Middle(List<Cell> neighbours, long otherwise) =>
            neighbours.Count == 0 ? otherwise : neighbours.Sum(cell => cell.Rank * 1024L) / neighbours.Count;
    }

    /// <summary>Moves every cell towards the middle of its neighbours, keeping the order, the gaps and the height of the picture.</summary>
    private void Settle(int height)
    {
        foreach (var column in _columns)
        {
            var y = 0;
            foreach (var cell in column)
            {
                cell.Y = y;
                y += cell.Height + Gap;
            }
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var forward = sweep % 2 == 1;
            for (var i = 0; i < Columns; i++)
            {
                var column = _columns[forward ? i : Columns - 1 - i];
                foreach (var cell in column) cell.Y = Wish(cell, forward ? cell.Left : cell.Right);
                Apart(column, height);
            }
        }

        // Last between both sides: a node pulled to one side only leaves half of the picture empty.
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (var column in _columns)
            {
                foreach (var cell in column) cell.Y = Wish(cell, [.. cell.Left, .. cell.Right]);
                Apart(column, height);
            }
        }

        static int Wish(Cell cell, List<Cell> neighbours)
        {
            if (neighbours.Count == 0) return cell.Y;
            return neighbours.Sum(other => other.Y + other.Height / 2) / neighbours.Count - cell.Height / 2;
        }
    }

    private static void Apart(List<Cell> column, int height)
    {
        var free = 0;
        foreach (var cell in column)
        {
            cell.Y = Math.Max(cell.Y, free);
            free = cell.Y + cell.Height + Gap;
        }

        free = height;
        for (var i = column.Count - 1; i >= 0; i--)
        {
            column[i].Y = Math.Min(column[i].Y, free - column[i].Height);
            free = column[i].Y - Gap;
        }
    }

    private List<FlowRibbon> Ribbons(List<Cell> shown)
    {
        var index = new Dictionary<Cell, int>();
        for (var i = 0; i < shown.Count; i++) index.Add(shown[i], i);
        var leaving = Ports(_graph.Links.GroupBy(link => _routes[link][0]), link => _routes[link][1]);
        var entering = Ports(_graph.Links.GroupBy(link => _routes[link][^1]), link => _routes[link][^2]);
        return _graph.Links.ConvertAll(link =>
        {
            var route = _routes[link];
            var points = new List<FlowPoint> { new(Left(route[0].Column) + NodeWidth(route[0].Column), Margin + leaving[link]) };
            foreach (var lane in route[1..^1])
            {
                points.Add(new(Left(lane.Column), Margin + lane.Y));
                points.Add(new(Left(lane.Column) + NodeWidth(lane.Column), Margin + lane.Y));
            }

            points.Add(new(Left(route[^1].Column), Margin + entering[link]));
            var output = link.Output;
            var tip = $"{Amounts.Btc(output.Tainted)} of {Amounts.Btc(output.Value)} in output {output.TxId}:{Answer.Height(output.Vout)}, {Holders.NameOf(output.Address, output.ScriptType, output.ScriptHex)}";
            return new FlowRibbon(index[route[0]], index[route[^1]], output.Tainted, Thickness(link), points, tip);
        });
    }

    /// <summary>Where each ribbon touches its node: stacked around the node's middle, in the order in which they come.</summary>
    private Dictionary<FlowGraph.Link, int> Ports(IEnumerable<IGrouping<Cell, FlowGraph.Link>> sides, Func<FlowGraph.Link, Cell> next)
    {
        var ports = new Dictionary<FlowGraph.Link, int>();
        foreach (var side in sides)
        {
            var y = side.Key.Y + (side.Key.Height - side.Sum(Thickness)) / 2;
            foreach (var link in side.OrderBy(link => next(link).Y))
            {
                ports.Add(link, y);
                y += Thickness(link);
            }
        }

        return ports;
    }

    private int Thickness(FlowGraph.Link link) =>
        Math.Max(2, (int)((Int128)link.Output.Tainted * WidestRibbon / Math.Max(1, _largest)));

    private int NodeWidth(int column) => column == 0 || column == Columns - 1 ? WideNode : NarrowNode;

    private int Left(int column)
    {
        if (column == Columns - 1) return PictureWidth - Margin - WideNode;
        if (column == 0) return Margin;
        var room = PictureWidth - 2 * (Margin + WideNode) - (Columns - 2) * NarrowNode;
        return Margin + WideNode + column * room / (Columns - 1) + (column - 1) * NarrowNode;
    }

    private static int Box(List<string> lines) => lines.Count * Line + 2 * Padding;

    private static long Sum(IEnumerable<FlowGraph.Link> links) => links.Sum(link => link.Output.Tainted);

    /// <summary>A place in a column: a node, or (without lines) the lane of a ribbon that passes.</summary>
    private sealed class Cell(FlowKind kind, int height, List<string>? lines, string tip, bool warning, int column)
    {
        public FlowKind Kind { get; } = kind;

        public int Height { get; } = height;

        public List<string>? Lines { get; } = lines;

        public string Tip { get; } = tip;

        public bool Warning { get; } = warning;

        public int Column { get; } = column;

        public bool IsInference { get; init; }

        public bool IsRest => Kind == FlowKind.Rest && Lines is not null;

        public List<Cell> Left { get; } = [];

        public List<Cell> Right { get; } = [];

        public int Rank { get; set; }

        public int Y { get; set; }
    }
}
