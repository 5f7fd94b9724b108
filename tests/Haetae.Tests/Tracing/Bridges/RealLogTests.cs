using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Support;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Bridges.Abi;

namespace Haetae.Tests.Tracing.Bridges;

/// <summary>A line of a table is verified by a real log, so real logs are looked through for its topic, and what is found is read.</summary>
public class RealLogTests
{
    private static readonly string[] Blocks = ["ethereum", "ethereum-etl", "test_stream", "blocks_17173049_17173050"];

    private static IEnumerable<BridgeEvent> Lines => BridgeTables.BuiltIn.SelectMany(table => table.Events);

    [SharedDataFact]
    public void Exactly_the_events_that_real_logs_hold_are_called_verified()
    {
        var files = new[] { "ethereum-etl", "nomad-2022" }.SelectMany(folder => Directory.EnumerateFiles(SharedData.Path_("ethereum", folder), "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).ToArray();
        Assert.True(files.Length > 100, "the real logs are not there");
        var seen = new HashSet<Hash256>(Kept().SelectMany(log => log.Logs).Select(log => log.Event.Topics[0]));
        foreach (var text in files.Where(file => new FileInfo(file).Length < 64 << 20).Select(File.ReadAllText))
            foreach (var one in Lines.Where(one => text.Contains(one.Signature.Topic.ToString(), StringComparison.OrdinalIgnoreCase))) seen.Add(one.Signature.Topic);
        Assert.Equal(Lines.Where(one => seen.Contains(one.Signature.Topic)).Select(one => one.Signature.Canonical), Lines.Where(one => one.VerifiedBy is not null).Select(one => one.Signature.Canonical));
    }

    [Fact]
    public void What_a_kept_log_matches_is_called_verified_and_a_line_that_names_one_is_matched_by_it()
    {
        var kept = Kept().SelectMany(real => real.Logs.Select(log => (Name: real.NameOf(log.Index), log.Event))).ToArray();
        foreach (var line in Lines)
        {
            var matching = kept.Where(log => EventValues.TryRead(line.Signature, log.Event, out _)).Select(log => log.Name).ToArray();
            if (matching.Length > 0) Assert.Contains(line.VerifiedBy, matching);
        }

        Assert.True(Lines.Count(line => kept.Any(log => log.Name == line.VerifiedBy)) >= 10);
    }

    // Amounts, addresses and numbers read by eye out of the words of each log.
    [Theory]
    [InlineData("across-v3-deposit", "across", BridgeEnd.Source, "eip155:1|4024312", "422866751", "0x6b21bb0d79c543b13dee153700788d2c008633e5", "eip155:42161", "422866751")]
    [InlineData("across-v3-fill", "across", BridgeEnd.Destination, "eip155:56|778375", "99970446325", "0xf70da97812cb96acdf810712aa562db8dfa3dbef", "eip155:56", "99970446325")]
    [InlineData("across-v3-scroll-deposit", "across", BridgeEnd.Source, "eip155:534352|1295289", "365729555", "0x3ba6eb0e4327b96ade6d4f3b578724208a590cef", "eip155:42161", "365729555")]
    [InlineData("across-v3-arbitrum-fill", "across", BridgeEnd.Destination, "eip155:534352|1295289", "365669864", "0x3ba6eb0e4327b96ade6d4f3b578724208a590cef", "eip155:534352", "365669864")]
    [InlineData("cctp-v1-deposit", "cctp", BridgeEnd.Source, "eip155:1|eip155:42161|62883", "1839726596", "0xd0adc5d079cc486b58f1b9a28b973355c4ec9e6f", "eip155:42161", "1839726596")]
    [InlineData("cctp-v1-out", "cctp", BridgeEnd.Destination, "eip155:1|eip155:42161|62883", "1839726596", "0xd0adc5d079cc486b58f1b9a28b973355c4ec9e6f", "eip155:1", "1839726596")]
    [InlineData("cctp-v2-out", "cctp", BridgeEnd.Destination, null, "7269273", "0x34b741a3d0ef8c8ef6dd490c305c5c5ca20aca59", "unknown:5", "7269273")]
    [InlineData("omnibridge-deposit", "omnibridge", BridgeEnd.Source, "8834243199346243981405859855437166944061361311133790317009810684463172989", "32614964635297737403", null, null, "32614964635297737403")]
    [InlineData("omnibridge-out", "omnibridge", BridgeEnd.Destination, "8834243199346243981405859855437166944061361311133790317009810684463022142", "300000000", "0xcc2c6d82e00e14f81ffc8e4f6a26c4522ada5a34", null, "300000000")]
    [InlineData("thorchain-deposit", "thorchain", BridgeEnd.Source, "BA43FA28957A7AAF961BC0BBF5B321A3218E99E408D2B5A491274E2125988BBE", "1043565", "bc1q80nz3hx4w6dpzwwmuddyyd0y3uwj0sjxrtmlgu", "bip122:000000000019d6689c085ae165831e93", "1043565")]
    public void A_real_log_says_what_by_eye_it_says(string file, string protocol, BridgeEnd end, string? key, string amount, string? recipient, string? otherChain, string carried)
    {
        var said = Assert.Single(Messages(file));
        Assert.Equal((protocol, end, BridgeTrust.Listed, true), (said.Protocol.Name, said.End, said.Trust, said.IsVerified));
        if (key is not null) Assert.Equal(key, said.Key);
        Assert.Equal((amount, recipient, otherChain), (said.Amount.ToString(), said.Recipient, said.OtherChain));
        Assert.Equal(carried, Assert.Single(said.Carriers).Amount.ToString());
    }

    [Fact]
    public void A_real_burn_for_solana_keeps_a_receiver_that_is_no_account_and_is_not_read_as_one()
    {
        var said = Assert.Single(Messages("cctp-v2-deposit"));
        Assert.Equal(("cctp", "v2", BridgeTrust.Listed, "unknown:5"), (said.Protocol.Name, said.Protocol.Version, said.Trust, said.OtherChain));
        Assert.Equal("0x256629c2f6bc92466ae5a3eaa16d4fe7bd1b5db6a912df6d4c267385129fb53c", said.Recipient);
        Assert.Equal(("148760322", "0xd156ffb54871f4562744d6be5d6321b5bffca3b6"), (said.Amount.ToString(), said.Sender));
        Assert.StartsWith("eip155:1|unknown:5|", said.Key, StringComparison.Ordinal);
    }

    [Fact]
    public void A_real_message_of_wormhole_tells_its_sequence_and_where_it_goes()
    {
        var said = Assert.Single(Messages("wormhole-deposit"));
        Assert.Equal(("wormhole", BridgeTrust.Listed, "unknown:1"), (said.Protocol.Name, said.Trust, said.OtherChain));
        Assert.Equal($"eip155:1|{Number("3ee18b2214aff97000d974cf647e7c347e8fa585")}|135858", said.Key);
        Assert.Equal("0xf022f6b3e80ec1219065fee8e46eb34c1cfd056a8d52d93df2c7e0165eaf364b", said.Recipient);
        Assert.Empty(said.Carriers); // the source shows this one log of its transaction
    }

    [Theory]
    [InlineData("across-v3-scroll-deposit", "across-v3-arbitrum-fill", "365729555", "365669864")]
    [InlineData("cctp-v1-deposit", "cctp-v1-out", "1839726596", "1839726596")]
    public void Both_real_ends_of_a_crossing_are_joined_and_the_link_is_verified(string from, string to, string sent, string got)
    {
        var link = Assert.Single(CrossChainMatch.Of([.. Messages(from), .. Messages(to, 1)]).Links);
        Assert.Equal((1_000, 0, true), (link.PerMille, link.Rivals, link.IsVerified));
        Assert.Equal(sent, Assert.Single(link.Source.Carriers).Amount.ToString());
        Assert.Equal(got, Assert.Single(link.Destination.Carriers).Amount.ToString());
    }

    [Fact]
    public void Ends_of_different_real_crossings_are_not_joined()
    {
        var all = RealLog.Names.SelectMany((name, ledger) => Messages(name, ledger)).ToArray();
        Assert.Equal(2, CrossChainMatch.Of(all, acceptUnknown: true).Links.Count);
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

    private static IEnumerable<RealLog> Kept() => RealLog.Names.Select(RealLog.Read);

    private static IReadOnlyList<CrossChainMessage> Messages(string file, int ledger = 0) => CrossChainMessages.Of(RealLog.Read(file).Ledger(), ledger, BridgeTables.BuiltIn, BridgeNames.None);

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
