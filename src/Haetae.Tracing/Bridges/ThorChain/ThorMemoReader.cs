using System.Globalization;
using System.Numerics;
using System.Text;
using Haetae.Ledger;

namespace Haetae.Tracing.Bridges.ThorChain;

/// <summary>Reads memos. A memo is hostile text: what does not read as one is none, and nothing else happens.</summary>
public static class ThorMemoReader
{
    private const int HashDigits = 64;

    private static readonly Dictionary<string, ThorMemoKind> Functions = new()
    {
        ["="] = ThorMemoKind.Swap,
        ["S"] = ThorMemoKind.Swap,
        ["SWAP"] = ThorMemoKind.Swap,
        ["=<"] = ThorMemoKind.Swap,
        ["OUT"] = ThorMemoKind.Out,
        ["REFUND"] = ThorMemoKind.Refund,
    };

    private static readonly HashSet<string> Others =
    [
        "ADD", "A", "+", "WITHDRAW", "WD", "-", "DONATE", "D", "%", "BOND", "UNBOND", "REBOND", "LEAVE", "RESERVE", "YGGDRASIL+", "YGGDRASIL-", "MIGRATE", "RAGNAROK",
        "CONSOLIDATE", "NOOP", "LOAN+", "$+", "LOAN-", "$-", "NAME", "N", "~", "TRADE+", "TRADE-", "SECURE+", "SECURE-", "POOL+", "POOL-", "TCY", "TCY+", "TCY-", "X", "EXEC", "SWITCH", "M=<",
    ];

    /// <summary>Reads the bytes of an OP_RETURN or a call's input; null: no memo.</summary>
    public static ThorMemo? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > ThorMemo.MostBytes || bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e)) return null;
        return Read(Encoding.ASCII.GetString(bytes));
    }

    /// <summary>Reads a memo's text; null: no memo.</summary>
    public static ThorMemo? Read(string text)
    {
        if (text.Length is 0 or > ThorMemo.MostBytes) return null;
        var parts = text.Trim().Split(':');
        var function = parts[0].ToUpperInvariant();
        if (!Functions.TryGetValue(function, out var kind)) return Others.Contains(function) && (parts.Length > 1 || function.Length > 1) ? new ThorMemo { Kind = ThorMemoKind.Other, Function = function } : null;
        return kind == ThorMemoKind.Swap ? Swap(function, parts) : parts.Length >= 2 && HashOf(parts[1]) is { } id ? new ThorMemo { Kind = kind, Function = function, TransactionId = id } : null;
    }

    private static ThorMemo? Swap(string function, string[] parts)
    {
        if (parts.Length < 2 || ThorAssets.Full(parts[1]) is not { } asset) return null;
        var to = Part(parts, 2).Split('/');
        var limit = Part(parts, 3).Split('/');
        // An amount that cannot be read would be refunded by THORChain: the memo stays a swap's, without the limit.
        return new ThorMemo
        {
            Kind = ThorMemoKind.Swap,
            Function = function,
            Asset = asset,
            Destination = to[0].Length > 0 ? to[0] : null,
            DestinationIsName = to[0].Length is > 0 and <= 30 && to[0].All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '+') && !to[0].StartsWith("0x", StringComparison.OrdinalIgnoreCase),
            RefundAddress = to.Length > 1 && to[1].Length > 0 ? to[1] : null,
            Limit = Amount(limit[0]),
            IsLimitOrder = function == "=<",
            Interval = limit.Length > 1 ? Small(limit[1]) : null,
            Quantity = limit.Length > 2 ? Small(limit[2]) : null,
            Affiliates = [.. Part(parts, 4).Split('/').Where(name => name.Length > 0)],
            AffiliateShares = [.. Part(parts, 5).Split('/').Select(Small).OfType<uint>()],
        };
    }

    private static string Part(string[] parts, int index) => index < parts.Length ? parts[index] : "";

    // 1e6, 161e6: digits, then how many zeros follow.
    private static UInt256? Amount(string text)
    {
        var e = text.AsSpan().IndexOfAny('e', 'E');
        if (e < 0) return UInt256.TryParse(text, out var plain) ? plain : null;
        if (!UInt256.TryParse(text.AsSpan(0, e), out var digits) || !int.TryParse(text.AsSpan(e + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var zeros) || zeros > UInt256.MaximumDigits) return null;
        var amount = (BigInteger)digits * BigInteger.Pow(10, zeros);
        return amount.GetBitLength() > 256 ? null : (UInt256)amount;
    }

    private static uint? Small(string text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? HashOf(string text)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return digits.Length == HashDigits && digits.All(char.IsAsciiHexDigit) ? digits.ToUpperInvariant() : null;
    }
}
