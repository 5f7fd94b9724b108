using System.CommandLine;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Thefts;

namespace Haetae.Cli.Commands;

/// <summary><c>--theft NAME=WHAT</c>: several thefts in one trace.</summary>
internal static class TheftOptions
{
    internal static Option<string[]> Create() => new("--theft")
    {
        Description = $"One of up to {Theft.Most} thefts, by name (letters, digits, dashes): NAME=WHAT[,WHAT..], with WHAT as for --from. Say it once for each; what two of them claim is the earlier one's.",
        HelpName = "NAME=WHAT",
    };

    internal static List<NamedTheft> Parse(string[] values)
    {
        var thefts = new List<NamedTheft>();
        foreach (var value in values)
        {
            var (name, what) = value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (value[..at], value[(at + 1)..]) : (value, "");
            if (!Theft.IsName(name)) throw new UsageException($"--theft '{value}': say NAME=WHAT; a name has 1 to {Theft.LongestName} letters, digits and dashes.");
            if (thefts.Exists(theft => theft.Name == name)) throw new UsageException($"--theft {name} is said twice: name all of its outputs in one, divided by commas.");
            string[] from = what.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (from.Length == 0) throw new UsageException($"--theft {name} names nothing that was stolen: say --theft {name}=TXID:VOUT, TXID or ADDRESS.");
            thefts.Add(new NamedTheft(name, from));
        }

        return thefts.Count <= Theft.Most ? thefts : throw new UsageException($"{thefts.Count} thefts are more than the {Theft.Most} that one trace can tell apart.");
    }
}
