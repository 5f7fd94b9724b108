using System.Reflection;
using System.Runtime.InteropServices;
using System.Security;

namespace Haetae.Tests.Architecture;

/// <summary>Ledger, Tracing, Intel, Web, Cli: each may know those before it, none those after it (docs/architecture.md).</summary>
public class DirectionTests
{
    private static readonly string[] Layers = ["Haetae.Ledger", "Haetae.Tracing", "Haetae.Intel", "Haetae.Web", "Haetae.Cli"];

    public static TheoryData<string> Projects => [.. Repository.Projects];

    [Fact]
    public void Source_holds_only_the_named_layers() => Assert.Empty(Repository.Projects.Except(Layers));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_built_assembly_knows_only_layers_before_its_own(string project) =>
        Assert.Empty(NotBefore(project, ReferencesOf(Load(project))));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_names_only_layers_before_its_own(string project) =>
        Assert.Empty(NotBefore(project, Repository.Items(Repository.ProjectFile(project), "ProjectReference")));

    [Theory]
    [InlineData("Haetae.Ledger", "Haetae.Tracing")]
    [InlineData("Haetae.Tracing", "haetae")]
    [InlineData("Haetae.Tracing", "Haetae.Elsewhere")]
    [InlineData("Haetae.Ledger", "Haetae.Intel")]
    [InlineData("Haetae.Tracing", "Haetae.Intel")]
    [InlineData("Haetae.Intel", "haetae")]
    public void A_reference_against_the_direction_is_seen(string from, string to) => Assert.Equal([to], NotBefore(from, ["System.Runtime", to]));

    [Fact]
    public void Tracing_is_seen_to_know_the_ledger() => Assert.Contains("Haetae.Ledger", Repository.Items(Repository.ProjectFile("Haetae.Tracing"), "ProjectReference"));

    [Fact]
    public void Intel_is_seen_to_know_the_ledger_and_the_program_to_know_intel()
    {
        Assert.Contains("Haetae.Ledger", ReferencesOf(Load("Haetae.Intel")));
        Assert.Contains("Haetae.Intel", ReferencesOf(Load("Haetae.Cli")));
    }

    [Fact]
    public void The_ledger_is_built_on_the_framework_alone() => Assert.Empty(OutsideTheFramework(Load("Haetae.Ledger")));

    [Fact]
    public void The_ledger_asks_for_no_package() => Assert.Empty(Repository.Items(Repository.ProjectFile("Haetae.Ledger"), "PackageReference"));

    [Fact]
    public void Tracing_is_built_on_the_framework_and_the_ledger() => Assert.Empty(OutsideTheFramework(Load("Haetae.Tracing")).Except(["Haetae.Ledger"]));

    [Fact]
    public void A_package_outside_the_framework_is_seen() => Assert.Contains("xunit.assert", OutsideTheFramework(typeof(DirectionTests).Assembly));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_the_ledger_is_compiled_with_unsafe_code_allowed(string project) => Assert.Equal(project == "Haetae.Ledger", AllowsUnsafe(Load(project)));

    private static Assembly Load(string project) => Assembly.Load(Repository.AssemblyOf(project));

    private static IEnumerable<string> ReferencesOf(Assembly assembly) => assembly.GetReferencedAssemblies().Select(a => a.Name!);

    private static IReadOnlyList<string> NotBefore(string project, IEnumerable<string> references)
    {
        var before = Layers.TakeWhile(layer => layer != project).Select(Repository.AssemblyOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. references.Where(r => r.StartsWith("Haetae", StringComparison.OrdinalIgnoreCase) && !before.Contains(r))];
    }

    private static IReadOnlyList<string> OutsideTheFramework(Assembly assembly) =>
        [.. ReferencesOf(assembly).Where(name => !File.Exists(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), name + ".dll")))];

    /// <summary>The compiler marks every module it was allowed to write unsafe code into, used or not.</summary>
    private static bool AllowsUnsafe(Assembly assembly) => assembly.ManifestModule.IsDefined(typeof(UnverifiableCodeAttribute), inherit: false);
}
