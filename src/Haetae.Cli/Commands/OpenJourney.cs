using System.Globalization;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Explorers;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Crossings;

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
            var colon = item.IndexOf(':', StringComparison.Ordinal);
            var ledger = colon < 0 ? -1 : Ledgers.FindIndex(one => one.Name == item[..colon]);
            if (ledger < 0) throw new UsageException($"--from {item}: it begins with a ledger's name and a colon; the ledgers are {string.Join(", ", Ledgers.Select(one => one.Name))}.");
            foreach (var number in Numbers(Ledgers[ledger], item, item[(colon + 1)..])) seeds.Add(new JourneySeed(ledger, number, AmountOf(Ledgers[ledger], number)));
        }

        return seeds.DistinctBy(seed => (seed.Ledger, seed.Number)).ToList() is { Count: > 0 } some ? some : throw new NotFoundException("Nothing is left to follow: what is named moves nothing.");
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
        if (AccountManifest.IsIn(folder))
        {
            var accounts = AccountLedger.Open(folder);
            _open.Add(accounts);
            Ledgers.Add(new AccountJourneyLedger(name, accounts, new EventStops(accounts) { Mixers = true }));
            return;
        }

        ILedgerView view = CaseFolder.IsOne(folder) ? BitcoinCase.Open(folder) : BitcoinLedger.Open(folder);
        if (view is IDisposable open) _open.Add(open);
        Ledgers.Add(new BitcoinJourneyLedger(name, view));
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

    private static (long First, long End) Outputs(ILedgerView view, Hash256 id)
    {
        for (uint transaction = 0; view is not BitcoinLedger && transaction < view.Graph.TransactionCount; transaction++)
            if (view.TxIds[transaction] == id) return (view.Graph.FirstOutput[transaction], view.Graph.FirstOutput[transaction + 1L]);
        var number = view is BitcoinLedger ledger ? ledger.FindTransaction(id) : -1;
        return number < 0 ? (-1, -1) : (view.Graph.FirstOutput[number], view.Graph.FirstOutput[number + 1]);
    }

    private static (long First, long End) Transfers(IAccountView view, Hash256 id) =>
        view.FindTransaction(id) is { } transaction ? (view.Graph.TxFirstTransfer[transaction], view.Graph.TxFirstTransfer[transaction + 1L]) : (-1, -1);
}
