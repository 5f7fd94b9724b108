using System.Globalization;
using System.Text;
using System.Text.Json;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Ledger.Explorers;

/// <summary>Fetches what a case needs from an Esplora server: addresses, transactions, who spends them, and so on for some hops.</summary>
public sealed class EsploraFetch(ExplorerSession session)
{
    /// <summary>The status of what a server does not have or does not offer.</summary>
    internal const int NotThere = 404;

    private bool _knowsTip;

    /// <summary>Why the run ended before everything was fetched; null: it did not.</summary>
    public string? Stopped { get; private set; }

    /// <summary>Which network the server serves. Asked once and kept; null: the server does not tell block hashes by height.</summary>
    /// <exception cref="LedgerException">None that is known.</exception>
    public BitcoinNetwork? Network(CancellationToken cancel)
    {
        var genesis = session.Kept.Find(EsploraRequests.Genesis) is { Status: 200 } told ? told : session.Ask(EsploraRequests.Genesis, RequireHash, cancel, isFree: true);
        if (genesis.Status != NotThere) return CaseMaterial.NetworkOf(session.Kept, genesis);
        session.Ask(EsploraRequests.Tip, RequireHeight, cancel, isFree: true); // whoever states no height either is no Esplora server
        return null;
    }

    /// <summary>Fetches addresses and transactions, and follows what they pay.</summary>
    /// <param name="hops">How many transactions on from them; of the last ones, too, it is asked who spends them.</param>
    public void Run(IReadOnlyList<(string Address, byte[] Script)> addresses, IReadOnlyList<Hash256> transactions, int hops, CancellationToken cancel)
    {
        try
        {
            var level = new List<CaseTransaction>();
            foreach (var (address, script) in addresses)
            {
                var history = new EsploraHistory(session.Kept, address, script);
                while (history.Advance() is { } missing) Ask(missing, cancel);
                // Onwards goes what the address itself sent; what it was paid stays with it.
                if (hops > 0) level.AddRange(history.Transactions.Where(one => one.Inputs.Any(input => input.Script.AsSpan().SequenceEqual(script))));
            }

            foreach (var id in transactions)
                if (Transaction(id, cancel) is { } found) level.Add(found);
            Follow(level, hops, cancel);
        }
        catch (RequestsSpentException spent)
        {
            Stopped = spent.Message;
        }
    }

    /// <summary>Fetches the spenders of transactions that are held, level by level.</summary>
    private void Follow(List<CaseTransaction> level, int hops, CancellationToken cancel)
    {
        var seen = level.Select(one => one.Id).ToHashSet();
        for (var hop = 0; level.Count > 0; hop++)
        {
            var next = new List<CaseTransaction>();
            foreach (var one in level.DistinctBy(one => one.Id))
            {
                foreach (var spender in SpendersOf(one.Id, cancel))
                    if (hop < hops && seen.Add(spender) && Transaction(spender, cancel) is { } found) next.Add(found);
            }

            level = next;
        }
    }

    /// <summary>Fetches single transactions and who spends each.</summary>
    /// <returns>Whether anything came that was not kept before.</returns>
    public bool Step(IEnumerable<Hash256> ids, CancellationToken cancel)
    {
        var before = session.NewAnswers;
        try
        {
            foreach (var id in ids)
            {
                Transaction(id, cancel);
                SpendersOf(id, cancel);
            }
        }
        catch (RequestsSpentException spent)
        {
            Stopped = spent.Message;
        }

        return session.NewAnswers > before && Stopped is null;
    }

    private CaseTransaction? Transaction(Hash256 id, CancellationToken cancel)
    {
        var answer = Ask(EsploraRequests.Transaction(id), cancel);
        if (answer.Status != 200) return null;
        try
        {
            using var json = JsonDocument.Parse(session.Kept.Read(answer));
            return EsploraTransaction.Read(json.RootElement);
        }
        catch (Exception lie) when (lie is ExplorerAnswerException or JsonException)
        {
            return null; // said when the ledger is made
        }
    }

    private List<Hash256> SpendersOf(Hash256 id, CancellationToken cancel)
    {
        var answer = Ask(EsploraRequests.Spenders(id), cancel);
        if (answer.Status != 200) return [];
        try
        {
            return [.. EsploraSpenders.Read(session.Kept.Read(answer), null).Select(word => word.Spender).OfType<Hash256>().Distinct()];
        }
        catch (ExplorerAnswerException)
        {
            return []; // said when the ledger is made
        }
    }

    private KeptAnswer Ask(string request, CancellationToken cancel)
    {
        if (session.Kept.Find(request) is { } there) return there;
        if (!_knowsTip)
        {
            // Before anything else of a run: what comes after is complete at least up to here.
            var tip = session.Ask(EsploraRequests.Tip, RequireHeight, cancel, isFree: true);
            var height = EsploraRequests.HeightOf(session.Kept, tip) ?? throw new LedgerException($"{tip.Server} states no height of its chain that can be.");
            var hash = EsploraRequests.Of(FormattableString.Invariant($"/block-height/{height}"));
            if (session.Kept.Find(hash) is null) session.Ask(hash, RequireHash, cancel, isFree: true);
            _knowsTip = true;
        }

        return session.Ask(request, RequireAnswer, cancel);
    }

    /// <remarks>Judged before it is kept: the wrong server's answer must not stand.</remarks>
    private static void RequireHash(int status, ReadOnlyMemory<byte> bytes)
    {
        if (status != NotThere && !Hash256.TryParse(Encoding.UTF8.GetString(bytes.Span).Trim(), out _)) throw new LedgerException($"The server was asked for a block's hash and says '{ExplorerWords.Of(bytes.Span)}': is it an Esplora server, and is the path right (mostly /api)?");
    }

    private static void RequireHeight(int status, ReadOnlyMemory<byte> bytes)
    {
        if (!int.TryParse(Encoding.UTF8.GetString(bytes.Span).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out _)) throw new LedgerException($"The server was asked for the height of its chain and says '{ExplorerWords.Of(bytes.Span)}': is it an Esplora server?");
    }

    /// <remarks>Errors come as plain text with a status of their own; all else is JSON.</remarks>
    private static void RequireAnswer(int status, ReadOnlyMemory<byte> bytes)
    {
        if (status == NotThere) return; // whatever it looks like: some servers say it with a page
        if (bytes.Span.TrimStart(" \r\n\t"u8) is [(byte)'<', ..]) throw new ExplorerTroubleException("a web page instead of an answer");
        if (bytes.Span.TrimStart(" \r\n\t"u8) is [(byte)'{' or (byte)'[', ..]) ExplorerSession.RequireJson(bytes);
    }
}
