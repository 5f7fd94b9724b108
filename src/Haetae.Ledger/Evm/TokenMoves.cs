using System.Buffers.Binary;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Evm;

/// <summary>Value that moved, before it has a number. Null stands for nobody.</summary>
public readonly record struct EvmMove(TransferKind Kind, AccountAddress? From, AccountAddress? To, AssetName Asset, UInt256 Amount);

/// <summary>Reads events of the token standards. Whether a contract tells the truth is another question: anyone may emit a Transfer.</summary>
/// <remarks>EIP-20, EIP-721, EIP-1155: from the zero address a token is made, to it one is burnt.</remarks>
public static class TokenMoves
{
    /// <summary>Kinds of token that one TransferBatch may move here: a block's gas pays for far fewer.</summary>
    public const int MostInBatch = 65_536;

    /// <summary>Adds what an event says was moved; false where it is no token's transfer, and nothing is added.</summary>
    public static bool TryRead(ChainName chain, EvmLog log, List<EvmMove> moves)
    {
        if (log.Topics.Count < 3) return false;
        var signature = log.Topics[0];
        if (signature == TokenTopics.Transfer)
        {
            var (from, to) = (EvmWord.Address(log.Topics[1]), EvmWord.Address(log.Topics[2]));
            if (log.Topics.Count == 3 && log.Data.Length == EvmWord.Size) moves.Add(Move(AssetName.Token(chain, log.Address), from, to, UInt256.ReadBigEndian(log.Data)));
            else if (log.Topics.Count == 4 && log.Data.Length == 0) moves.Add(Move(new AssetName(chain, AssetKind.Unique, log.Address, EvmWord.Number(log.Topics[3])), from, to, UInt256.One));
            else return false;
            return true;
        }

        if (log.Topics.Count != 4) return false;
        var (payer, paid) = (EvmWord.Address(log.Topics[2]), EvmWord.Address(log.Topics[3]));
        if (signature == TokenTopics.TransferSingle && log.Data.Length == 2 * EvmWord.Size)
        {
            moves.Add(Move(new AssetName(chain, AssetKind.Multi, log.Address, UInt256.ReadBigEndian(log.Data)), payer, paid, UInt256.ReadBigEndian(log.Data.AsSpan(EvmWord.Size))));
            return true;
        }

        return signature == TokenTopics.TransferBatch && TryBatch(chain, log, payer, paid, moves);
    }

    /// <summary>Two lists of numbers in the ABI's form: where each begins, then its length and its items.</summary>
    private static bool TryBatch(ChainName chain, EvmLog log, AccountAddress from, AccountAddress to, List<EvmMove> moves)
    {
        if (!TryList(log.Data, 0, out var ids, out var count) || !TryList(log.Data, EvmWord.Size, out var amounts, out var others) || count != others) return false;
        for (var i = 0; i < count; i++)
        {
            var id = UInt256.ReadBigEndian(log.Data.AsSpan(ids + EvmWord.Size * i));
            moves.Add(Move(new AssetName(chain, AssetKind.Multi, log.Address, id), from, to, UInt256.ReadBigEndian(log.Data.AsSpan(amounts + EvmWord.Size * i))));
        }

        return true;
    }

    private static bool TryList(byte[] data, int at, out int first, out int count)
    {
        first = count = 0;
        if (!TryInt(data, at, out var begin) || !TryInt(data, begin, out count) || count > MostInBatch) return false;
        first = begin + EvmWord.Size;
        return first + (long)EvmWord.Size * count <= data.Length;
    }

    private static bool TryInt(byte[] data, int at, out int number)
    {
        number = 0;
        if (at < 0 || at > data.Length - EvmWord.Size || data.AsSpan(at, EvmWord.Size - 4).ContainsAnyExcept((byte)0)) return false;
        number = BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(at + EvmWord.Size - 4));
        return number >= 0 && number < data.Length;
    }

    private static EvmMove Move(AssetName asset, AccountAddress from, AccountAddress to, UInt256 amount) => new(
        from.IsZero ? TransferKind.Mint : to.IsZero ? TransferKind.Burn : TransferKind.Token, from.IsZero ? null : from, to.IsZero ? null : to, asset, amount);
}
