using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Explorers;

/// <summary>Fetches all that addresses of an EVM chain did from an Etherscan-like server: five lists each, the balance to hold them against, and the events of the contracts they used.</summary>
public sealed class EtherscanFetch(ExplorerSession session, ChainName chain)
{
    internal static readonly EtherscanList[] Lists = Enum.GetValues<EtherscanList>();

    private bool _knowsTip;

    /// <summary>Whether the contracts that were used are asked what they emitted, after the lists.</summary>
    public bool AsksForEvents { get; init; } = true;

    /// <summary>Why the run ended before everything was fetched; null: it did not.</summary>
    public string? Stopped { get; private set; }

    public void Run(IReadOnlyList<AccountAddress> addresses, CancellationToken cancel)
    {
        try
        {
            var places = new SortedSet<EventPlace>();
            foreach (var address in addresses)
            {
                var rows = new List<EtherscanRow>();
                foreach (var list in Lists)
                {
                    var history = new EtherscanHistory(session.Kept, chain, address, list);
                    while (history.Advance() is { } missing) Ask(missing, cancel);
                    rows.AddRange(history.Rows);
                }

                Ask(EtherscanRequests.Balance(chain, address), cancel);
                places.UnionWith(EventPlace.Of(address, rows));
            }

            if (AsksForEvents) AskForEvents(places, cancel);
        }
        catch (RequestsSpentException spent)
        {
            Stopped = spent.Message;
        }
    }

    // The rows stand without events: a server that has none, or breaks over them, ends the run and does not spoil it.
    private void AskForEvents(IEnumerable<EventPlace> places, CancellationToken cancel)
    {
        try
        {
            foreach (var place in places)
            {
                var events = new EtherscanEvents(session.Kept, chain, place);
                while (events.Advance() is { } missing) Ask(missing, cancel);
                if (events.IsRefused) return; // whoever lists no events for one contract lists none
            }
        }
        catch (ExplorerUnreachableException gone)
        {
            Stopped = "Not all events were fetched: " + gone.Message;
        }
    }

    private void Ask(string request, CancellationToken cancel)
    {
        if (session.Kept.Find(request) is not null) return;
        if (!_knowsTip) session.Ask(EtherscanRequests.Tip(chain), EtherscanRequests.Judge, cancel, isFree: true);
        _knowsTip = true;
        session.Ask(request, EtherscanRequests.Judge, cancel);
    }
}
