using System.CommandLine;
using System.Data.Common;
using Haetae.Intel;
using Haetae.Ledger;

namespace Haetae.Cli.Commands;

/// <summary>The program's verbs put together, and what becomes of their errors.</summary>
internal static class HaetaeCommand
{
    /// <summary>The program's verbs and options, ready to parse.</summary>
    internal static RootCommand Root()
    {
        var root = new RootCommand("Follows stolen cryptocurrency from the heist to the cash-out, exact to the satoshi and repeatable by anyone.")
        {
            DemoCommand.Create(),
            IngestCommand.Create(),
            FetchCommand.Create(),
            LedgerCommand.Create(),
            TxCommand.Create(),
            AddressCommand.Create(),
            BlockCommand.Create(),
            ClusterCommand.Create(),
            WhyCommand.Create(),
            CoinJoinCommand.Create(),
            PayoutsCommand.Create(),
            PoolCommand.Create(),
            DepositsCommand.Create(),
            AccuracyCommand.Create(),
            ChangeCommand.Create(),
            PeelCommand.Create(),
            TraceCommand.Create(),
            JourneyCommand.Create(),
            ExposureCommand.Create(),
            CaseCommand.Create(),
            TagsCommand.Create(),
            PricesCommand.Create(),
            ExerciseCommand.Create(),
        };
        root.Options.Add(CommonOptions.Home);
        root.Options.Add(Stores.Option);
        return root;
    }

    internal static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var root = Root();
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            if (IsUnfinished(parsed)) return await ExplainAsync(root, parsed, errors);
            foreach (var message in Messages(parsed)) errors.WriteLine($"haetae: {message}");
            errors.WriteLine($"Try: haetae {string.Join(' ', parsed.CommandResult.Command == root ? [] : Names(parsed.CommandResult))} --help".Replace("  ", " ", StringComparison.Ordinal));
            return ExitCode.WrongUse;
        }

        // A verb below another does not take the upper one's arguments; its help is not to show them.
        if (parsed.CommandResult.Parent is System.CommandLine.Parsing.CommandResult above)
            foreach (var argument in above.Command.Arguments) argument.Hidden = true;
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = errors };
        Accounts.AddressChecksums.Warn(args, errors);
        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (OperationCanceledException)
        {
            errors.WriteLine("haetae: stopped. Nothing is lost: the same command goes on where it was.");
            return ExitCode.Stopped;
        }
        catch (UsageException wrong)
        {
            errors.WriteLine($"haetae: {wrong.Message}");
            return ExitCode.WrongUse;
        }
        catch (Exception missing) when (missing is NotFoundException or LedgerException { NothingThere: true } or IntelException { NothingThere: true })
        {
            errors.WriteLine($"haetae: {missing.Message}");
            return ExitCode.NotFound;
        }
        catch (DbException failure)
        {
            errors.WriteLine($"haetae: {Stores.Of(parsed)}: {failure.Message}");
            return ExitCode.Failed;
        }
        catch (OverflowException)
        {
            errors.WriteLine("haetae: amounts of one asset sum to more than 2^256 - 1 base units, more than any contract can count: a row is wrong, or a token's events are made up. 'ledger stats' shows what each asset moved; name another with --asset.");
            return ExitCode.Failed;
        }
        catch (Exception failure) when (failure is LedgerException or IntelException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"haetae: {failure.Message}");
            return ExitCode.Failed;
        }
    }

    /// <summary>Nothing is wrong but that the verb is not there yet.</summary>
    private static bool IsUnfinished(ParseResult parsed) =>
        parsed.Errors.Count == 1 && parsed.UnmatchedTokens.Count == 0 && parsed.Errors[0].Message.StartsWith("Required command", StringComparison.Ordinal);

    /// <summary>Names the verbs and shows the help, on the error stream: it is not the result of anything.</summary>
    private static async Task<int> ExplainAsync(RootCommand root, ParseResult parsed, TextWriter errors)
    {
        var names = Names(parsed.CommandResult).ToList();
        var verbs = string.Join(", ", parsed.CommandResult.Command.Subcommands.Select(verb => verb.Name));
        errors.WriteLine(names.Count == 0 ? $"haetae: Name a verb: {verbs}." : $"haetae: '{string.Join(' ', names)}' needs a verb: {verbs}.");
        errors.WriteLine();
        await root.Parse([.. names, "--help"]).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = errors, Error = errors });
        return ExitCode.WrongUse;
    }

    /// <summary>The parser's errors in a user's words: no type names, and a misspelt verb is not also called a missing one.</summary>
    private static IEnumerable<string> Messages(ParseResult parsed)
    {
        var messages = parsed.Errors.Select(error => error.Message).ToList();
        if (parsed.UnmatchedTokens.Count > 0 && messages.Count > 1) messages.RemoveAll(message => message.StartsWith("Required command", StringComparison.Ordinal));
        foreach (var message in messages)
        {
            var typeName = message.IndexOf(" as expected type 'System.", StringComparison.Ordinal);
            yield return typeName < 0 ? message : $"{message[..typeName]}: it is not a whole number in range.";
        }
    }

    private static IEnumerable<string> Names(System.CommandLine.Parsing.CommandResult result)
    {
        var names = new Stack<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = result; at is System.CommandLine.Parsing.CommandResult command; at = at.Parent)
            if (command.Command is not RootCommand) names.Push(command.Command.Name);
        return names;
    }
}

/// <summary>What the program tells the shell.</summary>
internal static class ExitCode
{
    internal const int Done = 0;

    /// <summary>Something that is there cannot be used: it is damaged, empty, of another format, or may not be read.</summary>
    internal const int Failed = 1;

    /// <summary>The words are wrong: an unknown option, a folder named where a file is read, a file where a folder is.</summary>
    internal const int WrongUse = 2;

    /// <summary>What was named is not there: a file, a folder, a ledger, or an id or address in a ledger.</summary>
    internal const int NotFound = 3;

    internal const int VerificationFailed = 4;
    internal const int Stopped = 130;
}

/// <summary>The command was given something it cannot use.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What was named is not there.</summary>
internal sealed class NotFoundException(string message) : Exception(message);
