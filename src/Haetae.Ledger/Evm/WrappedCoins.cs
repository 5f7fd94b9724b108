using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Evm;

/// <summary>Contracts that turn a chain's coin into a token one for one and back, with WETH9's events in place of Transfer.</summary>
public static class WrappedCoins
{
    /// <summary>The wrapped coins that each chain's own applications use; the addresses are their published ones.</summary>
    private static readonly Dictionary<string, AccountAddress> Known = new(StringComparer.Ordinal)
    {
        ["eip155:1"] = AccountAddress.Parse("0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"),
        ["eip155:10"] = AccountAddress.Parse("0x4200000000000000000000000000000000000006"),
        ["eip155:56"] = AccountAddress.Parse("0xbb4cdb9cbd36b01bd1cbaebf2de08d9173bc095c"),
        ["eip155:100"] = AccountAddress.Parse("0xe91d153e0b41518a2ce8dd3d7944fa863463a97d"),
        ["eip155:137"] = AccountAddress.Parse("0x0d500b1d8e8ef31e21c99d1db9a6444d3adf1270"),
        ["eip155:8453"] = AccountAddress.Parse("0x4200000000000000000000000000000000000006"),
        ["eip155:42161"] = AccountAddress.Parse("0x82af49447d8a07e3bd95bd0d56f35241523fbab1"),
        ["eip155:43114"] = AccountAddress.Parse("0xb31f66aa3c1e785363f0875a1b74e27b85fd66c7"),
        [ChainName.Tron.Caip2] = AccountAddress.Parse("TNUC9Qb1rRpS5CbWLmNMxXBjyFoydXjWFR"),
    };

    public static bool IsKnown(ChainName chain, AccountAddress contract) => Known.TryGetValue(chain.Caip2, out var known) && known == contract;

    /// <summary>What WETH9's Deposit or Withdrawal says was made or burnt; null where the event is neither.</summary>
    public static EvmMove? Read(ChainName chain, EvmLog log)
    {
        if (log.Topics.Count != 2 || log.Data.Length != EvmWord.Size) return null;
        var (who, amount) = (EvmWord.Address(log.Topics[1]), UInt256.ReadBigEndian(log.Data));
        var token = AssetName.Token(chain, log.Address);
        if (log.Topics[0] == TokenTopics.Deposit) return new EvmMove(TransferKind.Mint, null, who, token, amount);
        return log.Topics[0] == TokenTopics.Withdrawal ? new EvmMove(TransferKind.Burn, who, null, token, amount) : null;
    }
}
