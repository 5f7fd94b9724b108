using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm.Etl;

/// <summary>A row of ethereum-etl's token_transfers. Of ERC-721 the value is the token's id: the table does not tell the two apart.</summary>
public sealed record EtlTokenTransfer(AccountAddress Token, AccountAddress From, AccountAddress To, UInt256 Value, Hash256 TransactionHash, ulong LogIndex, ulong BlockNumber)
{
    /// <summary>What ethereum-etl takes for a token's transfer: a Transfer whose topics and words of data are four together, wherever the contract put them.</summary>
    public static EtlTokenTransfer? Of(EvmLog log)
    {
        if (log.Topics.Count == 0 || log.Topics[0] != TokenTopics.Transfer || log.TransactionHash is not { } transaction) return null;
        if (log.Data.Length % EvmWord.Size != 0 || log.Topics.Count + log.Data.Length / EvmWord.Size != 4) return null;
        return new EtlTokenTransfer(log.Address, EvmWord.Address(Word(1)), EvmWord.Address(Word(2)), EvmWord.Number(Word(3)), transaction, log.Index, log.BlockNumber);

        Hash256 Word(int number) => number < log.Topics.Count ? log.Topics[number] : EvmWord.Hash(log.Data.AsSpan(EvmWord.Size * (number - log.Topics.Count), EvmWord.Size));
    }

    /// <summary>The event it came from, as ERC-20 writes it.</summary>
    public EvmLog ToLog(ulong transactionIndex)
    {
        var data = new byte[EvmWord.Size];
        Value.WriteBigEndian(data);
        return new EvmLog(LogIndex, TransactionHash, transactionIndex, null, BlockNumber, Token, data, [TokenTopics.Transfer, EvmWord.Of(From), EvmWord.Of(To)]);
    }
}
