namespace Haetae.Ledger.Bitcoin;

/// <summary>Which of the two checksums a Bech32 text carries.</summary>
public enum Bech32Checksum : byte
{
    /// <summary>The first form (BIP 173), kept for witness version 0.</summary>
    Bech32,

    /// <summary>The repaired form (BIP 350), for witness version 1 and later: no "q" slips in before a final "p" unseen.</summary>
    Bech32m,
}

/// <summary>Bech32 and Bech32m text: a prefix, "1", and values of five bits with a checksum of six (BIP 173, BIP 350).</summary>
public static class Bech32
{
    /// <summary>The longest text, in characters; beyond it the checksum no longer promises to find four errors (BIP 173).</summary>
    public const int MaximumLength = 90;

    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumLength = 6;
    private const uint Bech32Constant = 1;
    private const uint Bech32mConstant = 0x2bc830a3;

    /// <param name="prefix">Lower case, of printable ASCII.</param>
    /// <param name="values">Values of five bits, each 0 to 31.</param>
    public static string Encode(string prefix, ReadOnlySpan<byte> values, Bech32Checksum checksum)
    {
        var length = prefix.Length + 1 + values.Length + ChecksumLength;
        if (length > MaximumLength)
            throw new ArgumentException($"Bech32 has at most {MaximumLength} characters, not {length}.", nameof(values));
        if (prefix.Length == 0 || prefix.AsSpan().ContainsAnyExceptInRange('!', '~') || prefix.AsSpan().ContainsAnyInRange('A', 'Z'))
            throw new ArgumentException($"'{prefix}' is no prefix for Bech32: lower-case printable ASCII is.", nameof(prefix));
        if (values.ContainsAnyExceptInRange((byte)0, (byte)31))
            throw new ArgumentException("Bech32 carries values of 0 to 31.", nameof(values));

        Span<char> text = stackalloc char[length];
        prefix.CopyTo(text);
        text[prefix.Length] = '1';
        var at = prefix.Length + 1;
        var state = StartWith(prefix);
        foreach (var value in values)
        {
            state = Step(state, value);
            text[at++] = Alphabet[value];
        }

        for (var i = 0; i < ChecksumLength; i++) state = Step(state, 0);
        state ^= ConstantOf(checksum);
        for (var i = ChecksumLength - 1; i >= 0; i--) text[at++] = Alphabet[(int)(state >> (5 * i)) & 31];
        return new string(text);
    }

    /// <summary>Reads Bech32 or Bech32m; the prefix comes out in lower case, the values without their checksum. On false, the error says why.</summary>
    public static bool TryDecode(
        ReadOnlySpan<char> text, out string prefix, out byte[] values, out Bech32Checksum checksum, out string error)
    {
        prefix = "";
        values = [];
        checksum = Bech32Checksum.Bech32;
        error = Complain(text);
        if (error.Length > 0) return false;

        var separator = text.LastIndexOf('1');
        Span<char> lower = stackalloc char[text.Length];
        text.ToLowerInvariant(lower);
        Span<byte> read = stackalloc byte[text.Length - separator - 1];
        var state = StartWith(lower[..separator]);
        for (var i = 0; i < read.Length; i++)
        {
            var value = Alphabet.IndexOf(lower[separator + 1 + i]);
            if (value < 0)
            {
                error = $"{Letter.Quote(text[separator + 1 + i])} at position {separator + 2 + i} is not used in Bech32";
                return false;
            }

            read[i] = (byte)value;
            state = Step(state, read[i]);
        }

        if (state is not (Bech32Constant or Bech32mConstant))
        {
            error = "the checksum does not match";
            return false;
        }

        checksum = state == Bech32Constant ? Bech32Checksum.Bech32 : Bech32Checksum.Bech32m;
        prefix = new string(lower[..separator]);
        values = read[..^ChecksumLength].ToArray();
        return true;
    }

    /// <summary>What is wrong with the outer form of the text, or nothing.</summary>
    private static string Complain(ReadOnlySpan<char> text)
    {
        if (text.Length > MaximumLength) return $"it has {text.Length} characters, more than the {MaximumLength} of Bech32";
        var odd = text.IndexOfAnyExceptInRange('!', '~');
        if (odd >= 0) return $"{Letter.Quote(text[odd])} at position {odd + 1} is not used in Bech32";
        if (text.ContainsAnyInRange('A', 'Z') && text.ContainsAnyInRange('a', 'z')) return "it mixes upper and lower case";
        var separator = text.LastIndexOf('1');
        if (separator < 0) return "it lacks the '1' that ends the prefix";
        if (separator == 0) return "there is nothing before the '1' that ends the prefix";
        return text.Length - separator - 1 < ChecksumLength ? "it is too short to hold a checksum" : "";
    }

    private static uint ConstantOf(Bech32Checksum checksum) => checksum == Bech32Checksum.Bech32 ? Bech32Constant : Bech32mConstant;

    private static uint StartWith(ReadOnlySpan<char> prefix)
    {
        uint state = 1;
        foreach (var letter in prefix) state = Step(state, (uint)letter >> 5);
        state = Step(state, 0);
        foreach (var letter in prefix) state = Step(state, (uint)letter & 31);
        return state;
    }

    /// <summary>Appends five bits to the remainder of the BCH code (BIP 173, "Checksum").</summary>
    private static uint Step(uint state, uint value)
    {
        var top = state >> 25;
        state = (state & 0x1ffffff) << 5 ^ value;
        if ((top & 1) != 0) state ^= 0x3b6a57b2;
        if ((top & 2) != 0) state ^= 0x26508e6d;
        if ((top & 4) != 0) state ^= 0x1ea119fa;
        if ((top & 8) != 0) state ^= 0x3d4233dd;
        if ((top & 16) != 0) state ^= 0x2a1462b3;
        return state;
    }
}
