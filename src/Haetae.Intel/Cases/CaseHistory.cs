using System.Text.Json.Nodes;
using Haetae.Intel.Cases.Accounts;

namespace Haetae.Intel.Cases;

/// <summary>The only way things come into a case: each with an entry that says when and by whom, chained by hashes to the one before.</summary>
/// <remarks>
/// The chain shows that an entry was taken out, changed or put between; it cannot show that all of it was written anew. For that, keep the
/// digest of the case or pack somewhere else.
/// </remarks>
public static class CaseHistory
{
    private const string None = "0000000000000000000000000000000000000000000000000000000000000000";

    internal static IReadOnlyList<string> Kinds { get; } = ["case", "theft", "fact", "link", "tag", "note", "trace", "accounts"];

    /// <summary>Begins a case.</summary>
    public static CaseDocument New(CaseHead head, string by, string at) => Noted(new CaseDocument { Head = head }, "case", CaseJson.Of(head), by, at);

    public static CaseDocument Add(CaseDocument to, CaseTheft theft, string by, string at) => Noted(to with { Thefts = [.. to.Thefts, theft] }, "theft", CaseJson.Of(theft), by, at);

    public static CaseDocument Add(CaseDocument to, CaseFact fact, string by, string at) => Noted(to with { Facts = [.. to.Facts, fact] }, "fact", CaseJson.Of(fact), by, at);

    public static CaseDocument Add(CaseDocument to, CaseLink link, string by, string at) => Noted(to with { Links = [.. to.Links, link] }, "link", CaseJson.Of(link), by, at);

    public static CaseDocument Add(CaseDocument to, CaseTag tag, string by, string at) => Noted(to with { Tags = [.. to.Tags, tag] }, "tag", CaseJson.Of(tag), by, at);

    public static CaseDocument Add(CaseDocument to, CaseNote note, string by, string at) => Noted(to with { Notes = [.. to.Notes, note] }, "note", CaseJson.Of(note), by, at);

    public static CaseDocument Add(CaseDocument to, CaseTrace trace, string by, string at) => Noted(to with { Traces = [.. to.Traces, trace] }, "trace", CaseJson.Of(trace), by, at);

    /// <summary>Puts in what a case on an account chain rests on, once.</summary>
    public static CaseDocument Add(CaseDocument to, AccountPart accounts, string by, string at) =>
        to.Accounts is null ? Noted(to with { Accounts = accounts }, "accounts", AccountPartJson.Of(accounts), by, at) : throw new InvalidOperationException("The case has its rows already.");

    private static CaseDocument Noted(CaseDocument document, string kind, JsonObject item, string by, string at)
    {
        var previous = document.History.Count == 0 ? None : CaseJson.DigestOf(CaseJson.Of(document.History[^1]));
        return document with { History = [.. document.History, new CaseEntry(at, by, kind, CaseJson.DigestOf(item), previous)] };
    }

    /// <summary>Whether each thing in the case is the one its entry speaks of, and each entry follows the one before.</summary>
    /// <exception cref="IntelException">Names the first that is not.</exception>
    internal static void Check(CaseDocument document)
    {
        var items = new Dictionary<string, Queue<(string Name, string Digest)>>(StringComparer.Ordinal)
        {
            ["case"] = new([("case.case", CaseJson.DigestOf(CaseJson.Of(document.Head)))]),
            ["theft"] = Queue("thefts", document.Thefts, CaseJson.Of),
            ["fact"] = Queue("facts", document.Facts, CaseJson.Of),
            ["link"] = Queue("links", document.Links, CaseJson.Of),
            ["tag"] = Queue("tags.items", document.Tags, CaseJson.Of),
            ["note"] = Queue("notes", document.Notes, CaseJson.Of),
            ["trace"] = Queue("traces", document.Traces, CaseJson.Of),
            ["accounts"] = Queue<AccountPart>("accounts", document.Accounts is { } accounts ? [accounts] : [], AccountPartJson.Of),
        };
        var previous = None;
        for (var i = 0; i < document.History.Count; i++)
        {
            var entry = document.History[i];
            if (entry.Previous != previous) throw new IntelException($"case.history[{i}].previous: it is not the digest of the entry before.");
            if (i == 0 != (entry.Kind == "case")) throw new IntelException($"case.history[{i}]: a history begins with the case, and the case begins once.");
            if (!items[entry.Kind].TryDequeue(out var item)) throw new IntelException($"case.history[{i}]: it speaks of a {entry.Kind} that the case does not hold.");
            if (item.Digest != entry.Item) throw new IntelException($"{item.Name}: it is not what history[{i}] says was added.");
            previous = CaseJson.DigestOf(CaseJson.Of(entry));
        }

        foreach (var rest in items.Values)
            if (rest.TryDequeue(out var item)) throw new IntelException($"{item.Name}: no entry of the history says who added it, and when.");
    }

    private static Queue<(string, string)> Queue<T>(string name, IReadOnlyList<T> items, Func<T, JsonObject> of) =>
        new(items.Select((item, i) => ($"case.{name}[{i}]", CaseJson.DigestOf(of(item)))));
}
