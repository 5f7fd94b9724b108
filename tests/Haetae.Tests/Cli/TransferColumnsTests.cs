using Haetae.Cli.Commands;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Rows;

namespace Haetae.Tests.Cli;

public sealed class TransferColumnsTests : IDisposable
{
    private const string Tether = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
    private const string TetherInHex = "41a614f803b6fd780986a42c78ec9c7f77e6ded13c";
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-map-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int Exit, string Errors)> Take(string table, params string[] more)
    {
        var file = Path.Combine(_folder, "table.csv");
        await File.WriteAllTextAsync(file, table);
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(["ingest", "csv", file, "--ledger", Path.Combine(_folder, "ledger"), .. more], output, errors);
        return (exit, errors.ToString());
    }

    [Theory]
    [InlineData("time=t,from=f,to=o,amount=a", "a")]
    [InlineData(" TIME = t , from=f,to=o, amount = a ", "a")]
    [InlineData("time=t,from=f,to=o,amount=\"a, of it\"", "a, of it")]
    [InlineData("amount= \"a, \"\"whole\"\"\" ,time=t,from=f,to=o", "a, \"whole\"")]
    [InlineData("time=t,from=f,to=o,amount=a=b", "a=b")]
    [InlineData("time=t,from=f,to=o,amount=5\" disc,", "5\" disc")]
    public void A_map_names_columns_and_in_quotes_those_with_a_comma(string map, string amount)
    {
        var read = TransferColumns.Read([map]);
        Assert.Equal(("t", "f", "o", amount), (read[TransferField.Time], read[TransferField.From], read[TransferField.To], read[TransferField.Amount]));
        Assert.Equal(4, read.Count);
    }

    [Theory]
    [InlineData("time=t,from", "write FIELD=COLUMN")]
    [InlineData("time=", "write FIELD=COLUMN")]
    [InlineData("=t", "write FIELD=COLUMN")]
    [InlineData("time=\"\"", "write FIELD=COLUMN")]
    [InlineData("time=\"t", "not closed")]
    [InlineData("time=\"t\"x,from=f", "behind a closed quote")]
    [InlineData("time=t,time=u", "named twice")]
    [InlineData("when=t", "there is no field 'when'")]
    [InlineData("time=t,from=f,to=o", "which column holds 'amount'")]
    public void A_map_that_cannot_be_meant_is_refused(string map, string reason) =>
        Assert.Contains(reason, Assert.Throws<UsageException>(() => TransferColumns.Read([map])).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_column_with_a_comma_in_its_name_is_read()
    {
        var zero = new string('0', 39);
        var (exit, errors) = await Take($"t,f,o,\"amount, eth\"\n1,0x{zero}1,0x{zero}2,1.5\n", "--map", "time=t,from=f", "--map", "to=o,amount=\"amount, eth\"", "--decimals", "18");
        Assert.Equal((ExitCode.Done, ""), (exit, errors));
        using var ledger = AccountLedger.Open(Path.Combine(_folder, "ledger"));
        Assert.Equal("1500000000000000000", ledger.Graph.Amount[0].ToString());
        Assert.Contains("amount=\"amount, eth\"", Assert.Single(ledger.Statements.Sources).Read, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Tether, "", "line 2, column 'f'")]
    [InlineData(TetherInHex, "", "line 2, column 'f'")]
    [InlineData("0xa614f803b6fd780986a42c78ec9c7f77e6ded13c", Tether, "line 2, column 'token'")]
    public async Task Addresses_of_TRON_in_rows_of_an_EVM_chain_are_an_error_with_the_way_out(string from, string token, string place)
    {
        var (exit, errors) = await Take($"t,f,o,a,token\n1,{from},0x{new string('0', 40)},5,{token}\n", "--chain", "eth", "--map", "time=t,from=f,to=o,amount=a,asset=token");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains(place, errors, StringComparison.Ordinal);
        Assert.Contains("--chain trx", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("t,f,o,a\n1,nobody,nobody,5\n", "line 2")]
    public async Task A_table_that_is_refused_leaves_no_folder_behind(string table, string reason)
    {
        var (exit, errors) = await Take(table, "--map", "time=t,from=f,to=o,amount=a");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "ledger")));
    }

    [Fact]
    public async Task A_table_that_is_refused_leaves_the_ledger_that_was_there()
    {
        var zeros = new string('0', 39);
        Assert.Equal(ExitCode.Done, (await Take($"t,f,o,a\n1,0x{zeros}1,0x{zeros}2,5\n", "--map", "time=t,from=f,to=o,amount=a")).Exit);
        Assert.Equal(ExitCode.Failed, (await Take("", "--map", "time=t,from=f,to=o,amount=a")).Exit);
        using var ledger = AccountLedger.Open(Path.Combine(_folder, "ledger"));
        Assert.Equal(1u, ledger.Graph.TransactionCount);
    }

    [Theory]
    [InlineData("eip155:0")]
    [InlineData("eip155:00")]
    public async Task No_chain_has_the_number_0(string chain) => Assert.Equal(ExitCode.WrongUse, (await Take("t\n", "--chain", chain, "--map", "time=t,from=f,to=o,amount=a")).Exit);

    [Fact]
    public async Task Every_form_of_an_address_of_TRON_names_the_same_account()
    {
        const string Hex = "0xa614f803b6fd780986a42c78ec9c7f77e6ded13c";
        var (exit, errors) = await Take($"t,f,o,a\n1,{Tether},{TetherInHex},5\n2,{Hex},{Tether},5\n", "--chain", "tron", "--map", "time=t,from=f,to=o,amount=a");
        Assert.Equal((ExitCode.Done, ""), (exit, errors));
        using var ledger = AccountLedger.Open(Path.Combine(_folder, "ledger"));
        Assert.Equal((1u, Tether), (ledger.AccountCount, ledger.Chain.Show(ledger.AddressOf(0))));
        Assert.Contains(ledger.Notes, note => note.Contains("as TRON's virtual machine writes them", StringComparison.Ordinal));
    }
}
