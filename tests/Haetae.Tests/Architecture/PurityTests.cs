using System.Reflection;
using System.Runtime.InteropServices;

namespace Haetae.Tests.Architecture;

/// <summary>
/// The compiler refuses what BannedSymbols.txt names, in Tracing only. A name in that file that exists nowhere bans nothing and is
/// passed over in silence, so these tests hold every line to something real.
/// </summary>
public class PurityTests
{
    private static readonly IReadOnlyList<Type> Framework = LoadFramework();

    public static TheoryData<string> Symbols => [.. BannedLines().Select(line => line.Split(';')[0])];

    [Theory]
    [MemberData(nameof(Symbols))]
    public void Every_banned_symbol_exists(string symbol) => Assert.True(Exists(symbol), $"{symbol} is no part of the framework: a slip of the pen in BannedSymbols.txt");

    [Theory]
    [InlineData("T:System.IO.Fiel")]
    [InlineData("N:System.Nets")]
    [InlineData("P:System.DateTime.UtcThen")]
    [InlineData("M:System.Threading.Thread.Sleep(System.Int64)")]
    [InlineData("M:System.Guid.NewGuid()")]
    public void A_slip_of_the_pen_is_seen(string symbol) => Assert.False(Exists(symbol));

    [Fact]
    public void Every_ban_says_why() => Assert.DoesNotContain(BannedLines(), line => line.Split(';', 2) is not [_, { Length: > 20 }]);

    [Fact]
    public void Tracing_is_compiled_under_the_bans_as_errors()
    {
        var project = Repository.ProjectFile("Haetae.Tracing");
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", Repository.Items(project, "PackageReference"));
        Assert.Contains("../../BannedSymbols.txt", Repository.Items(project, "AdditionalFiles"));
        Assert.Contains("RS0030", project.Descendants("WarningsAsErrors").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Tracing_never_lifts_a_ban() =>
        Assert.DoesNotContain(TracingFiles(), file => LiftsABan(Repository.Read(file)));

    [Theory]
    [InlineData("#pragma warning disable RS0030")]
    [InlineData("[SuppressMessage(\"ApiDesign\", \"RS0030\")]")]
    [InlineData("<NoWarn>$(NoWarn);RS0030</NoWarn>")]
    public void A_lifted_ban_is_seen(string line) => Assert.True(LiftsABan("first line\n" + line + "\n"));

    private static IEnumerable<string> TracingFiles() =>
        Repository.WrittenFiles().Where(file => file.StartsWith(Path.Combine("src", "Haetae.Tracing"), StringComparison.Ordinal));

    /// <summary>Whoever names the rule outside a comment or the line that makes it an error means to switch it off.</summary>
    private static bool LiftsABan(string text) => text.Split('\n').Any(line =>
        line.Contains("RS0030", StringComparison.Ordinal)
        && !line.Contains("WarningsAsErrors", StringComparison.Ordinal)
        && !line.Contains("<!--", StringComparison.Ordinal));

    private static string[] BannedLines() => Repository.Read("BannedSymbols.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static bool Exists(string symbol)
    {
        var name = symbol[2..];
        if (symbol[0] == 'T') return Framework.Any(t => t.FullName == name);
        if (symbol[0] == 'N') return Framework.Any(t => t.Namespace == name || t.Namespace?.StartsWith(name + ".", StringComparison.Ordinal) == true);
        var head = name.Split('(')[0];
        var type = Framework.FirstOrDefault(t => t.FullName == head[..head.TrimEnd('.').LastIndexOf('.')].TrimEnd('.'));
        var member = head[(head.LastIndexOf('.') + 1)..];
        if (type is null) return false;
        if (symbol[0] == 'P') return type.GetProperty(member) is not null;
        return type.GetMethods().Cast<MethodBase>().Concat(type.GetConstructors()).Any(m => m.Name.Replace('.', '#') == member && name == head + Arguments(m));
    }

    private static string Arguments(MethodBase method) =>
        method.GetParameters() is { Length: > 0 } all ? "(" + string.Join(",", all.Select(p => p.ParameterType.FullName)) + ")" : "";

    private static IReadOnlyList<Type> LoadFramework() =>
    [
        .. Directory.GetFiles(RuntimeEnvironment.GetRuntimeDirectory(), "System.*.dll")
            .Where(file => !Path.GetFileName(file).Contains("Native", StringComparison.Ordinal))
            .SelectMany(file => Assembly.Load(Path.GetFileNameWithoutExtension(file)).GetExportedTypes()),
    ];
}
