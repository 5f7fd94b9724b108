using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Tron;
using Haetae.Tests.Support;
using SimpleBase;

namespace Haetae.Tests.Tron;

public sealed class TronRowsTests
{
    private static string Folder => SharedData.Path_("ethereum", "tron");

    [SharedDataFact]
    public void Rows_give_every_transaction_its_value_and_its_fee()
    {
        var rows = TronRows.Read(Folder);
        Assert.Equal((1_001L, 2_172L, 2_172L, 4_957L), (rows.BlockRowCount, rows.TransactionRowCount, rows.FeeRowCount, rows.TraceRowCount));
        var table = Table(rows);
        Assert.Equal(2_172U + 990U, table.Graph.TransactionCount);
        var transactions = TronRowServer.Lines(Folder, "transactions.json").ToList();
        var paid = transactions.Where(row => row.TryGetProperty("toAddress", out _)).Aggregate((UInt128)0, (sum, row) => sum + row.GetProperty("value").GetUInt64());
        Assert.Equal(paid, Sum(table, TransferKind.External));
        Assert.Equal((UInt128)277_312_297_920, Sum(table, TransferKind.FeeBurnt));
        foreach (var row in transactions)
        {
            var number = table.FindTransaction(Hash256.Parse(TronRowServer.Hex(row, "txHash")));
            Assert.NotNull(number);
            Assert.Equal(row.GetProperty("blockId").GetUInt32(), table.Graph.TxBlock[number.Value]);
            Assert.Equal(row.GetProperty("blockTimestamp").GetUInt32(), table.Graph.TxTime[number.Value]);
        }
    }

    [SharedDataFact]
    public void Rejected_internal_transfers_move_nothing_and_the_others_their_value()
    {
        var table = Table(TronRows.Read(Folder));
        var moved = TronRowServer.Lines(Folder, "traces.json").Where(row => !row.GetProperty("rejected").GetBoolean() && row.GetProperty("callValue").GetInt64() > 0).ToList();
        Assert.NotEmpty(moved);
        Assert.Contains(TronRowServer.Lines(Folder, "traces.json"), row => row.GetProperty("rejected").GetBoolean() && row.GetProperty("callValue").GetInt64() > 0);
        Assert.Equal(moved.Aggregate((UInt128)0, (sum, row) => sum + row.GetProperty("callValue").GetUInt64()), Sum(table, TransferKind.Internal) + Sum(table, TransferKind.Destruct) + Sum(table, TransferKind.Create));
        Assert.Equal(moved.Count, Enumerable.Range(0, (int)table.Graph.TransferCount).Count(i => table.Graph.KindOf(i) is TransferKind.Internal or TransferKind.Destruct or TransferKind.Create));
    }

    [SharedDataFact]
    public void Amounts_that_32_bits_did_not_hold_are_left_out_and_told()
    {
        var rows = TronRows.Read(Folder);
        var lost = TronRowServer.Lines(Folder, "traces.json").Count(row => row.GetProperty("callValue").GetInt64() < 0 && !row.GetProperty("rejected").GetBoolean());
        Assert.NotEqual(0, lost);
        Assert.Equal(lost, rows.LostAmounts);
        Assert.Contains(Table(rows).Notes, note => note.Contains($"; {lost} came out negative", StringComparison.Ordinal));
    }

    [SharedDataFact]
    public void Addresses_are_written_as_another_library_writes_them()
    {
        var table = Table(TronRows.Read(Folder));
        for (var account = 0U; account < table.AccountCount; account++)
        {
            var address = table.AddressOf(account);
            Assert.Equal(Base58.Bitcoin.EncodeCheck(address.ToArray(), AccountAddress.TronVersion), address.ToTron());
            Assert.Equal(address, AccountAddress.Parse(address.ToTron()));
        }

        Assert.NotEqual(0U, table.AccountCount);
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_named_by_file_and_line()
    {
        var folder = Directory.CreateTempSubdirectory("haetae-rows-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "tx_fee.json"), "{\"txHash\":\"vgKsM9rfHd+Odn5bgcTthBU2Px3Sw9gmtJK0MPeTkSA=\",\"fee\":0,\"result\":0}\n{\"txHash\":\"vgKs\",\"fee\":0,\"result\":0}\n");
            var wrong = Assert.Throws<LedgerException>(() => TronRows.Read(folder));
            Assert.Contains("tx_fee.json, line 2", wrong.Message, StringComparison.Ordinal);
            Assert.Contains("'txHash' has 3 bytes", wrong.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static AccountTable Table(TronRows rows)
    {
        var table = new AccountTableBuilder(ChainName.Tron);
        rows.AddTo(table);
        return table.Build();
    }

    private static UInt128 Sum(AccountTable table, TransferKind kind)
    {
        UInt128 sum = 0;
        for (var i = 0L; i < table.Graph.TransferCount; i++)
            if (table.Graph.KindOf(i) == kind) sum += table.Graph.Amount[i].Lower;
        return sum;
    }
}
