using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Explorers;

/// <summary>What a server's answers say against each other. It costs the addresses whose lists tell of it their completeness, not the ledger its other rows.</summary>
/// <remarks>Who of two is right nothing here can tell: every address whose lists hold a row of the transaction loses its coverage, also those whose rows stand.</remarks>
internal sealed class Contradictions
{
    private readonly Dictionary<Hash256, SortedSet<AccountAddress>> _tellers = [];
    private readonly Dictionary<AccountAddress, string> _ofAddress = [];
    private readonly List<string> _all = [];

    /// <summary>Each, in the order in which they were met.</summary>
    internal IReadOnlyList<string> All => _all;

    /// <summary>Notes that an address's lists tell of a transaction.</summary>
    internal void Tells(AccountAddress address, Hash256 transaction)
    {
        if (!_tellers.TryGetValue(transaction, out var tellers)) _tellers.Add(transaction, tellers = []);
        tellers.Add(address);
    }

    /// <param name="what">A sentence without its end.</param>
    internal void Add(Hash256 transaction, string what)
    {
        _all.Add($"The answers contradict each other: {what}. What contradicts is left out (--refresh asks anew).");
        if (!_tellers.TryGetValue(transaction, out var tellers)) return;
        foreach (var address in tellers) _ofAddress.TryAdd(address, $"the answers contradict each other: {what} (--refresh asks again)");
    }

    /// <summary>What an address's coverage is short of; null: nothing of its lists contradicts.</summary>
    internal string? Of(AccountAddress address) => _ofAddress.GetValueOrDefault(address);
}
