using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Ledger.Explorers;

namespace Haetae.Intel.Cases;

/// <summary>What can be checked of a case from its file, without a pack of proofs: nothing is called wrong for not being there.</summary>
/// <param name="Digest">The case's own; null where it could not be read.</param>
/// <param name="Held">What was checked and holds, a sentence each.</param>
/// <param name="Faults">What contradicts, the first first.</param>
/// <param name="NotChecked">What the file does not carry, and what nobody could check from a file.</param>
public sealed record CaseCheck(string? Digest, IReadOnlyList<string> Held, IReadOnlyList<string> Faults, IReadOnlyList<string> NotChecked)
{
    private const string Lines = ".jsonl";

    public bool Holds => Faults.Count == 0;

    /// <summary>A file that is no case, or whose digest or history contradicts the rest.</summary>
    public static CaseCheck Unread(string fault) => new(null, [], [fault], []);

    /// <summary>The file of transactions that a note names, to be looked for beside the case; null: none is named.</summary>
    /// <returns>A bare name: no note leads to another folder.</returns>
    public static string? LinesNamedIn(CaseDocument document) => document.Notes
        .SelectMany(note => note.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .Select(word => word.Trim('.', ',', ';', ':', '(', ')', '"', '\''))
        .Where(word => word.EndsWith(Lines, StringComparison.Ordinal) && !word.Contains('\0', StringComparison.Ordinal))
        .Select(word => word[(word.LastIndexOfAny(['/', '\\']) + 1)..])
        .FirstOrDefault(name => name.Length > Lines.Length);

    /// <summary>Checks a case that was read: its form, digest and history hold already.</summary>
    /// <param name="lines">The file that a note names; null: it is not there.</param>
    public static CaseCheck Of(CaseDocument document, string digest, byte[]? lines, CancellationToken cancel = default)
    {
        List<string> held = ["its form, and the digest of it", FormattableString.Invariant($"its history: {document.History.Count} entries, each with the hash of the one before and of what was added")];
        var (faults, open) = (new List<string>(), new List<string>());
        if (document.Tags.Count > 0) held.Add(FormattableString.Invariant($"the digest of its {document.Tags.Count} tags"));
        if (document.Accounts is { } accounts) CheckRows(document, accounts, held, faults, open, cancel);
        else CheckOutputs(document, lines, held, faults, open);
        open.Add("What is stated and published: facts, links, labels, notes. Each names its source.");
        return new CaseCheck(digest, held, faults, open);
    }

    private static void CheckRows(CaseDocument document, AccountPart accounts, List<string> held, List<string> faults, List<string> open, CancellationToken cancel)
    {
        faults.AddRange(RowTraces.Check(document, cancel));
        held.Add(FormattableString.Invariant($"its {accounts.Traces.Count} traces, run again over its {accounts.Rows.Items.Count} rows: the same byte for byte"));
        open.Add("That the rows are those of the chain: they carry no proof. Whoever has a node can check each of them.");
        open.Add("That the rows are complete for the addresses followed.");
    }

    private static void CheckOutputs(CaseDocument document, byte[]? lines, List<string> held, List<string> faults, List<string> open)
    {
        var seeds = document.Thefts.SelectMany(theft => theft.Seeds).ToList();
        faults.AddRange(seeds.Where(seed => seed.Stolen > seed.Value).Select(seed => FormattableString.Invariant($"case.thefts: {seed.TxId}:{seed.Vout} is worth {seed.Value} satoshi, and {seed.Stolen} of it are said to be stolen")));
        faults.AddRange(seeds.GroupBy(seed => (seed.TxId, seed.Vout)).Where(group => group.Count() > 1).Select(group => FormattableString.Invariant($"case.thefts: {group.Key.TxId}:{group.Key.Vout} is stolen more than once")));
        if (seeds.Count > 0) held.Add(FormattableString.Invariant($"its {seeds.Count} stolen outputs: each once, none with more stolen than it is worth"));
        foreach (var trace in document.Traces)
        {
            var stolen = document.Thefts.FirstOrDefault(theft => theft.Name == trace.Theft)?.Seeds.Sum(seed => seed.Stolen);
            if (stolen is null) faults.Add($"case.traces: there is no theft '{trace.Theft}'");
            else faults.AddRange(trace.Books.Where(book => book.Stolen != stolen).Select(book => FormattableString.Invariant($"case.traces: the trace of '{trace.Theft}' by {book.Policy} begins with {book.Stolen} satoshi, and {stolen} were stolen")));
        }

        if (document.Traces.Count > 0) held.Add(FormattableString.Invariant($"what its {document.Traces.Count} traces begin with: the sum of what was stolen"));
        if (LinesNamedIn(document) is not { } name) open.Add("Its outputs against the chain: it carries no transactions.");
        else if (lines is null) open.Add($"Its outputs against the transactions in {name}, which a note names and which does not lie beside it.");
        else CheckLines(document, seeds, lines, name, held, faults, open);
        open.Add("That the chain holds the transactions: no block and no header is here. 'haetae case pack' puts them in, and runs the traces again.");
    }

    private static void CheckLines(CaseDocument document, IReadOnlyList<CaseSeed> seeds, byte[] lines, string name, List<string> held, List<string> faults, List<string> open)
    {
        IReadOnlyList<CaseTransaction> transactions;
        try
        {
            transactions = JsonLines.Read(lines, name);
        }
        catch (Exception wrong) when (wrong is LedgerException or InvalidDataException)
        {
            faults.Add(wrong.Message);
            return;
        }

        var check = new CarriedTransactions(document.Head.Network, name, transactions);
        var proven = transactions.Count(one => one.IsProven);
        faults.AddRange(check.Faults(seeds));
        held.Add(FormattableString.Invariant($"{name}, beside it: {transactions.Count} transactions, none twice; what one spends of another is worth what that one paid, no output is spent twice, none pays more than it spends"));
        if (seeds.Count > 0) held.Add(FormattableString.Invariant($"its {seeds.Count} stolen outputs against {name}: the same values, the same addresses"));
        if (proven > 0) held.Add(FormattableString.Invariant($"the ids of {proven} of the transactions, recomputed"));
        if (proven < transactions.Count) open.Add(FormattableString.Invariant($"The ids of {transactions.Count - proven} transactions in {name}: they are decoded, without what an id is the hash of."));
        if (check.Unvalued is > 0 and var unvalued) open.Add(FormattableString.Invariant($"The fees of {unvalued} transactions in {name}: the values of what they spend are not told."));
    }
}
