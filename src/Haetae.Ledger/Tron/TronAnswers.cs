using System.Globalization;
using System.Text;
using System.Text.Json;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Tron;

/// <summary>From a block and its transactions' results, as TRON's HTTP interface gives them, to what moved.</summary>
/// <remarks>
/// Sources: TRON's protocol documentation (contract types, HTTP interface) and its protocol buffers. In one place: TransferContract moves TRX; TransferAssetContract a
/// TRC-10; TriggerSmartContract and CreateSmartContract move call_value (TRX) and call_token_value (TRC-10), then whatever internal transactions and events say;
/// WithdrawBalanceContract brings a reward; stakes, votes, permissions and the like move nothing and pay. What a failed transaction moved is nothing.
/// Of other contracts that move value (the exchange of TRC-10, sales of new tokens, shielded transfers) <see cref="Unread"/> tells.
/// </remarks>
internal sealed class TronAnswers(ChainName chain)
{
    private static readonly HashSet<string> s_movingNothing =
    [
        "AccountCreateContract", "VoteAssetContract", "VoteWitnessContract", "WitnessCreateContract", "WitnessUpdateContract", "AccountUpdateContract", "FreezeBalanceContract",
        "UnfreezeBalanceContract", "UnfreezeAssetContract", "UpdateAssetContract", "ProposalCreateContract", "ProposalApproveContract", "ProposalDeleteContract",
        "SetAccountIdContract", "CustomContract", "GetContract", "UpdateSettingContract", "UpdateEnergyLimitContract", "AccountPermissionUpdateContract", "ClearABIContract",
        "UpdateBrokerageContract", "FreezeBalanceV2Contract", "UnfreezeBalanceV2Contract", "WithdrawExpireUnfreezeContract", "DelegateResourceContract",
        "UnDelegateResourceContract", "CancelAllUnfreezeV2Contract",
    ];

    /// <summary>Kinds of contracts met that move value in ways not read here, each with the first block.</summary>
    internal SortedDictionary<string, uint> Unread { get; } = new(StringComparer.Ordinal);

    /// <param name="block">A block as getblockbynum gives it.</param>
    /// <param name="infos">The list that gettransactioninfobyblocknum gives for it; of any kind where the block has no transactions.</param>
    internal TronBlock Read(JsonElement block, JsonElement infos)
    {
        var head = Head(block);
        var place = string.Create(CultureInfo.InvariantCulture, $"block {head.Number}");
        var results = new Dictionary<string, TronFields>(StringComparer.OrdinalIgnoreCase);
        if (infos.ValueKind == JsonValueKind.Array)
            foreach (var info in infos.EnumerateArray())
                results.TryAdd(new TronFields(info, place).Text("id"), new TronFields(info, $"{place}, result of a transaction"));
        var transactions = new List<TronTransaction>();
        foreach (var item in new TronFields(block, place).List("transactions"))
        {
            var fields = new TronFields(item, place);
            var id = fields.Hash("txID");
            if (!results.TryGetValue(fields.Text("txID"), out var result)) throw new LedgerException($"{place}: the interface gives no result of transaction {id}. A node that prunes results cannot be read; ask another.");
            transactions.Add(Transaction(new TronFields(item, $"{place}, transaction {id}"), result, head.Number));
        }

        return head with { Transactions = transactions };
    }

    /// <summary>A block's number, hash and time, without its transactions.</summary>
    internal static TronBlock Head(JsonElement block)
    {
        var fields = new TronFields(block, "a block");
        var raw = fields.Inner("block_header").Inner("raw_data");
        var (number, time) = (raw.Number("number"), raw.Number("timestamp") / 1000);
        if (number > int.MaxValue) throw raw.Wrong("number", "is too large for a block");
        if (time > uint.MaxValue) throw raw.Wrong("timestamp", "lies beyond the year 2106");
        return new TronBlock((uint)number, fields.Hash("blockID"), raw.Hash("parentHash"), (uint)time, []);
    }

    private TronTransaction Transaction(TronFields fields, TronFields result, uint block)
    {
        var raw = fields.Inner("raw_data");
        var failed = IsFailed(fields, result);
        AccountAddress? payer = null;
        var moves = new List<TronMove>();
        AccountAddress? called = null;
        foreach (var item in raw.List("contract"))
        {
            var contract = new TronFields(item, fields.Place);
            var value = contract.Inner("parameter").Inner("value");
            payer ??= value.Address("owner_address");
            called ??= value.Address("contract_address") ?? value.Address("to_address");
            if (!failed) moves.AddRange(Moves(contract.Text("type"), value, result, block));
        }

        var events = new List<TronEvent>();
        if (!failed)
        {
            foreach (var item in result.List("internal_transactions")) moves.AddRange(TronInternals.Moves(chain, new TronFields(item, fields.Place)));
            TronLogs.Read(chain, result.List("log"), fields.Place, moves, events);
        }

        if (payer is null && result.Number("fee") > 0) throw fields.Wrong("owner_address", "is missing, and somebody pays the fee");
        if (Memo(raw) is { } memo && (called ?? payer) is { } addressee) events.Add(new TronEvent(addressee, [], memo));
        return new TronTransaction(fields.Hash("txID"), failed, payer, result.Number("fee"), moves, events);
    }

    private IEnumerable<TronMove> Moves(string type, TronFields value, TronFields result, uint block)
    {
        var owner = value.Address("owner_address");
        switch (type)
        {
            case "TransferContract":
                yield return new TronMove(owner, value.Address("to_address"), Trx, value.Number("amount"), TransferKind.External);
                break;
            case "TransferAssetContract" when TokenNumber(value.Text("asset_name")) is { } token:
                yield return new TronMove(owner, value.Address("to_address"), token, value.Number("amount"), TransferKind.External);
                break;
            case "TriggerSmartContract":
                yield return new TronMove(owner, value.Address("contract_address"), Trx, value.Number("call_value"), TransferKind.External);
                if (value.Number("call_token_value") is > 0 and var tokens) yield return new TronMove(owner, value.Address("contract_address"), Trc10(value.Number("token_id")), tokens, TransferKind.External);
                break;
            case "CreateSmartContract":
                var made = result.Address("contract_address");
                yield return new TronMove(owner, made, Trx, value.Optional("new_contract")?.Number("call_value") ?? 0, TransferKind.Create);
                if (value.Number("call_token_value") is > 0 and var given) yield return new TronMove(owner, made, Trc10(value.Number("token_id")), given, TransferKind.Create);
                break;
            case "WithdrawBalanceContract":
                if (result.Number("withdraw_amount") is > 0 and var reward) yield return new TronMove(null, owner, Trx, reward, TransferKind.Reward);
                break;
            default:
                if (!s_movingNothing.Contains(type)) Unread.TryAdd(type.Length == 0 ? "(no type)" : type, block);
                break;
        }
    }

    private AssetName Trx => AssetName.Native(chain);

    private AssetName Trc10(ulong number) => new(chain, AssetKind.Trc10, default, number);

    // Hexadecimal of the number's digits; before numbers (2018, proposal 14) the field held a name, of which no number is known.
    private AssetName? TokenNumber(string name)
    {
        if (ulong.TryParse(Printable(name) ?? name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return Trc10(number);
        return null;
    }

    private static string? Printable(string hex)
    {
        Span<byte> bytes = stackalloc byte[64];
        return Convert.FromHexString(hex, bytes, out _, out var written) == System.Buffers.OperationStatus.Done ? Encoding.Latin1.GetString(bytes[..written]) : null;
    }

    // Contracts run by the virtual machine say how they ended; the others of the first months say nothing, and stand in a block because they succeeded.
    private static bool IsFailed(TronFields fields, TronFields result)
    {
        foreach (var item in fields.List("ret"))
        {
            var ret = new TronFields(item, fields.Place);
            if (ret.Text("contractRet") is not ("" or "SUCCESS" or "DEFAULT") || ret.Text("ret") == "FAILED" || ret.Text("code") == "FAILED") return true;
        }

        return result.Text("result") == "FAILED";
    }

    // A note that people and bridges leave: 1 to 256 bytes of printable text.
    private static byte[]? Memo(TronFields raw)
    {
        var text = raw.Text("data");
        if (text.Length is 0 or > 512 || (text.Length & 1) != 0 || !text.All(char.IsAsciiHexDigit)) return null;
        var bytes = Convert.FromHexString(text);
        return Array.TrueForAll(bytes, letter => letter is >= 32 and < 127) ? bytes : null;
    }
}
