namespace Haetae.Tests.Support;

/// <summary>Where the real data lies: <c>../shared/data</c> beside the project, or wherever HAETAE_SHARED_DATA says.</summary>
public static class SharedData
{
    public static string? Root { get; } = Find();

    /// <summary>Why tests on real data are skipped; null where they run.</summary>
    public static string? Lacking => Root is null ? "real data (../shared/data) is absent; set HAETAE_SHARED_DATA to its folder" : null;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("HAETAE_SHARED_DATA") is { Length: > 0 } named) return Directory.Exists(named) ? named : null;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "Haetae.slnx"))) continue;
            var data = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "data"));
            return Directory.Exists(data) ? data : null;
        }

        return null;
    }

    /// <summary>The full path of a file under shared data, for tests marked <see cref="SharedDataFactAttribute"/>.</summary>
    public static string Path_(params string[] parts) =>
        Path.Combine([Root ?? throw new InvalidOperationException("shared data is absent"), .. parts]);
}

/// <summary>A test on real data: skipped, and said to be skipped, where the data is absent.</summary>
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute() => Skip = SharedData.Lacking;
}

/// <summary>A table of tests on real data: skipped, and said to be skipped, where the data is absent.</summary>
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute() => Skip = SharedData.Lacking;
}
