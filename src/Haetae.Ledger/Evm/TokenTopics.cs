using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm;

/// <summary>The signatures of the events that move tokens: Keccak-256 of the words in the comments.</summary>
public static class TokenTopics
{
    /// <summary>Transfer(address,address,uint256): ERC-20 and ERC-721.</summary>
    public static Hash256 Transfer { get; } = Of("Transfer(address,address,uint256)");

    /// <summary>ERC-1155: one kind of token.</summary>
    public static Hash256 TransferSingle { get; } = Of("TransferSingle(address,address,address,uint256,uint256)");

    /// <summary>ERC-1155: several kinds at once.</summary>
    public static Hash256 TransferBatch { get; } = Of("TransferBatch(address,address,address,uint256[],uint256[])");

    /// <summary>WETH9: coin became token.</summary>
    public static Hash256 Deposit { get; } = Of("Deposit(address,uint256)");

    /// <summary>WETH9: token became coin.</summary>
    public static Hash256 Withdrawal { get; } = Of("Withdrawal(address,uint256)");

    /// <summary>The first topic of an event by its signature.</summary>
    public static Hash256 Of(string signature)
    {
        var bytes = Hashing.Keccak256.HashData(System.Text.Encoding.ASCII.GetBytes(signature));
        return EvmWord.Hash(bytes);
    }
}

/// <summary>32 bytes as the EVM passes them: a topic, or a part of an event's data.</summary>
public static class EvmWord
{
    public const int Size = 32;

    /// <summary>Bytes as nodes print them, the first one first, as a hash that prints the same.</summary>
    public static Hash256 Hash(ReadOnlySpan<byte> printed)
    {
        Span<byte> wire = stackalloc byte[Size];
        printed.CopyTo(wire);
        wire.Reverse();
        return new Hash256(wire);
    }

    /// <summary>The bytes of a topic as nodes print them.</summary>
    public static void Bytes(Hash256 topic, Span<byte> printed)
    {
        topic.CopyTo(printed);
        printed[..Size].Reverse();
    }

    /// <summary>The address a topic holds: its last 20 bytes.</summary>
    public static AccountAddress Address(Hash256 topic)
    {
        Span<byte> word = stackalloc byte[Size];
        Bytes(topic, word);
        return new AccountAddress(word[^AccountAddress.Size..]);
    }

    /// <summary>The number a topic holds.</summary>
    public static UInt256 Number(Hash256 topic)
    {
        Span<byte> word = stackalloc byte[Size];
        Bytes(topic, word);
        return UInt256.ReadBigEndian(word);
    }

    /// <summary>The topic that holds an address.</summary>
    public static Hash256 Of(AccountAddress address)
    {
        Span<byte> word = stackalloc byte[Size];
        word.Clear();
        address.CopyTo(word[^AccountAddress.Size..]);
        return Hash(word);
    }
}
