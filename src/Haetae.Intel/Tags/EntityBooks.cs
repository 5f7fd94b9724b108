using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing.Stops;

namespace Haetae.Intel.Tags;

/// <summary>Puts what a store knows of a ledger's addresses into the book that traces read.</summary>
public static class EntityBooks
{
    private const int Batch = 4096;

    /// <summary>Only addresses that the ledger pays are taken; so the answer depends on the store, the ledger and the day alone.</summary>
    /// <param name="asOf">Tags known by this day; null: all that stand.</param>
    public static EntityBook Load(ITagStore store, ILedgerView ledger, DateOnly? asOf, CancellationToken cancel = default)
    {
        var book = new EntityBook(ledger);
        foreach (var subjects in store.Subjects().Chunk(16 * Batch))
        {
            cancel.ThrowIfCancellationRequested();
            var parsed = subjects.AsParallel().AsOrdered().Select(subject => (Subject: subject, Script: ScriptOf(subject, ledger.Network))).Where(one => one.Script.Length > 0).ToArray();
            var isPaid = Paid(ledger, Array.ConvertAll(parsed, one => one.Script));
            foreach (var here in parsed.Where((_, i) => isPaid[i]).Chunk(Batch))
            {
                var said = Attributions.Of(store, Array.ConvertAll(here, one => one.Subject), asOf);
                for (var i = 0; i < here.Length; i++)
                    if (said[i] is { } attribution) book.Add(here[i].Script, Entity(attribution));
            }
        }

        return book;
    }

    private static bool[] Paid(ILedgerView view, byte[][] scripts)
    {
        if (view is not BitcoinLedger ledger) return Array.ConvertAll(scripts, script => view.FindOutputs(script).Count > 0);
        var balances = new ScriptBalance[scripts.Length];
        ledger.FindBalances(scripts, balances);
        return Array.ConvertAll(balances, balance => balance.Outputs > 0);
    }

    private static byte[] ScriptOf(string subject, BitcoinNetwork network) => Address.BeginsLikeOne(subject, network) && Address.TryParse(subject, network, out var script, out _) ? script : [];

    internal static Entity Entity(Attribution said) => new(said.ActorLabel ?? said.Label, said.Confidence, said.ConfidenceLevel, said.Source)
    {
        Actor = said.Actor,
        Category = said.Category is { } category ? ServiceCategories.ConceptOf(category) : null,
        IsService = said.IsService,
        IsDisputed = said.Disputed,
        Sanctions = said.Sanctioned,
    };
}
