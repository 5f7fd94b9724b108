using Haetae.Ledger;
using Haetae.Ledger.Chains;

namespace Haetae.Tracing.Bridges;

/// <summary>A protocol's own numbers of chains.</summary>
/// <param name="numbers">CAIP-2 names by number; null: the numbers are those of EIP-155.</param>
public sealed class BridgeChains(IReadOnlyDictionary<ulong, string>? numbers)
{
    /// <summary>The chain of a number; <c>unknown:NUMBER</c> where the table has none, or EIP-155 knows none by it, which still ties two ends together.</summary>
    public string NameOf(UInt256 number)
    {
        if (number.IsNarrow && number.Lower <= ulong.MaxValue)
        {
            if (numbers is null && !number.IsZero) return ChainName.Evm((ulong)number.Lower).Caip2;
            if (numbers is not null && numbers.TryGetValue((ulong)number.Lower, out var name)) return name;
        }

        return $"unknown:{number}";
    }

    /// <summary>Whether two names can be one chain: practice and test networks of Bitcoin stand for Bitcoin.</summary>
    public static bool Same(string left, string right) =>
        left == right || (left.StartsWith("bip122:", StringComparison.Ordinal) && right.StartsWith("bip122:", StringComparison.Ordinal));
}
