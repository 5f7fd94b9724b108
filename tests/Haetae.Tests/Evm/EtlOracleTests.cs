using System.Text.Json;
using Haetae.Ledger.Evm;
using Haetae.Ledger.Evm.Etl;
using Haetae.Tests.Support;

namespace Haetae.Tests.Evm;

/// <summary>What nodes answer comes out as the rows that ethereum-etl makes of it.</summary>
/// <remarks>
/// Left out by name, since no ledger needs them: test_export_origin_job (a marketplace's shops), test_export_contracts_job, test_export_tokens_job,
/// and expected_contracts and expected_tokens within test_stream. <see cref="Only_the_jobs_named_are_left_out"/> holds that list.
/// </remarks>
public class EtlOracleTests
{
    private static readonly string[] LeftOut = ["test_export_contracts_job", "test_export_origin_job", "test_export_tokens_job"];

    private static readonly string[] Compared =
    [
        "test_export_blocks_job", "test_export_receipts_job", "test_export_token_transfers_job", "test_export_traces_job",
        "test_extract_geth_traces_job", "test_extract_token_transfers_job", "test_stream",
    ];

    public static TheoryData<string> Blocks => EtlOracle.Cases("test_export_blocks_job");

    public static TheoryData<string> Traces => EtlOracle.Cases("test_export_traces_job");

    public static TheoryData<string> GethTraces => EtlOracle.Cases("test_extract_geth_traces_job");

    public static TheoryData<string> Streams => EtlOracle.Cases("test_stream");

    [SharedDataFact]
    public void Only_the_jobs_named_are_left_out()
    {
        var folders = Directory.GetDirectories(SharedData.Path_("ethereum", "ethereum-etl")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(Compared.Concat(LeftOut).Order(StringComparer.Ordinal), folders);
    }

    [SharedDataTheory]
    [MemberData(nameof(Blocks))]
    public void Blocks_and_their_transactions_become_the_expected_rows(string name)
    {
        var blocks = EtlOracle.Answers(name, "eth_getBlockByNumber").Select(one => EvmAnswers.Block(one.Result, one.File)).ToList();
        if (blocks.Count == 0)
        {
            // This case comes without recorded answers: its two forms must become each other.
            Assert.Equal("test_export_blocks_job/blocks_with_transactions_and_withdrawals", name);
            AssertBothForms(name, "expected_blocks", line => EtlRows.Of(EtlReading.Block(line)));
            AssertBothForms(name, "expected_transactions", line => EtlRows.Of(EtlReading.Transaction(line)));
            return;
        }

        Assert.Equal(EtlOracle.Lines(name, "expected_blocks.csv"), EtlOracle.Csv(blocks.Select(EtlRows.Of)));
        Assert.Equal(EtlOracle.Lines(name, "expected_transactions.csv"), EtlOracle.Csv(blocks.SelectMany(block => block.Transactions).Select(EtlRows.Of)));
        Assert.Equal(EtlOracle.Lines(name, "expected_blocks.csv"), EtlOracle.Csv(EtlOracle.Rows(name, "expected_blocks.csv", line => EtlRows.Of(EtlReading.Block(line)))));
    }

    private static void AssertBothForms(string name, string table, Func<EtlLine, EtlRow> read)
    {
        foreach (var form in new[] { ".csv", ".json" })
        {
            var rows = EtlOracle.Rows(name, table + form, read).ToList();
            Assert.NotEmpty(rows);
            Assert.Equal(EtlOracle.Lines(name, table + ".csv"), EtlOracle.Csv(rows));
            Assert.Equal(EtlOracle.Lines(name, table + ".json"), EtlOracle.Json(rows));
        }
    }

    /// <summary>The two expected files hold the same receipts in two orders, so rows are compared by transaction.</summary>
    [SharedDataFact]
    public void Receipts_and_their_logs_become_the_expected_rows()
    {
        const string name = "test_export_receipts_job/receipts_with_logs";
        var receipts = EtlOracle.Answers(name, "eth_getTransactionReceipt").Select(one => EvmAnswers.Receipt(one.Result, one.File)).ToList();
        var csv = EtlOracle.Csv(receipts.Select(EtlRows.Of));
        Assert.Equal(EtlOracle.Lines(name, "expected_receipts.csv")[0], csv[0]);
        Assert.Equal(EtlOracle.Lines(name, "expected_receipts.csv").Order(StringComparer.Ordinal), csv.Order(StringComparer.Ordinal));
        Assert.Equal(EtlOracle.Lines(name, "expected_receipts.json").Order(StringComparer.Ordinal), EtlOracle.Json(receipts.Select(EtlRows.Of)).Order(StringComparer.Ordinal));
        var logs = receipts.SelectMany(receipt => receipt.Logs).OrderBy(log => log.Index).Select(EtlRows.Of).ToList();
        Assert.Equal(EtlOracle.Lines(name, "expected_logs.csv"), EtlOracle.Csv(logs));
        Assert.Equal(EtlOracle.Lines(name, "expected_logs.json"), EtlOracle.Json(logs));
        AssertBothForms(name, "expected_logs", line => EtlRows.Of(EtlReading.Log(line)));
        foreach (var form in new[] { "csv", "json" })
            Assert.Equal(EtlOracle.Lines(name, "expected_receipts." + form), form == "csv"
                ? EtlOracle.Csv(EtlOracle.Rows(name, "expected_receipts.csv", line => EtlRows.Of(EtlReading.Receipt(line))))
                : EtlOracle.Json(EtlOracle.Rows(name, "expected_receipts.json", line => EtlRows.Of(EtlReading.Receipt(line)))));
    }

    [SharedDataFact]
    public void Token_transfers_come_from_recorded_logs()
    {
        const string name = "test_export_token_transfers_job/block_with_transfers";
        var logs = EtlOracle.Answers(name, "eth_getFilterLogs").SelectMany(one => EvmAnswers.Logs(one.Result, one.File)).ToList();
        Assert.Equal(EtlOracle.Lines(name, "expected_token_transfers.csv"), EtlOracle.Csv(Transfers(logs).Select(EtlRows.Of)));
    }

    [SharedDataFact]
    public void Token_transfers_come_from_a_table_of_logs()
    {
        const string name = "test_extract_token_transfers_job/logs";
        var logs = EtlOracle.Rows(name, "logs.csv", EtlReading.Log).ToList();
        Assert.Equal(EtlOracle.Lines(name, "logs.csv"), EtlOracle.Csv(logs.Select(EtlRows.Of)));
        Assert.Equal(EtlOracle.Lines(name, "expected_token_transfers.csv"), EtlOracle.Csv(Transfers(logs).Select(EtlRows.Of)));
    }

    private static IEnumerable<EtlTokenTransfer> Transfers(IEnumerable<EvmLog> logs) => logs.Select(EtlTokenTransfer.Of).OfType<EtlTokenTransfer>();

    [SharedDataTheory]
    [MemberData(nameof(Traces))]
    public void Traces_of_trace_block_become_the_expected_rows(string name)
    {
        var (file, answer) = Assert.Single(EtlOracle.Answers(name, "trace_block"));
        var traces = EvmTraceAnswers.Traces(answer, file, BlockIn(file));
        Assert.Equal(EtlOracle.Lines(name, "expected_traces.csv"), EtlOracle.Csv(traces.Select(EtlRows.Of)));
        Assert.Equal(EtlOracle.Lines(name, "expected_traces.csv"), EtlOracle.Csv(EtlOracle.Rows(name, "expected_traces.csv", line => EtlRows.Of(EtlReading.Trace(line)))));
    }

    [SharedDataTheory]
    [MemberData(nameof(GethTraces))]
    public void Calls_of_geths_tracer_become_the_expected_rows(string name)
    {
        var (file, answer) = Assert.Single(EtlOracle.Answers(name, "debug_traceBlockByNumber"));
        var block = BlockIn(file);
        var expected = EtlOracle.Lines(name, "expected_traces.csv");
        Assert.Equal(expected, EtlOracle.Csv(EvmTraceTree.Flatten(EvmTraceAnswers.Calls(answer, file, block), block).Select(EtlRows.Of)));

        // The form in between that ethereum-etl keeps: the same calls without the wrapping of the answer.
        using var kept = JsonDocument.Parse(File.ReadAllBytes(EtlOracle.Expected(name, "geth_traces.json")));
        Assert.Equal(block, kept.RootElement.GetProperty("block_number").GetUInt64());
        Assert.Equal(expected, EtlOracle.Csv(EvmTraceTree.Flatten(EvmTraceAnswers.Calls(kept.RootElement.GetProperty("transaction_traces"), file, block), block).Select(EtlRows.Of)));
    }

    private static ulong BlockIn(string file) => Convert.ToUInt64(Path.GetFileName(file).Split("_0x")[1].Split('.', '_')[0], 16);

    /// <summary>Every field as it is printed; the order of fields differs between the expected files themselves (withdrawals), so it is not compared there.</summary>
    [SharedDataTheory]
    [MemberData(nameof(Streams))]
    public void What_is_streamed_comes_out_as_expected(string name)
    {
        var blocks = EtlOracle.Answers(name, "eth_getBlockByNumber").Select(one => EvmAnswers.Block(one.Result, one.File)).ToList();
        var recorded = blocks.Count > 0;
        if (!recorded) blocks = [.. EtlOracle.Rows(name, "expected_blocks.json", EtlReading.Block)];
        var byNumber = blocks.ToDictionary(block => block.Number);
        if (Has("expected_blocks.json")) AssertSame("expected_blocks.json", blocks.Select(EtlStream.Of));
        if (Has("expected_transactions.json"))
        {
            var receipts = recorded
                ? EtlOracle.Answers(name, "eth_getTransactionReceipt").Select(one => EvmAnswers.Receipt(one.Result, one.File)).ToDictionary(one => one.TransactionHash)
                : EtlOracle.Rows(name, "expected_transactions.json", line => EtlReading.ReceiptWithin(line)!).ToDictionary(one => one.TransactionHash);
            var transactions = recorded ? blocks.SelectMany(block => block.Transactions) : EtlOracle.Rows(name, "expected_transactions.json", EtlReading.Transaction);
            AssertSame("expected_transactions.json", transactions.Select(one => EtlStream.Of(one, receipts[one.Hash], byNumber[one.BlockNumber])));
            var logs = recorded ? [.. receipts.Values.SelectMany(receipt => receipt.Logs).OrderBy(log => log.BlockNumber).ThenBy(log => log.Index)] : EtlOracle.Rows(name, "expected_logs.json", EtlReading.Log).ToList();
            AssertSame("expected_logs.json", logs.Select(log => EtlStream.Of(log, byNumber[log.BlockNumber])));
            AssertSame("expected_token_transfers.json", Transfers(logs).Select(one => EtlStream.Of(one, byNumber[one.BlockNumber])));
        }

        if (Has("expected_traces.json"))
        {
            var (file, answer) = Assert.Single(EtlOracle.Answers(name, "trace_block"));
            var traces = EvmTraceAnswers.Traces(answer, file, BlockIn(file));
            AssertSame("expected_traces.json", traces.Select((trace, index) => EtlStream.Of(trace, index, byNumber[trace.BlockNumber])));
        }

        bool Has(string file) => File.Exists(EtlOracle.Expected(name, file));

        void AssertSame(string file, IEnumerable<EtlRow> rows) => Assert.Equal(EtlOracle.ByName(EtlOracle.Lines(name, file)), EtlOracle.ByName(EtlOracle.Json(rows)));
    }
}
