using System.Globalization;
using System.Text.Json;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Evm;

namespace Haetae.Ledger.Explorers;

/// <summary>Where events are asked for: one contract in one block, so that an answer is small and has an end.</summary>
internal readonly record struct EventPlace(uint Block, AccountAddress Contract) : IComparable<EventPlace>
{
    public int CompareTo(EventPlace other) => Block != other.Block ? Block.CompareTo(other.Block) : Contract.CompareTo(other.Contract);

    /// <summary>The places whose events tell more of an address than its own lists do, by its rows.</summary>
    /// <remarks>
    /// Of a transaction it sent that calls a contract: the contract called, and whoever was paid by it in that transaction. Of others: the contracts that paid it by
    /// an inner call. A token's own contract is left out: what it says is in the lists. So is a payment without a call, which emits nothing.
    /// </remarks>
    internal static IEnumerable<EventPlace> Of(AccountAddress address, IEnumerable<EtherscanRow> rows)
    {
        foreach (var transaction in rows.GroupBy(row => row.Transaction))
        {
            var own = transaction.FirstOrDefault(row => row.List == EtherscanList.Transactions);
            if (own is { IsFailed: true }) continue;
            var contracts = new SortedSet<AccountAddress>();
            if (own is null || own.From != address) contracts.UnionWith(transaction.Where(row => row.List == EtherscanList.Internal && !row.IsFailed && row.To == address).Select(row => row.From));
            else if (own.IsCall) contracts.UnionWith(transaction.Where(row => row.From == address && !row.IsFailed).Select(row => row.To ?? default));
            contracts.ExceptWith(transaction.Where(row => row.List is EtherscanList.Tokens or EtherscanList.Unique or EtherscanList.Multi).Select(row => row.Contract));
            if (own is { IsCall: true } && own.From == address && own.To is { } called && !contracts.Contains(called)) continue; // it calls a token, which calls nobody
            foreach (var contract in contracts.Where(contract => contract != address && !contract.IsZero)) yield return new EventPlace(transaction.First().Block, contract);
        }
    }
}

/// <summary>An event as an Etherscan-like server's <c>logs</c> API tells it. Its numbers are hexadecimal, and 0 may be <c>0x</c>.</summary>
/// <param name="Index">Its place in the block.</param>
internal sealed record EtherscanLog(uint Block, Hash256 Transaction, uint Index, AccountAddress Emitter, Hash256[] Topics, byte[] Data)
{
    private const int MostTopics = 4;

    /// <summary>Whether the lists of tokens tell what it says.</summary>
    internal bool IsTokenMove => Topics.Length > 0 && (Topics[0] == TokenTopics.Transfer || Topics[0] == TokenTopics.TransferSingle || Topics[0] == TokenTopics.TransferBatch);

    /// <exception cref="ExplorerAnswerException">A member is missing or cannot be.</exception>
    internal static EtherscanLog Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new ExplorerAnswerException("a row is no object");
        var id = Text(json, "transactionHash");
        if (id is not ['0', 'x' or 'X', .. var digits] || !Hash256.TryParse(digits, out var transaction)) throw new ExplorerAnswerException($"the transaction of an event is '{ExplorerWords.Of(id)}'");
        if (!AccountAddress.TryParse(Text(json, "address"), out var emitter, out var wrong)) throw new ExplorerAnswerException($"an event of transaction 0x{transaction} names '{ExplorerWords.Of(Text(json, "address"))}': {wrong}");
        if (!json.TryGetProperty("topics", out var list) || list.ValueKind != JsonValueKind.Array) throw new ExplorerAnswerException($"an event of transaction 0x{transaction} has no topics");
        // Some servers fill up to four with nulls.
        var topics = list.EnumerateArray().Where(topic => topic.ValueKind != JsonValueKind.Null).Select(topic => Topic(topic.ToString(), transaction)).Take(MostTopics + 1).ToArray();
        if (topics.Length > MostTopics) throw new ExplorerAnswerException($"an event of transaction 0x{transaction} has more than {MostTopics} topics");
        return new EtherscanLog(Number(json, "blockNumber", transaction), transaction, Number(json, "logIndex", transaction), emitter, topics, Bytes(Text(json, "data"), transaction));
    }

    private static string Text(JsonElement json, string member) => json.TryGetProperty(member, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static Hash256 Topic(string text, Hash256 transaction) =>
        text is ['0', 'x', .. var digits] && Hash256.TryParse(digits, out var topic) ? topic : throw new ExplorerAnswerException($"a topic of transaction 0x{transaction} is '{ExplorerWords.Of(text)}'");

    private static byte[] Bytes(string text, Hash256 transaction)
    {
        try
        {
            return text is ['0', 'x', .. var digits] ? Convert.FromHexString(digits) : [];
        }
        catch (FormatException)
        {
            throw new ExplorerAnswerException($"the data of an event of transaction 0x{transaction} is '{ExplorerWords.Of(text)}'");
        }
    }

    private static uint Number(JsonElement json, string member, Hash256 transaction)
    {
        var text = Text(json, member);
        if (text == "0x") return 0;
        return text is ['0', 'x', .. var digits] && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) && number < uint.MaxValue ? number
            : throw new ExplorerAnswerException($"the {member} of an event of transaction 0x{transaction} is '{ExplorerWords.Of(text)}'");
    }
}
