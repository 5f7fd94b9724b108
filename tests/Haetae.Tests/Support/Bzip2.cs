namespace Haetae.Tests.Support;

/// <summary>The bzip2 program, which unpacks some of the real data.</summary>
internal static class Bzip2
{
    /// <summary>Why tests that need it are skipped; null where they run.</summary>
    internal static string? Lacking { get; } = SharedData.Root is null
        ? "real data (../shared/data) is absent; set HAETAE_SHARED_DATA to its folder"
        : Found(Environment.GetEnvironmentVariable("PATH") ?? "") ? null : "the program 'bzip2' is not installed; .ci/run installs it";

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
