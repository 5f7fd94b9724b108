using System.CommandLine;
using System.Globalization;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;
using Haetae.Tracing.Thefts;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae trace</c>: where the stolen money is now.</summary>
internal static class TraceCommand
{
    /// <summary>The policies shown when none is named: three that differ in kind, and few enough to read beside each other.</summary>
    internal static readonly string[] SideBySide = ["fifo", "haircut", "poison"];

    internal static Command Create()
    {
        var ledger = CommonOptions.Ledger();
        var theft = TheftOptions.Create();
        var backward = BackwardRequest.Option();
        var from = new Option<string[]>("--from")
        {
            Description = "What was stolen: TXID:VOUT[,TXID:VOUT..], TXID (every output of it), or ADDRESS (every output that pays it within --since and --until).",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "WHAT",
        };
        var except = new Option<int[]>("--except") { Description = "With --from TXID: outputs that were not stolen, such as change.", AllowMultipleArgumentsPerToken = true, HelpName = "VOUT" };
        var since = new Option<string?>("--since") { Description = "With --from ADDRESS: only payments from this height or time on. With --backward: look no further back.", HelpName = "HEIGHT|TIME" };
        var amount = new Option<long?>("--amount") { Description = "Only the first N satoshi of the outputs named, in chain order, were stolen.", HelpName = "N" };
        var policy = new Option<string[]>("--policy")
        {
            Description = "fifo, lifo, haircut, tiho, tilo, dirty-first, clean-first, poison, or all of these; haircut-blocksci for comparison. Several: side by side.",
            DefaultValueFactory = _ => [.. SideBySide],
            AllowMultipleArgumentsPerToken = true,
            HelpName = "NAME",
        };
        var fee = new Option<string>("--fee-rule") { Description = "What becomes of tainted fees: drop (lost to fees), coinbase-append, coinbase-fees-first.", DefaultValueFactory = _ => "drop", HelpName = "RULE" };
        var until = new Option<string?>("--until") { Description = "Look no further than this height or time (170, 2009-01-12, 2009-01-12T03:30:25Z).", HelpName = "HEIGHT|TIME" };
        var least = new Option<long?>("--min-value") { Description = "Do not follow outputs with less taint than N satoshi; they are listed as ends.", HelpName = "N" };
        var most = new Option<long?>("--max-transactions") { Description = "Stop after N transactions; what stays open is listed as ends.", HelpName = "N" };
        var bounds = BoundsOptions.Bounds();
        var stops = StopOptions.Stops();
        var through = StopOptions.Through();
        var tagsAsOf = StopOptions.TagsAsOf();
        var link = LinkOptions.Create();
        var sensitivity = StopOptions.Sensitivity();
        var json = CommonOptions.Json();
        var csv = File("--csv", "Write every tainted output as a table.");
        var graphml = File("--graphml", "Write the graph for yEd, Gephi and others.");
        var html = File("--html", "Write one self-contained page to read, print and pass on.");
        var command = new Command("trace", "Follows stolen outputs forward and says where the money is now; or back, to where it came from.")
        {
            ledger, from, theft, backward, except, since, amount, policy, fee, until, least, most, stops, through, link, tagsAsOf, bounds, sensitivity, json, csv, graphml, html,
        };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            foreach (var file in new[] { csv, graphml, html }) RequireFolder(file.Name, parsed.GetValue(file));
            using var open = CommonOptions.OpenLedger(parsed, ledger);
            using var entities = StopOptions.Entities(parsed, open, StopOptions.DayOf(parsed, tagsAsOf), cancel);
            var asked = new TraceRequest(
                Split(parsed.GetValue(from) ?? []), parsed.GetValue(except) ?? [], parsed.GetValue(since), parsed.GetValue(amount), Split(parsed.GetValue(policy)!),
                parsed.GetValue(fee)!, parsed.GetValue(until), parsed.GetValue(least), parsed.GetValue(most))
            {
                Stops = StopOptions.Kinds(Split(parsed.GetValue(stops)!)),
                Through = parsed.GetValue(through) ?? [],
                Links = parsed.GetValue(link) ?? [],
                Sensitivity = parsed.GetValue(sensitivity),
                TagsAsOf = StopOptions.DayOf(parsed, tagsAsOf),
                Entities = entities,
                Thefts = TheftOptions.Parse(parsed.GetValue(theft) ?? []),
                Bounds = BoundsOptions.Transactions(parsed.GetValue(bounds)!),
            };
            if (asked.Thefts.Count > 0 && asked.Sensitivity > 0) CommonOptions.Refuse(parsed, "--theft", sensitivity);
            if (parsed.GetValue(backward))
            {
                CommonOptions.Refuse(parsed, "--backward", theft, amount, fee, least, bounds, sensitivity, graphml, html);
                var progress = ProgressLine.OnConsole();
                var sources = open.OfOneBranch(() => BackwardRequest.Run(open, asked, progress, cancel));
                progress.Clear();
                BackwardRequest.Write(open, sources, parsed.GetValue(csv), parsed.GetValue(json), parsed.InvocationConfiguration.Output);
                if (parsed.GetValue(csv) is { } table) parsed.InvocationConfiguration.Error.WriteLine($"written: {Path.GetFullPath(table)}");
                return ExitCode.Done;
            }

            var report = open.OfOneBranch(() => asked.Run(open, cancel));
            Write(open, report, parsed.GetValue(csv), parsed.GetValue(graphml), parsed.GetValue(html));
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                PrintJson(open, report, output);
            }
            else
            {
                output.Write(open.OfOneBranch(() =>
                {
                    using var text = new StringWriter();
                    TraceText.Write(report, text, TerminalWidth());
                    return text.ToString();
                }));
                foreach (var path in new[] { parsed.GetValue(csv), parsed.GetValue(graphml), parsed.GetValue(html) })
                    if (path is not null) parsed.InvocationConfiguration.Error.WriteLine($"written: {Path.GetFullPath(path)}");
            }

            return ExitCode.Done;
        }, CancellationToken.None));
        return command;

        static Option<string?> File(string name, string what) => new(name) { Description = what, HelpName = "FILE" };
        static string[] Split(string[] values) => [.. values.SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
    }

    /// <summary>Said before the trace and not after it: a file cannot be written where there is no folder.</summary>
    private static void RequireFolder(string option, string? path)
    {
        if (path is null) return;
        if (path.Length == 0) throw new UsageException($"{option} needs the name of a file.");
        if (Directory.Exists(path)) throw new UsageException($"{option} {path}: that is a folder; name a file in it.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder)) throw new UsageException($"{option} {path}: there is no folder '{folder}'.");
    }

    internal static int TerminalWidth() => Console.IsOutputRedirected ? 100 : Math.Clamp(Console.WindowWidth - 1, 80, 120);

    /// <summary>As long as the trace: printed as it is read, so an error at its end takes all of it back.</summary>
    private static void PrintJson(BitcoinLedger open, TraceReport report, TextWriter output)
    {
        using var stream = new WriterStream(output);
        open.OfOneBranch(() => TraceJson.Write(report, stream));
        output.Write('\n');
    }

    /// <summary>Writes the files asked for, each beside its place first: a failed write leaves no half file under the name.</summary>
    internal static void Write(BitcoinLedger open, TraceReport report, string? csv, string? graphml, string? html)
    {
        if (csv is not null) Replace(open, csv, stream => Text(stream, writer => TraceCsv.Write(report, writer)));
        if (graphml is not null) Replace(open, graphml, stream => TraceGraphml.Write(report, stream));
        if (html is not null) Replace(open, html, stream => Text(stream, writer => TracePage.Write(report, writer)));
    }

    /// <summary>Writes one text file, as <see cref="Write"/> does.</summary>
    internal static void WriteText(BitcoinLedger open, string path, Action<TextWriter> write) => Replace(open, path, stream => Text(stream, write));

    private static void Text(Stream stream, Action<TextWriter> write)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        write(writer);
    }

    private static void Replace(BitcoinLedger open, string path, Action<Stream> write)
    {
        var fresh = path + ".new";
        try
        {
            open.OfOneBranch(() =>
            {
                using var stream = System.IO.File.Create(fresh);
                write(stream);
                return true;
            });
            System.IO.File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            System.IO.File.Delete(fresh);
            throw;
        }
    }
}

/// <summary>A trace as it was asked for on the command line, and its way to numbers.</summary>
internal sealed record TraceRequest(
    string[] From, int[] Except, string? Since, long? Amount, string[] Policies, string FeeRule, string? Until, long? MinValue, long? MaxTransactions)
{
    /// <summary>At what the trace stops, as <see cref="StopOptions.Kinds"/> gives it.</summary>
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

    internal TraceReport Run(BitcoinLedger ledger, CancellationToken cancel)
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
    internal (TraceQuery Query, LedgerStops Stops) Query(BitcoinLedger ledger)
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
    internal SortedSet<long> Seeds(BitcoinLedger ledger, IReadOnlyList<string> from, int? untilHeight)
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

    private void AddTransaction(BitcoinLedger ledger, Hash256 id, int? vout, SortedSet<long> seeds)
    {
        var tx = ledger.FindTransaction(id);
        if (tx < 0) throw new NotFoundException($"Transaction {id} is not in the ledger (heights {ledger.Manifest.FirstHeight} to {ledger.TipHeight}).");
        long first = ledger.Graph.FirstOutput[tx], count = ledger.Graph.FirstOutput[tx + 1] - first;
        if (vout >= count) throw new NotFoundException($"Transaction {id} has {Amounts.Count(count, "output", "outputs")}, counted from 0; there is no output {vout}.");
        foreach (var except in Except)
            if (except < 0 || except >= count) throw new NotFoundException($"--except {except}: transaction {id} has {Amounts.Count(count, "output", "outputs")}, counted from 0.");
        for (var o = vout ?? 0; o < (vout + 1 ?? count); o++)
            if (ledger.Graph.Value[first + o] > 0 && (vout is not null || !Except.Contains(o))) seeds.Add(first + o);
    }

    private void AddAddress(BitcoinLedger ledger, string address, byte[] script, int? untilHeight, SortedSet<long> seeds)
    {
        var since = Since is null ? ledger.Manifest.FirstHeight : Heights.FirstFrom(ledger, Since, "--since");
        var outputs = ledger.FindOutputs(script);
        if (outputs.Count == 0) throw new NotFoundException($"No output in the ledger (heights {ledger.Manifest.FirstHeight} to {ledger.TipHeight}) pays {address}.{PublicKeys.Hint(script, "name such outputs as TXID:VOUT")}");
        var before = seeds.Count;
        foreach (var output in outputs)
        {
            var height = ledger.Graph.HeightOf(ledger.Graph.TransactionOf(output));
            if (height >= since && height <= (untilHeight ?? int.MaxValue) && ledger.Graph.Value[output] > 0) seeds.Add(output);
        }

        if (seeds.Count == before) throw new NotFoundException($"{address} was paid {outputs.Count} times, never between --since and --until.");
    }

    /// <summary>All of each output, or the first --amount satoshi in chain order; a partly stolen output holds its stolen part at the front.</summary>
    private List<StolenOutput> Cut(BitcoinLedger ledger, SortedSet<long> outputs)
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
