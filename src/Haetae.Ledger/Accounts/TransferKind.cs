namespace Haetae.Ledger.Accounts;

/// <summary>Why value moved from one account to another.</summary>
public enum TransferKind : byte
{
    /// <summary>The value of a transaction itself.</summary>
    External = 0,

    /// <summary>The value of a call that a contract made.</summary>
    Internal = 1,

    /// <summary>A token's Transfer event.</summary>
    Token = 2,

    /// <summary>What the sender paid for execution and the block's producer got. Failed transactions pay it too.</summary>
    Fee = 3,

    /// <summary>The part of the fee that is destroyed (EIP-1559, EIP-4844, TRON's burnt energy). To nobody.</summary>
    FeeBurnt = 4,

    /// <summary>Made out of nothing: a token's Transfer from the zero address, a wrapped coin's deposit. From nobody.</summary>
    Mint = 5,

    /// <summary>Destroyed: a token's Transfer to the zero address, a wrapped coin's withdrawal. To nobody.</summary>
    Burn = 6,

    /// <summary>Taken out of the stake (EIP-4895). From nobody.</summary>
    Withdrawal = 7,

    /// <summary>A block's or an uncle's reward. From nobody.</summary>
    Reward = 8,

    /// <summary>The value a new contract is given.</summary>
    Create = 9,

    /// <summary>What a self-destructing contract leaves to its heir.</summary>
    Destruct = 10,

    /// <summary>Not on the rows at hand but stated by a named source: part of a case, never of a chain's own ledger.</summary>
    Stated = 11,
}
