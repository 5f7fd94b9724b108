using System.Globalization;
using System.Text.Json;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Explorers;

/// <summary>The events of one contract in one block, read out of kept answers page by page.</summary>
/// <remarks>
/// Servers of this kind give 1,000 events for a question. A full page, and one of a round number of rows, is followed by the next; an event that
/// stands in two pages, or on the wrong side of its neighbour, shows that the pages do not continue each other. Source: Etherscan's API
/// documentation, "Logs", and the common practice of its kin.
/// </remarks>
internal sealed class EtherscanEvents(KeptAnswers kept, ChainName chain, EventPlace place)
{
    /// <summary>Events asked for at a time: what such servers give at most.</summary>
    internal const int MostRows = 1_000;

    /// <summary>Pages asked for: such servers let nobody see more than 10,000 rows of one question.</summary>
    private const int MostPages = 10;

    private const int RoundCap = 100;

    private readonly List<EtherscanLog> _events = [];
    private int _page = 1;
    private bool _done;

    internal IReadOnlyList<EtherscanLog> Events => _events;

    /// <summary>Why some or all are missing; null: they are not.</summary>
    internal string? Wrong { get; private set; }

    /// <summary>Whether the server gave no list of events at all.</summary>
    internal bool IsRefused { get; private set; }

    internal bool IsDone => _done;

    /// <summary>Reads on as far as answers are kept.</summary>
    /// <returns>The request whose answer is missing; null: all is read.</returns>
    internal string? Advance()
    {
        while (!_done)
        {
            var request = Request(_page);
            if (kept.Find(request) is not { } answer) return request;
            try
            {
                Take(answer);
            }
            catch (ExplorerAnswerException lie)
            {
                (Wrong, _done) = (lie.Message, true);
            }
        }

        return null;
    }

    private string Request(int page) => string.Create(CultureInfo.InvariantCulture,
        $"{EtherscanRequests.Prefix(chain)}logs&action=getLogs&address={place.Contract}&fromBlock={place.Block}&toBlock={place.Block}&page={page}&offset={MostRows}");

    private void Take(KeptAnswer answer)
    {
        IsRefused = true; // until it is seen to be a list
        using var json = EtherscanRequests.Rows(kept, answer);
        IsRefused = false;
        if (json is null)
        {
            _done = true;
            return;
        }

        var page = json.RootElement.GetProperty("result").EnumerateArray().Select(EtherscanLog.Read).ToList();
        foreach (var one in page)
        {
            if (one.Block != place.Block || one.Emitter != place.Contract) throw new ExplorerAnswerException(FormattableString.Invariant($"event {one.Index} of block {one.Block} was not asked for"));
            if (_events.Count > 0 && one.Index <= _events[^1].Index) throw new ExplorerAnswerException(FormattableString.Invariant($"event {one.Index} of block {one.Block} comes late or twice"));
            _events.Add(one);
        }

        if (page.Count < MostRows && page.Count % RoundCap != 0) _done = true;
        else if (++_page > MostPages) throw new ExplorerAnswerException(FormattableString.Invariant($"block {place.Block} has {MostPages * MostRows} events of the contract or more, and the server gives no more of them"));
    }
}

/// <summary>How much of the events that were wanted is held.</summary>
/// <param name="Wanted">Contracts in blocks to be asked about.</param>
/// <param name="Held">Of these, read to their end.</param>
/// <param name="Why">What the first one that is missing is missing for; null: it was not asked yet, or nothing is.</param>
internal readonly record struct EventCoverage(int Wanted, int Held, string? Why)
{
    /// <summary>What readers of the ledger must know of its events.</summary>
    internal string Sentence => Wanted == 0 ? "No transaction that was fetched calls a contract but tokens: no events were asked for, so none of a bridge or a pool is held."
        : Held == Wanted ? FormattableString.Invariant($"Events were asked of the contracts that fetched transactions call, and those paid there ({Wanted} times one contract in one block): contracts further down the calls are not heard, so a crossing or a pool behind an aggregator may be unseen.")
        : FormattableString.Invariant($"The coverage of events is unknown: {Held} of {Wanted} questions for them are answered{(Why is null ? "" : $" ({Why})")}. Bridges and pools are not recognised where they are missing.");
}
