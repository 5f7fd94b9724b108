using System.CommandLine;
using Haetae.Tracing.Change;

namespace Haetae.Cli.Commands;

/// <summary>Change rules as people name them.</summary>
internal static class ChangeOptions
{
    internal static Option<string?> WithChange() => new("--with-change")
    {
        Description = $"Show beside the cluster the addresses that these change rules tie to it, each with the transaction that does. Several rules, divided by commas, must agree. One of: {string.Join(", ", ChangeRules.All.Select(rule => rule.Name))}.",
        HelpName = "RULE",
    };

    internal static IChangeRule RuleOf(string text)
    {
        IChangeRule? all = null;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var rule = ChangeRules.Find(name) ?? throw new UsageException($"--with-change {PlainText.Of(text)}: there is no rule '{PlainText.Of(name)}'. There are {string.Join(", ", ChangeRules.All.Select(rule => rule.Name))}.");
            all = all is null ? rule : all.And(rule);
        }

        return all!;
    }
}
