using Haetae.Intel.Tags;

namespace Haetae.Intel.Labels;

/// <summary>Tables whose columns are known by their first line.</summary>
/// <remarks>
/// How sure they are is not written in them. Etherscan's name tags, which Forta's lists repeat, count as read from a site (<c>web_crawl</c>), as in
/// GraphSense's packs of the same tags; what Forta gathered itself as <c>trusted_provider</c>; orders of an authority as <c>authority_data</c>.
/// <c>--set confidence=WORD</c> says otherwise.
/// </remarks>
internal static class KnownTables
{
    private const string Etherscan = "https://etherscan.io/labelcloud";
    private const string Forta = "https://github.com/forta-network/labelled-datasets";

    /// <summary>Etherscan's words for what an address is said to have done, and the concept each stands for.</summary>
    private static readonly Dictionary<string, string> Abuses = new()
    {
        ["phish-hack"] = "phishing",
        ["etherscan-phish-hack-list"] = "phishing",
        ["exploit"] = "exploit",
        ["etherscan-exploit-list"] = "exploit",
        ["heist"] = "service_hack",
        ["etherscan-heist-list"] = "service_hack",
        ["ofac-sanctions-lists"] = "sanction",
    };

    private static readonly Dictionary<string, LabelTable> ByHead = new()
    {
        ["banned_address,wallet_tag,data_source"] = new(
            "Forta's list of malicious labels", "Malicious labels of Etherscan, gathered by Forta", "Forta Foundation", Ethereum("web_crawl"),
            row => [[new(PackField.Address, Cell(row, 0)), new(PackField.Label, Cell(row, 1) ?? Cell(row, 2)), new(PackField.Source, Etherscan), new(PackField.Abuse, Abuse(Cell(row, 2))), new(PackField.Context, LabelText.Context(("list", Cell(row, 2))))]]),
        ["address,etherscan_tag,etherscan_labels,is_contract"] = new(
            "Forta's list of phishing addresses", "Phishing addresses of Etherscan, gathered by Forta", "Forta Foundation", Ethereum("web_crawl"),
            row => [[new(PackField.Address, Cell(row, 0)), new(PackField.Label, Cell(row, 1) ?? Cell(row, 2)), new(PackField.Source, Etherscan), new(PackField.Abuse, Abuse(Cell(row, 2))), new(PackField.Context, LabelText.Context(("labels", Cell(row, 2)), ("is_contract", Cell(row, 3))))]]),
        ["contract_address,contract_tag,contract_creator,contract_creation_tx,contract_creator_tag,source,notes,contract_creator_etherscan_label"] = new(
            "Forta's list of malicious contracts", "Malicious contracts, gathered by Forta", "Forta Foundation", Ethereum("trusted_provider"), Contract),
        ["order,address,kind"] = new(
            "Israel's orders of seizure", "Orders of seizure of Israel's National Bureau for Counter Terror Financing", "National Bureau for Counter Terror Financing of Israel",
            [new(PackField.Confidence, "authority_data"), new(PackField.Source, "https://nbctf.mod.gov.il/"), new(PackField.Abuse, "gov_black_list")],
            row => [[new(PackField.Address, Cell(row, 1)), new(PackField.Label, $"Order of seizure {Cell(row, 0)}"), new(PackField.Context, LabelText.Context(("order", Cell(row, 0)), ("kind", Cell(row, 2))))]]),
    };

    internal static LabelTable? Of(string[] head) => ByHead.GetValueOrDefault(string.Join(',', head.Select(name => name.Trim().TrimStart('\uFEFF'))));

    /// <summary>Of several words the first that tells an abuse.</summary>
    internal static string? Abuse(string? words) =>
        words?.Split([',', ';'], StringSplitOptions.TrimEntries).Select(word => Abuses.GetValueOrDefault(word)).FirstOrDefault(abuse => abuse is not null);

    /// <summary>The contract, and whoever put it on the chain where the list names that one too.</summary>
    private static IEnumerable<Said[]> Contract(string[] row)
    {
        var (label, source, abuse) = (Cell(row, 1) ?? Cell(row, 6) ?? Cell(row, 4), Cell(row, 5), Abuse(Cell(row, 7)));
        source = source is not null && source.StartsWith("http", StringComparison.Ordinal) ? source : Forta;
        yield return
        [
            new(PackField.Address, Cell(row, 0)), new(PackField.Label, label ?? "Malicious contract"), new(PackField.Source, source), new(PackField.Abuse, abuse),
            new(PackField.Context, LabelText.Context(("creator", Cell(row, 2)), ("creation_tx", Cell(row, 3)), ("notes", Cell(row, 6)), ("list", Cell(row, 5)))),
        ];
        if (Cell(row, 4) is { } creator && Cell(row, 2) is { } address)
            yield return [new(PackField.Address, address), new(PackField.Label, creator), new(PackField.Source, source), new(PackField.Abuse, abuse), new(PackField.Context, LabelText.Context(("creator_of", Cell(row, 0))))];
    }

    private static Said[] Ethereum(string confidence) => [new(PackField.Currency, "ETH"), new(PackField.Network, "ETH"), new(PackField.Confidence, confidence)];

    private static string? Cell(string[] row, int at) => at < row.Length && row[at].Trim() is { Length: > 0 } text ? text : null;
}
