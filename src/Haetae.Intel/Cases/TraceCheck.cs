using Haetae.Ledger;
using Haetae.Ledger.Proofs;
using Haetae.Tracing.Reports;

namespace Haetae.Intel.Cases;

/// <summary>Runs one trace of a pack again over the pack's transactions and compares all it claims.</summary>
/// <param name="trace">What the case says of it.</param>
internal sealed class TraceCheck(CaseDocument document, CaseTrace trace, IReadOnlyList<ProvenTransaction> transactions, ProvenChain chain)
{
    private StatedLedger? _stated;

    /// <param name="ledger">Made from the transactions on first use: all traces of a pack are of one ledger.</param>
    /// <returns>The result, recomputed.</returns>
    /// <exception cref="IntelException">The first claim that does not hold.</exception>
    internal TraceReport Run(ReadOnlyMemory<byte> section, ref ProvenLedger? ledger, CancellationToken cancel)
    {
        var claims = TraceClaims.Read(section.Span);
        _stated = claims.Stated;
        if (claims.Digest != trace.Digest) throw new IntelException($"its digest is {claims.Digest}; the case says {trace.Digest}");
        if ((claims.TipHash, claims.TipHeight) != (chain.TipHash.ToString(), chain.TipHeight))
            throw new IntelException($"it says that the ledger's tip was {claims.TipHash} at height {claims.TipHeight}; the headers end with {chain.TipHash} at height {chain.TipHeight}");
        ledger ??= ProvenLedger.Of(chain, transactions, claims.Stated, out var wrong) ?? throw new IntelException(wrong!);
        if ((ledger.FirstHeight, ledger.Counts.UnknownInputs, ledger.Counts.WeakWorkBlocks) != (claims.Stated.FirstHeight, claims.Stated.UnknownInputs, claims.Stated.WeakWorkBlocks))
            throw new IntelException("it says other things of the ledger than the first trace does");
        CheckSeeds(claims);
        var stops = claims.Stops(ledger);
        var report = new ReportBuilder(ledger, stops).Build(claims.Query(ledger, stops), claims.Policies(), claims.Parameters, claims.Tags, cancel: cancel);
        if (!IsSame(section, report))
            throw new IntelException(claims.FirstDifference(report) ?? "its bytes are not the canonical JSON of what it says");
        CheckUnknown(report);
        CheckCase(report);
        ledger.KeepAlive();
        return report;
    }

    private static bool IsSame(ReadOnlyMemory<byte> section, TraceReport report)
    {
        using var stream = new MemoryStream(section.Length);
        TraceJson.Write(report, stream);
        return stream.GetBuffer().AsSpan(0, (int)stream.Length).SequenceEqual(section.Span);
    }

    private void CheckSeeds(TraceClaims claims)
    {
        var theft = document.Thefts.FirstOrDefault(theft => theft.Name == trace.Theft) ?? throw new IntelException($"the case has no theft '{trace.Theft}'");
        var pinned = theft.Seeds.Select(seed => (seed.TxId, seed.Vout, seed.Stolen)).Order();
        if (!pinned.SequenceEqual(claims.Seeds().Select(seed => (seed.TxId.ToString(), seed.Vout, seed.Stolen)).Order()))
            throw new IntelException($"it starts from other outputs than the case says were stolen in '{trace.Theft}'");
    }

    /// <summary>A ledger that begins with the chain knows every value: there, a parent that is missing was left out.</summary>
    private void CheckUnknown(TraceReport report)
    {
        if (_stated!.Value.FirstHeight > 0) return;
        if (report.Results.SelectMany(result => result.Ends).FirstOrDefault(end => end.Reason == "unknown-value") is { } end)
            throw new IntelException($"{end.TxId}:{end.Vout} ends at an unknown value in {end.SpentBy}, and the ledger begins with the chain's first block: the transactions that made its inputs were left out");
    }

    private void CheckCase(TraceReport report)
    {
        var (tx, books) = (CaseTraces.TransactionsOf(report), CaseTraces.BooksOf(report));
        if (!books.SequenceEqual(trace.Books)) throw new IntelException($"the case gives other sums for it: {Named(trace.Books.Except(books))}; recomputed: {Named(books.Except(trace.Books))}");
        if (!tx.SequenceEqual(trace.Transactions)) throw new IntelException("the case names other transactions than it rests on");
        if (!trace.Question.IsSameAs(CaseTraces.QuestionOf(report, trace.Question.TagsAsOf))) throw new IntelException("the case gives another question than it answers");
        if ((trace.TipHash, trace.TipHeight) != (report.Ledger.TipHash, report.Ledger.TipHeight)) throw new IntelException("the case gives another tip than it was made at");

        var tags = document.Tags.ToHashSet();
        if (CaseTraces.TagsOf(report).FirstOrDefault(tag => !tags.Contains(tag)) is { } unsaid)
            throw new IntelException($"it says that {unsaid.Subject} is of {unsaid.Label}, and no tag in the case says so");

        static string Named(IEnumerable<CaseBooks> books) => string.Join("; ", books.Select(book =>
            FormattableString.Invariant($"{book.Policy} held {book.Held}, parked {book.Parked}, fees {book.Fees}, cut {book.Cut}, stolen {book.Stolen}")));
    }
}
