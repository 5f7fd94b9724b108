using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Stops;

namespace Haetae.Tracing.Accounts;

/// <summary>Who is said to be behind the accounts of a ledger.</summary>
public sealed class AccountNames(IAccountView view)
{
    private readonly SortedDictionary<uint, Entity> _byAccount = [];

    /// <summary>Accounts with a name.</summary>
    public int Count => _byAccount.Count;

    /// <summary>Names an account, instead of what it was called before; an address that the ledger never met is left out.</summary>
    public void Add(AccountAddress address, Entity entity)
    {
        if (view.FindAccount(address) is { } account) _byAccount[account] = entity;
    }

    /// <summary>Who is said to be behind an account; null: nothing is said.</summary>
    public Entity? Of(uint account) => _byAccount.GetValueOrDefault(account);

    /// <summary>Whether some account goes by this name or actor.</summary>
    public bool Knows(string name) => _byAccount.Values.Any(entity => entity.Name == name || entity.Key == name);

    /// <summary>SHA-256 of all that is said, in the order of addresses: the same digest, the same names.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (address, said) in _byAccount.Select(one => (Address: view.AddressOf(one.Key), one.Value)).OrderBy(one => one.Address))
        {
            string?[] cells =
            [
                address.ToString(), said.Name, said.Actor, said.Category, said.Confidence, said.ConfidenceLevel?.ToString(CultureInfo.InvariantCulture),
                said.Source, said.IsService ? "service" : "", said.IsDisputed ? "disputed" : "", said.Sanctions,
            ];
            // Lengths before the cells: no text can pretend to be two.
            foreach (var cell in cells) hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{cell?.Length ?? -1}:{cell}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

/// <summary>The stops of an account ledger: services, mixers and bridges by tag, less what the analyst follows through.</summary>
public sealed class NamedStops(IAccountView view, AccountNames names, IReadOnlySet<uint> through, IReadOnlySet<string> throughNames) : IAccountStops
{
    public AccountEndReason? At(long transfer) => ServiceOf(view.Graph.To[transfer]) switch
    {
        null => null,
        { Category: "mixing_service" } => AccountEndReason.Mixer,
        { Category: "defi_bridge" } => AccountEndReason.Bridge,
        _ => AccountEndReason.Service,
    };

    /// <summary>The service behind an account that taint stops at; null: none.</summary>
    public Entity? ServiceOf(uint account)
    {
        if (account == AccountGraph.Nobody || through.Contains(account) || names.Of(account) is not { IsService: true } entity) return null;
        return throughNames.Contains(entity.Name) || throughNames.Contains(entity.Key) ? null : entity;
    }
}
