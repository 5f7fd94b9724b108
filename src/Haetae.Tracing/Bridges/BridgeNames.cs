using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Bridges;

/// <summary>Addresses that an analyst names as a bridge's: routers of a new version, vaults of the day.</summary>
public sealed class BridgeNames
{
    private readonly HashSet<(string Protocol, string Chain, string Address)> _named = [];

    /// <summary>Names nobody.</summary>
    public static BridgeNames None { get; } = new();

    /// <summary>Every address that is named, in the order of protocol, chain, address.</summary>
    public IEnumerable<(string Protocol, string Chain, string Address)> All => _named.Order();

    /// <summary>Says that an address belongs to a bridge.</summary>
    /// <param name="protocol">As <see cref="BridgeProtocol.Name"/>.</param>
    /// <param name="chain">CAIP-2.</param>
    public void Add(string protocol, string chain, string address) => _named.Add((protocol, Family(chain), Plain(address)));

    public bool Has(string protocol, string chain, string? address) => address is not null && _named.Contains((protocol, Family(chain), Plain(address)));

    /// <summary>The addresses named for a bridge on a chain, in order.</summary>
    public IEnumerable<string> Of(string protocol, string chain) => _named.Where(one => one.Protocol == protocol && one.Chain == Family(chain)).Select(one => one.Address).Order(StringComparer.Ordinal);

    /// <summary>An address as texts of addresses compare: an account's in lower-case hexadecimal, any other as it is.</summary>
    public static string Plain(string address) => AccountAddress.TryParse(address, out var account, out _) ? account.ToString() : address;

    private static string Family(string chain) => chain.StartsWith("bip122:", StringComparison.Ordinal) ? "bip122" : chain;
}
