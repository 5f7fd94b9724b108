using System.Text.Json.Nodes;
using Haetae.Cli.Commands;

namespace Haetae.Tests.Intel.Cases;

/// <summary><c>haetae case</c> as a shell meets it.</summary>
public sealed class CaseCommandTests(PackedCase packed) : IClassFixture<PackedCase>
{
    [Theory]
    [InlineData("case verify PACK", ExitCode.Done, "holds.")]
    [InlineData("case show CASE", ExitCode.Done, "TLP:GREEN")]
    [InlineData("case show PACK", ExitCode.Done, "Practice heist")]
    [InlineData("exposure HOLDER --case CASE --ledger LEDGER", ExitCode.Done, "at most")]
    [InlineData("exposure HOLDER --case PACK --ledger LEDGER", ExitCode.Done, "at most")]
    [InlineData("exposure HOLDER --ledger LEDGER", ExitCode.WrongUse, "--case FILE")]
    [InlineData("exposure HOLDER --case CASE --amount 5 --ledger LEDGER", ExitCode.WrongUse, "a case says itself")]
    [InlineData("exposure HOLDER --case NOTHING --ledger LEDGER", ExitCode.NotFound, "is not there")]
    [InlineData("case verify CASE", ExitCode.Done, "checks hold")]
    [InlineData("case verify NOTHING", ExitCode.NotFound, "is not there")]
    [InlineData("case show NOTHING", ExitCode.NotFound, "is not there")]
    [InlineData("case add NOTHING note x", ExitCode.NotFound, "is not there")]
    [InlineData("case add CASE trace --theft other --ledger LEDGER", ExitCode.NotFound, "no theft 'other'")]
    [InlineData("case add CASE tag nobody --home NOTHING", ExitCode.NotFound, "no tags yet")]
    [InlineData("case", ExitCode.WrongUse, "needs a verb")]
    [InlineData("case add CASE", ExitCode.WrongUse, "needs a verb")]
    [InlineData("case new NEW --title x --ledger LEDGER", ExitCode.WrongUse, "Say what was stolen")]
    [InlineData("case new CASE --title x --from STOLEN --ledger LEDGER", ExitCode.WrongUse, "there already")]
    [InlineData("case new NEW --title x --tlp pink --from STOLEN --ledger LEDGER", ExitCode.WrongUse, "known are red")]
    [InlineData("case new NEW --title x --theft STOLEN --ledger LEDGER", ExitCode.WrongUse, "say NAME=WHAT")]
    [InlineData("case new NEW --title x --theft a=STOLEN --theft a=STOLEN --ledger LEDGER", ExitCode.WrongUse, "is said twice")]
    [InlineData("case new NEW --title x --theft a=STOLEN --theft b=STOLEN --ledger LEDGER", ExitCode.WrongUse, "named in two thefts")]
    [InlineData("case add CASE fact --name x --value y --source z --status rumour", ExitCode.WrongUse, "rumour")]
    [InlineData("case add CASE link --from a --to b --method c --evidence d --probability 2", ExitCode.WrongUse, "from 0 to 1")]
    [InlineData("case add CASE tag nobody --label x", ExitCode.WrongUse, "needs --source")]
    [InlineData("case add CASE trace --ledger LEDGER --policy fifo --bounds on", ExitCode.WrongUse, "put poison among the policies")]
    [InlineData("case pack CASE --ledger LEDGER --out NEW", ExitCode.WrongUse, "--blocks DIR or --rpc URL")]
    [InlineData("case pack CASE --blocks BLOCKS --ledger LEDGER", ExitCode.WrongUse, "there already")]
    [InlineData("case pack CASE --blocks LEDGER --ledger LEDGER --out NEW", ExitCode.Failed, "no block file")]
    [InlineData("case pack PACK --blocks BLOCKS --ledger LEDGER --out NEW", ExitCode.Failed, "no JSON")]
    public async Task Each_way_of_asking_ends_as_the_contract_says(string command, int exit, string said)
    {
        var (ended, output, errors) = await Run(command);
        Assert.True(ended == exit, $"{ended}: {output}{errors}");
        Assert.Contains(said, output + errors, StringComparison.Ordinal);
        Assert.Equal(exit is ExitCode.Done or ExitCode.VerificationFailed, output.Length > 0);
        Assert.False(File.Exists(packed.Path_("new")));
    }

    [Fact]
    public async Task A_flipped_byte_ends_verify_with_4_and_says_where()
    {
        var changed = packed.Path_("flipped.haetae");
        for (var round = 0; round < 20; round++)
        {
            var bytes = packed.Pack.ToArray();
            bytes[(bytes.Length - 1) * round / 19] ^= 4;
            await File.WriteAllBytesAsync(changed, bytes);
            var (exit, output, errors) = await Run($"case verify {changed}");
            Assert.Equal((ExitCode.VerificationFailed, ""), (exit, errors));
            Assert.Matches("NOT hold", output);
            Assert.Matches("header: |section '", output);
            var (jsonExit, json, _) = await Run($"case verify {changed} --json");
            Assert.Equal(ExitCode.VerificationFailed, jsonExit);
            Assert.False(JsonNode.Parse(json)!["holds"]!.GetValue<bool>());
            Assert.NotEmpty(JsonNode.Parse(json)!["faults"]!.AsArray());
        }
    }

    [Fact]
    public async Task Two_thefts_are_traced_each_by_itself()
    {
        var file = packed.Path_("two.json");
        await Succeed($"case new {file} --title two --theft a={packed.Practice.Seeds[0]} --theft b={packed.Practice.Seeds[1]} --ledger LEDGER --by me");
        Assert.Equal(ExitCode.WrongUse, (await Run($"case add {file} trace --ledger LEDGER")).Exit);
        await Succeed($"case add {file} trace --theft a --policy fifo --ledger LEDGER");
        await Succeed($"case add {file} trace --theft b --policy fifo --ledger LEDGER");
        await Succeed($"case add {file} trace --theft b --policy fifo --ledger LEDGER");
        await Succeed($"case pack {file} --blocks BLOCKS --ledger LEDGER");
        var json = JsonNode.Parse((await Run($"case verify {packed.Path_("two.haetae")} --json")).Output)!;
        Assert.Equal(["a", "b"], json["proved"]!["traces"]!.AsArray().Select(trace => trace!["theft"]!.GetValue<string>()));
        Assert.Equal("me", JsonNode.Parse((await Run($"case show {file} --json")).Output)!["history"]![0]!["by"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_partly_stolen_output_keeps_its_part()
    {
        var file = packed.Path_("part.json");
        await Succeed($"case new {file} --title part --from {packed.Practice.Seeds[0]} --amount 12345 --ledger LEDGER");
        await Succeed($"case add {file} trace --ledger LEDGER");
        await Succeed($"case pack {file} --blocks BLOCKS --ledger LEDGER");
        var shown = JsonNode.Parse((await Run($"case show {packed.Path_("part.haetae")} --json")).Output)!;
        Assert.Equal("12345", shown["thefts"]![0]!["seeds"]![0]!["stolen"]!.GetValue<string>());
        Assert.Equal("12345", shown["traces"]![0]!["books"]![0]!["stolen"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_exposure_to_a_case_is_that_to_its_outputs()
    {
        var byCase = JsonNode.Parse((await Run("exposure HOLDER --case CASE --ledger LEDGER --json")).Output)!;
        var byOutputs = JsonNode.Parse((await Run($"exposure HOLDER --from {string.Join(',', packed.Practice.Seeds)} --ledger LEDGER --json")).Output)!;
        Assert.Equal(byOutputs.ToJsonString(), byCase.ToJsonString());
    }

    /// <summary>An address where stolen money ends under first in, first out.</summary>
    private string Holder => JsonNode.Parse(PackedCase.Sections(packed.Pack).Single(section => section.Name == "trace.1").Bytes)!["results"]![0]!["ends"]![0]!["address"]!.GetValue<string>();

    private async Task Succeed(string command)
    {
        var (exit, _, errors) = await Run(command);
        Assert.True(exit == ExitCode.Done, $"{command}: {errors}");
    }

    private async Task<(int Exit, string Output, string Errors)> Run(string command)
    {
        IEnumerable<string> args = command.Split(' ').Select(word => word switch
        {
            "CASE" => packed.File,
            "PACK" => packed.PackFileName,
            "NOTHING" => packed.Path_("nothing"),
            "HOLDER" => Holder,
            "NEW" => packed.Path_("new"),
            "LEDGER" => packed.Practice.Folder,
            "BLOCKS" => packed.Practice.Blocks,
            _ => word.Replace("STOLEN", packed.Practice.Seeds[0], StringComparison.Ordinal),
        });
        if (!command.Contains("--home", StringComparison.Ordinal)) args = [.. args, "--home", packed.Home];
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync([.. args], output, errors);
        return (exit, output.ToString(), errors.ToString());
    }
}
