using System.CommandLine;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Explorers;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae fetch</c>: what a case needs from an explorer, for those without a node.</summary>
internal static class FetchCommand
{
    internal static Command Create()
    {
        var what = new Argument<string[]>("what") { Description = "Addresses, transaction ids or outputs TXID:VOUT, apart by commas or spaces.", Arity = ArgumentArity.OneOrMore };
        var ledger = new Option<string?>("--ledger") { Description = "Folder of the case ledger; made where it is not there.", HelpName = "DIR" };
        var esplora = new Option<string?>("--esplora") { Description = "An Esplora server for Bitcoin: https://HOST/api.", HelpName = "URL" };
        var etherscan = new Option<string?>("--etherscan") { Description = "An Etherscan-like server for EVM chains: https://HOST/api.", HelpName = "URL" };
        var chain = new Option<string>("--chain") { Description = "With --etherscan: the chain, by word or number (eth, bsc, eip155:10).", DefaultValueFactory = _ => "eth", HelpName = "CHAIN" };
        var key = new Option<string?>("--api-key-env") { Description = "The environment variable that holds the server's key. The key is neither kept nor shown.", HelpName = "NAME" };
        var rate = new Option<int>("--rate") { Description = "Requests a second, at most.", DefaultValueFactory = _ => 4, HelpName = "N" };
        var hops = new Option<int>("--hops") { Description = "With --esplora: follow what was sent for so many transactions on.", DefaultValueFactory = _ => 0, HelpName = "N" };
        var follow = new Option<bool>("--follow-trace") { Description = "With --esplora: fetch wherever a trace (poison, stopping at CoinJoins) of what is named comes to an end for lack of answers, until it does not." };
        var noEvents = new Option<bool>("--no-events") { Description = "With --etherscan: do not ask the contracts that were used what they emitted. Far fewer requests; bridges and pools are not recognised." };
        var most = new Option<int?>("--max-requests") { Description = "Ask at most so many new questions in this run; the next run goes on.", HelpName = "N" };
        var refresh = new Option<bool>("--refresh") { Description = "Ask again what is kept already. Old answers stay; the new ones stand." };
        var wait = new Option<int?>("--first-wait-ms") { Description = "Milliseconds before the first repetition; small values are for tests.", Hidden = true };
        var json = CommonOptions.Json();
        var command = new Command("fetch", "Fetches what a case needs from an explorer into a case ledger, and keeps every answer with its hash. Run it again to go on after a stop.")
        {
            what, ledger, esplora, etherscan, chain, key, rate, hops, follow, noEvents, most, refresh, wait, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            if (parsed.GetValue(ledger) is not { Length: > 0 }) throw new UsageException("Say where the case ledger lies: --ledger DIR.");
            if (parsed.GetValue(esplora) is null == parsed.GetValue(etherscan) is null) throw new UsageException("Say whom to ask: either --esplora URL or --etherscan URL.");
            if (parsed.GetValue(rate) is < 1 or > 1000) throw new UsageException("--rate must lie between 1 and 1000 requests a second.");
            if (parsed.GetValue(hops) is < 0 or > 10_000) throw new UsageException("--hops must lie between 0 and 10,000.");
            if (parsed.GetValue(most) is < 1) throw new UsageException("--max-requests must be 1 or more.");
            if (parsed.GetValue(etherscan) is not null) CommonOptions.Refuse(parsed, "--etherscan", hops, follow);
            else CommonOptions.Refuse(parsed, "--esplora", chain, noEvents);
            if (!ChainName.TryParse(parsed.GetValue(chain)!, out var named) || named.Family != ChainFamily.Evm) throw new UsageException($"--chain {parsed.GetValue(chain)}: that is no EVM chain; a word such as eth or bsc, or eip155:NUMBER, is.");
            var folder = CommonOptions.LedgerFolder(parsed, ledger);
            Folders.RequireWritable("--ledger", folder);
            CaseFolder.RequireFree(folder);
            var request = new FetchRequest(
                [.. parsed.GetValue(what)!.SelectMany(one => one.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()],
                folder, Access(parsed, parsed.GetValue(esplora) ?? parsed.GetValue(etherscan)!, parsed.GetValue(key), parsed.GetValue(rate), parsed.GetValue(most), parsed.GetValue(wait)),
                parsed.GetValue(esplora) is null ? named : null, parsed.GetValue(hops), parsed.GetValue(follow), parsed.GetValue(refresh), !parsed.GetValue(noEvents));
            return request.Run(parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, cancel);
        }, CancellationToken.None));
        return command;
    }

    private static ExplorerAccess Access(ParseResult parsed, string url, string? variable, int rate, int? most, int? firstWait)
    {
        var key = variable is null ? null
            : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set
            : throw new UsageException($"--api-key-env {variable}: that environment variable is not set.");
        try
        {
            return ExplorerAccess.Parse(url, key).With(rate, most ?? int.MaxValue, firstWait is { } wait ? TimeSpan.FromMilliseconds(wait) : null);
        }
        catch (FormatException wrong)
        {
            throw new UsageException(wrong.Message);
        }
    }
}
