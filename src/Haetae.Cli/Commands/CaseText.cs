using Haetae.Intel.Cases;
using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>A case for people. Texts are strangers' words as soon as a case has left the house: none reaches the terminal unwashed.</summary>
internal static class CaseText
{
    internal static void Print(CaseDocument document, TextWriter output)
    {
        output.WriteLine($"{Plain(document.Head.Title)}   {document.Head.Marking}   {Chain(document.Head)}");
        foreach (var theft in document.Thefts)
        {
            output.WriteLine();
            output.WriteLine($"Stolen, {Plain(theft.Name)}: {Amounts.Btc(theft.Seeds.Sum(seed => seed.Stolen))} in {Amounts.Count(theft.Seeds.Count, "output", "outputs")}");
            foreach (var seed in theft.Seeds)
                output.WriteLine($"{Amounts.Fixed(seed.Stolen),19} BTC  block {Amounts.Count(seed.Height)}  {seed.TxId}:{seed.Vout}{(seed.Stolen < seed.Value ? $" (the first part of {Amounts.Btc(seed.Value)})" : "")}");
        }

        Part("Facts", document.Facts, fact => $"{Plain(fact.Name)}: {Plain(fact.Value)}   [{fact.Status}; {Plain(fact.Source)}]");
        Part("Links (evidence, not fact)", document.Links, link => $"{Plain(link.From)} -> {Plain(link.To)}   [{Plain(link.Method)}{(link.Probability is null ? "" : $", probability {Plain(link.Probability)}")}] {Plain(link.Evidence)}");
        Part("Tags", document.Tags, tag => $"{Plain(tag.Subject)}: {Plain(tag.Label)}{(tag.Category is null ? "" : $" ({Plain(tag.Category)})")}{(tag.Via == "cluster" ? ", by its cluster" : "")}   [{Plain(tag.Source)}]");
        Part("Notes", document.Notes, note => Plain(note.Text));
        foreach (var trace in document.Traces) Print(document, trace, output);
        if (document.Accounts is { } accounts) Print(accounts, output);
        Part("History", document.History, entry => $"{Plain(entry.At)}  {entry.Kind,-6} {Plain(entry.By)}");

        void Part<T>(string name, IReadOnlyList<T> items, Func<T, string> line)
        {
            if (items.Count == 0) return;
            output.WriteLine();
            output.WriteLine(name);
            foreach (var item in items) output.WriteLine("  " + line(item));
        }
    }

    private static void Print(AccountPart accounts, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"Rows: {Amounts.Count(accounts.Rows.Items.Count)} from {Plain(accounts.Rows.Source)} ({Plain(accounts.Rows.Licence)})");
        output.WriteLine($"  {Plain(accounts.Rows.What)}; SHA-256 of the file {accounts.Rows.Sha256}");
        foreach (var stated in accounts.Stated)
            output.WriteLine($"  stated beside them: {stated.Amount} base units of {Plain(stated.Asset)} to {Plain(stated.To)}, in {stated.TxId}   [{stated.Status}; {Plain(stated.Source)}]");
        output.WriteLine($"  followed: {string.Join(", ", accounts.Followed.Select(Plain))}");
        foreach (var theft in accounts.Thefts)
            output.WriteLine($"Stolen, {Plain(theft.Name)}: {Plain(theft.Title)}: {theft.Seeds.Aggregate(UInt256.Zero, (sum, seed) => sum + seed.Stolen)} base units in {Amounts.Count(theft.Seeds.Count, "transfer", "transfers")}");
        foreach (var trace in accounts.Traces) output.WriteLine($"Trace of {Plain(trace.Theft)}: digest {trace.Digest}");
    }

    private static void Print(CaseDocument document, CaseTrace trace, TextWriter output)
    {
        output.WriteLine();
        var question = trace.Question;
        var until = question.UntilHeight is { } height ? $", until block {Amounts.Count(height)}" : "";
        output.WriteLine($"Trace of {Plain(trace.Theft)}, at block {Amounts.Count(trace.TipHeight)}{until}{(document.StandingTraces().Contains(trace) ? "" : "   (a later one stands)")}");
        output.WriteLine($"  stops: {(question.Stops.Count == 0 ? "none" : string.Join(", ", question.Stops.Select(Plain)))}{(question.Through.Count == 0 ? "" : $"; through {string.Join(", ", question.Through.Select(Plain))}")}; rests on {Amounts.Count(trace.Transactions.Count, "transaction", "transactions")}; made by {Plain(trace.Engine)}");
        output.WriteLine($"  digest {trace.Digest}");
        output.WriteLine($"  {"BTC",-12} {"held",18} {"parked",18} {"fees",18} {"cut",18}");
        foreach (var books in trace.Books)
            output.WriteLine($"  {Plain(books.Policy),-12} {Amounts.Fixed(books.Held),18} {Amounts.Fixed(books.Parked),18} {Amounts.Fixed(books.Fees),18} {Amounts.Fixed(books.Cut),18}");
    }

    /// <summary>Only Bitcoin's chains are told apart by the names of networks.</summary>
    private static string Chain(CaseHead head) =>
        ChainName.TryParse(head.Chain, out var known) && known.Family != ChainFamily.Bitcoin ? known.Title : $"Bitcoin {Plain(head.Network)}";

    private static string Plain(string text) => PlainText.Of(text);
}
