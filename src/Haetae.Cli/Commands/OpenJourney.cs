using System.CommandLine;
using System.Globalization;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Crossings;
using Haetae.Tracing.Reports;
using Haetae.Tracing.Stops;

namespace Haetae.Cli.Commands;

/// <summary>The ledgers of a journey as named on the command line, open until disposed of.</summary>
internal sealed class OpenJourney : IDisposable
{
    private readonly List<IDisposable> _open = [];

    private OpenJourney()
    {
    }

    internal List<JourneyLedger> Ledgers { get; } = [];

    internal static OpenJourney Of(string[] named)
    {
        var journey = new OpenJourney();
        try
        {
            foreach (var one in named) journey.Open(one);
            return journey;
        }
        catch
        {
            journey.Dispose();
            throw;
        }
    }

    /// <summary>The outputs and transfers that items on the command line name.</summary>
    internal List<JourneySeed> Seeds(string[] from)
    {
        var seeds = new List<JourneySeed>();
        foreach (var item in from)
        {
            var ledger = LedgerOf("--from", item);
            foreach (var number in Numbers(Ledgers[ledger], item, item[(Ledgers[ledger].Name.Length + 1)..])) seeds.Add(new JourneySeed(ledger, number, AmountOf(Ledgers[ledger], number)));
        }

        return seeds.DistinctBy(seed => (seed.Ledger, seed.Number)).ToList() is { Count: > 0 } some ? some : throw new NotFoundException("Nothing is left to follow: what is named moves nothing.");
    }

    /// <summary>Says where each leg stops besides bridges: at services by the tags of the store, at CoinJoins by rule.</summary>
    /// <param name="kinds">As <c>StopOptions.Kinds</c> gives them.</param>
    /// <param name="through">NAME:WHAT, what is followed all the same.</param>
    internal void StopAt(ParseResult parsed, string[] kinds, string[] through, DateOnly? asOf, CancellationToken cancel)
    {
        var apart = through.ToLookup(item => LedgerOf("--through", item), item => item[(item.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        for (var i = 0; i < Ledgers.Count; i++)
        {
            string[] own = [.. apart[i]];
            Ledgers[i] = Ledgers[i] switch
            {
                BitcoinJourneyLedger bitcoin => Stopping(bitcoin, StopOptions.Entities(parsed, bitcoin.View, asOf, cancel), kinds, own, asOf),
                AccountJourneyLedger accounts => Stopping(accounts, AccountTraceCommand.Names(parsed, accounts.View, asOf, cancel), kinds, own, asOf),
                var other => other,
            };
        }
    }

    private BitcoinJourneyLedger Stopping(BitcoinJourneyLedger ledger, EntityBook? tagged, string[] kinds, string[] through, DateOnly? asOf)
    {
        if (tagged is not null) _open.Add(tagged);
        return ledger with
        {
            Stops = new LedgerStops(ledger.View, tagged, StopOptions.Rules(ledger.View, kinds, through, tagged)),
            Said = new JourneyStops(kinds, through, tagged is { Count: > 0 } ? new TraceTags(tagged.Count, asOf, tagged.SpeaksForClusters, tagged.Digest()) : null),
        };
    }

    private static AccountJourneyLedger Stopping(AccountJourneyLedger ledger, AccountNames? tagged, string[] kinds, string[] through, DateOnly? asOf)
    {
        // Bridges are what a journey goes over: it parks there by itself.
        string[] asked = [.. kinds.Where(kind => kind != "bridges")];
        return ledger with
        {
            Stops = asked.Length == 0 ? null : AccountTraceRequest.StopsOf(ledger.View, tagged, through, asked),
            Said = new JourneyStops([.. kinds.Where(kind => kind != "coinjoins")], through, tagged is { Count: > 0 } ? new TraceTags(tagged.Count, asOf, Clusters: false, tagged.Digest()) : null),
        };
    }

    /// <summary>Runs what reads all ledgers so that each shows one branch from start to end.</summary>
    internal string OfOneBranch(Func<string> read) => Ledgers.Aggregate(read, (inner, ledger) => ledger switch
    {
        BitcoinJourneyLedger { View: BitcoinLedger bitcoin } => () => bitcoin.OfOneBranch(inner),
        AccountJourneyLedger { View: AccountLedger accounts } => () => accounts.OfOneBranch(inner),
        _ => inner,
    })();

    public void Dispose()
    {
        foreach (var one in _open) one.Dispose();
    }

    private void Open(string named)
    {
        var sign = named.IndexOf('=', StringComparison.Ordinal);
        if (sign < 1 || sign == named.Length - 1) throw new UsageException($"--ledger {named}: a journey has several ledgers, each with a name: btc=DIR.");
        var (name, folder) = (named[..sign], Path.GetFullPath(named[(sign + 1)..]));
        if (name.Contains(':', StringComparison.Ordinal)) throw new UsageException($"--ledger {named}: a name has no colon.");
        if (Ledgers.Any(ledger => ledger.Name == name)) throw new UsageException($"--ledger {named}: the name {name} is given twice.");
        if (File.Exists(folder)) throw new UsageException($"--ledger {named}: that is a file. A ledger is a folder; name it.");
        if (AccountManifest.IsIn(folder)) Ledgers.Add(new AccountJourneyLedger(name, Kept(AccountLedger.Open(folder))));
        else if (!CaseFolder.IsOne(folder)) Ledgers.Add(new BitcoinJourneyLedger(name, Kept(BitcoinLedger.Open(folder))));
        else if (FetchedText.IsOfAccounts(folder)) Ledgers.Add(new AccountJourneyLedger(name, AccountCase.Open(folder).Table));
        else Ledgers.Add(new BitcoinJourneyLedger(name, BitcoinCase.Open(folder)));
    }

    private T Kept<T>(T open) where T : IDisposable
    {
        _open.Add(open);
        return open;
    }

    private int LedgerOf(string option, string item)
    {
        var colon = item.IndexOf(':', StringComparison.Ordinal);
        var ledger = colon < 0 ? -1 : Ledgers.FindIndex(one => one.Name == item[..colon]);
        return ledger >= 0 ? ledger : throw new UsageException($"{option} {item}: it begins with a ledger's name and a colon; the ledgers are {string.Join(", ", Ledgers.Select(one => one.Name))}.");
    }

    private static UInt256 AmountOf(JourneyLedger ledger, long number) => ledger is BitcoinJourneyLedger bitcoin ? (UInt128)bitcoin.View.Graph.Value[number] : ((AccountJourneyLedger)ledger).View.Graph.Amount[number];

    private static List<long> Numbers(JourneyLedger ledger, string item, string what)
    {
        var text = what.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? what[2..] : what;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        uint? index = null;
        if (!Hash256.TryParse(colon < 0 ? text : text[..colon], out var id) || (colon >= 0 && !TryIndex(text.AsSpan(colon + 1), out index))) throw new UsageException($"--from {item}: behind the ledger's name it is TXID or TXID:N.");
        var (first, end) = ledger is BitcoinJourneyLedger bitcoin ? Outputs(bitcoin.View, id) : Transfers(((AccountJourneyLedger)ledger).View, id);
        if (first < 0) throw new NotFoundException($"--from {item}: the transaction is not in the ledger {ledger.Name}.");
        if (index >= end - first) throw new NotFoundException($"--from {item}: the transaction has {end - first} of them, counted from 0.");
        var numbers = index is { } one ? [first + one] : Enumerable.Range(0, (int)(end - first)).Select(at => first + at);
        return [.. numbers.Where(number => !AmountOf(ledger, number).IsZero && (ledger is not AccountJourneyLedger accounts || Moves(accounts.View.Graph, number)))];
    }

    private static bool TryIndex(ReadOnlySpan<char> text, out uint? index)
    {
        index = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return index is not null;
    }

    private static bool Moves(AccountGraph graph, long transfer) => graph.KindOf(transfer) is not (TransferKind.Fee or TransferKind.FeeBurnt) && graph.To[transfer] != AccountGraph.Nobody && graph.To[transfer] != graph.From[transfer];

    private static (long First, long End) Outputs(ILedgerView view, Hash256 id) =>
        view.FindTransaction(id) is >= 0 and var number ? (view.Graph.FirstOutput[number], view.Graph.FirstOutput[number + 1]) : (-1, -1);

    private static (long First, long End) Transfers(IAccountView view, Hash256 id) =>
        view.FindTransaction(id) is { } transaction ? (view.Graph.TxFirstTransfer[transaction], view.Graph.TxFirstTransfer[transaction + 1L]) : (-1, -1);
}
