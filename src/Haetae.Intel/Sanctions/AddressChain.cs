using Haetae.Ledger.Bitcoin;

namespace Haetae.Intel.Sanctions;

/// <summary>The chain that an address itself tells. Lists name an asset, and a token lives on many chains.</summary>
public static class AddressChain
{
    /// <returns><c>evm</c> (the same key holds on every EVM chain), <c>btc</c>, <c>trx</c>, or null where the form does not tell.</returns>
    public static string? Of(string address)
    {
        if (address.Length == 42 && address.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return address.AsSpan(2).ContainsAnyExcept("0123456789abcdefABCDEF") ? null : "evm";
        if (address.Length > Longest) return null;
        if (Address.TryParse(address, BitcoinNetwork.Mainnet, out _, out _)) return "btc";
        Span<byte> payload = stackalloc byte[Base58Check.MaximumPayload];
        return Base58Check.TryDecode(address, payload, out var length, out _) && length == 21 && payload[0] == TronVersion ? "trx" : null;
    }

    private const int Longest = 128;
    private const byte TronVersion = 0x41; // TRON's address form: 0x41 and 20 bytes of Keccak, under Base58Check
}
