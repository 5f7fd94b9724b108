using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Mixers;

/// <summary>A mixer that takes and gives one fixed amount, so that no amount tells who is who: Tornado Cash and those built after it.</summary>
/// <param name="Name">For people: its address, or the name of the list it was read from.</param>
/// <param name="Denomination">What every deposit puts in, in base units of <paramref name="Symbol"/>.</param>
/// <param name="Symbol">What the pool holds, for people.</param>
/// <param name="Decimals">Decimal places people show.</param>
public sealed record Pool(string Name, UInt256 Denomination, string Symbol, int Decimals)
{
    /// <summary>The contract; null where the source does not name it.</summary>
    public AccountAddress? Address { get; init; }
}

/// <summary>One deposit. What its source lacks is null, and what needs it says so instead of guessing.</summary>
/// <param name="Transaction">As printed, without 0x.</param>
/// <param name="Commitment">What the depositor will later prove to know the secret of.</param>
/// <param name="Leaf">Its place in the pool's tree, from 0.</param>
public sealed record PoolDeposit(Hash256 Transaction, uint Block, Hash256 Commitment, uint Leaf)
{
    /// <summary>Seconds since 1970.</summary>
    public uint? Time { get; init; }

    /// <summary>Who paid, behind a router where there is one.</summary>
    public AccountAddress? Depositor { get; init; }

    /// <summary>Wei for a unit of gas.</summary>
    public UInt256? GasPrice { get; init; }
}

/// <summary>One withdrawal. What its source lacks is null.</summary>
/// <param name="Transaction">As printed, without 0x.</param>
/// <param name="NullifierHash">Spends a deposit once without telling which.</param>
/// <param name="Fee">What the relayer kept, in base units; more than 0: somebody else paid for the execution.</param>
public sealed record PoolWithdrawal(Hash256 Transaction, uint Block, AccountAddress Recipient, Hash256 NullifierHash, UInt256 Fee)
{
    /// <summary>Seconds since 1970.</summary>
    public uint? Time { get; init; }

    /// <summary>Who brought it on chain and got the fee; all zeros: nobody.</summary>
    public AccountAddress? Relayer { get; init; }

    /// <summary>Who sent the transaction and paid its fee.</summary>
    public AccountAddress? Sender { get; init; }

    /// <summary>Wei for a unit of gas: the sender's choice.</summary>
    public UInt256? GasPrice { get; init; }

    /// <summary>Whether a relayer paid for the execution: then neither sender nor gas price is its owner's.</summary>
    public bool IsRelayed => !Fee.IsZero || Relayer is { IsZero: false };

    /// <summary>Whether the gas price may be its owner's: no relayer, and nobody but the recipient sent it, as far as the source tells the sender.</summary>
    public bool IsSentByOwner => !IsRelayed && (Sender is not { } sender || sender == Recipient);
}

/// <summary>What went into and came out of one pool.</summary>
/// <param name="Deposits">By leaf.</param>
/// <param name="Withdrawals">By block; inside a block in the order of the source.</param>
public sealed record PoolEvents(Pool Pool, IReadOnlyList<PoolDeposit> Deposits, IReadOnlyList<PoolWithdrawal> Withdrawals);
