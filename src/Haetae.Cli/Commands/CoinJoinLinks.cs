using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Tracing;
using Haetae.Tracing.Interpretations;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>The ways to read a transaction as several payments, for <c>haetae coinjoin --links</c>; or why none are told.</summary>
/// <param name="Outputs">Places of the outputs that are read: those that hold something.</param>
internal sealed record CoinJoinLinks(LinkMatrix? Matrix, IReadOnlyList<int> Outputs, string? Reason)
{
    internal static CoinJoinLinks Of(TransactionShape shape, CancellationToken cancel)
    {
        if (shape.Inputs.Count == 0) return new(null, [], "a coinbase spends nothing");
        if (shape.Inputs.Any(input => input.Value is null)) return new(null, [], "what some input brings is not known");
        List<int> outputs = [.. Enumerable.Range(0, shape.Outputs.Count).Where(output => shape.Outputs[output].Value > 0)];
        var matrix = LinkMatrix.Of([.. shape.Inputs.Select(input => input.Value!.Value)], [.. outputs.Select(output => shape.Outputs[output].Value)], cancel);
        var reason = matrix is not null ? null
            : shape.Inputs.Count > LinkMatrix.MostDifferent || outputs.Count > LinkMatrix.MostDifferent
                ? $"{shape.Inputs.Count} inputs and {outputs.Count} outputs; {LinkMatrix.MostDifferent} of each are read exactly, up to {LinkMatrix.Most} where amounts repeat"
                : "its amounts can be read in too many ways to count them all";
        return new(matrix, outputs, reason);
    }

    internal void Print(TextWriter output)
    {
        if (Matrix is null)
        {
            output.WriteLine($"Links          not told: {Reason}");
            return;
        }

        output.WriteLine($"Links          {Matrix.Interpretations.ToString(CultureInfo.InvariantCulture)} ways to read it by amounts alone, {Bits} bit; the share in which an input pays an output:");
        output.WriteLine(new string(' ', 8) + string.Concat(Enumerable.Range(0, Inputs).Select(input => $"{$"in {input}",9}")));
        for (var o = 0; o < Outputs.Count; o++)
            output.WriteLine($"  {$"out {Outputs[o]}",-6}" + string.Concat(Enumerable.Range(0, Inputs).Select(input => $"{(Matrix.IsCertain(o, input) ? "certain" : Share(o, input)),9}")));
    }

    internal JsonNode Json() => Matrix is null
        ? new JsonObject { ["interpretations"] = null, ["reason"] = Reason }
        : new JsonObject
        {
            ["interpretations"] = Matrix.Interpretations.ToString(CultureInfo.InvariantCulture),
            ["entropyBits"] = Bits,
            ["outputs"] = new JsonArray([.. Outputs.Select((place, o) => (JsonNode)new JsonObject
            {
                ["output"] = place,
                ["together"] = new JsonArray([.. Matrix.Together[o].Select(count => (JsonNode)count.ToString(CultureInfo.InvariantCulture))]),
            })]),
        };

    private int Inputs => Matrix!.Together.Count == 0 ? 0 : Matrix.Together[0].Count;

    private string Bits => Matrix!.Entropy.ToString("0.0000", CultureInfo.InvariantCulture);

    private string Share(int output, int input) => Matrix!.Probability(output, input).ToString("0.0000", CultureInfo.InvariantCulture);
}
