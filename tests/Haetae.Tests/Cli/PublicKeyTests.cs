using Haetae.Cli.Commands;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Support;

namespace Haetae.Tests.Cli;

/// <summary>Outputs that pay a public key itself are not those of the address made from it; who asks for one is told of the other.</summary>
public sealed class PublicKeyTests : IDisposable
{
    // The key of the coinbase of block 9, which made the first payment, and its address.
    private const string Key = "0411db93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c03f999b8643f656b412a3";
    private const string Address = "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S";
    private const string FirstPayment = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16";

    private readonly string _ledger = Directory.CreateTempSubdirectory("haetae-keys-").FullName;

    public void Dispose() => Directory.Delete(_ledger, recursive: true);

    [Theory]
    [InlineData(Key, "41" + Key + "ac")]
    [InlineData("02aabbccddeeff00112233445566778899aabbccddeeff001122334455667788aa", "2102aabbccddeeff00112233445566778899aabbccddeeff001122334455667788aaac")]
    [InlineData("41" + Key + "ac", null)]
    [InlineData("02aabb", null)]
    [InlineData("05aabbccddeeff00112233445566778899aabbccddeeff001122334455667788aa", null)]
    public void A_public_key_stands_for_the_script_that_pays_it(string bytes, string? script) =>
        Assert.Equal(script, PublicKeys.ScriptOf(Convert.FromHexString(bytes)) is { } pays ? Convert.ToHexStringLower(pays) : null);

    [SharedDataFact]
    public async Task The_first_payer_is_found_by_key_and_by_script_and_the_address_says_so()
    {
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = SharedData.Path_("bitcoin", "blocks", "mainnet-000000-004312.blk.dat"), Ledger = _ledger, Threads = 2 });
        foreach (var hex in new[] { Key, "41" + Key + "ac" })
        {
            var (exit, output, _) = await Run("address", hex);
            Assert.Equal(ExitCode.Done, exit);
            Assert.Contains("18.00000000 BTC in 1 output", output, StringComparison.Ordinal);
        }

        foreach (var words in new string[][] { ["address", Address], ["trace", "--from", Address] })
        {
            var (exit, _, errors) = await Run(words);
            Assert.Equal(ExitCode.NotFound, exit);
            Assert.Contains("Outputs that pay its public key directly", errors, StringComparison.Ordinal);
        }

        Assert.Contains("40.00000000 BTC  pubkey 0411db93…12a3  spent by ", (await Run("tx", FirstPayment)).Output, StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Output, string Errors)> Run(params string[] words)
    {
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync([.. words, "--ledger", _ledger], output, errors);
        return (exit, output.ToString(), errors.ToString());
    }
}
