namespace Haetae.Tracing.Accounts;

/// <summary>Which accounts pay each other in circles, and an order in which payers come before those they pay.</summary>
/// <remarks>Tarjan's strongly connected components (1972), without recursion.</remarks>
internal static class Circles
{
    /// <summary>Per node, the number of its circle; a node in no circle has one of its own. Whoever pays has a higher number than those paid outside the circle.</summary>
    public static int[] Find(IReadOnlyList<List<int>> paid, out int count)
    {
        var nodes = paid.Count;
        var circle = new int[nodes];
        var entered = new int[nodes];
        var lowest = new int[nodes];
        var at = new int[nodes];
        var onPath = new Stack<int>();
        var open = new Stack<int>();
        Array.Fill(circle, -1);
        var clock = 0;
        count = 0;
        for (var root = 0; root < nodes; root++)
        {
            if (entered[root] != 0) continue;
            Enter(root);
            while (onPath.TryPeek(out var node))
            {
                if (at[node] < paid[node].Count)
                {
                    var next = paid[node][at[node]++];
                    if (entered[next] == 0) Enter(next);
                    else if (circle[next] < 0) lowest[node] = Math.Min(lowest[node], entered[next]);
                    continue;
                }

                onPath.Pop();
                if (onPath.TryPeek(out var payer)) lowest[payer] = Math.Min(lowest[payer], lowest[node]);
                if (lowest[node] != entered[node]) continue;
                int member;
                do circle[member = open.Pop()] = count;
                while (member != node);
                count++;
            }
        }

        return circle;

        void Enter(int node)
        {
            entered[node] = lowest[node] = ++clock;
            onPath.Push(node);
            open.Push(node);
        }
    }
}
