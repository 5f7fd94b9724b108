using System.CommandLine;
using System.Globalization;
using Haetae.Intel;
using Haetae.Intel.Cases;
using Haetae.Ledger;
using Haetae.Ledger.Node;
using Haetae.Ledger.Proofs;
using Haetae.Tracing;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Cli.Commands;

/// <summary>Runs the traces of a case, and packs it.</summary>
internal static class CasePacking
{
    /// <summary>The program and its version, as a case notes who made a result.</summary>
    internal static string Engine { get; } = $"haetae {typeof(CasePacking).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>Asks a theft's question of the ledger. The same ledger and question give the same digest.</summary>
    internal static TraceReport Trace(BitcoinLedger ledger, CaseTheft theft, CaseQuestion question, CaseTags tags, CancellationToken cancel)
    {
        var asOf = question.TagsAsOf is { } text ? DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture) : (DateOnly?)null;
        var stolen = theft.Seeds.Sum(seed => seed.Stolen);
        var asked = new TraceRequest(
            Outpoints([theft]), [], null,
            stolen < theft.Seeds.Sum(seed => seed.Value) ? stolen : null,
            [.. question.Policies], question.FeeRule,
            question.UntilHeight?.ToString(CultureInfo.InvariantCulture), question.MinValue, question.MaxTransactions)
        {
            Stops = [.. question.Stops],
            Through = [.. question.Through],
            Sensitivity = 0, // a trial follows money beyond what the trace rests on
            Bounds = question.Bounds,
            TagsAsOf = asOf,
            Entities = tags.Of(ledger, asOf, cancel),
        };
        return asked.Run(ledger, cancel);
    }

    /// <summary>The outputs that thefts took, as the command line names them.</summary>
    internal static string[] Outpoints(IEnumerable<CaseTheft> thefts) =>
        [.. thefts.SelectMany(theft => theft.Seeds).Select(seed => FormattableString.Invariant($"{seed.TxId}:{seed.Vout}"))];

    /// <summary>All that a case's thefts took, in the ledger's numbers; each output that the ledger holds.</summary>
    internal static List<StolenOutput> Stolen(BitcoinLedger ledger, CaseDocument document)
    {
        if (document.Head.Chain != ledger.Network.ChainId) throw new UsageException($"The case plays on {PlainText.Of(document.Head.Network)}; the ledger is of {ledger.Network.Name}.");
        return [.. document.Thefts.SelectMany(theft => theft.Seeds).Select(seed => new StolenOutput(
            ledger.Graph.FirstOutput[ledger.FindTransaction(Hash256.Parse(seed.TxId))] + seed.Vout, seed.Stolen))];
    }

    /// <summary>Where the raw transactions come from.</summary>
    internal static BlockBytes Source(string? blocks, NodeAccess? node, BitcoinLedger ledger, ProgressLine progress, CancellationToken cancel) =>
        node is not null ? BlockBytes.FromNode(node) : BlockBytes.FromFiles(blocks!, ledger.Network, share => progress.Show("finding blocks", share, "reading headers"), cancel);

    /// <summary>Makes the pack and checks it as a stranger would: one that does not hold is not written.</summary>
    internal static (byte[] Pack, CaseVerdict Verdict) Pack(CaseDocument document, BitcoinLedger ledger, BlockBytes source, CaseTags tags, ProgressLine progress, CancellationToken cancel)
    {
        if (document.Head.Chain != ledger.Network.ChainId) throw new IntelException($"The case plays on {PlainText.Of(document.Head.Network)}; the ledger '{ledger.Folder}' is of {ledger.Network.Name}.");
        var reports = new List<TraceReport>();
        foreach (var trace in document.StandingTraces())
        {
            progress.Show("tracing", 0, PlainText.Of(trace.Theft));
            var theft = document.Thefts.FirstOrDefault(theft => theft.Name == trace.Theft) ?? throw new IntelException($"A trace speaks of the theft '{PlainText.Of(trace.Theft)}', which the case does not hold.");
            var report = Trace(ledger, theft, trace.Question, tags, cancel);
            if (TraceJson.Digest(report) is var digest && digest != trace.Digest)
                throw new IntelException(ledger.TipHash.ToString() == trace.TipHash
                    ? $"The trace of '{PlainText.Of(trace.Theft)}' gives another result today ({digest}) than the case holds ({trace.Digest}): the tags or the program have changed. Add it anew: haetae case add FILE trace."
                    : $"The ledger's tip is at height {ledger.TipHeight} now, and the trace of '{PlainText.Of(trace.Theft)}' was made at {trace.TipHeight}. Add it anew: haetae case add FILE trace, with the same options; the new one then stands in its place.");
            reports.Add(report);
        }

        if (reports.Count == 0) throw new UsageException("The case holds no trace, so there is nothing to prove. Add one: haetae case add FILE trace.");
        var pack = new CasePacker(ledger, source, (stage, share) => progress.Show(stage, share, ""), cancel).Pack(document, reports);
        var verdict = CaseVerifier.Verify(pack, (stage, share) => progress.Show(stage, share, ""), cancel);
        return verdict.Holds ? (pack, verdict) : throw new IntelException($"The pack does not hold when it is checked, so it was not written: {verdict.Faults[0]}. 'haetae ledger verify' tells whether the ledger is damaged.");
    }
}

/// <summary>What the home's tags say of a ledger's addresses, loaded once for each day that is asked for.</summary>
/// <param name="parsed">Names the home.</param>
internal sealed class CaseTags(ParseResult parsed) : IDisposable
{
    private readonly Dictionary<DateOnly, EntityBook?> _books = [];

    internal EntityBook? Of(BitcoinLedger ledger, DateOnly? asOf, CancellationToken cancel)
    {
        var day = asOf ?? DateOnly.MaxValue; // stands for: all that stand
        if (!_books.TryGetValue(day, out var book)) _books.Add(day, book = StopOptions.Entities(parsed, ledger, asOf, cancel));
        return book;
    }

    public void Dispose()
    {
        foreach (var book in _books.Values) book?.Dispose();
    }
}
