using System.CommandLine;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Crossings;
using Haetae.Tracing.Policies;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae journey</c>: one theft followed over several chains.</summary>
internal static class JourneyCommand
{
    internal static Command Create()
    {
        var ledgers = new Option<string[]>("--ledger") { Description = "A ledger and what to call it, once for each chain: btc=DIR, eth=DIR.", AllowMultipleArgumentsPerToken = true, Required = true, HelpName = "NAME=DIR" };
        var from = new Option<string[]>("--from")
        {
            Description = "What was stolen: NAME:TXID:N, the Nth output (of Bitcoin) or transfer (of an account chain) from 0; NAME:TXID means all of them but fees.",
            AllowMultipleArgumentsPerToken = true,
            Required = true,
            HelpName = "NAME:WHAT",
        };
        var policy = new Option<string[]>("--policy") { Description = "fifo, lifo, haircut, tiho, tilo, dirty-first, clean-first, poison, or all. Several: side by side.", DefaultValueFactory = _ => ["fifo", "haircut"], AllowMultipleArgumentsPerToken = true, HelpName = "NAME" };
        var bridge = new Option<string[]>("--bridge") { Description = "An address that is a bridge's own, as its vault of the day: thorchain:btc:ADDRESS (protocol, ledger or chain, address).", AllowMultipleArgumentsPerToken = true, HelpName = "WHO" };
        var acceptUnknown = new Option<bool>("--accept-unknown") { Description = "Take events and memos at their word, whoever speaks. To look around, not as evidence: anyone can write them." };
        var noSwaps = new Option<bool>("--no-swaps") { Description = "On account chains, leave taint on its asset: read no swaps." };
        var bounds = new Option<bool>("--bounds") { Description = "Also the least and most at each deposit and out, under any conserving rule; never tight across a bridge." };
        var stops = StopOptions.Stops();
        var through = new Option<string[]>("--through") { Description = "Follow through a stop all the same, on one ledger: NAME:TXID of a CoinJoin, NAME:ADDRESS or NAME:SERVICE. The answer says so.", AllowMultipleArgumentsPerToken = true, HelpName = "NAME:WHAT" };
        var tagsAsOf = StopOptions.TagsAsOf();
        var most = new Option<long?>("--max-transactions") { Description = "Stop each leg after N transactions.", HelpName = "N" };
        var rounds = new Option<int>("--max-rounds") { Description = "Give up after so many rounds over all legs.", DefaultValueFactory = _ => JourneyQuery.UsualRounds, HelpName = "N" };
        var json = CommonOptions.Json();
        var command = new Command("journey", "Follows one theft over several chains: each ledger is traced, taint stops at every deposit of a bridge and goes on only over a link whose key both ends carry. What is not joined is listed with the reason.")
        {
            ledgers, from, policy, bridge, acceptUnknown, noSwaps, stops, through, tagsAsOf, bounds, most, rounds, json,
        };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            using var open = OpenJourney.Of(parsed.GetValue(ledgers)!);
            parsed.InvocationConfiguration.Output.Write(open.OfOneBranch(() =>
            {
                // What can be said to be wrong at once comes before long work.
                var seeds = open.Seeds(parsed.GetValue(from)!);
                var names = Names(parsed.GetValue(bridge) ?? [], open.Ledgers);
                var policies = Policies(parsed.GetValue(policy)!, open.Ledgers.Any(ledger => ledger is AccountJourneyLedger));
                var kinds = StopOptions.Kinds(parsed.GetValue(stops)!.SelectMany(kind => kind.Split(',', StringSplitOptions.RemoveEmptyEntries)));
                var mostTransactions = parsed.GetValue(most) is not { } count ? (long?)null : count >= 1 ? count : throw new UsageException("--max-transactions must be 1 or more.");
                var mostRounds = parsed.GetValue(rounds) is >= 1 and var limit ? limit : throw new UsageException("--max-rounds must be 1 or more.");
                var progress = ProgressLine.OnConsole();
                progress.Show("Journey", 0, "looking for the ends of crossings");
                open.StopAt(parsed, kinds, parsed.GetValue(through) ?? [], StopOptions.DayOf(parsed, tagsAsOf), cancel);
                var query = JourneyQuery.Over(open.Ledgers, seeds, BridgeTables.BuiltIn, names, parsed.GetValue(acceptUnknown), cancel) with
                {
                    ReadConversions = !parsed.GetValue(noSwaps),
                    MaxTransactions = mostTransactions,
                    MaxRounds = mostRounds,
                };
                var outcomes = new List<JourneyOutcome>();
                foreach (var one in policies)
                {
                    progress.Show("Journey", (double)outcomes.Count / policies.Count, PolicyNames.NameOf(one));
                    outcomes.Add(Journey.Trace(query, one, cancel));
                }

                var limits = parsed.GetValue(bounds) ? Journey.Bounds(query, cancel) : null;
                progress.Clear();
                using var text = new StringWriter { NewLine = "\n" };
                if (parsed.GetValue(json)) text.WriteLine(JsonText.Of(JourneyReport.Of(query, outcomes, limits)));
                else JourneyText.Write(query, outcomes, limits, text);
                return text.ToString();
            }));
            return ExitCode.Done;
        }, CancellationToken.None));
        return command;
    }

    private static List<Policy> Policies(string[] names, bool withAccounts)
    {
        var policies = new List<Policy>();
        foreach (var name in names)
        {
            if (name == "all") policies.AddRange(PolicyNames.All.Where(policy => policy != Policy.HaircutBlockSci));
            else if (PolicyNames.TryParse(name, out var policy) && !(withAccounts && policy == Policy.HaircutBlockSci)) policies.Add(policy);
            else throw new UsageException($"'{name}' is no policy of a journey; known are {string.Join(", ", PolicyNames.All.Where(known => known != Policy.HaircutBlockSci).Select(PolicyNames.NameOf))} and all.");
        }

        return [.. policies.Distinct()];
    }

    private static BridgeNames Names(string[] said, List<JourneyLedger> ledgers)
    {
        var names = new BridgeNames();
        foreach (var one in said)
        {
            if (one.Split(':', 2) is not [var protocol, var rest] || rest.LastIndexOf(':') is not (> 0 and var at) || ChainOf(rest[..at], ledgers) is not { } chain) throw new UsageException($"--bridge {one}: it is a protocol, a ledger's name or a chain, and an address, such as thorchain:btc:bc1q….");
            if (BridgeTables.BuiltIn.All(table => table.Name != protocol)) throw new UsageException($"--bridge {one}: there is no protocol {protocol}; there are {string.Join(", ", BridgeTables.BuiltIn.Select(table => table.Name).Distinct())}.");
            // An address that was copied wrong would let the trace walk into the vault.
            if (Wrong(rest[(at + 1)..], chain, ledgers) is { } why) throw new UsageException($"--bridge {one}: {why}.");
            names.Add(protocol, chain, rest[(at + 1)..]);
        }

        return names;
    }

    private static string? ChainOf(string name, List<JourneyLedger> ledgers) =>
        ledgers.Find(ledger => ledger.Name == name)?.Chain ?? (ChainName.TryParse(name, out var chain) ? ledgers.Find(ledger => BridgeChains.Same(ledger.Chain, chain.Caip2))?.Chain ?? chain.Caip2 : null);

    private static string? Wrong(string address, string chain, List<JourneyLedger> ledgers) => ledgers.Find(ledger => ledger.Chain == chain) switch
    {
        BitcoinJourneyLedger bitcoin => Address.TryParse(address, bitcoin.View.Network, out _, out var error) ? null : $"{address} is no address of {bitcoin.View.Network.Name}: {error}",
        AccountJourneyLedger => AccountAddress.TryParse(address, out _, out var error) ? null : $"{address} is no address of an account: {error}",
        _ => null,
    };
}
