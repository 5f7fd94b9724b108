using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Proofs;
using Haetae.Tracing.Reports;

namespace Haetae.Intel.Cases;

/// <summary>Checks a pack from its bytes alone: no ledger, no network, no file but the pack.</summary>
/// <remarks>
/// A section whose hash does not fit is still read: what is wrong in it says which transaction or claim was changed. All bytes are taken to
/// be hostile; nothing is given memory before it is bounded by what is there.
/// </remarks>
public sealed class CaseVerifier
{
    internal const string CaseSection = "case";

    private readonly List<PackFault> _faults = [];
    private readonly CancellationToken _cancel;
    private readonly Action<string, double>? _progress;
    private CaseDocument? _case;
    private ProvenChain? _chain;
    private ProvenLedger? _ledger;
    private IReadOnlyList<ProvenTransaction> _transactions = [];

    private CaseVerifier(Action<string, double>? progress, CancellationToken cancel)
    {
        _progress = progress;
        _cancel = cancel;
    }

    internal static string TraceSection(int index) => FormattableString.Invariant($"trace.{index + 1}");

    /// <param name="progress">Told what is being done, and the share of it.</param>
    public static CaseVerdict Verify(ReadOnlyMemory<byte> file, Action<string, double>? progress = null, CancellationToken cancel = default) =>
        new CaseVerifier(progress, cancel).Run(file);

    private CaseVerdict Run(ReadOnlyMemory<byte> file)
    {
        CaseProof? proof = null;
        if (PackFile.Read(file, _faults) is { } sections)
        {
            var byName = sections.ToDictionary(section => section.Name, section => section.Bytes, StringComparer.Ordinal);
            proof = Check(byName);
        }

        return new CaseVerdict(PackFile.DigestOf(file.Span), _faults, _case, _chain, _faults.Count == 0 ? proof : null);
    }

    private CaseProof? Check(Dictionary<string, ReadOnlyMemory<byte>> sections)
    {
        if (!Take(CaseSection, out var bytes)) return null;
        try
        {
            _case = CaseJson.Read(bytes.Span);
        }
        catch (IntelException wrong)
        {
            return Fault(CaseSection, wrong.Message);
        }

        if (!BitcoinNetwork.TryParse(_case.Head.Network, out var network) || network.ChainId != _case.Head.Chain || network.Name != _case.Head.Network)
            return Fault(CaseSection, $"case.case: '{_case.Head.Network}' with chain '{_case.Head.Chain}' is no network this program knows");
        if (!ReadChain(network)) return null;
        var traces = _case.StandingTraces().ToList();
        if (traces.Count == 0) return Fault(CaseSection, "case.traces: there is none, so there is nothing to prove");
        var proofs = new List<TraceProof>();
        var (unspent, unknown) = (0L, 0L);
        for (var i = 0; i < traces.Count; i++)
        {
            _progress?.Invoke("recomputing traces", (double)i / traces.Count);
            if (!Take(TraceSection(i), out bytes)) return null;
            try
            {
                var report = new TraceCheck(_case, traces[i], _transactions, _chain!).Run(bytes, ref _ledger, _cancel);
                proofs.Add(new TraceProof(traces[i], report.Results.Sum(result => (long)result.Ends.Count), report.Results.Sum(result => (long)result.Spends.Count)));
                unspent += report.Results.Sum(result => result.Ends.LongCount(end => end.SpentBy is null));
                unknown += report.Results.Sum(result => result.Limits.Where(limit => limit.Kind == "unknown-value").Sum(limit => limit.Ends));
            }
            catch (Exception wrong) when (wrong is IntelException or LedgerException or ArgumentException or InvalidOperationException)
            {
                return Fault(TraceSection(i), wrong.Message);
            }
        }

        if (sections.Keys.FirstOrDefault() is { } surplus) return Fault(surplus, "no pack of this format has such a section");
        return new CaseProof(_transactions.Count, _transactions.Select(transaction => transaction.Height).Distinct().Count(), _ledger!.ProvenInputs, proofs, unspent, unknown);

        bool ReadChain(BitcoinNetwork network)
        {
            _progress?.Invoke("checking headers", 0);
            if (!Take(ChainSections.Headers, out var bytes)) return false;
            if (ChainSections.ReadHeaders(bytes, out var wrong) is { } runs) _chain = ProvenChain.Of(network, runs, out wrong);
            if (_chain is null)
            {
                Fault(ChainSections.Headers, wrong!);
                return false;
            }

            _progress?.Invoke("checking transactions", 0);
            if (!Take(ChainSections.Transactions, out bytes)) return false;
            if (ChainSections.ReadTransactions(bytes, _chain, out wrong) is { } transactions) _transactions = transactions;
            else Fault(ChainSections.Transactions, wrong!);
            return wrong is null;
        }

        // Each section is taken once, so what stays is too much.
        bool Take(string name, out ReadOnlyMemory<byte> bytes)
        {
            _cancel.ThrowIfCancellationRequested();
            if (sections.Remove(name, out bytes)) return true;
            Fault(name, "this section is missing");
            return false;
        }
    }

    private CaseProof? Fault(string section, string what)
    {
        _faults.Add(new PackFault($"section '{section}'", what));
        return null;
    }
}
