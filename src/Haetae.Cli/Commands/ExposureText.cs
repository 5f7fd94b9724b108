using Haetae.Tracing.Bounds;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>The answer of <c>haetae exposure</c> for a terminal.</summary>
internal static class ExposureText
{
    internal static void Print(ExposureAnswer answer, int paths, TextWriter output)
    {
        var found = answer.Found;
        output.WriteLine(found.Received.Most == 0
            ? $"{answer.Address}: 0 under any rule. No stolen money can have come to it."
            : $"{answer.Address}: at most {Amounts.Btc(found.Received.Most)} of {Amounts.Btc(found.Stolen)} stolen, under any rule.");
        output.WriteLine();
        output.WriteLine($"{"BTC",-24}{"at least",20}{"at most",20}");
        Row("ever received", found.Received, found.Outputs);
        Row($"held at block {answer.AsOf}", found.Held, found.HeldOutputs);
        output.WriteLine();
        output.WriteLine($"However the {Amounts.Count(found.Transactions, "transaction", "transactions")} that stolen money can reach divided it, no rule that conserves amounts says more or less.");
        foreach (var limit in answer.Limits()) output.WriteLine(limit);
        if (found.Received.Most == 0) return;
        Ways(answer, found.ReceivedProof, paths, output);
        Narrow(answer, found.ReceivedProof, paths, output);

        void Row(string name, TaintBounds bounds, int outputs) =>
            output.WriteLine($"{name,-24}{Amounts.Fixed(bounds.Least),20}{Amounts.Fixed(bounds.Most),20}  in {Amounts.Count(outputs, "output", "outputs")} it can come to");
    }

    private static void Ways(ExposureAnswer answer, BoundProof proof, int most, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("It can come that much along these ways, BTC:");
        foreach (var (number, way) in proof.Ways.Take(most).Index())
        {
            output.WriteLine($"  {number + 1}. {Amounts.Fixed(way.Amount)} over {Amounts.Count(way.Steps.Count - 1, "transaction", "transactions")}");
            foreach (var (index, step) in way.Steps.Index())
            {
                if (way.Steps.Count > 6 && index == 2) output.WriteLine($"     … {Amounts.Count(way.Steps.Count - 4, "output", "outputs")} between");
                if (way.Steps.Count <= 6 || index < 2 || index >= way.Steps.Count - 2) output.WriteLine("     " + Step(answer, step.Carrier));
            }
        }

        var rest = proof.Ways.Skip(most).Sum(way => way.Amount) + proof.NotShown;
        if (rest > 0) output.WriteLine($"  and {Amounts.Btc(rest)} along {(proof.NotShown > 0 ? "" : Amounts.Count(proof.Ways.Count - most) + " ")}more: --paths N shows more, --json all that were listed.");
    }

    private static void Narrow(ExposureAnswer answer, BoundProof proof, int most, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("And no more, because all of it must pass here, BTC:");
        foreach (var place in proof.NarrowPlaces.OrderByDescending(place => place.Amount).Take(most))
            output.WriteLine($"     {Amounts.Fixed(place.Amount),19}  {(place.IsStolenPart ? "stolen of " : "")}{Step(answer, place.Carrier)}");
        if (proof.NarrowPlaces.Count > most) output.WriteLine($"     and {Amounts.Count(proof.NarrowPlaces.Count - most, "place", "places")} more: see --json");
    }

    private static string Step(ExposureAnswer answer, long carrier)
    {
        if (carrier < 0) return $"fee of {answer.Ledger.TxIds[(uint)~carrier]}";
        var (txId, vout, height, value) = answer.Place(carrier);
        return $"block {height,-8}{Amounts.Fixed(value),19}  {txId}:{vout}";
    }
}
