using System.Globalization;
using System.Text;
using System.Text.Json;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Explorers;

/// <summary>Makes the case ledger of a Bitcoin network out of its kept answers, each time anew: a decoder that was mended needs no new answers.</summary>
public static class BitcoinCase
{
    /// <summary>Opens the case ledger in a folder.</summary>
    /// <exception cref="LedgerException">There is none, nothing of it is in a block, or its answers contradict each other all over.</exception>
    public static CaseLedger Open(string folder)
    {
        if (!CaseFolder.IsOne(folder)) throw new LedgerException($"There is no case ledger in '{folder}'. Make one with: haetae fetch ADDRESS --ledger {folder} --esplora URL") { NothingThere = true };
        if (CaseFolder.ChainOf(folder) is { Family: not Chains.ChainFamily.Bitcoin } chain) throw new LedgerException($"The case ledger in '{folder}' is of {chain.Title}, not of Bitcoin.");
        using var kept = KeptAnswers.OpenForReading(folder);
        return Read(kept, folder);
    }

    internal static CaseLedger Read(KeptAnswers kept, string folder)
    {
        var material = new CaseMaterial(kept, folder);
        material.ReadAll();
        var tip = Math.Max(material.TipHeight ?? 0, material.Transactions.Values.Select(one => one.Height).DefaultIfEmpty(0).Max());
        var standing = new CaseStanding(material, tip);
        var (ordered, columns) = standing.Settle();
        columns.SayUnspendable();
        var addresses = material.Coverage.Select(standing.Now).ToList();
        foreach (var coverage in addresses.Where(one => one.Coverage == Accounts.Coverage.Complete)) columns.SayComplete(coverage.Script, coverage.UpTo);
        return new CaseLedger(material.Network!, tip, material.TipHash(tip), ordered, columns)
        {
            Coverage = [.. addresses.OrderBy(one => one.Address, StringComparer.Ordinal)],
            Digest = kept.Digest(),
            Contradictions = standing.Contradictions,
            Notes = [.. Notes(material, columns, ordered, tip), .. standing.Contradictions],
        };
    }

    private static List<string> Notes(CaseMaterial material, CaseColumns columns, CaseTransaction[] ordered, int tip)
    {
        var notes = new List<string> { "This is a case ledger: it holds what was fetched and nothing else of the chain." };
        var open = columns.Known.Count(one => one is OutputKnowledge.Unknown or OutputKnowledge.SpenderNotFetched);
        if (open > 0) notes.Add(Text($"{open} of {columns.Known.Length} outputs are open ends: whether they are spent was not asked, or their spender was not fetched."));
        if (columns.OutsideInputs > 0) notes.Add(Text($"What {columns.OutsideInputs} inputs bring is the source's word: the transactions they spend from were not fetched."));
        if (columns.UnknownInputs > 0) notes.Add(Text($"What {columns.UnknownInputs} inputs bring is not known."));
        var unproven = ordered.Count(one => !one.IsProven);
        if (unproven > 0) notes.Add(Text($"{unproven} transactions are the word of their source: their ids could not be recomputed."));
        var early = columns.Words.Values.Count(word => word.Spender is null && word.AsOf < tip);
        if (early > 0) notes.Add(Text($"{early} outputs were said to be unspent below the tip at {tip}; --refresh asks again."));
        if (material.Unconfirmed > 0) notes.Add(Text($"{material.Unconfirmed} transactions that were in no block when they were fetched are left out."));
        if (material.WithoutHeights) notes.Add("The rows state no heights: heights here count blocks in the order of their times, from 0.");
        if (material.IsNetworkAssumed) notes.Add($"The server does not tell the hash of block 0: that its chain is {material.Network!.Name} was taken from the addresses asked for, or for granted.");
        notes.AddRange(material.Problems);
        return notes;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What kept answers of a Bitcoin network say, before it is put together.</summary>
internal sealed class CaseMaterial(KeptAnswers kept, string folder)
{
    private readonly List<(int Height, Hash256 Hash)> _tips = [];

    internal Dictionary<Hash256, CaseTransaction> Transactions { get; } = [];

    internal SortedDictionary<Hash256, IReadOnlyList<SpendWord>> Words { get; } = [];

    internal List<AddressCoverage> Coverage { get; } = [];

    /// <summary>What is wrong with single answers, in their order.</summary>
    internal List<string> Problems { get; } = [];

    internal int Unconfirmed { get; private set; }

    internal bool WithoutHeights { get; private set; }

    internal BitcoinNetwork? Network { get; private set; }

    internal int? TipHeight { get; private set; }

    internal bool IsNetworkAssumed => kept.Find(EsploraRequests.Genesis) is { Status: EsploraFetch.NotThere };

    internal Hash256 TipHash(int height) => _tips.LastOrDefault(tip => tip.Height == height).Hash;

    internal void ReadAll()
    {
        if (kept.Find(EsploraRequests.Genesis) is { } genesis)
            Network = genesis.Status == EsploraFetch.NotThere ? CaseFolder.NetworkOf(folder) : NetworkOf(kept, genesis);
        if (kept.All.Any(answer => answer.Request.StartsWith(JsonLines.Prefix, StringComparison.Ordinal))) ReadLines();
        if (Network is null) throw new LedgerException("The answers do not say of which network they are: the first fetch was interrupted. Run it again.");
        foreach (var answer in kept.All)
        {
            if (answer.Request == EsploraRequests.Tip && EsploraRequests.HeightOf(kept, answer) is { } height) TipHeight = Math.Max(TipHeight ?? 0, height);
            if (kept.Find(answer.Request) != answer || !answer.Request.StartsWith(EsploraRequests.Of("/"), StringComparison.Ordinal)) continue;
            var path = answer.Request[EsploraRequests.Of("").Length..].Split('/');
            try
            {
                Read(answer, path);
            }
            catch (ExplorerAnswerException lie)
            {
                Problems.Add($"{answer.Server} on {answer.Request}: {lie.Message}.");
            }
            catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                Problems.Add($"{answer.Server} on {answer.Request}: the answer is not as Esplora writes them: {wrong.Message}");
            }
        }

        if (WithoutHeights && TipHeight is not null) throw new LedgerException("Rows without heights and a server's answers cannot stand in one case ledger: put \"height\" into the rows, or use another folder.");
    }

    /// <summary>The network whose first block has the hash that a server gave.</summary>
    /// <exception cref="LedgerException">It is none that is known.</exception>
    internal static BitcoinNetwork NetworkOf(KeptAnswers kept, KeptAnswer genesis)
    {
        var text = Encoding.ASCII.GetString(kept.Read(genesis)).Trim();
        return Hash256.TryParse(text, out var hash) && BitcoinNetwork.All.FirstOrDefault(network => network.GenesisHash == hash) is { } known ? known
            : throw new LedgerException($"{genesis.Server} says that block 0 is '{ExplorerWords.Of(text)}': that is no Bitcoin network. Is it an Esplora server?");
    }

    private void Read(KeptAnswer answer, string[] path)
    {
        switch (path)
        {
            case ["", "tx", var id] when answer.Status == 200:
                using (var json = JsonDocument.Parse(kept.Read(answer)))
                {
                    var transaction = EsploraTransaction.Read(json.RootElement);
                    if (transaction.Id.ToString() != id) throw new ExplorerAnswerException($"the answer is transaction {transaction.Id}");
                    Add(transaction);
                }

                break;
            case ["", "tx", _, "outspends"] when answer.Status != 200:
            case ["", "tx", _]:
                throw new ExplorerAnswerException(FormattableString.Invariant($"the server answers {answer.Status}: {ExplorerWords.Of(kept.Read(answer))} (--refresh asks again)"));
            case ["", "tx", var id, "outspends"] when Hash256.TryParse(id, out var hash):
                Words[hash] = EsploraSpenders.Read(kept.Read(answer), EsploraRequests.TipBefore(kept, answer.Order));
                break;
            case ["", "address", var address]:
                if (!Address.TryParse(address, Network!, out var script, out var error)) throw new ExplorerAnswerException($"that is no address of {Network!.Name}: {error}");
                var history = new EsploraHistory(kept, address, script);
                history.Advance();
                foreach (var transaction in history.Transactions) Add(transaction);
                Coverage.Add(history.Coverage());
                break;
            case ["", "block-height", var height] when int.TryParse(height, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Hash256.TryParse(Encoding.ASCII.GetString(kept.Read(answer)).Trim(), out var block):
                _tips.Add((number, block));
                break;
        }
    }

    private void ReadLines()
    {
        foreach (var answer in kept.All.Where(answer => answer.Request.StartsWith(JsonLines.Prefix, StringComparison.Ordinal) && kept.Find(answer.Request) == answer))
        {
            var lines = JsonLines.Read(kept.Read(answer), answer.Server);
            var network = JsonLines.NetworkOf(answer.Request);
            if (Network is not null && Network != network) throw new LedgerException($"{answer.Server} was taken in as of {network.Name}, and the case ledger is of {Network.Name}.");
            Network = network;
            WithoutHeights |= lines.Any(line => line.Height < 0);
            foreach (var line in lines) Add(line, isLine: true);
        }

        if (!WithoutHeights) return;
        if (Transactions.Values.Any(one => one.Height >= 0)) throw new LedgerException("Some rows state a height and others do not: state it in all, or in none.");
        JsonLines.NumberBlocks(Transactions);
    }

    private void Add(CaseTransaction transaction, bool isLine = false)
    {
        if (transaction.Height < 0 && !isLine)
        {
            Unconfirmed++;
            return;
        }

        if (!Transactions.TryGetValue(transaction.Id, out var there) || (transaction.IsProven && !there.IsProven))
        {
            Transactions[transaction.Id] = transaction;
            return;
        }

        if (transaction.IsProven && there.Height != transaction.Height)
            Problems.Add(FormattableString.Invariant($"Transaction {transaction.Id} is said to be in block {there.Height} and in block {transaction.Height}: ask anew with --refresh."));
    }
}
