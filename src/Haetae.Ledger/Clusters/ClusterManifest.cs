using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Clusters;

/// <summary>How many transactions a detector kept from joining anybody.</summary>
/// <param name="Detector">The rule's name.</param>
public sealed record LeftOut(string Detector, long Transactions);

/// <summary>What a computation of clusters tells beside the columns.</summary>
/// <param name="Guard">Which CoinJoins joined nobody.</param>
/// <param name="Rules">Version of the rules behind the guard.</param>
/// <param name="Largest">Number of the largest cluster.</param>
public sealed record ClusterFacts(string Guard, int Rules, uint Clusters, uint Largest, uint LargestSize, IReadOnlyList<LeftOut> LeftOut);

/// <summary>What stored clusters hold and which ledger they were made from: format <c>haetae.clusters/1</c>, one file for each guard. Replaced as a whole.</summary>
public sealed record ClusterManifest
{
    public const string FormatName = "haetae.clusters/1";

    public string Format { get; init; } = FormatName;

    /// <summary>CAIP-2 name of the chain.</summary>
    public required string Chain { get; init; }

    public required int FirstHeight { get; init; }

    public required int TipHeight { get; init; }

    public required string TipHash { get; init; }

    public required uint Transactions { get; init; }

    public required long Outputs { get; init; }

    /// <summary>Which CoinJoins joined nobody: <c>none</c>, <c>blocksci</c> or <c>all</c>.</summary>
    public required string Guard { get; init; }

    /// <summary>Version of the rules behind the guard: clusters of other rules are not taken for these.</summary>
    public required int Rules { get; init; }

    public required uint Addresses { get; init; }

    /// <summary>Addresses that stand alone included; before any cut.</summary>
    public required uint Clusters { get; init; }

    /// <summary>Number of the largest cluster; of several the lowest.</summary>
    public required uint LargestCluster { get; init; }

    public required uint LargestSize { get; init; }

    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];

    /// <summary>Per output, the number of its address.</summary>
    public required DerivedColumn AddressOfOutput { get; init; }

    /// <summary>Per address, the first output that pays it.</summary>
    public required DerivedColumn FirstOutput { get; init; }

    /// <summary>Per address, its cluster.</summary>
    public required DerivedColumn Cluster { get; init; }

    /// <summary>Per address, the next one of its cluster.</summary>
    public required DerivedColumn NextMember { get; init; }

    /// <summary>Ids of the transactions that were cut when <see cref="CutRows"/> was written, sorted.</summary>
    public IReadOnlyList<string> Cuts { get; init; } = [];

    /// <summary>Rows for the addresses whose cluster the cuts changed or could have changed; null while nothing is cut.</summary>
    public DerivedColumn? CutRows { get; init; }

    /// <summary>SHA-256 of this file as it would be with this text empty.</summary>
    public string Digest { get; init; } = "";

    internal static string FileName(string guard) => guard + ".json";

    private byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this, ClusterManifestJson.Default.ClusterManifest);

    private string OwnDigest() => Convert.ToHexStringLower(SHA256.HashData((this with { Digest = "" }).Bytes()));

    /// <summary>Reads a manifest; null when there is none.</summary>
    /// <exception cref="LedgerCorruptException">It cannot be read, or is not what was written.</exception>
    internal static ClusterManifest? Read(string folder, string guard)
    {
        var path = Path.Combine(folder, FileName(guard));
        if (!File.Exists(path)) return null;
        try
        {
            if (new FileInfo(path).Length > MostBytes) throw Damaged(path, $"more than {MostBytes} bytes are no manifest");
            var bytes = File.ReadAllBytes(path);
            var manifest = JsonSerializer.Deserialize(bytes, ClusterManifestJson.Default.ClusterManifest);
            if (manifest is null || manifest.Format != FormatName) throw Damaged(path, $"this is not a manifest of format {FormatName} but '{manifest?.Format}'");
            if (manifest.Digest != manifest.OwnDigest() || !bytes.AsSpan().SequenceEqual(manifest.Bytes())) throw Damaged(path, "its digest does not match its content");
            return manifest.IsPlausible(guard) ? manifest : throw Damaged(path, "its members contradict each other");
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw Damaged(path, $"not readable as a manifest: {wrong.Message}");
        }
    }

    /// <summary>Room for a million cuts, far more than anybody makes.</summary>
    private const int MostBytes = 1 << 27;

    private bool IsPlausible(string guard) =>
        Guard == guard && Hash256.TryParse(TipHash, out _) && Cuts is not null && Cuts.All(cut => Hash256.TryParse(cut, out _)) && Chain is not null && LeftOut is not null && AddressOfOutput is not null && FirstOutput is not null && Cluster is not null && NextMember is not null
        && Addresses <= Outputs && Clusters <= Addresses
        && AddressOfOutput.IsPlausible("address.number") && AddressOfOutput is { Width: 4 } && AddressOfOutput.Items == Outputs
        && FirstOutput.IsPlausible("address.first") && FirstOutput is { Width: 5 } && FirstOutput.Items == Addresses
        && Cluster.IsPlausible("cluster.number") && Cluster is { Width: 4 } && Cluster.Items == Addresses
        && NextMember.IsPlausible("cluster.next") && NextMember is { Width: 4 } && NextMember.Items == Addresses
        && (Cuts.Count == 0 ? CutRows is null : CutRows is { Width: CutRow.Size } && CutRows.IsPlausible("cluster.cut") && CutRows.Items <= Addresses);

    /// <summary>The files it names.</summary>
    public IEnumerable<string> FileNames()
    {
        foreach (var column in (DerivedColumn?[])[AddressOfOutput, FirstOutput, Cluster, NextMember, CutRows])
            if (column is not null) yield return column.File;
    }

    /// <summary>Puts this manifest in the place of the one before, at once and for good.</summary>
    internal void Write(string folder) => Durable.Replace(folder, FileName(Guard), (this with { Digest = OwnDigest() }).Bytes());

    private static LedgerCorruptException Damaged(string path, string what) => new($"{path}: {what}. Make it anew with: haetae cluster build");
}

[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ClusterManifest))]
internal sealed partial class ClusterManifestJson : JsonSerializerContext;
