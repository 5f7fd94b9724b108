using System.CommandLine;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Explorers;

namespace Haetae.Cli.Commands;

/// <summary>Options that many verbs share, and what they mean.</summary>
internal static class CommonOptions
{
    internal static readonly Option<string?> Home = new("--home")
    {
        Description = "Folder of Haetae's data: ledgers, cases, reports (else HAETAE_HOME, else the user's data folder).",
        Recursive = true,
        HelpName = "DIR",
    };

    internal static Option<string?> Ledger() => new("--ledger") { Description = "Folder of the ledger (default: ledgers/bitcoin under --home).", HelpName = "DIR" };

    /// <summary>Refuses options that say nothing beside another one.</summary>
    internal static void Refuse(ParseResult parsed, string beside, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
            if (parsed.GetResult(option) is { Implicit: false }) throw new UsageException($"{option.Name} does not go with {beside}.");
    }

    internal static Option<bool> Json() => new("--json") { Description = "Print one JSON document instead of text." };

    internal static string HomeFolder(ParseResult parsed)
    {
        if (parsed.GetValue(Home) is { Length: > 0 } named) return Path.GetFullPath(named);
        if (Environment.GetEnvironmentVariable("HAETAE_HOME") is { Length: > 0 } set) return Path.GetFullPath(set);
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "haetae");
    }

    internal static string LedgerFolder(ParseResult parsed, Option<string?> option) => LedgerFolder(parsed, option, ChainName.Bitcoin);

    /// <summary>The folder named; else the one of a chain under --home, by its short word or its CAIP-2 name.</summary>
    internal static string LedgerFolder(ParseResult parsed, Option<string?> option, ChainName chain)
    {
        var usual = chain.Family == ChainFamily.Bitcoin ? "bitcoin" : chain.Alias ?? chain.Caip2.Replace(':', '-');
        var folder = parsed.GetValue(option) is { Length: > 0 } named ? Path.GetFullPath(named) : Path.Combine(HomeFolder(parsed), "ledgers", usual);
        return File.Exists(folder) ? throw new UsageException($"--ledger {folder}: that is a file. A ledger is a folder; name it.") : folder;
    }

    internal static BitcoinLedger OpenLedger(ParseResult parsed, Option<string?> option)
    {
        var folder = LedgerFolder(parsed, option);
        return !CaseFolder.IsOne(folder) ? BitcoinLedger.Open(folder)
            : throw new UsageException($"'{folder}' is a case ledger, which holds only what was fetched, no whole blocks: figures over blocks or over all of a chain would mislead. 'trace', 'tx', 'address' and 'ledger info' read it. This verb needs a ledger of whole blocks.");
    }

    /// <summary>The folder of the case ledger that is named; null: what is named is something else.</summary>
    internal static string? CaseFolderOf(ParseResult parsed, Option<string?> option) => LedgerFolder(parsed, option) is var folder && CaseFolder.IsOne(folder) ? folder : null;

    /// <summary>Opens a ledger of whole blocks, or a case ledger. Whoever can be disposed of must be.</summary>
    internal static ILedgerView OpenView(ParseResult parsed, Option<string?> option) =>
        LedgerFolder(parsed, option) is var folder && CaseFolder.IsOne(folder) ? BitcoinCase.Open(folder) : BitcoinLedger.Open(folder);

    /// <summary>As below, where a verb answers on ledgers of accounts too.</summary>
    internal static int Answer(ParseResult parsed, Option<string?> option, Action<BitcoinLedger, TextWriter> write, Action<AccountLedger, TextWriter> writeAccounts)
    {
        var folder = LedgerFolder(parsed, option);
        return AccountManifest.IsIn(folder) ? AnswerAccounts(parsed, option, isStreamed: false, (open, output) => writeAccounts((AccountLedger)open, output))!.Value : Answer(parsed, option, write);
    }

    /// <summary>Answers from a ledger of accounts or the case ledger of an EVM chain; null: what is named is neither.</summary>
    /// <param name="isStreamed">The answer may be longer than memory: printed as it is read, so an error at its end takes all of it back.</param>
    internal static int? AnswerAccounts(ParseResult parsed, Option<string?> option, bool isStreamed, Action<IAccountView, TextWriter> write)
    {
        var folder = LedgerFolder(parsed, option);
        var output = parsed.InvocationConfiguration.Output;
        if (CaseFolder.IsOne(folder))
        {
            if (!FetchedText.IsOfAccounts(folder)) return null;
            write(AccountCase.Open(folder).Table, output);
            return ExitCode.Done;
        }

        if (!AccountManifest.IsIn(folder)) return null;
        using var open = AccountLedger.Open(folder);
        if (isStreamed) return open.OfOneBranch(() => { write(open, output); return ExitCode.Done; });
        output.Write(open.OfOneBranch(() =>
        {
            using var text = new StringWriter();
            write(open, text);
            return text.ToString();
        }));
        return ExitCode.Done;
    }

    /// <summary>Opens the ledger and prints what a verb writes about it: whole and of one branch, or not at all.</summary>
    internal static int Answer(ParseResult parsed, Option<string?> option, Action<BitcoinLedger, TextWriter> write)
    {
        using var open = OpenLedger(parsed, option);
        parsed.InvocationConfiguration.Output.Write(open.OfOneBranch(() =>
        {
            using var text = new StringWriter();
            write(open, text);
            return text.ToString();
        }));
        return ExitCode.Done;
    }
}
