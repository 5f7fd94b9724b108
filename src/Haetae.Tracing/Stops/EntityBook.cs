using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Storage;

namespace Haetae.Tracing.Stops;

/// <summary>What is said of addresses, looked up by output: first of the address itself, then of its cluster.</summary>
/// <remarks>Filled once, then read from any number of threads. Memory: what is put in; the ledger's columns are read in place.</remarks>
public sealed class EntityBook(ILedgerView ledger) : IDisposable
{
    private readonly Dictionary<ulong, List<(byte[] Script, Entity Entity)>> _byScript = [];
    private readonly Dictionary<uint, Entity> _byCluster = [];
    private Func<long, uint?>? _clusterOf;
    private IDisposable? _clusters;

    /// <summary>Whether tags speak for their clusters too.</summary>
    public bool SpeaksForClusters => _clusterOf is not null;

    /// <summary>Addresses in the book.</summary>
    public int Count { get; private set; }

    /// <summary>Puts an entity to a script; what was said of it before is replaced.</summary>
    public void Add(byte[] script, Entity entity)
    {
        var key = ScriptKey.Of(script);
        if (key == ScriptKey.Unspendable) return;
        if (!_byScript.TryGetValue(key, out var known)) _byScript.Add(key, known = []);
        Count += 1 - known.RemoveAll(one => one.Script.AsSpan().SequenceEqual(script));
        known.Add((script, entity));
    }

    /// <summary>Whether some address in the book is this entity's, by <see cref="Entity.Key"/> or by name.</summary>
    public bool Knows(string entity) => KeyOf(entity) is not null;

    /// <summary>The key of the entity that goes by a name or a key; null: none does.</summary>
    public string? KeyOf(string entity) => _byScript.Values.SelectMany(known => known).Select(one => one.Entity).FirstOrDefault(one => one.Key == entity || one.Name == entity)?.Key;

    /// <summary>Names all that the book says: the SHA-256 of its lines in the order of their scripts.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (script, said) in InOrder())
        {
            string?[] cells =
            [
                Convert.ToHexStringLower(script), said.Name, said.Actor, said.Category, said.Confidence, said.ConfidenceLevel?.ToString(CultureInfo.InvariantCulture),
                said.Source, said.IsService ? "service" : "", said.IsDisputed ? "disputed" : "", said.Sanctions,
            ];
            // Lengths before the cells: no text can pretend to be two.
            foreach (var cell in cells) hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{cell?.Length ?? -1}:{cell}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Lets every tag speak for its whole cluster. Where tags of one cluster name different entities, the cluster gets the surest, marked as disputed.</summary>
    /// <param name="clusterOf">The cluster of an output's address; null: it has none.</param>
    /// <param name="owner">What the answers come from; disposed of with the book.</param>
    public void SpreadOverClusters(Func<long, uint?> clusterOf, IDisposable? owner = null)
    {
        (_clusterOf, _clusters) = (clusterOf, owner);
        _byCluster.Clear();
        foreach (var (script, entity) in InOrder())
        {
            if (ledger.FindOutputs(script) is not [var output, ..] || clusterOf(output) is not { } cluster) continue;
            var said = entity with { Via = EntityVia.Cluster, Sanctions = null };
            if (_byCluster.TryGetValue(cluster, out var known))
            {
                var surer = (said.ConfidenceLevel ?? 0) > (known.ConfidenceLevel ?? 0) ? said : known;
                said = surer with { IsDisputed = known.IsDisputed || said.IsDisputed || known.Key != said.Key };
            }

            _byCluster[cluster] = said;
        }
    }

    private IEnumerable<(byte[] Script, Entity Entity)> InOrder() =>
        _byScript.Values.SelectMany(one => one).OrderBy(one => Convert.ToHexString(one.Script), StringComparer.Ordinal);

    /// <summary>Who is said to be behind an output's address; null: nothing is said.</summary>
    public Entity? Of(long output)
    {
        var key = ledger.ScriptKeys[output];
        if (key == ScriptKey.Unspendable) return null;
        if (_byScript.TryGetValue(key, out var known))
        {
            var script = ledger.ScriptOf(output);
            foreach (var (said, entity) in known)
                if (said.AsSpan().SequenceEqual(script)) return entity;
        }

        return _byCluster.Count > 0 && _clusterOf!(output) is { } cluster ? _byCluster.GetValueOrDefault(cluster) : null;
    }

    public void Dispose() => _clusters?.Dispose();
}
