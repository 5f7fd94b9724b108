using System.Text.Json;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Explorers;

/// <summary>The folder of a case ledger: a manifest that says of which chain it is, and the answers. Everything else is made from them at opening.</summary>
public static class CaseFolder
{
    public const string FormatName = "haetae.caseledger/1";

    /// <summary>Whether a folder holds a case ledger.</summary>
    public static bool IsOne(string folder) => FormatOf(folder)?.Format == FormatName;

    /// <summary>The chain of a case ledger; null: the folder holds none.</summary>
    /// <exception cref="LedgerException">The manifest names a chain that this version does not know.</exception>
    public static ChainName? ChainOf(string folder)
    {
        if (FormatOf(folder) is not { } found || found.Format != FormatName) return null;
        return ChainName.TryParse(found.Chain, out var chain) ? chain : ChainOfNetwork(found.Chain)
            ?? throw new LedgerException($"{Path.Combine(folder, Manifest.FileName)}: the chain '{found.Chain}' is not known.");
    }

    /// <summary>A case ledger needs a folder without another kind of ledger.</summary>
    /// <exception cref="LedgerException">There is one.</exception>
    public static void RequireFree(string folder)
    {
        if (File.Exists(Path.Combine(folder, Manifest.FileName)) && !IsOne(folder)) throw new LedgerException($"'{folder}' holds a ledger of another kind. Name another folder for the case ledger.");
    }

    /// <summary>Says of which chain a folder is; at the first time it is made so.</summary>
    /// <exception cref="LedgerException">It holds another chain, or another kind of ledger.</exception>
    public static void Claim(string folder, string chain)
    {
        Directory.CreateDirectory(folder);
        if (FormatOf(folder) is { } found)
        {
            if (found.Format != FormatName) throw new LedgerException($"'{folder}' holds a ledger of another kind ({found.Format}). Name another folder for the case ledger.");
            if (found.Chain != chain) throw new LedgerException($"The case ledger in '{folder}' is of {found.Chain}, not of {chain}. Name another folder.");
            return;
        }

        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("format", FormatName);
            json.WriteString("chain", chain);
            json.WriteEndObject();
        }

        content.WriteByte((byte)'\n');
        Durable.Replace(folder, Manifest.FileName, content.ToArray());
    }

    /// <summary>The network of a case ledger of Bitcoin; null: the folder holds none.</summary>
    internal static Bitcoin.BitcoinNetwork? NetworkOf(string folder) => FormatOf(folder) is { } found ? Bitcoin.BitcoinNetwork.All.FirstOrDefault(network => network.ChainId == found.Chain) : null;

    private static ChainName? ChainOfNetwork(string chain) => Bitcoin.BitcoinNetwork.All.Any(network => network.ChainId == chain) ? ChainName.Bitcoin : null;

    private static (string Format, string Chain)? FormatOf(string folder)
    {
        var path = Path.Combine(folder, Manifest.FileName);
        if (!File.Exists(path) || new FileInfo(path).Length > 64 << 20) return null;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = json.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("format", out var format) && root.TryGetProperty("chain", out var chain)
                && format.GetString() is { } name && chain.GetString() is { } of ? (name, of) : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null; // whoever opens it as what it is says what is wrong
        }
    }
}
