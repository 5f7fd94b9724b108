namespace Haetae.Intel.Tags;

/// <summary>The fields of a TagPack, of its head and of each tag, by the names GraphSense gives them.</summary>
internal enum PackField
{
    Label,
    Source,
    Currency,
    Network,
    Confidence,
    Actor,
    Category,
    Abuse,
    Concepts,
    TagType,
    IsClusterDefiner,
    LastMod,
    Context,

    /// <summary>The fields before this one are inherited: said in the head, they hold for every tag that does not say otherwise.</summary>
    Inherited,
    Address = Inherited,
    TxHash,
    Title,
    Creator,
    Description,
    Owner,
    IsPublic,
    Count,
}

/// <summary>Names of fields, and the shape of each.</summary>
internal static class PackFields
{
    private static readonly Dictionary<string, PackField> ByName = new()
    {
        ["label"] = PackField.Label,
        ["source"] = PackField.Source,
        ["currency"] = PackField.Currency,
        ["network"] = PackField.Network,
        ["confidence"] = PackField.Confidence,
        ["actor"] = PackField.Actor,
        ["category"] = PackField.Category,
        ["abuse"] = PackField.Abuse,
        ["concepts"] = PackField.Concepts,
        ["tag_type"] = PackField.TagType,
        ["is_cluster_definer"] = PackField.IsClusterDefiner,
        ["lastmod"] = PackField.LastMod,
        ["context"] = PackField.Context,
        ["address"] = PackField.Address,
        ["tx_hash"] = PackField.TxHash,
        ["title"] = PackField.Title,
        ["creator"] = PackField.Creator,
        ["description"] = PackField.Description,
        ["owner"] = PackField.Owner,
        ["is_public"] = PackField.IsPublic,
    };

    internal static bool TryName(string name, out PackField field) => ByName.TryGetValue(name, out field);

    internal static IEnumerable<string> Names(Func<PackField, bool> which) => ByName.Where(pair => which(pair.Value)).Select(pair => pair.Key);

    internal static bool IsOfTag(PackField field) => field <= PackField.TxHash;

    internal static bool IsOfHead(PackField field) => field is < PackField.Inherited or >= PackField.Title;

    /// <summary>Actors are looked up by it, and an index takes keys of a bounded length.</summary>
    internal static string? ActorId(string? text) => text is { Length: > 512 } ? throw new PackRowException($"an actor of {text.Length} characters; 512 are taken") : text;

    /// <summary>PostgreSQL cannot keep U+0000; a row with it is rejected whatever the store, so that all of them hold the same.</summary>
    internal static string Storable(string text) => text.Contains('\0', StringComparison.Ordinal) ? throw new PackRowException("a text with the character U+0000 in it, which not every store can keep") : text;

    /// <summary>YAML 1.1 has many words for yes and no.</summary>
    internal static bool? Truth(string? text) => text?.ToLowerInvariant() switch
    {
        null => null,
        "true" or "yes" or "on" or "y" => true,
        "false" or "no" or "off" or "n" => false,
        _ => throw new PackRowException($"'{TagProblem.Quoted(text)}' is neither true nor false"),
    };
}

/// <summary>One row cannot be taken; those after it can.</summary>
internal sealed class PackRowException(string message) : Exception(message);
