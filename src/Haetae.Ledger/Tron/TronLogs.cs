using System.Text.Json;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Evm;

namespace Haetae.Ledger.Tron;

/// <summary>Events of contracts: transfers of tokens, coin wrapped and unwrapped, and the rest, which is kept.</summary>
/// <remarks>
/// TRC-20, TRC-721 and TRC-1155 have the events of ERC-20, ERC-721 and ERC-1155 (TIP-20, TIP-721, TIP-1155), the wrapped TRX those of WETH9; addresses stand in
/// topics without TRON's byte 0x41. The virtual machine is the same, so the same readers serve.
/// </remarks>
internal static class TronLogs
{
    /// <summary>Bytes of an event's data that are kept.</summary>
    internal const int MostData = 4096;

    /// <summary>Adds what a transaction's events say was moved, and the events that say nothing of that kind.</summary>
    /// <param name="moves">What its calls moved, told before its events.</param>
    internal static void Read(ChainName chain, IEnumerable<JsonElement> logs, string place, List<TronMove> moves, List<TronEvent> events)
    {
        var told = logs.Select(item => Log(new TronFields(item, place))).ToList();
        var sure = moves.Select(move => new EvmMove(move.Kind, move.From, move.To, move.Asset, move.Amount)).ToList();
        var first = sure.Count;
        var read = told.Select(log => (Log: log, IsTransfer: TokenMoves.TryRead(chain, log, sure), End: sure.Count)).ToList();
        var wraps = new WrapPairs(chain, sure);
        foreach (var (log, isTransfer, end) in read)
        {
            for (; isTransfer && first < end; first++) Add(sure[first]);
            if (isTransfer) continue;
            if (WrappedCoins.Read(chain, log) is { } wrap && wraps.Take(wrap, log.Address)) Add(wrap);
            else events.Add(new TronEvent(log.Address, log.Topics, log.Data.Length <= MostData ? log.Data : log.Data[..MostData]));
        }

        void Add(EvmMove move) => moves.Add(new TronMove(move.From, move.To, move.Asset, move.Amount, move.Kind));
    }

    private static EvmLog Log(TronFields log)
    {
        var emitter = log.Address("address") ?? throw log.Wrong("address", "is missing in an event");
        var topics = new List<Hash256>();
        foreach (var topic in log.List("topics"))
            topics.Add(topic.ValueKind == JsonValueKind.String && Hash256.TryParse(topic.GetString(), out var hash) ? hash : throw log.Wrong("topics", "holds something else than 64 hexadecimal digits"));
        if (topics.Count > 4) throw log.Wrong("topics", "holds more than four");
        return new EvmLog(0, null, 0, null, 0, emitter, log.Bytes("data"), topics);
    }
}
