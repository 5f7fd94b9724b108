using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Intel.Cases;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Proofs;
using Haetae.Tracing.Reports;

namespace Haetae.Tests.Intel.Cases;

/// <summary>Packs made anew by somebody who knows the format: every hash fits, and a claim is false.</summary>
public sealed class ForgedPackTests(PackedCase packed) : IClassFixture<PackedCase>
{
    [Fact]
    public void A_pack_put_together_anew_from_what_is_true_holds() => Assert.Empty(Forge(_ => { }).Faults);

    [Theory]
    [InlineData("ends", "tainted")]
    [InlineData("ends", "value")]
    [InlineData("spends", "tainted")]
    [InlineData("addresses", "tainted")]
    [InlineData("stops", "tainted")]
    public void One_satoshi_more_is_found_and_named(string list, string member)
    {
        var verdict = Forge(trace =>
        {
            var item = trace["results"]![0]![list]![0]!;
            item[member] = (long.Parse(item[member]!.GetValue<string>(), CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        });
        Assert.Contains($"trace.results[0] (\"fifo\").{list}[0]", Said(verdict), StringComparison.Ordinal);
        Assert.Contains($".{member}: claimed is", Said(verdict), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("held")]
    [InlineData("parked")]
    [InlineData("fees")]
    [InlineData("stolen")]
    public void Other_books_are_found(string book)
    {
        var verdict = Forge(trace => trace["results"]![1]!["books"]![book] = "7");
        Assert.Contains($"books.{book}: claimed is \"7\"", Said(verdict), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("address", "bcrt1qnobody")]
    [InlineData("time", "2030-01-01T00:00:00Z")]
    [InlineData("reason", "unspent")]
    public void Other_words_are_found(string member, string claimed)
    {
        var verdict = Forge(trace => trace["results"]![0]!["ends"]!.AsArray().First(end => end![member]!.GetValue<string>() != claimed)![member] = claimed);
        Assert.Contains($".{member}: claimed is \"{claimed}\"", Said(verdict), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("least")]
    [InlineData("most")]
    public void Other_bounds_are_found(string bound)
    {
        var verdict = Forge(trace => trace["bounds"]!["destinations"]![0]![bound] = "7");
        Assert.Contains($"{bound}: claimed is \"7\"", Said(verdict), StringComparison.Ordinal);
    }

    [Fact]
    public void An_end_left_out_or_added_is_found()
    {
        Assert.Contains("trace.results[0] (\"fifo\").ends", Said(Forge(trace => trace["results"]![0]!["ends"]!.AsArray().RemoveAt(3))), StringComparison.Ordinal);
        Assert.Contains("trace.results[0] (\"fifo\").ends", Said(Forge(trace => trace["results"]![0]!["ends"]!.AsArray().Add(trace["results"]![0]!["ends"]![0]!.DeepClone()))), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_stolen_amount_is_not_what_the_case_says()
    {
        var verdict = Forge(trace => trace["seeds"]![0]!["stolen"] = "1");
        Assert.Contains("other outputs than the case says were stolen", Said(verdict), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_tip_is_not_where_the_headers_end()
    {
        var verdict = Forge(trace => trace["ledger"]!["tipHash"] = new string('0', 64));
        Assert.Contains("the headers end with", Said(verdict), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_sums_in_the_case_than_in_the_trace_are_found()
    {
        var verdict = Forge(_ => { }, trace => trace with { Books = [trace.Books[0] with { Held = trace.Books[0].Held + 1 }, .. trace.Books.Skip(1)] });
        Assert.Contains("the case gives other sums", Said(verdict), StringComparison.Ordinal);
    }

    /// <summary>Without it, taint would seem to rest where it was in truth passed on.</summary>
    [Fact]
    public void No_transaction_can_be_left_out()
    {
        var sections = PackedCase.Sections(packed.Pack);
        var chain = ProvenChain.Of(BitcoinNetwork.Regtest, ChainSections.ReadHeaders(Of(sections, ChainSections.Headers), out _)!, out _)!;
        var all = ChainSections.ReadTransactions(Of(sections, ChainSections.Transactions), chain, out _)!;
        Assert.True(all.Count > 50);
        for (var i = 0; i < all.Count; i++)
        {
            var rest = ChainSections.Write([.. all.Where((_, at) => at != i)]);
            var verdict = CaseVerifier.Verify(PackFile.Write([.. sections.Select(section => section.Name == ChainSections.Transactions ? (section.Name, rest) : section)]));
            Assert.NotEmpty(verdict.Faults);
            Assert.StartsWith("section 'trace.", verdict.Faults[0].Section, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_transaction_at_another_place_is_not_led_to_the_root()
    {
        var sections = PackedCase.Sections(packed.Pack);
        var chain = ProvenChain.Of(BitcoinNetwork.Regtest, ChainSections.ReadHeaders(Of(sections, ChainSections.Headers), out _)!, out _)!;
        var all = ChainSections.ReadTransactions(Of(sections, ChainSections.Transactions), chain, out _)!.ToList();
        var at = all.FindIndex(transaction => transaction.Branch.Count > 1);
        foreach (var moved in new[] { all[at] with { Position = all[at].Position ^ 1 }, all[at] with { Height = all[at].Height + 1 }, all[at] with { Branch = [.. all[at].Branch.Reverse()] } })
        {
            var forged = ChainSections.Write([moved]);
            Assert.Null(ChainSections.ReadTransactions(forged, chain, out var wrong));
            Assert.Contains(moved.Transaction.Id.ToString(), wrong, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_header_of_another_chain_is_refused()
    {
        var sections = PackedCase.Sections(packed.Pack);
        var runs = ChainSections.ReadHeaders(Of(sections, ChainSections.Headers), out _)!;
        Assert.Null(ProvenChain.Of(BitcoinNetwork.Testnet4, runs, out var wrong));
        Assert.Contains("first block", wrong, StringComparison.Ordinal);
        Assert.Null(ProvenChain.Of(BitcoinNetwork.Regtest, [new HeaderRun(0, runs[0].Bytes[..800]), new HeaderRun(5, runs[0].Bytes[800..])], out wrong));
        Assert.Contains("not after a gap", wrong, StringComparison.Ordinal);
        Assert.Null(ProvenChain.Of(BitcoinNetwork.Regtest, [new HeaderRun(int.MaxValue, runs[0].Bytes)], out wrong));
        Assert.NotNull(wrong);
    }

    [Fact]
    public void A_changed_fact_is_not_the_one_that_the_history_knows()
    {
        var sections = PackedCase.Sections(packed.Pack);
        var json = JsonNode.Parse(Of(sections, "case"))!.AsObject();
        json["facts"]![0]!["value"] = "somebody else";
        json["digest"] = CanonicalJson.Digest(json);
        sections[0] = ("case", CanonicalJson.Bytes(json));
        Assert.Contains("case.facts[0]: it is not what history[2] says was added", Said(CaseVerifier.Verify(PackFile.Write(sections))), StringComparison.Ordinal);
    }

    private static string Said(CaseVerdict verdict)
    {
        Assert.False(verdict.Holds);
        return verdict.Faults[0].ToString();
    }

    private static byte[] Of(List<(string Name, byte[] Bytes)> sections, string name) => sections.Single(section => section.Name == name).Bytes;

    /// <summary>Changes the first trace, and makes its digest, the case with its history, and all hashes of the pack anew.</summary>
    private CaseVerdict Forge(Action<JsonObject> change, Func<CaseTrace, CaseTrace>? changeCase = null)
    {
        var sections = PackedCase.Sections(packed.Pack);
        var trace = JsonNode.Parse(Of(sections, "trace.1"))!.AsObject();
        change(trace);
        trace["digest"] = CanonicalJson.Digest(trace);
        var known = CaseJson.Read(Of(sections, "case"));
        var forged = CaseHistory.New(known.Head, "forger", "2026-01-01T00:00:00Z");
        forged = known.Thefts.Aggregate(forged, (document, theft) => CaseHistory.Add(document, theft, "forger", "2026-01-01T00:00:00Z"));
        forged = known.Tags.Aggregate(forged, (document, tag) => CaseHistory.Add(document, tag, "forger", "2026-01-01T00:00:00Z"));
        for (var i = 0; i < known.Traces.Count; i++)
        {
            var entry = i > 0 ? known.Traces[i] : (changeCase?.Invoke(known.Traces[0]) ?? known.Traces[0]) with { Digest = trace["digest"]!.GetValue<string>() };
            forged = CaseHistory.Add(forged, entry, "forger", "2026-01-01T00:00:00Z");
        }

        return CaseVerifier.Verify(PackFile.Write([.. sections.Select(section => section.Name switch
        {
            "case" => (section.Name, CaseJson.Write(forged)),
            "trace.1" => (section.Name, CanonicalJson.Bytes(trace)),
            _ => section,
        })]));
    }
}
