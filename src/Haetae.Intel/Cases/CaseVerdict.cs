using Haetae.Ledger.Proofs;

namespace Haetae.Intel.Cases;

/// <summary>What became of checking a pack.</summary>
/// <param name="Digest">The pack's own; null where the file is no pack.</param>
/// <param name="Faults">Nothing where the pack holds. First the hashes that do not fit, then the first claim that does not hold.</param>
/// <param name="Case">Null where it could not be read.</param>
/// <param name="Chain">Null where the headers do not hold.</param>
/// <param name="Proved">Null where something does not hold.</param>
public sealed record CaseVerdict(string? Digest, IReadOnlyList<PackFault> Faults, CaseDocument? Case, ProvenChain? Chain, CaseProof? Proved)
{
    public bool Holds => Faults.Count == 0;
}

/// <summary>How much was recomputed from the bytes of a pack.</summary>
/// <param name="Blocks">Blocks that hold a transaction of the pack.</param>
/// <param name="Values">Inputs whose value follows from the transaction that made what they spend.</param>
/// <param name="UnspentOutputs">Ends, under any policy, that only the packer's ledger says to be unspent.</param>
/// <param name="UnknownEnds">Ends, under any policy, at an input whose value the packer's ledger does not know.</param>
public sealed record CaseProof(long Transactions, long Blocks, long Values, IReadOnlyList<TraceProof> Traces, long UnspentOutputs, long UnknownEnds);

/// <summary>A trace that was run again and gave the same result.</summary>
/// <param name="Ends">Of all policies together.</param>
/// <param name="Spends">Of all policies together.</param>
public sealed record TraceProof(CaseTrace Trace, long Ends, long Spends);
