using System.CommandLine;
using System.Globalization;
using System.Text;
using Haetae.Intel;
using Haetae.Intel.Cases.Accounts;
using Haetae.Intel.Prices;
using Haetae.Intel.Tags;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Accounts.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae trace</c> on an account ledger.</summary>
internal static class AccountTraceCommand
{
    internal static Option<string[]> Within() => new("--within")
    {
        Description = "On account chains: follow only these addresses; every other is an end. Several: apart by commas.",
        AllowMultipleArgumentsPerToken = true,
        HelpName = "ADDRESS",
    };

    internal static Option<string?> Asset() => new("--asset") { Description = "On account chains: with --from ADDRESS or TXID, only this asset (eth, a token's contract, CAIP-19).", HelpName = "ASSET" };

    internal static Option<string?> Case() => new("--case") { Description = "Instead of a ledger: a case that carries its rows, such as cases/ronin-2022.json; --theft NAME says which of its thefts.", HelpName = "FILE" };

    /// <summary>Traces a theft of a case over the case's own rows.</summary>
    internal static AccountReport OfCase(string path, string[] thefts, CancellationToken cancel)
    {
        var document = CaseFile.Read(path);
        if (document.Accounts is not { } accounts) throw new UsageException($"--case {path}: it carries no rows. Trace a case on Bitcoin with 'haetae case add {path} trace'.");
        if (thefts is [var name])
        {
            try
            {
                return RowTraces.Run(document, name, cancel);
            }
            catch (ArgumentException wrong)
            {
                throw new IntelException($"{path}: the theft '{PlainText.Of(name)}' cannot be followed: {wrong.Message}", wrong); // a seed that is none
            }
        }

        throw new UsageException($"--case needs one --theft NAME; {path} holds {string.Join(", ", accounts.Thefts.Select(theft => PlainText.Of(theft.Name)))}.");
    }

    internal static Option<string?> Values() => new("--values") { Description = "On account chains: what each seed, end and book was worth at its time, in this currency (USD), by prices of 'haetae prices import'; and where several assets were swapped at once, what was received is shared among them by it.", HelpName = "CURRENCY" };

    /// <summary>The store's prices in the currency asked for; null: none was.</summary>
    internal static StoredPrices? Prices(ParseResult parsed, Option<string?> values, IReadOnlyDictionary<string, int> decimals)
    {
        if (parsed.GetValue(values) is not { } text) return decimals.Count == 0 ? null : throw new UsageException("--decimals goes with --values.");
        return new StoredPrices(Stores.Of(parsed), PriceColumns.CurrencyOf(text) ?? throw new UsageException($"--values {text}: no currency of three to five letters, such as USD."), decimals);
    }

    internal static Option<string[]> Decimals() => new("--decimals") { Description = "With --values: decimal places of a token where the ledger does not know them, as TOKEN=N (a contract, or CAIP-19). Several: apart by commas.", HelpName = "TOKEN=N" };

    /// <summary>The decimal places named, by CAIP-19 and in its order.</summary>
    internal static SortedDictionary<string, int> DecimalsOf(IAccountView view, IEnumerable<string> asked)
    {
        var places = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var one in asked)
        {
            var at = one.LastIndexOf('=');
            if (at < 1 || !int.TryParse(one[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 77) throw new UsageException($"--decimals {one}: TOKEN=N, with N from 0 to 77.");
            if (!AssetName.TryParse(one[..at], out var name)) name = AccountAddress.TryParse(one.AsSpan(0, at), out var contract, out _) ? AssetName.Token(view.Chain, contract) : throw new UsageException($"--decimals {one}: '{one[..at]}' is no token's contract and no CAIP-19 name.");
            if (!places.TryAdd(name.Caip19, count)) throw new UsageException($"--decimals: {name.Caip19} is named twice.");
        }

        return places;
    }

    /// <summary>What the store's tags say of the ledger's accounts; null: there is no store.</summary>
    internal static AccountNames? Names(ParseResult parsed, IAccountView view, DateOnly? asOf, CancellationToken cancel)
    {
        using var store = TagStore.OpenForReading(Stores.Of(parsed));
        return store is null ? null : AccountNameBooks.Load(store, view, asOf, cancel);
    }

    /// <summary>Prints the report, and writes the files asked for.</summary>
    internal static void Answer(ParseResult parsed, AccountReport report, bool json, string? csv, string? html)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (csv is not null) FreshFile.WriteText(csv, writer => AccountReportCsv.Write(report, writer));
        if (html is not null) FreshFile.WriteText(html, writer => AccountReportPage.Write(report, writer));
        if (json)
        {
            using var stream = new WriterStream(output);
            AccountReportJson.Write(report, stream);
            output.Write('\n');
            return;
        }

        AccountReportText.Write(report, output, TraceCommand.TerminalWidth());
        foreach (var path in new[] { csv, html })
            if (path is not null) parsed.InvocationConfiguration.Error.WriteLine($"written: {Path.GetFullPath(path)}");
    }
}
