using Haetae.Ledger.Bitcoin;

namespace Haetae.Tests.Ledger.Bitcoin;

/// <summary>The test vectors of BIP 173 and BIP 350, and what every Bech32 text must satisfy.</summary>
public class Bech32Tests
{
    private const string TooLong = "it has 91 characters, more than the 90 of Bech32";
    private const string NoPrefix = "there is nothing before the '1' that ends the prefix";
    private const string NoSeparator = "it lacks the '1' that ends the prefix";
    private const string TooShort = "it is too short to hold a checksum";
    private const string Mismatch = "the checksum does not match";

    [Theory]
    [InlineData("A12UEL5L")]
    [InlineData("a12uel5l")]
    [InlineData("an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs")]
    [InlineData("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw")]
    [InlineData("11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j")]
    [InlineData("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w")]
    [InlineData("?1ezyfcl")]
    public void The_valid_texts_of_BIP_173_are_read_and_written_back(string text) => AssertRoundTrip(text, Bech32Checksum.Bech32);

    [Theory]
    [InlineData("A1LQFN3A")]
    [InlineData("a1lqfn3a")]
    [InlineData("an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6")]
    [InlineData("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx")]
    [InlineData("11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8")]
    [InlineData("split1checkupstagehandshakeupstreamerranterredcaperredlc445v")]
    [InlineData("?1v759aa")]
    public void The_valid_texts_of_BIP_350_are_read_and_written_back(string text) => AssertRoundTrip(text, Bech32Checksum.Bech32m);

    [Theory]
    [InlineData(" 1nwldj5", "U+0020 at position 1 is not used in Bech32")]
    [InlineData("\u007f1axkwrx", "U+007F at position 1 is not used in Bech32")]
    [InlineData("\u00801eym55h", "U+0080 at position 1 is not used in Bech32")]
    [InlineData("an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx", TooLong)]
    [InlineData("pzry9x0s0muk", NoSeparator)]
    [InlineData("1pzry9x0s0muk", NoPrefix)]
    [InlineData("x1b4n0q5v", "'b' at position 3 is not used in Bech32")]
    [InlineData("li1dgmt3", TooShort)]
    [InlineData("de1lg7wt\u00ff", "U+00FF at position 9 is not used in Bech32")]
    [InlineData("A1G7SGD8", Mismatch)]
    [InlineData("10a06t8", NoPrefix)]
    [InlineData("1qzzfhee", NoPrefix)]
    public void The_invalid_texts_of_BIP_173_are_refused_for_their_reason(string text, string reason) => AssertRefused(text, reason);

    [Theory]
    [InlineData(" 1xj0phk", "U+0020 at position 1 is not used in Bech32")]
    [InlineData("\u007f1g6xzxy", "U+007F at position 1 is not used in Bech32")]
    [InlineData("\u00801vctc34", "U+0080 at position 1 is not used in Bech32")]
    [InlineData("an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4", TooLong)]
    [InlineData("qyrz8wqd2c9m", NoSeparator)]
    [InlineData("1qyrz8wqd2c9m", NoPrefix)]
    [InlineData("y1b0jsk6g", "'b' at position 3 is not used in Bech32")]
    [InlineData("lt1igcx5c0", "'i' at position 4 is not used in Bech32")]
    [InlineData("in1muywd", TooShort)]
    [InlineData("mm1crxm3i", "'i' at position 9 is not used in Bech32")]
    [InlineData("au1s5cgom", "'o' at position 8 is not used in Bech32")]
    [InlineData("M1VUXWEZ", Mismatch)]
    [InlineData("16plkw9", NoPrefix)]
    [InlineData("1p2gdwpf", NoPrefix)]
    public void The_invalid_texts_of_BIP_350_are_refused_for_their_reason(string text, string reason) => AssertRefused(text, reason);

    [Fact]
    public void Upper_and_lower_case_together_are_refused() => AssertRefused("A12uEL5L", "it mixes upper and lower case");

    [Fact]
    public void Very_long_text_is_refused_before_it_is_read() =>
        AssertRefused(new string('q', 1_000_000), "it has 1000000 characters, more than the 90 of Bech32");

    [Fact]
    public void Every_single_wrong_character_is_found()
    {
        const string Text = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
        for (var i = 3; i < Text.Length; i++)
        {
            foreach (var letter in "qpzry9x8gf2tvdw0s3jn54khce6mua7l")
            {
                if (letter == Text[i]) continue;
                AssertRefused(Text[..i] + letter + Text[(i + 1)..], Mismatch);
            }
        }
    }

    [Fact]
    public void What_Bech32_cannot_carry_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => Bech32.Encode("bc", [32], Bech32Checksum.Bech32));
        Assert.Throws<ArgumentException>(() => Bech32.Encode("", [1], Bech32Checksum.Bech32));
        Assert.Throws<ArgumentException>(() => Bech32.Encode("BC", [1], Bech32Checksum.Bech32));
        Assert.Throws<ArgumentException>(() => Bech32.Encode("bc", new byte[82], Bech32Checksum.Bech32));
    }

    private static void AssertRoundTrip(string text, Bech32Checksum expected)
    {
        Assert.True(Bech32.TryDecode(text, out var prefix, out var values, out var checksum, out var error), error);
        Assert.Equal(expected, checksum);
        Assert.Equal(text.ToLowerInvariant(), Bech32.Encode(prefix, values, checksum));
    }

    private static void AssertRefused(string text, string reason)
    {
        Assert.False(Bech32.TryDecode(text, out _, out _, out _, out var error), text);
        Assert.Equal(reason, error);
    }
}
