using Haetae.Intel.Cases;
using Haetae.Ledger.Proofs;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>A pack that holds, for people: what follows from its bytes, and what does not.</summary>
internal sealed class VerdictText(CaseVerdict verdict, CaseProof proof, CaseDocument document, ProvenChain chain)
{
    internal void Print(string path, long bytes, TextWriter output)
    {
        output.WriteLine($"{path} holds.");
        output.WriteLine($"{PlainText.Of(document.Head.Title)}   {document.Head.Marking}   {Amounts.Count(bytes)} bytes");
        output.WriteLine($"Digest {verdict.Digest}");
        output.WriteLine("  (compare it with the one you were given another way: a whole pack can be made anew)");
        output.WriteLine();
        output.WriteLine("Recomputed from this file alone");
        output.WriteLine($"  {Amounts.Count(proof.Transactions, "transaction", "transactions")}: each hashed to its id, and led by a Merkle branch to the header of its block ({Amounts.Count(proof.Blocks, "block", "blocks")})");
        output.WriteLine($"  {Amounts.Count(proof.Values, "input", "inputs")}: each value read from the transaction that made it");
        output.WriteLine($"  {Amounts.Count(chain.Headers, "header", "headers")}: each meets the target it states; blocks {Amounts.Count(chain.WholeFrom)} to {Amounts.Count(chain.TipHeight)} follow each other{(chain.FromGenesis ? $", from the first block of {chain.Network.Name}" : "")}");
        output.WriteLine($"  work of these: 2^{Math.Log2((double)chain.Work):0.0} hashes; tip {chain.TipHash}");
        foreach (var trace in proof.Traces)
        {
            output.WriteLine($"  trace of {PlainText.Of(trace.Trace.Theft)}: {Amounts.Count(trace.Ends, "end", "ends")}, {Amounts.Count(trace.Spends, "spend", "spends")} and the books of {string.Join(", ", trace.Trace.Question.Policies)}, equal to the satoshi");
            foreach (var books in trace.Trace.Books)
                output.WriteLine($"    {books.Policy,-12} held {Amounts.Fixed(books.Held)}, parked {Amounts.Fixed(books.Parked)}, fees {Amounts.Fixed(books.Fees)}, cut {Amounts.Fixed(books.Cut)} BTC");
        }

        if (proof.Traces.Any(trace => trace.Trace.Question.Stops.Contains("coinjoins")))
            output.WriteLine("  CoinJoins: every transaction on the way was judged again by the rules; the traces stop at the same ones");
        output.WriteLine();
        output.WriteLine("Not proved by it");
        foreach (var line in NotProved(proof, chain, document)) output.WriteLine($"  {line}");
    }

    /// <summary>What rests on somebody's word, each in a sentence.</summary>
    internal static IEnumerable<string> NotProved(CaseProof proof, ProvenChain chain, CaseDocument document)
    {
        if (proof.UnspentOutputs > 0) yield return $"That outputs were unspent at block {Amounts.Count(chain.TipHeight)} ({Amounts.Count(proof.UnspentOutputs, "end", "ends")}, over all policies): the packer's ledger says so. Any node of that height can tell.";
        if (proof.UnknownEnds > 0) yield return $"That values beside {Amounts.Count(proof.UnknownEnds, "end", "ends")} are unknown: the packer's ledger begins later than what made them.";
        if (!chain.FromGenesis) yield return $"Heights: headers do not tell them. The packer counted block {Amounts.Count(chain.WholeFrom)}; from there on each follows the one before.";
        if (chain.Runs > 1) yield return $"That the {Amounts.Count(chain.Headers - (chain.TipHeight - chain.WholeFrom + 1))} older blocks are of the same chain: their headers stand alone.";
        yield return chain.Weak > 0
            ? $"That this is the chain of {chain.Network.Name}: {Amounts.Count(chain.Weak)} of its headers cost less work than the network asks for. Such a chain is generated."
            : $"That this is the chain of {chain.Network.Name}: compare the tip's hash with any node's at height {Amounts.Count(chain.TipHeight)}.";
        yield return "Times: miners write them, and they may be off by hours.";
        yield return "Signatures: the nodes of the network checked them; witnesses are not in the pack.";
        if (document.Tags.Count > 0) yield return $"Whose an address is: {Amounts.Count(document.Tags.Count, "tag", "tags")}, each with its source. Stops at services rest on them.";
        if (document.Traces.Count > proof.Traces.Count) yield return $"{Amounts.Count(document.Traces.Count - proof.Traces.Count, "earlier trace", "earlier traces")} in whose place a later one stands: kept for the record.";
        if (document.Facts.Count + document.Links.Count > 0) yield return $"{Amounts.Count(document.Facts.Count, "fact", "facts")} and {Amounts.Count(document.Links.Count, "link", "links")}: statements, each with its source.";
        yield return "When things were added to the case, and by whom: the machines that did it say so.";
    }
}
