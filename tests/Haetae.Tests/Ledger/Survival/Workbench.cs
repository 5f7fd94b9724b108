using System.Diagnostics;
using Haetae.Cli.Exercise;
using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>A folder of its own with generated chains and ledgers made from them, gone when the test is over.</summary>
public sealed class Workbench : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("haetae-survival-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public string Path_(string name) => Path.Combine(Root, name);

    /// <summary>Writes a practice chain and returns its folder.</summary>
    internal string Chain(ulong seed, int transactions) => Heist(seed, transactions).Folder;

    internal PracticeHeistResult Heist(ulong seed, int transactions) =>
        PracticeHeist.Write(Path_($"chain-{seed}-{transactions}"), seed, transactions, Convert.ToHexStringLower, CancellationToken.None);

    internal static BitcoinIngestResult Ingest(
        string blocks, string ledger, int threads = 2, long checkpoint = 100_000, int? to = null, Action<BitcoinIngestStep>? progress = null, CancellationToken cancel = default) =>
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = blocks, Ledger = ledger, Threads = threads, CheckpointBytes = checkpoint, To = to }, progress, cancel);

    /// <summary>The ways in which two ledgers' files differ; empty when all bytes are the same.</summary>
    internal static string Difference(string expected, string actual, Func<string, bool>? which = null)
    {
        which ??= static _ => true;
        string[] Names(string folder) => [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(name => name != "writer.lock" && which(name)).Order(StringComparer.Ordinal)];
        var names = Names(expected);
        if (!names.SequenceEqual(Names(actual))) return $"files {string.Join(' ', names)} against {string.Join(' ', Names(actual))}";
        return string.Join(", ", names.Where(name => !File.ReadAllBytes(Path.Combine(expected, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(actual, name)))));
    }

    /// <summary>The ways in which two ledgers' manifests and columns differ, up to what the manifests vouch for: files may be longer where blocks were taken back.</summary>
    internal static string ColumnDifference(string expected, string actual)
    {
        Manifest one = Manifest.Read(expected)!, other = Manifest.Read(actual)!;
        if (one.Written != other.Written || one.Published != other.Published || one.Tails.Except(other.Tails).Any()) return $"counts {one.Written} and {one.Published} against {other.Written} and {other.Published}";
        return string.Join(", ", LedgerColumns.All.Where(column => !Bytes(expected, column).AsSpan().SequenceEqual(Bytes(actual, column))).Select(column => column.Name));

        byte[] Bytes(string folder, ColumnSpec column)
        {
            using var file = File.OpenRead(Path.Combine(folder, column.FileName));
            var bytes = new byte[column.Bytes(one.Published) + column.Padding];
            file.ReadExactly(bytes);
            return bytes;
        }
    }

    internal static bool IsColumn(string name) => name.EndsWith(".col", StringComparison.Ordinal);

    internal static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.EnumerateFiles(from)) File.Copy(path, Path.Combine(to, Path.GetFileName(path)), overwrite: true);
    }

    /// <summary>Starts the built program, as a user would.</summary>
    internal static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "haetae.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // a killed runtime leaves its debugger's pipes in the temporary folder
        return Process.Start(start)!;
    }

    /// <summary>Runs the built program to its end.</summary>
    internal static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(120_000))
        {
            process.Kill();
            throw new TimeoutException($"haetae {string.Join(' ', arguments)} did not end within two minutes");
        }

        return (process.ExitCode, output.Result, errors.Result);
    }
}
