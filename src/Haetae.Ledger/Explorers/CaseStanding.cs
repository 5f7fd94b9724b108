using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Explorers;

/// <summary>Finds what of a case's transactions can stand on one chain: what contradicts the rest is left out, one by one, and costs its addresses their completeness.</summary>
/// <remarks>A choice, not a finding: of two that exclude each other a transaction proven by its id stands before a server's word, else the one that comes first on the chain.</remarks>
internal sealed class CaseStanding(CaseMaterial material, int tip)
{
    /// <summary>Each costs a pass over the case; answers that contradict each other oftener are not worth reading.</summary>
    private const int MostContradictions = 100;

    private readonly Dictionary<Hash256, string> _leftOut = [];
    private readonly List<string> _all = [];

    /// <summary>In sentences, in the order in which they were met.</summary>
    internal IReadOnlyList<string> Contradictions => _all;

    /// <exception cref="CaseContradictionException">There are more contradictions than are worth going through.</exception>
    internal (CaseTransaction[] Ordered, CaseColumns Columns) Settle()
    {
        var silenced = new HashSet<Hash256>();
        while (true)
        {
            var ordered = CaseOrder.Of(material.Transactions.Values.Where(one => !_leftOut.ContainsKey(one.Id)));
            CaseColumns columns;
            try
            {
                columns = new CaseColumns(ordered, tip);
            }
            catch (CaseContradictionException wrong) when (_all.Count < MostContradictions)
            {
                _leftOut.Add(wrong.Of, wrong.What);
                _all.Add($"{wrong.Message} Transaction {wrong.Of} is left out.");
                continue;
            }

            if (!IsSilenced()) return (ordered, columns);

            bool IsSilenced()
            {
                foreach (var (id, words) in material.Words.Where(one => !silenced.Contains(one.Key)))
                {
                    try
                    {
                        columns.Say(id, words);
                    }
                    catch (CaseContradictionException wrong) when (_all.Count < MostContradictions)
                    {
                        silenced.Add(id);
                        _all.Add($"{wrong.Message} What was told of the ends of {id} is left out.");
                        return true;
                    }
                }

                return false;
            }
        }
    }

    /// <summary>An address's coverage, as far as what was left out lets it stand.</summary>
    internal AddressCoverage Now(AddressCoverage told) =>
        _leftOut.OrderBy(one => one.Key.ToString(), StringComparer.Ordinal).FirstOrDefault(one => Concerns(material.Transactions[one.Key], told.Script)) is { Value: { } what }
            ? told with { Coverage = Coverage.Truncated, Reason = (told.Reason is { } before ? before + "; " : "") + $"the answers contradict each other: {what} (--refresh asks again)" } : told;

    private bool Concerns(CaseTransaction transaction, byte[] script) =>
        transaction.Outputs.Any(output => output.Script.AsSpan().SequenceEqual(script))
        || transaction.Inputs.Any(input => Paid(input) is { } spent && spent.AsSpan().SequenceEqual(script));

    private byte[]? Paid(CaseInput input) =>
        input.Script ?? (material.Transactions.TryGetValue(input.Spent.TxId, out var maker) && input.Spent.Vout < maker.Outputs.Count ? maker.Outputs[(int)input.Spent.Vout].Script : null);
}
