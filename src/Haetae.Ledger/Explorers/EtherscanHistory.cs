using System.Globalization;
using System.Text.Json;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Explorers;

/// <summary>One list of one address, read out of kept answers window by window.</summary>
/// <remarks>
/// Servers of this kind give at most 10,000 rows for a question. A full answer is followed by one that begins with its last block, so a block cut
/// in two comes whole; the rows both hold must be the same. A block with more rows than an answer holds is said to be cut. Every round number of rows is
/// asked past: some servers cap answers lower and do not say so. Source: Etherscan's
/// API documentation, "Accounts", and the common practice of its kin.
/// </remarks>
internal sealed class EtherscanHistory(KeptAnswers kept, ChainName chain, AccountAddress address, EtherscanList list)
{
    /// <summary>Rows asked for at a time: what such servers give at most.</summary>
    internal const int MostRows = 10_000;

    /// <summary>Caps are round numbers, this one the least that is known of.</summary>
    private const int RoundCap = 5;

    private readonly List<EtherscanRow> _rows = [];
    private uint _from;
    private uint? _full;
    private bool _done;

    internal IReadOnlyList<EtherscanRow> Rows => _rows;

    /// <summary>What is missing, and why; null: nothing.</summary>
    internal string? Wrong { get; private set; }

    /// <summary>Whether the list was read to its end.</summary>
    internal bool IsDone => _done;

    /// <summary>The place of its first answer in the index.</summary>
    internal int? FirstOrder { get; private set; }

    /// <summary>Reads on as far as answers are kept.</summary>
    /// <returns>The request whose answer is missing; null: the list is at its end.</returns>
    internal string? Advance()
    {
        while (!_done)
        {
            var request = EtherscanRequests.List(chain, address, list, _from);
            if (kept.Find(request) is not { } answer) return request;
            FirstOrder ??= answer.Order;
            try
            {
                Take(EtherscanRequests.Rows(kept, answer));
            }
            catch (ExplorerAnswerException lie)
            {
                (Wrong, _done) = ($"{EtherscanRow.Action(list)}: {lie.Message}", true);
            }
        }

        return null;
    }

    private void Take(JsonDocument? answer)
    {
        if (answer is null)
        {
            End();
            return;
        }

        using (answer)
        {
            var page = answer.RootElement.GetProperty("result").EnumerateArray().Select(row => row.ValueKind == JsonValueKind.Object ? EtherscanRow.Read(list, row) : throw new ExplorerAnswerException("a row is no object")).ToList();
            for (var i = 0; i < page.Count; i++)
            {
                if (!page[i].Concerns(address)) throw new ExplorerAnswerException($"transaction 0x{page[i].Transaction} has nothing to do with the address");
                if (page[i].Block < (i == 0 ? _from : page[i - 1].Block)) throw new ExplorerAnswerException(FormattableString.Invariant($"rows are not in the order of blocks: block {page[i].Block} comes late"));
            }

            // What is held of the first block asked for must come again, row for row: else a row was lost or added between two answers.
            var again = _rows.Count;
            while (again > 0 && _rows[again - 1].Block == _from && _from > 0) again--;
            var overlap = _rows.Count - again;
            if (page.Count < overlap || !_rows.Skip(again).SequenceEqual(page.Take(overlap))) throw new ExplorerAnswerException(FormattableString.Invariant($"an answer does not continue the one before: rows of block {_from} are not the same in both"));
            _rows.AddRange(page.Skip(overlap));
            // An answer that was full of one block, and there was more behind it: it was cut.
            if (_full is { } full && page.Count > 0) Wrong ??= FormattableString.Invariant($"{EtherscanRow.Action(list)}: the server gives no more than some rows of block {full}");
            _full = null;
            if (page.Count == 0 || (page.Count < MostRows && page.Count % RoundCap != 0))
            {
                End();
            }
            else if (page[^1].Block > _from)
            {
                _from = page[^1].Block;
            }
            else if (page.Count == MostRows)
            {
                Wrong ??= FormattableString.Invariant($"{EtherscanRow.Action(list)}: block {_from} has {MostRows} rows or more, and the server gives no more of it");
                _from++;
            }
            else
            {
                _full = _from++; // a round number of rows of one block: is there anything after them?
            }
        }
    }

    private void End() => _done = true;
}

/// <summary>How requests to an Etherscan-like server are written down, and its answers unpacked.</summary>
internal static class EtherscanRequests
{
    internal static string Prefix(ChainName chain) => $"etherscan GET ?chainid={chain.Caip2["eip155:".Length..]}&module=";

    internal static string List(ChainName chain, AccountAddress address, EtherscanList list, uint from) => string.Create(CultureInfo.InvariantCulture,
        $"{Prefix(chain)}account&action={EtherscanRow.Action(list)}&address={address}&startblock={from}&endblock=9999999999&page=1&offset={EtherscanHistory.MostRows}&sort=asc");

    internal static string Balance(ChainName chain, AccountAddress address) => $"{Prefix(chain)}account&action=balance&address={address}&tag=latest";

    internal static string Tip(ChainName chain) => $"{Prefix(chain)}proxy&action=eth_blockNumber";

    /// <summary>The height that was stated last before a place; null: none was.</summary>
    internal static uint? TipBefore(KeptAnswers kept, ChainName chain, int order)
    {
        if (kept.LastBefore(Tip(chain), order) is not { } answer) return null;
        using var json = Parse(kept, answer);
        return json.RootElement.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.String && UInt256.TryParseHex(result.GetString(), out var height) && height < (UInt256)uint.MaxValue
            ? (uint)height.Lower : null;
    }

    /// <summary>An answer with rows; null: the server says that there are none.</summary>
    /// <exception cref="ExplorerAnswerException">It refuses, or this is no such answer.</exception>
    internal static JsonDocument? Rows(KeptAnswers kept, KeptAnswer answer)
    {
        var json = Parse(kept, answer);
        if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Array && answer.Status == 200)
        {
            if (result.GetArrayLength() > 0) return json;
            json.Dispose();
            return null;
        }

        using (json) throw new ExplorerAnswerException(FormattableString.Invariant($"the server refuses ({answer.Status}): {ExplorerWords.Of(json.RootElement)} (--refresh asks again)"));
    }

    /// <exception cref="ExplorerAnswerException">It is no JSON.</exception>
    internal static JsonDocument Parse(KeptAnswers kept, KeptAnswer answer)
    {
        try
        {
            return JsonDocument.Parse(kept.Read(answer));
        }
        catch (JsonException wrong)
        {
            throw new ExplorerAnswerException($"the answer to '{answer.Request}' is no JSON: {wrong.Message}");
        }
    }

    /// <summary>Answers with status 200 that mean "ask later": this API says so in words.</summary>
    /// <exception cref="ExplorerTroubleException">It is one.</exception>
    internal static void Judge(int status, ReadOnlyMemory<byte> bytes)
    {
        ExplorerSession.RequireJson(bytes);
        using var json = JsonDocument.Parse(bytes);
        if (json.RootElement.ValueKind != JsonValueKind.Object) throw new ExplorerTroubleException("an answer that is no JSON object");
        if (!json.RootElement.TryGetProperty("result", out var result) || result.ValueKind != JsonValueKind.String) return;
        var words = result.GetString()!;
        if (words.Contains("rate limit", StringComparison.OrdinalIgnoreCase) || words.Contains("server too busy", StringComparison.OrdinalIgnoreCase) || words.Contains("Query Timeout", StringComparison.OrdinalIgnoreCase))
            throw new ExplorerTroubleException(ExplorerWords.Of(words));
        if (words.Contains("API Key", StringComparison.OrdinalIgnoreCase)) throw new LedgerException($"The server does not take the key: {ExplorerWords.Of(words)}. Name the variable that holds one with --api-key-env.");
    }
}
