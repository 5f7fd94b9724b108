using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Support;
using Haetae.Tracing.Bridges;

namespace Haetae.Tests.Tracing.Bridges;

/// <summary>A line of a table is verified by a real log, so real logs are looked through for its topic, and what is found is read.</summary>
public class RealLogTests
{
    private static readonly string[] Blocks = ["ethereum", "ethereum-etl", "test_stream", "blocks_17173049_17173050"];

    [SharedDataFact]
    public void Exactly_the_events_that_real_logs_hold_are_called_verified()
    {
        var events = BridgeTables.BuiltIn.SelectMany(table => table.Events).ToArray();
        var files = new[] { "ethereum-etl", "nomad-2022" }.SelectMany(folder => Directory.EnumerateFiles(SharedData.Path_("ethereum", folder), "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).ToArray();
        Assert.True(files.Length > 100, "the real logs are not there");
        var seen = new HashSet<string>();
        foreach (var text in files.Where(file => new FileInfo(file).Length < 64 << 20).Select(File.ReadAllText))
            foreach (var one in events.Where(one => text.Contains(one.Signature.Topic.ToString(), StringComparison.OrdinalIgnoreCase))) seen.Add(one.Signature.Name);
        Assert.Equal(seen.Order(StringComparer.Ordinal), events.Where(one => one.VerifiedBy is not null).Select(one => one.Signature.Name).Order(StringComparer.Ordinal));
    }

    [SharedDataFact]
    public void A_real_out_of_synapse_is_read_with_what_its_receiver_was_paid()
    {
        var out_ = Assert.Single(CrossChainMessages.Of(Ledger("0xfae8be051226c8a96c7114e0eaf5bf2aab9ae11adbe1597b5be1a996d26151ee"), 0, BridgeTables.BuiltIn, BridgeNames.None));
        Assert.Equal(("synapse", BridgeEnd.Destination, BridgeTrust.Listed, true), (out_.Protocol.Name, out_.End, out_.Trust, out_.IsVerified));
        Assert.Equal("0xfac635b0a4e5f11fabac4cb235965b661242cd82", out_.Recipient);
        Assert.Equal(Number("1283f11643a6251b5b62e509c8eb123c6f8d8e13e07e4a61a55986ac0978346a").ToString(CultureInfo.InvariantCulture), out_.Key);
        var paid = Assert.Single(out_.Carriers);
        Assert.Equal("1862394493", paid.Amount.ToString()); // 0x6f01e27d of the log
    }

    [SharedDataFact]
    public void A_real_out_of_multichain_names_the_deposit_on_the_other_chain()
    {
        var out_ = Assert.Single(CrossChainMessages.Of(Ledger("0x38bdf78d419889896e529a90c0072dcb79271f4ca731fc743ca5d9f82bb95951"), 0, BridgeTables.BuiltIn, BridgeNames.None));
        Assert.Equal(("multichain", BridgeTrust.Listed, "eip155:25"), (out_.Protocol.Name, out_.Trust, out_.OtherChain));
        Assert.Equal($"eip155:25|eip155:1|{Number("7f33e9eac16fe821ff43994f5285753499e9d91211605ca55e19b35394979568")}", out_.Key);
        Assert.Equal(("0x02d10f41f3a88614c63f718272c60da7bf37a53e", Number("04dd5444b0791000")), (out_.Recipient, (BigInteger)out_.Amount!.Value));
    }

    // The token transfers and logs of one transaction, as ethereum-etl wrote them down.
    private static AccountTable Ledger(string transaction)
    {
        var builder = new AccountTableBuilder(ChainName.Ethereum);
        builder.AddTransaction(Hash256.Parse(transaction.AsSpan(2)), 1_683_029_999);
        foreach (var row in Rows("expected_token_transfers.json", transaction))
            builder.AddTransfer(Address(row, "from_address"), Address(row, "to_address"), AssetName.Token(ChainName.Ethereum, Address(row, "token_address")), (UInt256)BigInteger.Parse(row.GetProperty("value").GetRawText(), CultureInfo.InvariantCulture), TransferKind.Token);
        foreach (var row in Rows("expected_logs.json", transaction))
            builder.AddEvent(Address(row, "address"), [.. row.GetProperty("topics").EnumerateArray().Select(topic => Hash256.Parse(topic.GetString().AsSpan(2)))], Convert.FromHexString(row.GetProperty("data").GetString().AsSpan(2)));
        return builder.Build();
    }

    private static IEnumerable<JsonElement> Rows(string file, string transaction) =>
        File.ReadLines(SharedData.Path_([.. Blocks, file])).Where(line => line.Length > 2).Select(line => JsonDocument.Parse(line).RootElement).Where(row => row.GetProperty("transaction_hash").GetString() == transaction);

    private static AccountAddress Address(JsonElement row, string name) => AccountAddress.Parse(row.GetProperty(name).GetString());

    private static BigInteger Number(string hex) => BigInteger.Parse("0" + hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
