using System.Text;
using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Cli.Demo;
using Haetae.Intel.Cases;

namespace Haetae.Tests.Intel.Cases;

/// <summary>A case without a pack: what it carries is checked, and only what contradicts fails.</summary>
public sealed class CaseCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-check-").FullName;
    private readonly string _lines = Encoding.UTF8.GetString(CarriedFile.Bytes(DmmStory.LinesName));

    public CaseCheckTests()
    {
        File.WriteAllBytes(At(DmmStory.CaseName), CarriedFile.Bytes(DmmStory.CaseName));
        File.WriteAllText(At(DmmStory.LinesName), _lines);
    }

    [Fact]
    public async Task The_carried_case_holds_and_says_what_was_not_checked()
    {
        var (exit, output) = await Verify();
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("5 checks hold", output, StringComparison.Ordinal);
        Assert.Contains("its 9 stolen outputs against dmm-bitcoin-2024.jsonl", output, StringComparison.Ordinal);
        Assert.Matches("(?s)Not checked:.*The ids of 2 transactions.*no block and no header", output);
        var json = JsonNode.Parse((await Verify("--json")).Output)!;
        Assert.True(json["holds"]!.GetValue<bool>());
        Assert.Equal(5, json["checks"]!.AsArray().Count);
        Assert.Empty(json["faults"]!.AsArray());
        Assert.NotEmpty(json["notProved"]!.AsArray());
    }

    [Fact]
    public async Task Without_the_transactions_beside_it_the_case_says_so_and_holds()
    {
        File.Delete(At(DmmStory.LinesName));
        var (exit, output) = await Verify();
        Assert.Equal(ExitCode.Done, exit);
        Assert.Matches("(?s)3 checks hold.*Not checked:.*dmm-bitcoin-2024.jsonl, which a note names and which does not lie beside it", output);
    }

    [Theory]
    [InlineData("\"vout\":29,\"value\":50300000000", "\"vout\":29,\"value\":50300000001", "spends c03acb80562302248f8be621e765315345a85cd3856bf49583e97b0428342908:29 as 50300000001 satoshi, and it is worth 50300000000")]
    [InlineData("450290000000", "450310000000", "pays 450310000000 satoshi and spends 450300000000")]
    [InlineData("\"vout\":29,", "\"vout\":21,", ":21 is spent twice")]
    [InlineData("\"vout\":29,", "\"vout\":99,", "and c03acb80562302248f8be621e765315345a85cd3856bf49583e97b0428342908 has")]
    [InlineData("{\"txid\":\"c03acb", "{\"txid\":\"d03acb", "is of a transaction that dmm-bitcoin-2024.jsonl does not hold")]
    [InlineData("{\"txid\":\"975ec4", "\"txid\":\"975ec4", "dmm-bitcoin-2024.jsonl, line 2")]
    public async Task A_contradiction_between_the_case_and_its_transactions_ends_with_4(string was, string becomes, string said)
    {
        Assert.Contains(was, _lines, StringComparison.Ordinal);
        await File.WriteAllTextAsync(At(DmmStory.LinesName), _lines.Replace(was, becomes, StringComparison.Ordinal));
        var (exit, output) = await Verify();
        Assert.Equal(ExitCode.VerificationFailed, exit);
        Assert.Contains("NOT hold", output, StringComparison.Ordinal);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"stolen\":\"50300000000\"", "\"stolen\":\"50400000000\"")]
    [InlineData("TraderTraitor", "TraderTraitot")]
    public async Task A_changed_case_ends_with_4(string was, string becomes)
    {
        var text = await File.ReadAllTextAsync(At(DmmStory.CaseName));
        Assert.Contains(was, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(At(DmmStory.CaseName), text.Replace(was, becomes, StringComparison.Ordinal));
        Assert.Equal(ExitCode.VerificationFailed, (await Verify()).Exit);
    }

    // Digest and history are those of what it says: only the sums tell.
    [Fact]
    public void More_stolen_than_an_output_is_worth_is_a_fault_whatever_the_digest_says()
    {
        var known = CaseJson.Read(CarriedFile.Bytes(DmmStory.CaseName));
        var theft = known.Thefts[0];
        var forged = CaseHistory.Add(CaseHistory.New(known.Head, "me", "2026-01-01T00:00:00Z"), theft with { Seeds = [theft.Seeds[0] with { Stolen = theft.Seeds[0].Value + 1 }] }, "me", "2026-01-01T00:00:00Z");
        Assert.Contains("50000000001 of it are said to be stolen", Assert.Single(CaseCheck.Of(forged, "", null).Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("See cases/a.jsonl.", "a.jsonl")]
    [InlineData("See ../../other/b.jsonl, please", "b.jsonl")]
    [InlineData("nothing but .jsonl here", null)]
    [InlineData("no file", null)]
    public void A_note_names_a_file_beside_the_case_and_no_other_folder(string note, string? name)
    {
        var document = CaseHistory.New(new CaseHead("x", "TLP:CLEAR", "bip122:0", "mainnet"), "me", "2026-01-01T00:00:00Z");
        Assert.Equal(name, CaseCheck.LinesNamedIn(CaseHistory.Add(document, new CaseNote(note), "me", "2026-01-01T00:00:00Z")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);

    private async Task<(int Exit, string Output)> Verify(string more = "")
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exit = await HaetaeCommand.RunAsync(["case", "verify", At(DmmStory.CaseName), .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)], output, errors);
        return (exit, output.ToString() + errors);
    }
}
