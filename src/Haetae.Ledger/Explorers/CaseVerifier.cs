using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Explorers;

/// <summary>Checks a case ledger: each answer kept against its hash, and what the answers say against each other.</summary>
public static class CaseVerifier
{
    /// <returns>What is wrong, the first of each answer; none: it is whole.</returns>
    public static IReadOnlyList<string> Verify(string folder, Action<double>? progress, CancellationToken cancel)
    {
        var findings = new List<string>();
        try
        {
            using var kept = KeptAnswers.OpenForReading(folder);
            for (var i = 0; i < kept.All.Count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke((double)i / kept.All.Count);
                try
                {
                    kept.Read(kept.All[i]);
                }
                catch (LedgerException damage)
                {
                    findings.Add(damage.Message);
                }
            }

            if (findings.Count > 0) return findings;
            if (CaseFolder.ChainOf(folder) is { Family: ChainFamily.Evm }) findings.AddRange(AccountCase.Open(folder).Contradictions);
            else findings.AddRange(BitcoinCase.Open(folder).Contradictions);
        }
        catch (LedgerException wrong)
        {
            findings.Add(wrong.Message);
        }

        return findings;
    }
}
