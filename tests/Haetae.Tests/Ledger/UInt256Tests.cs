using System.Numerics;
using Haetae.Ledger;

namespace Haetae.Tests.Ledger;

public sealed class UInt256Tests
{
    private static readonly BigInteger Limit = BigInteger.One << 256;

    [Fact]
    public void Arithmetic_is_that_of_whole_numbers_and_never_wraps()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            BigInteger a = Any(random), b = Any(random), c = Any(random) + 1;
            Check(() => (UInt256)a + (UInt256)b, a + b);
            Check(() => (UInt256)a - (UInt256)b, a - b);
            Check(() => UInt256.MulDiv((UInt256)a, (UInt256)b, (UInt256)BigInteger.Min(c, Limit - 1)), a * b / BigInteger.Min(c, Limit - 1));
            Assert.Equal(a.CompareTo(b), ((UInt256)a).CompareTo((UInt256)b));
            Assert.Equal(a, (BigInteger)(UInt256)a);
        }

        static void Check(Func<UInt256> ours, BigInteger theirs)
        {
            if (theirs.Sign < 0 || theirs >= Limit) Assert.Throws<OverflowException>(() => ours());
            else Assert.Equal(theirs, (BigInteger)ours());
        }

        // Every length from 0 to 256 bits, so that carries and borrows cross each word.
        static BigInteger Any(Random random)
        {
            var bytes = new byte[33];
            random.NextBytes(bytes);
            bytes[32] = 0;
            return new BigInteger(bytes) >> random.Next(257);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("182164680189130745900000")]
    [InlineData("340282366920938463463374607431768211456")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    public void Decimal_text_and_bytes_come_back(string text)
    {
        var value = UInt256.Parse(text);
        Assert.Equal(text, value.ToString());
        var bytes = new byte[32];
        value.WriteBigEndian(bytes);
        Assert.Equal(value, UInt256.ReadBigEndian(bytes));
        Assert.True(UInt256.TryParseHex("0x" + Convert.ToHexString(bytes), out var hex));
        Assert.Equal(value, hex);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("0x10")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639936")]
    public void What_is_no_such_number_is_refused(string text) => Assert.False(UInt256.TryParse(text, out _));

    [Fact]
    public void Hexadecimal_of_65_digits_is_refused_unless_they_are_leading_zeros()
    {
        Assert.False(UInt256.TryParseHex("0x1" + new string('0', 64), out _));
        Assert.True(UInt256.TryParseHex("0x0" + new string('f', 64), out var most));
        Assert.Equal(UInt256.MaxValue, most);
        Assert.False(UInt256.TryParseHex("0x", out _));
        Assert.False(UInt256.TryParseHex("0xg", out _));
    }
}
