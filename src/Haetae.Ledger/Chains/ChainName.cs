using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Chains;

/// <summary>How a chain keeps its money, which decides how it is stored and followed.</summary>
public enum ChainFamily
{
    /// <summary>Outputs made and spent: Bitcoin and its kin.</summary>
    Bitcoin,

    /// <summary>Accounts with balances, run by the Ethereum virtual machine.</summary>
    Evm,

    /// <summary>Accounts with balances, written in Base58Check: TRON.</summary>
    Tron,
}

/// <summary>A chain by its CAIP-2 name, e.g. <c>eip155:1</c>, with the words that people use for it.</summary>
/// <remarks>Sources: CAIP-2; the namespaces eip155, bip122 and tron of the Chain Agnostic Improvement Proposals; SLIP-44 for coin numbers.</remarks>
public sealed record ChainName
{
    private ChainName(ChainFamily family, string caip2, string? alias, string symbol, int decimals, int? slip44, string? title) =>
        (Family, Caip2, Alias, Symbol, Decimals, Slip44, Title) = (family, caip2, alias, symbol, decimals, slip44, title ?? caip2);

    public ChainFamily Family { get; }

    /// <summary>The name in files and messages, e.g. <c>eip155:1</c>.</summary>
    public string Caip2 { get; }

    /// <summary>The short word on the command line, e.g. <c>eth</c>; null: it has none.</summary>
    public string? Alias { get; }

    /// <summary>The native coin's symbol; <c>native</c> where it is not known.</summary>
    public string Symbol { get; }

    /// <summary>Decimal places of the native coin: 18 on every EVM chain, 6 on TRON, 8 on Bitcoin.</summary>
    public int Decimals { get; }

    /// <summary>The native coin's number in SLIP-44; null where none is known.</summary>
    public int? Slip44 { get; }

    /// <summary>The name in sentences.</summary>
    public string Title { get; }

    public static ChainName Bitcoin { get; } = new(ChainFamily.Bitcoin, "bip122:000000000019d6689c085ae165831e93", "btc", "BTC", 8, 0, "Bitcoin");

    public static ChainName Ethereum { get; } = new(ChainFamily.Evm, "eip155:1", "eth", "ETH", 18, 60, "Ethereum");

    public static ChainName Tron { get; } = new(ChainFamily.Tron, "tron:0x2b6653dc", "trx", "TRX", 6, 195, "TRON");

    /// <summary>The chains with a word of their own; any other EVM chain goes by its number.</summary>
    public static IReadOnlyList<ChainName> Known { get; } =
    [
        Bitcoin, Ethereum, Tron,
        new(ChainFamily.Evm, "eip155:10", "optimism", "ETH", 18, 60, "Optimism"),
        new(ChainFamily.Evm, "eip155:56", "bsc", "BNB", 18, 714, "BNB Smart Chain"),
        new(ChainFamily.Evm, "eip155:100", "gnosis", "xDAI", 18, 700, "Gnosis Chain"),
        new(ChainFamily.Evm, "eip155:137", "polygon", "POL", 18, 966, "Polygon"),
        new(ChainFamily.Evm, "eip155:2020", "ronin", "RON", 18, null, "Ronin"),
        new(ChainFamily.Evm, "eip155:8453", "base", "ETH", 18, 60, "Base"),
        new(ChainFamily.Evm, "eip155:42161", "arbitrum", "ETH", 18, 60, "Arbitrum One"),
        new(ChainFamily.Evm, "eip155:43114", "avalanche", "AVAX", 18, 9000, "Avalanche C-Chain"),
    ];

    /// <summary>An EVM chain by its number (EIP-155): 1 or more; 0 stands there for transactions of any chain.</summary>
    public static ChainName Evm(ulong number)
    {
        ArgumentOutOfRangeException.ThrowIfZero(number);
        var name = "eip155:" + number.ToString(CultureInfo.InvariantCulture);
        return Known.FirstOrDefault(chain => chain.Caip2 == name) ?? new ChainName(ChainFamily.Evm, name, null, "native", 18, null, $"EVM chain {number}");
    }

    /// <summary>Reads an alias (<c>eth</c>), a title (<c>tron</c>) or a CAIP-2 name (<c>eip155:56</c>), in any case.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ChainName? chain)
    {
        chain = Known.FirstOrDefault(known => string.Equals(known.Alias, text, StringComparison.OrdinalIgnoreCase) || string.Equals(known.Caip2, text, StringComparison.OrdinalIgnoreCase) || string.Equals(known.Title, text, StringComparison.OrdinalIgnoreCase));
        const string evm = "eip155:";
        if (chain is null && text.StartsWith(evm, StringComparison.OrdinalIgnoreCase) && ulong.TryParse(text.AsSpan(evm.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) chain = Evm(number);
        return chain is not null;
    }

    /// <summary>An account's address as people of this chain write it: EIP-55 or Base58Check.</summary>
    public string Show(AccountAddress address) => Family == ChainFamily.Tron ? address.ToTron() : address.ToEip55();

    /// <summary>Reads an address as people of this chain write it. TRON's forms (T.., or 41 and 40 digits) are refused on other chains, where they come of a mistake;
    /// 0x and 40 digits are read on TRON too, as its virtual machine writes them.</summary>
    /// <param name="error">On false, why.</param>
    public bool TryReadAddress(ReadOnlySpan<char> text, out AccountAddress address, out string error)
    {
        if (!AccountAddress.TryParse(text, out address, out error)) return false;
        var bare = text.Trim();
        var isTron = bare[0] == 'T' || (bare.Length == 2 * (AccountAddress.Size + 1) && bare[1] is not ('x' or 'X'));
        if (Family == ChainFamily.Tron || !isTron) return true;
        error = $"it is an address of TRON, and this is {Title}: if the rows are TRON's, say --chain {Tron.Alias}";
        return false;
    }

    /// <summary>The native coin's CAIP-19 name: the coin number of SLIP-44 where there is one.</summary>
    public string NativeAsset => Caip2 + "/slip44:" + (Slip44?.ToString(CultureInfo.InvariantCulture) ?? "native");

    public override string ToString() => Caip2;
}
