using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Chains;

/// <summary>What kind of thing an asset is.</summary>
public enum AssetKind : byte
{
    /// <summary>The chain's own coin.</summary>
    Native,

    /// <summary>A fungible token kept by a contract: ERC-20, TRC-20.</summary>
    Token,

    /// <summary>One thing of its kind: ERC-721. Amounts are 1.</summary>
    Unique,

    /// <summary>One kind of thing of many in a contract: ERC-1155.</summary>
    Multi,

    /// <summary>A token of TRON's own, by its number: TRC-10.</summary>
    Trc10,
}

/// <summary>An asset of a chain, named as CAIP-19: <c>eip155:1/slip44:60</c>, <c>eip155:1/erc20:0xdac1…</c>, <c>tron:0x2b6653dc/trc10:1002000</c>.</summary>
/// <param name="Chain">Where it lives.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Contract">The contract that keeps it; all zeros for the native coin and TRC-10.</param>
/// <param name="Id">The token's id in its contract (ERC-721, ERC-1155), or its number (TRC-10); 0 otherwise.</param>
public sealed record AssetName(ChainName Chain, AssetKind Kind, AccountAddress Contract, UInt256 Id)
{
    public static AssetName Native(ChainName chain) => new(chain, AssetKind.Native, default, default);

    public static AssetName Token(ChainName chain, AccountAddress contract) => new(chain, AssetKind.Token, contract, default);

    /// <summary>The name in files and messages; contract addresses in lower case, TRON's as Base58Check.</summary>
    public string Caip19 => Kind switch
    {
        AssetKind.Native => Chain.NativeAsset,
        AssetKind.Token => $"{Chain.Caip2}/{(IsTron ? "trc20" : "erc20")}:{ContractText}",
        AssetKind.Unique => $"{Chain.Caip2}/{(IsTron ? "trc721" : "erc721")}:{ContractText}/{Id}",
        AssetKind.Multi => $"{Chain.Caip2}/{(IsTron ? "trc1155" : "erc1155")}:{ContractText}/{Id}",
        AssetKind.Trc10 => $"{Chain.Caip2}/trc10:{Id}",
        _ => throw new InvalidOperationException($"{Kind} is no kind of asset."),
    };

    private bool IsTron => Chain.Family == ChainFamily.Tron;

    private string ContractText => IsTron ? Contract.ToTron() : Contract.ToString();

    /// <summary>Reads a CAIP-19 name, a chain's alias or native symbol (<c>eth</c>), or <c>CHAIN/0x…</c> for a token.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AssetName? asset)
    {
        asset = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            var whole = ChainName.TryParse(text, out var named) ? named : ChainName.Known.FirstOrDefault(known => string.Equals(known.Symbol, text, StringComparison.OrdinalIgnoreCase));
            if (whole is not null) asset = Native(whole);
            return asset is not null;
        }

        if (!ChainName.TryParse(text[..slash], out var chain)) return false;
        asset = Of(chain, text[(slash + 1)..]);
        return asset is not null;
    }

    /// <summary>Reads the part behind the chain: <c>erc20:0x…</c>, <c>slip44:60</c>, <c>trc10:1002000</c>, <c>erc721:0x…/7</c>, or a bare contract address.</summary>
    public static AssetName? Of(ChainName chain, string reference)
    {
        if (chain.TryReadAddress(reference, out var bare, out _)) return Token(chain, bare);
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return null;
        var (kind, rest) = (reference[..colon].ToLowerInvariant(), reference[(colon + 1)..]);
        if (kind == "slip44") return rest == (chain.Slip44?.ToString(CultureInfo.InvariantCulture) ?? "native") ? Native(chain) : null;
        if (kind == "trc10") return UInt256.TryParse(rest, out var number) ? new AssetName(chain, AssetKind.Trc10, default, number) : null;
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (!chain.TryReadAddress(slash < 0 ? rest : rest[..slash], out var contract, out _)) return null;
        UInt256 id = default;
        if (slash >= 0 && !UInt256.TryParse(rest.AsSpan(slash + 1), out id)) return null;
        return kind switch
        {
            "erc20" or "trc20" when slash < 0 => Token(chain, contract),
            "erc721" or "trc721" when slash >= 0 => new AssetName(chain, AssetKind.Unique, contract, id),
            "erc1155" or "trc1155" when slash >= 0 => new AssetName(chain, AssetKind.Multi, contract, id),
            _ => null,
        };
    }

    public override string ToString() => Caip19;
}
