using System.Globalization;
using System.Text;
using Haetae.Ledger.Node;

namespace Haetae.Tests.Node;

/// <summary>Coins become satoshi exactly or not at all.</summary>
public sealed class CoinNumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.00000000", 0)]
    [InlineData("0.00000001", 1)]
    [InlineData("1e-8", 1)]
    [InlineData("1E-08", 1)]
    [InlineData("0.1", 10_000_000)]
    [InlineData("0.29", 29_000_000)]
    [InlineData("2.1e7", 2_100_000_000_000_000)]
    [InlineData("2.1e+7", 2_100_000_000_000_000)]
    [InlineData("123.45600000000000000000", 12_345_600_000)]
    [InlineData("20999999.9769", 2_099_999_997_690_000)]
    [InlineData("20999999.97690000", 2_099_999_997_690_000)]
    [InlineData("21000000", 2_100_000_000_000_000)]
    public void Numbers_of_coins_are_read_exactly(string text, long satoshi) => Assert.Equal(satoshi, Read(text));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("-1")]
    [InlineData("-0.00000001")]
    [InlineData("-0")]
    [InlineData("22000000")]
    [InlineData("21000000.00000001")]
    [InlineData("0.000000001")]
    [InlineData("0.123456789")]
    [InlineData("1e-9")]
    [InlineData("1e-29")] // a decimal would round it to 0
    [InlineData("1e-400")]
    [InlineData("1e-999")]
    [InlineData("1e9")]
    [InlineData("1e400")]
    [InlineData("1e999")]
    [InlineData("1e9999999999")]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("0.000000000000000000000000000000000000001")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("0x1")]
    [InlineData("1,5")]
    [InlineData("1.5 ")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    public void What_is_no_exact_number_of_coins_is_refused(string text) => Assert.Null(Read(text));

    [Fact]
    public void Every_amount_comes_back_from_how_Core_prints_it()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var satoshi = random.NextInt64(2_100_000_000_000_001) >> random.Next(51);
            var text = string.Create(CultureInfo.InvariantCulture, $"{satoshi / 100_000_000}.{satoshi % 100_000_000:00000000}");
            Assert.True(Read(text) == satoshi, $"{text}, seed {seed}");
        }
    }

    private static long? Read(string text) => CoinNumber.TrySatoshi(Encoding.UTF8.GetBytes(text), out var satoshi) ? satoshi : null;
}
