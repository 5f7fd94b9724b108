using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Tron;

/// <summary>Events of contracts: transfers of tokens, and the rest, which is kept.</summary>
/// <remarks>TRC-20 and TRC-721 have the events of ERC-20 and ERC-721 (TIP-20, TIP-721); addresses stand in topics without TRON's byte 0x41.</remarks>
internal static class TronLogs
{
    /// <summary>Bytes of an event's data that are kept.</summary>
    internal const int MostData = 4096;

    // Keccak-256 of "Transfer(address,address,uint256)" (ERC-20).
    private static readonly Hash256 s_transfer = Hash256.Parse("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");

    internal static void Read(ChainName chain, TronFields log, List<TronMove> moves, List<TronEvent> events)
    {
        var emitter = log.Address("address") ?? throw log.Wrong("address", "is missing in an event");
        var topics = new List<Hash256>();
        foreach (var topic in log.List("topics"))
            topics.Add(topic.ValueKind == System.Text.Json.JsonValueKind.String && Hash256.TryParse(topic.GetString(), out var hash) ? hash : throw log.Wrong("topics", "holds something else than 64 hexadecimal digits"));
        if (topics.Count > 4) throw log.Wrong("topics", "holds more than four");
        var data = log.Bytes("data");
        if (topics.Count == 3 && topics[0] == s_transfer && data.Length == UInt256.Size)
            Add(AssetName.Token(chain, emitter), UInt256.ReadBigEndian(data));
        else if (topics.Count == 4 && topics[0] == s_transfer && data.Length == 0)
            Add(new AssetName(chain, AssetKind.Unique, emitter, Number(topics[3])), UInt256.One);
        else
            events.Add(new TronEvent(emitter, topics, data.Length <= MostData ? data : data[..MostData]));

        void Add(AssetName asset, UInt256 amount)
        {
            var (from, to) = (Address(topics[1]), Address(topics[2]));
            var kind = from.IsZero ? TransferKind.Mint : to.IsZero ? TransferKind.Burn : TransferKind.Token;
            moves.Add(new TronMove(from.IsZero ? null : from, to.IsZero ? null : to, asset, amount, kind));
        }
    }

    private static AccountAddress Address(Hash256 topic)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        Printed(topic, bytes);
        return new AccountAddress(bytes[^AccountAddress.Size..]);
    }

    private static UInt256 Number(Hash256 topic)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        Printed(topic, bytes);
        return UInt256.ReadBigEndian(bytes);
    }

    // A hash keeps its bytes in the reverse of their print.
    private static void Printed(Hash256 topic, Span<byte> bytes)
    {
        topic.CopyTo(bytes);
        bytes.Reverse();
    }
}
