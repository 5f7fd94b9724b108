using System.Globalization;
using System.Text.RegularExpressions;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Bridges;

/// <summary>Where a value of a bridge's message stands: a parameter, a stretch of one, or something known of the event itself.</summary>
/// <remarks>
/// <c>amount</c>, <c>order.giveAmount</c>, <c>payload[12..32]</c>; <c>@transaction</c> (its hash), <c>@chain</c> (the chain it happened on),
/// <c>@emitter</c>, <c>@kappa</c> (Keccak-256 of the transaction's hash as text with 0x); <c>chain:</c> before a parameter makes it a chain by the protocol's numbers.
/// </remarks>
public sealed partial record BridgeField
{
    private static readonly string[] Own = ["@transaction", "@chain", "@emitter", "@kappa"];

    private BridgeField(string text, string path, int? start, int? end, bool isChain) => (Text, Path, Start, End, IsChain) = (text, path, start, end, isChain);

    /// <summary>As the table writes it.</summary>
    public string Text { get; }

    /// <summary>The parameter, or one of the words that begin with @.</summary>
    public string Path { get; }

    /// <summary>The first byte of the stretch; null: the whole value.</summary>
    public int? Start { get; }

    /// <summary>The byte after the stretch; null with a start: to the end.</summary>
    public int? End { get; }

    /// <summary>Whether the value is a chain by the protocol's own number.</summary>
    public bool IsChain { get; }

    /// <summary>Whether it is known without the event's values.</summary>
    public bool IsOwn => Path[0] == '@';

    /// <exception cref="FormatException">It is none.</exception>
    public static BridgeField Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success || (match.Groups["path"].Value is ['@', ..] && !Own.Contains(match.Groups["path"].Value))) throw new FormatException($"'{text}' names no value of an event; a name, name[12..32], chain:name or one of {string.Join(", ", Own)} does.");
        var (start, end) = (Number(match.Groups["start"]), Number(match.Groups["end"]));
        return end <= start ? throw new FormatException($"'{text}' names an empty stretch.") : new BridgeField(text, match.Groups["path"].Value, start, end, match.Groups["chain"].Success);
    }

    /// <summary>The stretch of a value that is meant; null when the value is too short.</summary>
    public ReadOnlyMemory<byte>? Cut(ReadOnlyMemory<byte> value)
    {
        if (Start is not { } start) return value;
        var end = End ?? value.Length;
        if (start >= end || end > value.Length) return null;
        return value[start..end];
    }

    /// <summary>A value as part of a key: a number when it has at most 32 bytes, so that an address and a padded address are one; hexadecimal otherwise.</summary>
    public static string KeyText(ReadOnlySpan<byte> value) => Number(value)?.ToString() ?? "0x" + Convert.ToHexStringLower(value);

    /// <summary>The number that at most 32 bytes are, the most significant first; null for more.</summary>
    public static UInt256? Number(ReadOnlySpan<byte> value)
    {
        if (value.Length > UInt256.Size) return null;
        Span<byte> word = stackalloc byte[UInt256.Size];
        word.Clear();
        value.CopyTo(word[(UInt256.Size - value.Length)..]);
        return UInt256.ReadBigEndian(word);
    }

    /// <summary>The address in the last 20 bytes, or in all 20; null when what stands before is not zero: no account of an EVM chain.</summary>
    public static AccountAddress? Address(ReadOnlySpan<byte> value)
    {
        var pad = value.Length - AccountAddress.Size;
        return pad is < 0 or > 12 || value[..pad].IndexOfAnyExcept((byte)0) >= 0 ? null : new AccountAddress(value[pad..]);
    }

    private static int? Number(Group digits) => digits.Success ? int.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    public override string ToString() => Text;

    [GeneratedRegex(@"^(?<chain>chain:)?(?<path>@[a-z]+|[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*)(\[(?<start>[0-9]{1,5})\.\.(?<end>[0-9]{1,5})?\])?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
