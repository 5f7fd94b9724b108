using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Architecture;
using Haetae.Tests.Tracing.Reports;

namespace Haetae.Tests.Cli;

public sealed class DepositsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-deposits-").FullName;

    [Fact]
    public async Task The_json_is_what_its_schema_says_and_names_the_transfers_that_show_it()
    {
        Write();
        var (exit, output, _) = await Run("--service", Address(9), "--json");
        Assert.Equal(ExitCode.Done, exit);
        var document = JsonNode.Parse(output)!.AsObject();
        var schema = JsonNode.Parse(Repository.Read("docs/formats/haetae.deposits.1.schema.json"))!.AsObject();
        Assert.Empty(SchemaCheck.Errors(document, schema));
        var cluster = Assert.Single(document["clusters"]!.AsArray())!;
        Assert.Equal([Show(1), Show(2)], cluster["payers"]!.AsArray().Select(payer => payer!.GetValue<string>()));
        var witness = cluster["witnesses"]![0]!;
        Assert.Equal((Show(5), "0x" + Id(1), "0x" + Id(2)), (witness["deposit"]!.GetValue<string>(), witness["received"]!["txid"]!.GetValue<string>(), witness["forwarded"]!["txid"]!.GetValue<string>()));
        document["clusters"]![0]!["confidence"] = 1;
        Assert.NotEmpty(SchemaCheck.Errors(document, schema));
    }

    [Fact]
    public async Task An_account_that_the_ledger_never_met_is_not_found_and_nonsense_is_wrong_use()
    {
        Write();
        Assert.Equal(ExitCode.NotFound, (await Run("--service", Address(77))).Exit);
        Assert.Equal(ExitCode.WrongUse, (await Run("--service", "0x12")).Exit);
        var (exit, output, _) = await Run("--service", Address(9), "--known", Address(1) + "," + Address(2));
        Assert.Equal((ExitCode.Done, true), (exit, output.Contains("0 deposit addresses of 0 customers", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Why_two_accounts_are_one_customer_is_shown_by_the_transfers_that_join_them()
    {
        Write();
        using StringWriter output = new(), errors = new();
        Assert.Equal(ExitCode.Done, await HaetaeCommand.RunAsync(["why", Address(1), Address(2), "--ledger", _folder, "--service", Address(9)], output, errors));
        foreach (var said in new[] { $"{Show(1)} pays {Show(5)}, which forwards to {Show(9)}", $"{Show(2)} pays {Show(5)}", "0x" + Id(1), "0x" + Id(4) })
            Assert.Contains(said, output.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotFound, await HaetaeCommand.RunAsync(["why", Address(1), Address(9), "--ledger", _folder, "--service", Address(9)], output, errors));
        Assert.Equal(ExitCode.WrongUse, await HaetaeCommand.RunAsync(["why", Address(1), Address(2), "--ledger", _folder], output, errors));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write()
    {
        using var writer = AccountLedgerWriter.Open(_folder, ChainName.Ethereum);
        Pay(1, 1, 5, 2_000);
        Pay(2, 5, 9, 1_999);
        Pay(3, 2, 5, 700);
        Pay(4, 5, 9, 699);
        writer.Checkpoint();

        void Pay(int number, int from, int to, ulong milli)
        {
            writer.AddTransaction(Hash256.Parse(Id(number)), (uint)(1_600_000_000 + 12 * number), (uint)number);
            writer.AddTransfer(AccountAddress.Parse(Address(from)), AccountAddress.Parse(Address(to)), AssetName.Native(ChainName.Ethereum), (UInt128)milli * 1_000_000_000_000_000);
        }
    }

    private static string Address(int number) => "0x" + number.ToString("x40", System.Globalization.CultureInfo.InvariantCulture);

    private static string Show(int number) => AccountAddress.Parse(Address(number)).ToEip55();

    private static string Id(int number) => number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<(int Exit, string Output, string Errors)> Run(params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(["deposits", "--ledger", _folder, .. arguments], output, errors);
        return (exit, output.ToString(), errors.ToString());
    }
}
