using System.CommandLine;
using System.Globalization;
using Haetae.Cli.Accuracy;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae accuracy</c>: recomputes every figure of docs/accuracy.md.</summary>
internal static class AccuracyCommand
{
    internal static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder of the recorded data, holding bitcoin/coinjoin, bitcoin/blocks, ethereum/tornado-cash, ethereum/bridge-pairs and ethereum/address-poisoning.", Required = true, HelpName = "DIR" };
        var bench = new Option<string?>("--bench") { Description = "Folder of a generated chain, blk*.dat with truth.tsv (generate_chain --truth 1): clusters are measured on it too.", HelpName = "DIR" };
        var only = new Option<string?>("--only") { Description = $"Measure one part: {string.Join(", ", AccuracyMeasures.Names)}.", HelpName = "NAME" };
        var markdown = new Option<bool>("--markdown") { Description = "Print the tables of docs/accuracy.md." };
        var json = CommonOptions.Json();
        var command = new Command("accuracy", "Measures detectors, clusters and links on recorded and generated data with known truth, and says how often they are right: so many of so many, with a 95 % interval and what makes it weak.") { data, bench, only, markdown, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(markdown) && result.GetValue(json)) result.AddError("--json and --markdown: choose one.");
        });
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var folder = Path.GetFullPath(parsed.GetValue(data)!);
            Folders.RequireFolder("--data", folder);
            var chain = parsed.GetValue(bench) is { } named ? Path.GetFullPath(named) : null;
            if (chain is not null) Folders.RequireFolder("--bench", chain);
            var asked = Asked(parsed.GetValue(only), chain is not null);
            var figures = Measure(folder, chain, asked, ProgressLine.OnConsole(), cancel);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(AccuracyReport.Json(figures)));
            else if (parsed.GetValue(markdown)) PrintMarkdown(figures, output);
            else AccuracyReport.Text(figures, output);
            return ExitCode.Done;
        }, CancellationToken.None));
        return command;
    }

    /// <summary>All figures of some measurements, in order.</summary>
    internal static IReadOnlyList<Figure> Measure(string folder, string? bench, IReadOnlyList<Measurement> asked, ProgressLine progress, CancellationToken cancel)
    {
        using var data = new AccuracyData(folder, bench);
        var figures = new List<Figure>();
        for (var m = 0; m < asked.Count; m++)
        {
            cancel.ThrowIfCancellationRequested();
            progress.Show("Measure", (double)m / asked.Count, string.Create(CultureInfo.InvariantCulture, $"{m} of {asked.Count}, now {asked[m].Name}"));
            figures.AddRange(asked[m].Take(data, cancel));
        }

        progress.Clear();
        return figures;
    }

    private static Measurement[] Asked(string? name, bool withBench)
    {
        Measurement[] all = withBench ? [.. AccuracyMeasures.All, ClusterMeasures.Bench] : AccuracyMeasures.All;
        if (name is null) return all;
        if (name == ClusterMeasures.Bench.Name && !withBench) throw new UsageException("--only bench needs a chain: name its folder with --bench.");
        var asked = Array.FindAll(all, measurement => measurement.Name == name || AccuracyMeasures.SectionName(measurement.Section) == name);
        return asked.Length > 0 ? asked : throw new UsageException($"--only {name}: there is no such part. There are {string.Join(", ", AccuracyMeasures.Names)}.");
    }

    private static void PrintMarkdown(IReadOnlyList<Figure> figures, TextWriter output)
    {
        foreach (var section in figures.Select(figure => figure.Section).Distinct())
        {
            output.WriteLine($"### {AccuracyReport.Title(section)}");
            output.WriteLine(AccuracyReport.Markdown(section, figures));
        }
    }
}
