using System.Text.Json;
using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Explorers;

/// <summary>The history of one address, read out of kept answers page by page, and held against what the server says it is.</summary>
/// <remarks>
/// <c>/address/A</c> states how many transactions in blocks there are; <c>/address/A/txs/chain</c> gives them newest first, 25 a page, and
/// <c>/address/A/txs/chain/LAST</c> what comes after one. The same code says what is to be asked next and what the answers amount to.
/// </remarks>
internal sealed class EsploraHistory(KeptAnswers kept, string address, byte[] script)
{
    private const int MostPages = 1_000_000;

    private readonly HashSet<Hash256> _seen = [];
    private readonly List<CaseTransaction> _transactions = [];
    private (long Transactions, long Received, long Spent)? _stated;
    private int _pages, _lowest = int.MaxValue;
    private Int128 _paid, _taken; // sums of a server's words: no 64 bits are sure to hold them
    private string? _wrong;
    private bool _isUncounted, _isWithoutChain, _done;

    internal IReadOnlyList<CaseTransaction> Transactions => _transactions;

    /// <summary>The height of the chain when the address was asked for.</summary>
    internal int? AsOf { get; private set; }

    /// <summary>Reads on as far as answers are kept.</summary>
    /// <returns>The request whose answer is missing; null: the history is at its end.</returns>
    internal string? Advance()
    {
        while (!_done)
        {
            var request = Next;
            if (kept.Find(request) is not { } answer) return request;
            try
            {
                Take(answer);
            }
            catch (ExplorerAnswerException lie)
            {
                (_wrong, _done) = (lie.Message, true);
            }
            catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                (_wrong, _done) = ($"an answer is not as Esplora writes them: {wrong.Message}", true);
            }
        }

        return null;
    }

    /// <summary>What the answers amount to.</summary>
    internal AddressCoverage Coverage()
    {
        var reason = _wrong ?? (_done ? Shortfall() : "its pages were not all fetched");
        if (reason is null && _isUncounted)
            return new AddressCoverage(address, script, Accounts.Coverage.Unknown, AsOf, "the server states neither count nor sums of it: its pages came to an end, and nothing says that they held all", _transactions.Count);
        return new AddressCoverage(address, script, reason is null ? Accounts.Coverage.Complete : Accounts.Coverage.Truncated, AsOf, reason, _transactions.Count);
    }

    private string Next => EsploraRequests.Of(_stated is null && !_isUncounted ? $"/address/{address}" : _seen.Count == 0 ? $"/address/{address}/txs{(_isWithoutChain ? "" : "/chain")}" : $"/address/{address}/txs/chain/{_last}");

    private Hash256 _last;

    private void Take(KeptAnswer answer)
    {
        var bytes = kept.Read(answer);
        if (answer.Status == EsploraFetch.NotThere && _stated is null && _seen.Count == 0 && !_isWithoutChain)
        {
            // A server of the essentials: no statement of an address, and perhaps only the list that begins with what is in no block.
            if (_isUncounted) _isWithoutChain = true;
            else (_isUncounted, AsOf) = (true, EsploraRequests.TipBefore(kept, answer.Order));
            return;
        }

        if (answer.Status != 200) throw new ExplorerAnswerException(FormattableString.Invariant($"the server refuses it ({answer.Status}): {ExplorerWords.Of(bytes)} (--refresh asks again)"));
        using var json = JsonDocument.Parse(bytes);
        if (_stated is null && !_isUncounted) TakeStatement(answer, json.RootElement);
        else TakePage(json.RootElement);
    }

    private void TakeStatement(KeptAnswer answer, JsonElement json)
    {
        var stats = json.GetProperty("chain_stats");
        _stated = (stats.GetProperty("tx_count").GetInt64(), stats.GetProperty("funded_txo_sum").GetInt64(), stats.GetProperty("spent_txo_sum").GetInt64());
        if (_stated.Value.Transactions is < 0 or > int.MaxValue) throw new ExplorerAnswerException(FormattableString.Invariant($"the server states {_stated.Value.Transactions} transactions"));
        AsOf = EsploraRequests.TipBefore(kept, answer.Order);
        _done = _stated.Value.Transactions == 0;
    }

    private void TakePage(JsonElement json)
    {
        if (++_pages > MostPages) throw new ExplorerAnswerException("its pages do not end");
        var fresh = 0;
        foreach (var item in json.EnumerateArray())
        {
            var transaction = EsploraTransaction.Read(item);
            if (transaction.Height < 0 && _isWithoutChain && _pages == 1) continue;
            if (transaction.Height < 0) throw new ExplorerAnswerException($"among the transactions in blocks is {transaction.Id}, which is in none");
            if (!_seen.Add(transaction.Id)) throw new ExplorerAnswerException($"page {_pages} does not continue the one before: transaction {transaction.Id} comes twice");
            if (transaction.Height > _lowest) throw new ExplorerAnswerException($"page {_pages} does not continue the one before: {transaction.Id} lies in a later block");
            if (!Concerns(transaction)) throw new ExplorerAnswerException($"transaction {transaction.Id} has nothing to do with the address");
            _lowest = transaction.Height;
            _last = transaction.Id;
            _transactions.Add(transaction);
            _paid += Paid(transaction);
            _taken += Taken(transaction);
            fresh++;
        }

        // Where a block came while pages were turned, there is more than was stated: then only an empty page is the end.
        _done = fresh == 0 || (_stated is { } stated && _transactions.Count == stated.Transactions && SumsAgree);
    }

    private bool Concerns(CaseTransaction transaction) =>
        transaction.Outputs.Any(output => output.Script.AsSpan().SequenceEqual(script)) || transaction.Inputs.Any(input => input.Script.AsSpan().SequenceEqual(script));

    private bool SumsAgree => (_paid, _taken) == (_stated!.Value.Received, _stated.Value.Spent);

    /// <summary>What is missing by the server's own count and sums; null: nothing.</summary>
    private string? Shortfall()
    {
        if (_stated is not { } told) return null;
        var (count, received, spent) = told;
        if (_transactions.Count < count) return FormattableString.Invariant($"the server states {count} transactions, its pages gave {_transactions.Count}");
        // The oldest so many are those that the statement was about: what came since is newer than all of them.
        Int128 paid = 0, taken = 0;
        foreach (var transaction in _transactions.TakeLast((int)count)) (paid, taken) = (paid + Paid(transaction), taken + Taken(transaction));
        return (paid, taken) == (received, spent) ? null : FormattableString.Invariant($"the server states {received} satoshi received and {spent} spent, its pages gave {paid} and {taken}");
    }

    private Int128 Paid(CaseTransaction transaction) => transaction.Outputs.Where(output => output.Script.AsSpan().SequenceEqual(script)).Aggregate((Int128)0, (sum, output) => sum + output.Value);

    private Int128 Taken(CaseTransaction transaction) => transaction.Inputs.Where(input => input.Script.AsSpan().SequenceEqual(script)).Aggregate((Int128)0, (sum, input) => sum + (input.Value ?? 0));
}

/// <summary>How requests to an Esplora server are written down.</summary>
internal static class EsploraRequests
{
    internal static readonly string Tip = Of("/blocks/tip/height");
    internal static readonly string Genesis = Of("/block-height/0");

    internal static string Of(string path) => "esplora GET " + path;

    internal static string Transaction(Hash256 id) => Of($"/tx/{id}");

    internal static string Spenders(Hash256 id) => Of($"/tx/{id}/outspends");

    /// <summary>The height of the chain that was stated last before a place; null: none was.</summary>
    internal static int? TipBefore(KeptAnswers kept, int order) => kept.LastBefore(Tip, order) is { } answer ? HeightOf(kept, answer) : null;

    internal static int? HeightOf(KeptAnswers kept, KeptAnswer answer) =>
        answer.Status == 200 && int.TryParse(System.Text.Encoding.ASCII.GetString(kept.Read(answer)).Trim(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var height)
            && height <= CaseLedger.MostBlocks ? height : null;
}
