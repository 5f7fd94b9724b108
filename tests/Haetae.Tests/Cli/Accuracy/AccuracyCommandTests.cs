using System.IO.Compression;
using System.Text;
using Haetae.Cli.Accuracy;
using Haetae.Cli.Commands;

namespace Haetae.Tests.Cli.Accuracy;

/// <summary>What <c>haetae accuracy</c> says when the data is not what it should be.</summary>
public sealed class AccuracyCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-accuracy-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var (exit, output, errors) = await AccuracyTests.Run("accuracy", "--data", _folder);
        Assert.Equal((ExitCode.NotFound, ""), (exit, output));
        Assert.Contains("mainnet-coinjoins.jsonl.gz is missing", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_folder_is_named() => Assert.Equal(ExitCode.NotFound, (await AccuracyTests.Run("accuracy", "--data", Path.Combine(_folder, "nowhere"))).Exit);

    [Fact]
    public async Task An_unknown_part_is_wrong_use_and_the_parts_are_named()
    {
        var (exit, _, errors) = await AccuracyTests.Run("accuracy", "--data", _folder, "--only", "wasabi3");
        Assert.Equal(ExitCode.WrongUse, exit);
        Assert.Contains("wasabi2", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_parts_go_by_one_name() => Assert.Equal(AccuracyMeasures.All.Length, AccuracyMeasures.All.Select(measurement => measurement.Name).Distinct().Count());

    [Fact]
    public async Task Generated_parts_need_no_file()
    {
        var (exit, output, _) = await AccuracyTests.Run("accuracy", "--data", _folder, "--only", "ordinary", "--markdown");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("| every rule | generated payments", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"txid\":", "line 1")]
    [InlineData("{\"txid\":\"00\"}", "no id of 64")]
    [InlineData("[]", "lacks 'txid'")]
    [InlineData("{\"txid\":\"1111111111111111111111111111111111111111111111111111111111111111\",\"labels\":[],\"vin\":[{\"script\":\"zz\",\"value\":1}],\"vout\":[]}", "not hex")]
    [InlineData("{\"txid\":\"1111111111111111111111111111111111111111111111111111111111111111\",\"labels\":[],\"vin\":[{\"script\":\"\",\"value\":-1}],\"vout\":[]}", "satoshi")]
    public async Task A_bad_line_is_told_with_file_and_line(string line, string said)
    {
        var file = Path.Combine(_folder, "bitcoin", "coinjoin", "mainnet-coinjoins.jsonl.gz");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using (var packed = new GZipStream(File.Create(file), CompressionMode.Compress)) packed.Write(Encoding.UTF8.GetBytes(line + "\n"));
        var (exit, _, errors) = await AccuracyTests.Run("accuracy", "--data", _folder, "--only", "whirlpool");
        Assert.Equal(ExitCode.Failed, exit);
        Assert.Contains("mainnet-coinjoins.jsonl.gz, line 1", errors, StringComparison.Ordinal);
        Assert.Contains(said, errors, StringComparison.Ordinal);
    }
}
