using System.Diagnostics;

namespace Haetae.Tests.Support;

/// <summary>The bzip2 program, which unpacks some of the real data.</summary>
internal static class Bzip2
{
    /// <summary>Why tests that need it are skipped; null where they run.</summary>
    internal static string? Lacking { get; } = SharedData.Lacking is { } absent ? absent
        : Found(Environment.GetEnvironmentVariable("PATH") ?? "") ? null : "the program 'bzip2' is not installed; .ci/run installs it";

    /// <summary>Unpacks a file into a stream.</summary>
    internal static void Unpack(string file, Stream target)
    {
        using var process = Process.Start(new ProcessStartInfo("bzip2", ["-dc", file]) { RedirectStandardOutput = true })!;
        process.StandardOutput.BaseStream.CopyTo(target);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Packs bytes.</summary>
    internal static byte[] Pack(byte[] bytes)
    {
        using var process = Process.Start(new ProcessStartInfo("bzip2", ["-zc"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var written = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(bytes);
            process.StandardInput.Close();
        });
        using var packed = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(packed);
        written.Wait();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return packed.ToArray();
    }

    internal static bool Found(string path) =>
        path.Split(Path.PathSeparator).Any(folder => folder.Length > 0 && (File.Exists(Path.Combine(folder, "bzip2")) || File.Exists(Path.Combine(folder, "bzip2.exe"))));
}

/// <summary>A test on real data packed with bzip2: skipped, and said to be skipped, where the data or the program is absent.</summary>
public sealed class Bzip2FactAttribute : FactAttribute
{
    public Bzip2FactAttribute() => Skip = Bzip2.Lacking;
}

/// <summary>A table of tests on real data packed with bzip2: skipped, and said to be skipped, where the data or the program is absent.</summary>
public sealed class Bzip2TheoryAttribute : TheoryAttribute
{
    public Bzip2TheoryAttribute() => Skip = Bzip2.Lacking;
}
