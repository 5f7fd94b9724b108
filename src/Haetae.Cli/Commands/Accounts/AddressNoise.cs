using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts.Noise;
using Haetae.Tracing.Accounts.Reports;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands.Accounts;

/// <summary>Noise among the transfers of one account, for <c>haetae address</c>: left out of the list for people, marked in the JSON, and in the sums as ever.</summary>
internal sealed class AddressNoise
{
    private readonly IAccountView _ledger;
    private readonly NoiseFindings _findings;
    private readonly Dictionary<long, NoiseFinding> _hidden = [];

    internal AddressNoise(IAccountView ledger, uint account)
    {
        (_ledger, _findings) = (ledger, AccountNoise.Of(ledger, new HashSet<uint> { account }));
        foreach (var finding in _findings.All)
            if (_findings.Hides(finding.Transfer)) _hidden.TryAdd(finding.Transfer, finding);
    }

    /// <summary>What is listed: all, or all but noise.</summary>
    internal long[] Listed(long[] transfers, bool all) => all ? transfers : [.. _findings.Shown(transfers)];

    /// <summary>What was left out, by kind, and what is suspected.</summary>
    internal IEnumerable<string> Lines(bool all)
    {
        foreach (var payOff in _findings.PayOffs)
            yield return $"? Suspected pay-off in {AccountWords.Id(_ledger, _ledger.Graph.TransactionOf(payOff.Transfer))}: {Show(payOff.Other)} looks like {Show(payOff.Imitated!.Value)}, which was used before ({payOff.Likeness!.Value.Head} letters in front, {payOff.Likeness.Value.Tail} at the back).";
        if (_hidden.Count == 0) yield break;
        yield return $"{Amounts.Count(_hidden.Count, "transfer", "transfers")} of strangers and imitators {(all ? "among them" : "not listed: --all lists them")} ({string.Join("; ", Kinds.Select(kind => $"{Amounts.Count(kind.Count)} {NoiseWords.Say(kind.Kind)}"))}).";
    }

    internal string? NameOf(long transfer) => _hidden.TryGetValue(transfer, out var finding) ? NoiseWords.NameOf(finding.Kind) : null;

    internal JsonObject Counts()
    {
        var json = new JsonObject();
        foreach (var (kind, count) in Kinds) json[NoiseWords.NameOf(kind)] = count;
        return json;
    }

    internal JsonArray PayOffs() => new([.. _findings.PayOffs.Select(payOff => (JsonNode)new JsonObject
    {
        ["transaction"] = AccountWords.Id(_ledger, _ledger.Graph.TransactionOf(payOff.Transfer)),
        ["to"] = Show(payOff.Other),
        ["meant"] = Show(payOff.Imitated!.Value),
        ["head"] = payOff.Likeness!.Value.Head,
        ["tail"] = payOff.Likeness.Value.Tail,
    })]);

    private IEnumerable<(NoiseKind Kind, int Count)> Kinds => _hidden.Values.GroupBy(finding => finding.Kind).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()));

    private string Show(uint account) => _ledger.Chain.Show(_ledger.AddressOf(account));
}
