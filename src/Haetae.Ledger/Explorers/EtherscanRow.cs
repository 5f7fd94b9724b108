using System.Globalization;
using System.Text.Json;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Evm;

namespace Haetae.Ledger.Explorers;

/// <summary>Which list of an Etherscan-like server a row comes from.</summary>
internal enum EtherscanList
{
    Transactions,
    Internal,
    Tokens,
    Unique,
    Multi,
}

/// <summary>A row of an Etherscan-like server's <c>account</c> API. All its members are texts.</summary>
/// <param name="Index">The transaction's place in its block; null: not told (the list of internal calls).</param>
/// <param name="To">Null where a contract is made by the transaction itself.</param>
/// <param name="Id">Of a token that is one of its kind.</param>
/// <param name="Step">What orders rows within a transaction: the path of a call (<c>0_1</c>), or the place of an event; empty: not told.</param>
/// <param name="IsCall">Whether the transaction calls a contract: its input is no text.</param>
/// <param name="Memo">Its input where that is short printable text, in hexadecimal digits; empty: it is not.</param>
/// <param name="Fee">What the transaction's sender paid for execution; null: not told by this list.</param>
internal sealed record EtherscanRow(
    EtherscanList List, uint Block, uint Time, Hash256 Transaction, int? Index, AccountAddress From, AccountAddress? To, AccountAddress Contract, UInt256 Amount, UInt256 Id,
    bool IsFailed, string Type, string Step, UInt256? Fee, string? Symbol, int? Decimals, bool IsCall = false, string Memo = "")
{
    /// <summary>The names of the lists in requests.</summary>
    internal static string Action(EtherscanList list) => list switch
    {
        EtherscanList.Transactions => "txlist",
        EtherscanList.Internal => "txlistinternal",
        EtherscanList.Tokens => "tokentx",
        EtherscanList.Unique => "tokennfttx",
        _ => "token1155tx",
    };

    /// <summary>Whether the row moved the chain's own coin: it succeeded, and is a call that carries value to another account.</summary>
    internal bool MovesNative => !IsFailed && (List == EtherscanList.Transactions || (List == EtherscanList.Internal && Type is not ("delegatecall" or "callcode" or "staticcall")));

    /// <summary>What a row that moves the chain's own coin is.</summary>
    internal TransferKind Kind => List == EtherscanList.Transactions ? To is null ? TransferKind.Create : TransferKind.External : Type switch
    {
        "create" or "create2" => TransferKind.Create,
        "suicide" or "selfdestruct" => TransferKind.Destruct,
        _ => TransferKind.Internal,
    };

    internal bool Concerns(AccountAddress address) => From == address || To == address || (To is null && Contract == address);

    /// <exception cref="ExplorerAnswerException">A member is missing or cannot be.</exception>
    internal static EtherscanRow Read(EtherscanList list, JsonElement json)
    {
        var id = Text(json, "hash") is { Length: > 0 } hash ? hash : Text(json, "transactionHash");
        if (id is not ['0', 'x' or 'X', .. var digits] || !Hash256.TryParse(digits, out var transaction)) throw new ExplorerAnswerException($"a row's hash is '{ExplorerWords.Of(id)}'");
        var to = Text(json, "to") is { Length: > 0 } paid ? Address(paid, transaction) : (AccountAddress?)null;
        var contract = Text(json, "contractAddress") is { Length: > 0 } made ? Address(made, transaction) : default;
        var amount = list switch
        {
            EtherscanList.Unique => UInt256.One,
            EtherscanList.Multi => Big(json, "tokenValue", transaction),
            _ => Big(json, "value", transaction),
        };
        var (isCall, memo) = list == EtherscanList.Transactions ? Input(json) : (false, "");
        var step = list == EtherscanList.Internal ? (Text(json, "traceId") is { Length: > 0 } trace ? trace : Text(json, "index")) : Text(json, "logIndex");
        return new EtherscanRow(
            list, (uint)Number(json, "blockNumber", transaction), (uint)Number(json, "timeStamp", transaction), transaction,
            Text(json, "transactionIndex").Length > 0 ? (int)(Number(json, "transactionIndex", transaction) & int.MaxValue) : null,
            Address(Text(json, "from"), transaction), to, contract, amount,
            list is EtherscanList.Unique or EtherscanList.Multi ? Big(json, "tokenID", transaction) : default,
            Text(json, "isError") == "1" || Text(json, "txreceipt_status") == "0", Text(json, "type"), step,
            list == EtherscanList.Transactions ? FeeOf(json, transaction) : null,
            Text(json, "tokenSymbol") is { Length: > 0 } symbol ? ExplorerWords.Of(symbol) : null,
            list != EtherscanList.Transactions && int.TryParse(Text(json, "tokenDecimal"), NumberStyles.None, CultureInfo.InvariantCulture, out var decimals) && decimals <= 77 ? decimals : null, isCall, memo);
    }

    private static (bool IsCall, string Memo) Input(JsonElement json)
    {
        if (Text(json, "input") is not ['0', 'x', _, ..] input) return (false, "");
        if (input.Length > 2 + (2 * EvmTransfers.MostMemo)) return (true, "");
        try
        {
            return EvmTransfers.IsMemo(Convert.FromHexString(input.AsSpan(2))) ? (false, input[2..].ToLowerInvariant()) : (true, "");
        }
        catch (FormatException)
        {
            return (true, ""); // some servers shorten long inputs
        }
    }

    /// <summary>What the price list gives for an own transaction: gas used times the price that was paid for it.</summary>
    private static UInt256 FeeOf(JsonElement json, Hash256 transaction)
    {
        var fee = (System.Numerics.BigInteger)Big(json, "gasUsed", transaction) * Big(json, "gasPrice", transaction);
        return fee <= UInt256.MaxValue ? (UInt256)fee : throw new ExplorerAnswerException($"the fee of {transaction} has more than 256 bits");
    }

    private static string Text(JsonElement json, string member) => json.TryGetProperty(member, out var text) ? text.ValueKind == JsonValueKind.Null ? "" : text.ToString() : "";

    private static AccountAddress Address(string text, Hash256 transaction) =>
        AccountAddress.TryParse(text, out var address, out var error) ? address : throw new ExplorerAnswerException($"a row of transaction 0x{transaction} names '{ExplorerWords.Of(text)}': {error}");

    private static UInt256 Big(JsonElement json, string member, Hash256 transaction) =>
        UInt256.TryParse(Text(json, member), out var number) ? number : throw new ExplorerAnswerException($"the {member} of transaction 0x{transaction} is '{ExplorerWords.Of(Text(json, member))}'");

    private static ulong Number(JsonElement json, string member, Hash256 transaction) =>
        ulong.TryParse(Text(json, member), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < uint.MaxValue ? number
            : throw new ExplorerAnswerException($"the {member} of transaction 0x{transaction} is '{ExplorerWords.Of(Text(json, member))}'");
}
