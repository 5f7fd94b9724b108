using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts.Noise;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>The noise around a trace: which accounts are looked at, and what is said of them.</summary>
/// <remarks>
/// Looked at are the accounts that the trace followed under any of its policies, and those where it ended but did not stop: what strangers send to a service is no part of the case.
/// A payer of a seed is a victim: its own history says whether the seed was a pay-off, and nothing else of it is told, since a payer may be a contract with a million customers,
/// among whom some look alike by accident.
/// </remarks>
internal sealed class NoiseOfTrace
{
    private readonly IAccountView _ledger;
    private readonly NoiseFindings _findings;
    private readonly HashSet<uint> _accounts = [];
    private readonly HashSet<uint> _stops = [];
    private readonly HashSet<long> _tainted = [];
    private readonly HashSet<long> _seeds;
    private readonly List<NoiseFinding> _payOffs;
    private readonly Dictionary<long, NoiseKind> _kindOf = [];

    internal NoiseOfTrace(IAccountView ledger, AccountQuery query, IReadOnlyList<AccountOutcome> outcomes, CancellationToken cancel)
    {
        _ledger = ledger;
        _seeds = [.. query.Seeds.Select(seed => seed.Transfer)];
        foreach (var flow in outcomes.SelectMany(outcome => outcome.Flow))
        {
            _accounts.Add(ledger.Graph.From[flow.Transfer]);
            _tainted.Add(flow.Transfer);
        }

        foreach (var actor in outcomes.SelectMany(outcome => outcome.Conversions)) _accounts.UnionWith([actor.Actor, actor.Recipient]);
        foreach (var end in outcomes.SelectMany(outcome => outcome.Ends)) (IsStop(end.Reason) ? _stops : _accounts).Add(end.Account);
        // What went on from an account was followed, though something else of it stopped there.
        _stops.ExceptWith(_accounts);
        _accounts.UnionWith(_seeds.Select(seed => ledger.Graph.To[seed]).Where(to => !_stops.Contains(to)));
        _accounts.Remove(AccountGraph.Nobody);
        _findings = AccountNoise.Of(ledger, _accounts, cancel: cancel);
        _payOffs = [.. _findings.PayOffs.Concat(SeedsThatPaidOff(cancel)).DistinctBy(finding => (finding.Transfer, finding.Account)).OrderBy(finding => finding.Transfer)];
        var paidOff = _payOffs.Select(finding => finding.Transfer).ToHashSet();
        foreach (var finding in _findings.All)
            if (_findings.Hides(finding.Transfer) && !_seeds.Contains(finding.Transfer) && !paidOff.Contains(finding.Transfer)) _kindOf.TryAdd(finding.Transfer, finding.Kind);
    }

    /// <summary>The kind of noise that a transfer is; null: none. What was named as stolen is none, whatever it looks like.</summary>
    internal NoiseKind? KindOf(long transfer) => _kindOf.TryGetValue(transfer, out var kind) ? kind : null;

    internal AccountReportNoise Count() => new(
        _accounts.Count, _stops.Count,
        [.. _kindOf.GroupBy(one => one.Value, one => one.Key).OrderBy(group => group.Key).Select(group => new AccountNoiseCount(group.Key, group.Count(), group.Count(_tainted.Contains), Sums(group.Key, group)))],
        _findings.Terms);

    internal IReadOnlyList<AccountPayOff> PayOffs(Func<long, AccountMove> move) =>
        [.. _payOffs.Select(finding => new AccountPayOff(move(finding.Transfer), _ledger.Chain.Show(_ledger.AddressOf(finding.Imitated!.Value)), finding.Likeness!.Value, _seeds.Contains(finding.Transfer)))];

    private IEnumerable<NoiseFinding> SeedsThatPaidOff(CancellationToken cancel)
    {
        foreach (var payer in _seeds.Select(seed => _ledger.Graph.From[seed]).Where(payer => payer != AccountGraph.Nobody && !_accounts.Contains(payer)).Distinct().Order())
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var finding in LookAlikes.Of(_ledger, payer, _findings.Terms))
                if (!finding.IsNoise && _seeds.Contains(finding.Transfer)) yield return finding;
        }
    }

    // A sum of transfers within a threshold: far from the limit of 256 bits.
    private List<(AssetInfo Asset, UInt256 Amount)> Sums(NoiseKind kind, IEnumerable<long> transfers) =>
        kind is not (NoiseKind.DustBait or NoiseKind.StrangerDust) ? []
        : [.. transfers.GroupBy(transfer => _ledger.Graph.Asset[transfer]).OrderBy(group => group.Key).Select(group => (_ledger.Assets[(int)group.Key], group.Aggregate(UInt256.Zero, (sum, transfer) => sum + _ledger.Graph.Amount[transfer])))];

    private static bool IsStop(AccountEndReason reason) => reason is AccountEndReason.Service or AccountEndReason.Mixer or AccountEndReason.Bridge or AccountEndReason.NotUnderstood;
}
