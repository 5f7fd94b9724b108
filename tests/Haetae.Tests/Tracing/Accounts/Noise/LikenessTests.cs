using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing.Accounts.Noise;

namespace Haetae.Tests.Tracing.Accounts.Noise;

public sealed class LikenessTests
{
    [Theory]
    [InlineData("0xa7Bf48749D2E4aA29e3209879956b9bAa9E90570", "0xa7B4BAC8f0f9692e56750aEFB5f6cB5516E90570", 3, 6)]
    [InlineData("0x1cbB23dBB1649de39D3E95DAA0AD1838269B758a", "0x1CbB23DFbB023D72a1e85f923c2FF8E1299B758a", 7, 6)]
    [InlineData("0x0000000000000000000000000000000000000000", "0x8000000000000000000000000000000000000001", 0, 0)]
    [InlineData("0x0000000000000000000000000000000000000001", "0x0000000000000000000000000000000000000001", 40, 40)]
    public void Equal_digits_are_counted_from_both_ends(string left, string right, int head, int tail) =>
        Assert.Equal(new Likeness(head, tail), Likeness.Of(AccountAddress.Parse(left), AccountAddress.Parse(right)));

    [Fact]
    public void Digits_counted_in_halves_of_bytes_equal_letters_counted_in_texts()
    {
        var dice = new Dice(5);
        var bytes = new byte[AccountAddress.Size];
        for (var run = 0; run < 500; run++)
        {
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)dice.Below(256);
            var left = new AccountAddress(bytes);
            for (var changes = dice.Below(4); changes >= 0; changes--) bytes[dice.Below(bytes.Length)] ^= (byte)(1 << (int)dice.Below(8));
            var right = new AccountAddress(bytes);
            string a = left.ToString()[2..], b = right.ToString()[2..];
            var head = a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Count();
            var tail = a.Reverse().Zip(b.Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
            Assert.Equal(new Likeness(head, tail), Likeness.Of(left, right));
        }
    }

    [Fact]
    public void On_TRON_the_letters_people_see_are_compared()
    {
        var token = AccountAddress.Parse("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t");
        var next = token.ToArray();
        next[^1] ^= 1;
        var other = new AccountAddress(next);
        string a = token.ToTron(), b = other.ToTron();
        var head = a.Zip(b).Skip(1).TakeWhile(pair => pair.First == pair.Second).Count();
        var tail = a.Reverse().Zip(b.Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Equal(new Likeness(head, tail, 58), Likeness.Of(ChainName.Tron, token, other));
        // Nearly equal in hexadecimal, and the check at the end of the text is another: nobody is misled.
        Assert.False(NoiseTerms.Usual(ChainName.Tron).IsLookAlike(Likeness.Of(ChainName.Tron, token, other)));
        Assert.True(head > 20);
        Assert.Equal((UInt128)58 * 58 * 58, new Likeness(1, 2, 58).OneIn);
    }

    [Fact]
    public void Three_and_four_digits_agree_by_accident_once_in_268_million_pairs() => Assert.Equal((UInt128)268_435_456, new Likeness(3, 4).OneIn);
}
