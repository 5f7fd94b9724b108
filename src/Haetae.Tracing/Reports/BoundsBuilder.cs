using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;
using Haetae.Tracing.Bounds;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Reports;

/// <summary>Finds the bounds of the destinations that matter most in a trace.</summary>
/// <param name="most">How many destinations of a kind.</param>
internal sealed class BoundsBuilder(ILedgerView ledger, LedgerStops? stops, int most = 20)
{
    private readonly Dictionary<ulong, List<(byte[] Script, List<int> Ends)>> _byScript = [];
    private readonly Dictionary<string, List<int>> _byEntity = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _byCategory = new(StringComparer.Ordinal);

    /// <param name="mostTransactions">No bounds where stolen money can reach more.</param>
    public BoundsReport Build(TraceQuery query, IReadOnlyList<PolicyResult> results, int mostTransactions, CancellationToken cancel)
    {
        if (ReachedGraph.Build(ledger.Graph, query, out var notBuilt, mostTransactions, cancellation: cancel) is not { } graph)
            return new BoundsReport(null, null, notBuilt, false, []);
        var asked = new List<(DestinationBounds Destination, IReadOnlyList<int> Ends)>();
        asked.AddRange(Entities(results));
        asked.AddRange(Categories(results));
        asked.AddRange(Addresses(results));
        asked.Add((new DestinationBounds("fees", null, 1, 0, 0, Figures(results, result => result.Books.Fees)), [ReachedGraph.FeesEnd]));
        FindEnds(graph, cancel);
        var bounds = new FlowBounds(graph);
        return new BoundsReport(graph.Stolen, graph.TransactionCount, null, graph.IsTight, [.. asked.Select(item =>
        {
            var (least, greatest) = bounds.Of(item.Ends, cancel);
            return item.Destination with { Ends = item.Ends.Count, Least = least, Most = greatest };
        })]);
    }

    private IEnumerable<(DestinationBounds, IReadOnlyList<int>)> Addresses(IReadOnlyList<PolicyResult> results)
    {
        var figures = results.Select(result => result.Addresses.ToDictionary(Key, total => total.Tainted, StringComparer.Ordinal)).ToList();
        foreach (var total in Largest(results, result => result.Addresses, Key, total => total.Tainted))
        {
            if (ScriptOf(total) is not { } script) continue;
            var key = ScriptKey.Of(script);
            if (!_byScript.TryGetValue(key, out var known)) _byScript.Add(key, known = []);
            var ends = new List<int>();
            known.Add((script, ends));
            yield return (new DestinationBounds("address", null, 0, 0, 0, Figures(results, (_, index) => figures[index].GetValueOrDefault(Key(total)))) { Holder = total }, ends);
        }

        static string Key(AddressTotal total) => total.Address ?? "script " + total.ScriptHex;
    }

    private IEnumerable<(DestinationBounds, IReadOnlyList<int>)> Entities(IReadOnlyList<PolicyResult> results) =>
        Largest(results, result => result.Entities, total => total.Entity.Key, total => total.Tainted).Select(total => (
            new DestinationBounds("entity", total.Entity.Name, 0, 0, 0, Figures(results, result => result.Entities.FirstOrDefault(other => other.Entity.Key == total.Entity.Key)?.Tainted ?? 0)) { Entity = total.Entity },
            EndsOf(_byEntity, total.Entity.Key)));

    private IEnumerable<(DestinationBounds, IReadOnlyList<int>)> Categories(IReadOnlyList<PolicyResult> results) =>
        Largest(results, Sums, total => total.Category, total => total.Tainted).Select(total => (
            new DestinationBounds("category", total.Category, 0, 0, 0, Figures(results, result => Sums(result).FirstOrDefault(other => other.Category == total.Category).Tainted)),
            EndsOf(_byCategory, total.Category)));

    private static IReadOnlyList<(string Category, long Tainted)> Sums(PolicyResult result) =>
        [.. result.Entities.Where(total => total.Entity.Category is not null).GroupBy(total => total.Entity.Category!, StringComparer.Ordinal).Select(group => (group.Key, group.Sum(total => total.Tainted)))];

    /// <summary>The largest by what a policy that conserves amounts places there; where none was asked for, by any.</summary>
    private IEnumerable<T> Largest<T>(IReadOnlyList<PolicyResult> results, Func<PolicyResult, IEnumerable<T>> of, Func<T, string> key, Func<T, long> tainted) =>
        results.Where(result => result.Conserves || results.All(other => !other.Conserves)).SelectMany(of)
            .GroupBy(key, StringComparer.Ordinal)
            .Select(group => (group.Key, Item: group.First(), Most: group.Max(tainted)))
            .OrderByDescending(group => group.Most).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Take(most).Select(group => group.Item);

    private void FindEnds(ReachedGraph graph, CancellationToken cancel)
    {
        var saysWho = stops is not null && _byEntity.Count + _byCategory.Count > 0;
        foreach (var (index, end) in graph.Ends.Index())
        {
            if ((index & 0xFFF) == 0) cancel.ThrowIfCancellationRequested();
            if (!end.IsOutput) continue;
            if (_byScript.TryGetValue(ledger.ScriptKeys[end.Output], out var known))
            {
                var script = ledger.ScriptOf(end.Output);
                foreach (var one in known)
                    if (one.Script.AsSpan().SequenceEqual(script)) one.Ends.Add(index);
            }

            if (!saysWho || stops!.EntityOf(end.Output) is not { } entity) continue;
            if (_byEntity.TryGetValue(entity.Key, out var ends)) ends.Add(index);
            if (entity.Category is not null && _byCategory.TryGetValue(entity.Category, out ends)) ends.Add(index);
        }
    }

    private byte[]? ScriptOf(AddressTotal total) =>
        total.Address is null ? Convert.FromHexString(total.ScriptHex!) : Address.TryParse(total.Address, ledger.Network, out var script, out _) ? script : null;

    private static IReadOnlyList<int> EndsOf(Dictionary<string, List<int>> byName, string name) => byName[name] = [];

    private static IReadOnlyList<PolicyFigure> Figures(IReadOnlyList<PolicyResult> results, Func<PolicyResult, long> tainted) => Figures(results, (result, _) => tainted(result));

    private static IReadOnlyList<PolicyFigure> Figures(IReadOnlyList<PolicyResult> results, Func<PolicyResult, int, long> tainted) =>
        [.. results.Select((result, index) => new PolicyFigure(result.Policy, tainted(result, index), result.Conserves && result.Books.Cut == 0))];
}
