using System.Globalization;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;
using Haetae.Tracing.Thefts;

namespace Haetae.Cli.Commands;

/// <summary>A trace as it was asked for on the command line, and its way to numbers.</summary>
internal sealed record TraceRequest(
    string[] From, int[] Except, string? Since, long? Amount, string[] Policies, string FeeRule, string? Until, long? MinValue, long? MaxTransactions)
{
    /// <summary>At what the trace stops, as <c>StopOptions.Kinds</c> gives it.</summary>
    internal string[] Stops { get; init; } = ["coinjoins", "services"];

    internal string[] Through { get; init; } = [];

    /// <summary>Explicit links, as <see cref="LinkOptions"/> reads them.</summary>
    internal string[] Links { get; init; } = [];

    /// <summary>How many assumptions are tried at most.</summary>
    internal int Sensitivity { get; init; } = StopOptions.UsualTrials;

    /// <summary>Several thefts by name, instead of <see cref="From"/>.</summary>
    internal IReadOnlyList<NamedTheft> Thefts { get; init; } = [];

    /// <summary>Bounds where stolen money can reach at most so many transactions; 0: none.</summary>
    internal int Bounds { get; init; } = BoundsOptions.UsualTransactions;

    /// <summary>Who is said to be behind addresses; null: nothing is said.</summary>
    internal EntityBook? Entities { get; init; }

    /// <summary>The day whose tags <see cref="Entities"/> holds; null: all that stand.</summary>
    internal DateOnly? TagsAsOf { get; init; }

    internal TraceReport Run(ILedgerView ledger, CancellationToken cancel)
    {
        var policies = ParsePolicies();
        var (query, stops) = Query(ledger);
        var parameters = new TraceParameters(Named, [.. policies.Select(PolicyNames.NameOf)], FeeRule, query.UntilHeight, MinValue, MaxTransactions, Amount)
        {
            Stops = Stops,
            Through = Through,
            Links = Links,
            Sensitivity = Thefts.Count > 0 ? 0 : Sensitivity,
            Thefts = Thefts,
            Bounds = Bounds,
        };
        var builder = new ReportBuilder(ledger, stops);
        if (Thefts.Count == 0) return builder.Build(query, policies, parameters, Tags(), LinkOptions.Parse(ledger, Links, Entities), cancel);
        if (Links.Length > 0) throw new UsageException("--link goes with --from: with several thefts, whose money went on is not said.");
        if (policies.Contains(Policy.HaircutBlockSci)) throw new UsageException("haircut-blocksci cannot tell thefts apart: it goes with --from only.");
        var thefts = Thefts.Select(theft => new Theft(theft.Name, Cut(ledger, Seeds(ledger, theft.From, query.UntilHeight)))).ToList();
        return builder.Build(query, thefts, policies, parameters, Tags(), cancel);
    }

    /// <summary>All that was named as stolen, with --from or by theft.</summary>
    private string[] Named => [.. From, .. Thefts.SelectMany(theft => theft.From)];

    /// <summary>What was asked, in the ledger's numbers.</summary>
    internal (TraceQuery Query, LedgerStops Stops) Query(ILedgerView ledger)
    {
        var untilHeight = Until is null ? (int?)null : Heights.LastUpTo(ledger, Until, "--until");
        if (MinValue is < 1) throw new UsageException("--min-value must be 1 satoshi or more.");
        if (MaxTransactions is < 1) throw new UsageException("--max-transactions must be 1 or more.");
        if (Sensitivity < 0) throw new UsageException("--sensitivity must be 0 or more.");
        if (Amount is < 1) throw new UsageException("--amount must be 1 satoshi or more.");
        if (From.Length > 0 && Thefts.Count > 0) throw new UsageException("--from and --theft exclude each other: give every theft its name.");
        var from = Named;
        if (from.Length == 0) throw new UsageException("Nothing is named: say what was stolen with --from WHAT, or with --theft NAME=WHAT for each of several thefts.");
        if (Thefts.Count > 0 && Amount is not null) throw new UsageException("--amount goes with --from: it says how much of one theft's outputs was stolen.");
        if (Since is not null && from.All(item => item.Length >= 64 && Hash256.TryParse(item.AsSpan(0, 64), out _)))
            throw new UsageException("--since goes with --from ADDRESS: a transaction named has its own time.");
        var rule = FeeRule switch
        {
            "drop" => Tracing.FeeRule.Drop,
            "coinbase-append" => Tracing.FeeRule.CoinbaseAppend,
            "coinbase-fees-first" => Tracing.FeeRule.CoinbaseFeesFirst,
            _ => throw new UsageException($"'{FeeRule}' is no fee rule; known are drop, coinbase-append and coinbase-fees-first."),
        };
        if (rule != Tracing.FeeRule.Drop && ledger is not BitcoinLedger) throw new UsageException($"--fee-rule {FeeRule}: a case ledger does not hold whole blocks, so what their fees were is not known; 'drop' goes without.");
        var stops = new LedgerStops(ledger, Entities, StopOptions.Rules(ledger, Stops, Through, Entities));
        var query = new TraceQuery
        {
            Stops = stops,
            Seeds = Thefts.Count > 0 ? [] : Cut(ledger, Seeds(ledger, From, untilHeight)),
            FeeRule = rule,
            UntilHeight = untilHeight,
            MinValue = MinValue,
            MaxTransactions = MaxTransactions,
            SubsidyAtHeight = height => ledger.Network.Subsidy(new BlockHeight(height)).Value,
        };
        return (query, stops);
    }

    /// <summary>What the answer says of the tags it went by.</summary>
    internal TraceTags? Tags() => Entities is { Count: > 0 } ? new TraceTags(Entities.Count, TagsAsOf, Entities.SpeaksForClusters, Entities.Digest()) : null;

    internal List<Policy> ParsePolicies()
    {
        var policies = new List<Policy>();
        foreach (var name in Policies)
        {
            if (name == "all") policies.AddRange(PolicyNames.All.Where(policy => policy != Policy.HaircutBlockSci));
            else if (PolicyNames.TryParse(name, out var policy)) policies.Add(policy);
            else throw new UsageException($"'{name}' is no policy; known are {string.Join(", ", PolicyNames.All.Select(PolicyNames.NameOf))} and all.");
        }

        return policies.Count > 0 ? [.. policies.Distinct()] : throw new UsageException("--policy names none.");
    }

    /// <summary>The outputs that items on the command line name, without those that hold nothing.</summary>
    internal SortedSet<long> Seeds(ILedgerView ledger, IReadOnlyList<string> from, int? untilHeight)
    {
        var seeds = new SortedSet<long>();
        foreach (var item in from)
        {
            if (item.Length == 64 && Hash256.TryParse(item, out var id)) AddTransaction(ledger, id, null, seeds);
            else if (item.Length > 65 && item[64] == ':' && Hash256.TryParse(item.AsSpan(0, 64), out id) && int.TryParse(item.AsSpan(65), NumberStyles.None, CultureInfo.InvariantCulture, out var vout))
                AddTransaction(ledger, id, vout, seeds);
            else if (Address.TryParse(item, ledger.Network, out var script, out var error)) AddAddress(ledger, item, script, untilHeight, seeds);
            else throw new UsageException($"--{(Thefts.Count > 0 ? "theft" : "from")} '{item}' is neither TXID, TXID:VOUT nor an address: {error}.");
        }

        foreach (var seed in seeds)
        {
            var tx = ledger.Graph.TransactionOf(seed);
            if (ledger.Graph.HeightOf(tx) > untilHeight)
                throw new UsageException($"--until {Until}: output {ledger.TxIds[tx]}:{seed - ledger.Graph.FirstOutput[tx]} was made later, at height {ledger.Graph.HeightOf(tx)}.");
        }

        return seeds;
    }

    private void AddTransaction(ILedgerView ledger, Hash256 id, int? vout, SortedSet<long> seeds)
    {
        var tx = ledger.FindTransaction(id);
        if (tx < 0) throw new NotFoundException($"Transaction {id} is not in the ledger (heights {ledger.FirstHeight} to {ledger.TipHeight}).");
        long first = ledger.Graph.FirstOutput[tx], count = ledger.Graph.FirstOutput[tx + 1] - first;
        if (vout >= count) throw new NotFoundException($"Transaction {id} has {Amounts.Count(count, "output", "outputs")}, counted from 0; there is no output {vout}.");
        foreach (var except in Except)
            if (except < 0 || except >= count) throw new NotFoundException($"--except {except}: transaction {id} has {Amounts.Count(count, "output", "outputs")}, counted from 0.");
        for (var o = vout ?? 0; o < (vout + 1 ?? count); o++)
            if (ledger.Graph.Value[first + o] > 0 && (vout is not null || !Except.Contains(o))) seeds.Add(first + o);
    }

    private void AddAddress(ILedgerView ledger, string address, byte[] script, int? untilHeight, SortedSet<long> seeds)
    {
        var since = Since is null ? ledger.FirstHeight : Heights.FirstFrom(ledger, Since, "--since");
        var outputs = ledger.FindOutputs(script);
        if (outputs.Count == 0) throw new NotFoundException($"No output in the ledger (heights {ledger.FirstHeight} to {ledger.TipHeight}) pays {address}.{PublicKeys.Hint(script, "name such outputs as TXID:VOUT")}");
        var before = seeds.Count;
        foreach (var output in outputs)
        {
            var height = ledger.Graph.HeightOf(ledger.Graph.TransactionOf(output));
            if (height >= since && height <= (untilHeight ?? int.MaxValue) && ledger.Graph.Value[output] > 0) seeds.Add(output);
        }

        if (seeds.Count == before) throw new NotFoundException($"{address} was paid {outputs.Count} times, never between --since and --until.");
    }

    /// <summary>All of each output, or the first --amount satoshi in chain order; a partly stolen output holds its stolen part at the front.</summary>
    private List<StolenOutput> Cut(ILedgerView ledger, SortedSet<long> outputs)
    {
        if (outputs.Count == 0) throw new NotFoundException("Nothing is left to follow: the outputs named hold no value, or were all taken out by --except.");
        var stolen = new List<StolenOutput>();
        var left = Amount ?? long.MaxValue;
        foreach (var output in outputs)
        {
            if (left == 0) break;
            var part = Math.Min(left, ledger.Graph.Value[output]);
            stolen.Add(new StolenOutput(output, part));
            left -= part;
        }

        if (Amount is { } wanted && left > 0)
            throw new UsageException($"--amount {wanted} is more than the outputs named hold ({wanted - left} satoshi).");
        return stolen;
    }
}
