using Haetae.Ledger.Proofs;

namespace Haetae.Ledger.Explorers;

/// <summary>A Bitcoin transaction as a case ledger knows it.</summary>
/// <param name="Height">Of its block; -1: it is in no block.</param>
/// <param name="Time">Of its block, seconds since 1970.</param>
/// <param name="Block">The hash of its block, as the source says.</param>
/// <param name="Place">Its place in the block; null: not told.</param>
/// <param name="Version">Null: not told.</param>
/// <param name="LockTime">Null: not told.</param>
/// <param name="IsProven">Whether its id was computed from these inputs and outputs: then nobody can have changed them.</param>
public sealed record CaseTransaction(
    Hash256 Id, int Height, uint Time, Hash256? Block, int? Place, uint? Version, uint? LockTime, bool IsProven, IReadOnlyList<CaseInput> Inputs, IReadOnlyList<CaseOutput> Outputs)
{
    /// <summary>It spends nothing: new coins.</summary>
    public bool IsCoinbase => Inputs.Count == 0;
}

/// <summary>What a transaction spends.</summary>
/// <param name="Value">Satoshi, as the source says; null: not told. Proven only by the transaction that made it.</param>
/// <param name="Script">As the source says; null: not told.</param>
public sealed record CaseInput(Outpoint Spent, uint Sequence, long? Value, byte[]? Script);

/// <summary>What a transaction pays.</summary>
/// <param name="Value">Satoshi.</param>
public sealed record CaseOutput(long Value, byte[] Script);

/// <summary>What a server said about who spends an output.</summary>
/// <param name="Spender">The transaction; null: nobody in a block does.</param>
/// <param name="Height">Of the spender's block; -1 without one.</param>
/// <param name="AsOf">The height of the chain when it was said; null: not known.</param>
public readonly record struct SpendWord(Hash256? Spender, int Height, int? AsOf);

/// <summary>How much of what an address did a case ledger holds.</summary>
/// <param name="Address">As it was asked for.</param>
/// <param name="Script">What outputs pay that are the address's.</param>
/// <param name="UpTo">All up to this height, where complete; the chain's height when it was asked, where truncated.</param>
/// <param name="Reason">What is missing; null where nothing is.</param>
/// <param name="Transactions">How many are held.</param>
public sealed record AddressCoverage(string Address, byte[] Script, Accounts.Coverage Coverage, int? UpTo, string? Reason, int Transactions);
