using System.Text;
using System.Xml.Linq;

namespace Haetae.Tests.Architecture;

/// <summary>The clone these tests were built from: its projects and its files.</summary>
internal static class Repository
{
    private static readonly string[] TextFiles =
        [".cs", ".csproj", ".props", ".slnx", ".json", ".md", ".sh", ".txt", ".yml", ".yaml", ".html", ".svg", ".css", ".js", ".ts", ".csv", ".xml", ".config", ""];

    public static string Root { get; } = FindRoot();

    /// <summary>The projects under src, by folder name.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    public static XDocument ProjectFile(string project) => XDocument.Load(Path.Combine(Root, "src", project, project + ".csproj"));

    /// <summary>The names that a project file lists under one kind of item: PackageReference or ProjectReference, the latter without its path.</summary>
    public static IReadOnlyList<string> Items(XDocument projectFile, string kind) =>
        [.. projectFile.Descendants(kind).Select(e => (string)e.Attribute("Include")!).Select(i => kind == "ProjectReference" ? Path.GetFileNameWithoutExtension(i) : i)];

    /// <summary>A project's assembly is called as the project, but for the program itself.</summary>
    public static string AssemblyOf(string project) => project == "Haetae.Cli" ? "haetae" : project;

    /// <summary>Every text file of the clone that a person wrote, relative to the root.</summary>
    public static IEnumerable<string> WrittenFiles() =>
        Directory.EnumerateFiles(Root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(f => Path.GetRelativePath(Root, f))
            .Where(f => !f.Split('/', '\\').Any(part => part is ".git" or "bin" or "obj" or "node_modules" or ".vs" or ".idea" or "TestResults" or "BenchmarkDotNet.Artifacts"))
            .Where(f => TextFiles.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase) && new FileInfo(Path.Combine(Root, f)).Length < 1 << 20)
            .Order(StringComparer.Ordinal);

    public static string Read(string relative) => File.ReadAllText(Path.Combine(Root, relative), Encoding.UTF8);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Haetae.slnx"))) return folder.FullName;
        throw new InvalidOperationException($"No Haetae.slnx above {AppContext.BaseDirectory}: these tests run inside a clone.");
    }
}
