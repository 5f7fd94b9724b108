using System.Runtime.InteropServices;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger;

/// <content>Checks that need what a reader keeps to itself.</content>
public sealed partial class BitcoinLedger
{
    /// <summary>What is wrong with the indexes and the scripts they file.</summary>
    internal IEnumerable<string> CheckIndexRuns(Action<string, double>? progress, CancellationToken cancel)
    {
        foreach (var run in _txidRuns.Concat(_scriptRuns))
        {
            cancel.ThrowIfCancellationRequested();
            foreach (var finding in run.Findings()) yield return finding;
        }

        if (_txidRuns.Sum(run => run.Counted()) != Counts.Transactions) yield return "The txid index does not hold as many entries as there are transactions.";
        foreach (var run in _txidRuns)
            for (long entry = 0; entry < run.Entries; entry++)
                if (run.TryNumber(entry, out var number) && !run.Holds(TxIds[number].Prefix, entry)) yield return $"{run.Name}: entry {entry} is filed under another id than transaction {number} has.";
        foreach (var run in _scriptRuns)
            for (long entry = 0; entry < run.Entries; entry++)
                if (run.TryNumber(entry, out var output) && !run.Holds(ScriptKeys[output], entry)) yield return $"{run.Name}: entry {entry} is filed under another key than output {output} has.";

        long scripts = 0, position = 0;
        for (long output = 0; output < Counts.Outputs; output++)
        {
            if (output % 65_536 == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke("scripts", (double)output / Counts.Outputs);
            }

            if (output % LedgerColumns.ScriptGroup == 0 && _scriptOffset[output / LedgerColumns.ScriptGroup] != position)
                yield return $"script.offset.col: output {output}'s script lies at {position}, not where the column says.";
            var stored = Window(position);
            position += ScriptCodec.StoredLength(stored);
            var key = ScriptKey.Of(ScriptCodec.Decode(stored));
            if (key != ScriptKeys[output]) yield return $"out.key.col: output {output} has another key than its script.";
            if (key != ScriptKey.Unspendable) scripts++;
        }

        if (position != Counts.ScriptBytes) yield return $"script.bytes.col: the scripts take {position} bytes of {Counts.ScriptBytes}.";
        if (_scriptRuns.Sum(run => run.Counted()) != scripts) yield return "The script index does not hold as many entries as there are outputs to file.";
    }
}
