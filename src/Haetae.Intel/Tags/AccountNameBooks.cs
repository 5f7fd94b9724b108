using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Stops;

namespace Haetae.Intel.Tags;

/// <summary>Puts what a store knows of an account ledger's addresses into the names that traces read.</summary>
public static class AccountNameBooks
{
    private const int Batch = 4096;

    /// <summary>Only addresses that the ledger met are taken; so the answer depends on the store, the ledger and the day alone.</summary>
    /// <param name="asOf">Tags known by this day; null: all that stand.</param>
    public static AccountNames Load(ITagStore store, IAccountView view, DateOnly? asOf, CancellationToken cancel = default)
    {
        var names = new AccountNames(view);
        foreach (var subjects in store.Subjects().Chunk(Batch))
        {
            cancel.ThrowIfCancellationRequested();
            var here = subjects.Where(subject => LooksLikeOne(subject, view.Chain)).Select(subject => (Subject: subject, IsRead: AccountAddress.TryParse(subject, out var address, out _), Address: address))
                .Where(one => one.IsRead && view.FindAccount(one.Address) is not null).ToArray();
            if (here.Length == 0) continue;
            var said = Attributions.Of(store, Array.ConvertAll(here, one => one.Subject), asOf);
            for (var i = 0; i < here.Length; i++)
                if (said[i] is { } attribution) names.Add(here[i].Address, EntityBooks.Entity(attribution));
        }

        return names;
    }

    // The same 20 bytes are another's on another chain family: a TRON address says nothing of an EVM one.
    private static bool LooksLikeOne(string subject, ChainName chain) =>
        chain.Family == ChainFamily.Tron ? subject.StartsWith('T') : subject.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
}
