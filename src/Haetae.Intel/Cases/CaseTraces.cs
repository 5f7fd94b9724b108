using System.Globalization;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Intel.Cases;

/// <summary>What a case keeps of a trace.</summary>
public static class CaseTraces
{
    /// <param name="engine">The program and its version.</param>
    /// <param name="tagsAsOf">The day whose tags were asked for; null: all that stand.</param>
    public static CaseTrace Of(string theft, TraceReport report, string engine, string? tagsAsOf = null) => new(
        theft, TraceJson.Digest(report), engine, QuestionOf(report, tagsAsOf), report.Ledger.TipHeight, report.Ledger.TipHash, BooksOf(report), TransactionsOf(report));

    /// <summary>The transactions that made the stolen outputs, then all that were followed, each once, in the order they are met.</summary>
    internal static IReadOnlyList<string> TransactionsOf(TraceReport report) =>
        [.. report.Seeds.Select(seed => seed.TxId).Concat(report.Results.SelectMany(result => result.Spends).Select(spend => spend.SpentBy)).Distinct(StringComparer.Ordinal)];

    /// <summary>Whom the trace says its ends to belong to: the tags it rests on.</summary>
    public static IReadOnlyList<CaseTag> TagsOf(TraceReport report) => [.. report.Results
        .SelectMany(result => result.Ends)
        .Where(end => end.Entity is not null)
        .Select(end => new CaseTag(
            end.Address ?? end.ScriptHex!, end.Entity!.Name, end.Entity.Source, end.Entity.Actor, end.Entity.Category, end.Entity.Confidence, null, null,
            end.Entity.Via == EntityVia.Cluster ? "cluster" : "address"))
        .Distinct()];

    internal static IReadOnlyList<CaseBooks> BooksOf(TraceReport report) => [.. report.Results.Select(result =>
        new CaseBooks(result.Policy, result.Books.Held, result.Books.Parked, result.Books.Fees, result.Books.Cut, result.Books.Stolen))];

    /// <param name="tagsAsOf">Taken where the report went by no tags: then it does not say of which day they were none.</param>
    internal static CaseQuestion QuestionOf(TraceReport report, string? tagsAsOf)
    {
        var asked = report.Parameters;
        return new CaseQuestion(
            asked.Policies, asked.FeeRule, asked.UntilHeight, asked.MinValue, asked.MaxTransactions, asked.Stops, asked.Through,
            report.Tags is { } tags ? tags.AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : tagsAsOf, asked.Bounds ?? 0);
    }
}
