using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Explorers;
using Haetae.Ledger.Proofs;

namespace Haetae.Intel.Cases;

/// <summary>Transactions that lie beside a case, held against each other and against what the case says was stolen.</summary>
/// <param name="name">What faults call their file.</param>
internal sealed class CarriedTransactions(string network, string name, IReadOnlyList<CaseTransaction> transactions)
{
    /// <summary>Transactions whose inputs are not all told with their value.</summary>
    public int Unvalued => transactions.Count(one => one.Inputs.Any(input => input.Value is null));

    /// <summary>What contradicts, in the order of the file, then of the case.</summary>
    public IReadOnlyList<string> Faults(IReadOnlyList<CaseSeed> seeds)
    {
        var faults = new List<string>();
        var byId = new Dictionary<Hash256, CaseTransaction>();
        foreach (var one in transactions)
            if (!byId.TryAdd(one.Id, one)) faults.Add($"{name}: transaction {one.Id} stands in it twice");
        var spent = new HashSet<Outpoint>();
        foreach (var one in transactions) Spends(one, byId, spent, faults);
        foreach (var seed in seeds)
            if (WrongOf(seed, byId) is { } wrong) faults.Add($"case.thefts: {seed.TxId}:{seed.Vout} {wrong}");
        return faults;
    }

    private void Spends(CaseTransaction one, Dictionary<Hash256, CaseTransaction> byId, HashSet<Outpoint> spent, List<string> faults)
    {
        foreach (var input in one.Inputs)
        {
            var place = FormattableString.Invariant($"{input.Spent.TxId}:{input.Spent.Vout}");
            if (!spent.Add(input.Spent)) faults.Add($"{name}: {place} is spent twice, the second time by {one.Id}");
            if (!byId.TryGetValue(input.Spent.TxId, out var made)) continue;
            if (input.Spent.Vout >= made.Outputs.Count) faults.Add(FormattableString.Invariant($"{name}: {one.Id} spends {place}, and {made.Id} has {made.Outputs.Count} outputs"));
            else if (made.Outputs[(int)input.Spent.Vout] is var output && input.Value is { } value && value != output.Value) faults.Add(FormattableString.Invariant($"{name}: {one.Id} spends {place} as {value} satoshi, and it is worth {output.Value}"));
            else if (input.Script is { } script && !script.AsSpan().SequenceEqual(output.Script)) faults.Add($"{name}: {one.Id} spends {place} with another script than it was paid to");
        }

        if (one.IsCoinbase || one.Inputs.Any(input => input.Value is null)) return;
        var (comes, goes) = (one.Inputs.Aggregate((Int128)0, (sum, input) => sum + input.Value!.Value), one.Outputs.Aggregate((Int128)0, (sum, output) => sum + output.Value));
        if (goes > comes) faults.Add(FormattableString.Invariant($"{name}: {one.Id} pays {goes} satoshi and spends {comes}"));
    }

    private string? WrongOf(CaseSeed seed, Dictionary<Hash256, CaseTransaction> byId)
    {
        if (!Hash256.TryParse(seed.TxId, out var id) || !byId.TryGetValue(id, out var made)) return $"is of a transaction that {name} does not hold";
        if ((uint)seed.Vout >= (uint)made.Outputs.Count) return FormattableString.Invariant($"is none: in {name} the transaction has {made.Outputs.Count} outputs");
        var output = made.Outputs[seed.Vout];
        if (output.Value != seed.Value) return FormattableString.Invariant($"is worth {seed.Value} satoshi in the case and {output.Value} in {name}");
        if (!BitcoinNetwork.TryParse(network, out var known) || seed.Address is null) return null;
        var address = Address.TryEncode(output.Script, known, out var text) ? text : null;
        return address == seed.Address ? null : $"pays {seed.Address} in the case and {address ?? "a script without an address"} in {name}";
    }
}
