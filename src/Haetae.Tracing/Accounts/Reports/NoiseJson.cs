using System.Globalization;
using Haetae.Tracing.Reports;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>Noise and pay-offs as members of <c>haetae.trace/1</c>.</summary>
internal static class NoiseJson
{
    internal static void Noise(CanonicalWriter json, AccountReportNoise noise)
    {
        json.BeginObject();
        json.Number("accounts", noise.Accounts);
        json.List("kinds", noise.Kinds, static (writer, kind) =>
        {
            writer.BeginObject();
            writer.Text("kind", NoiseWords.NameOf(kind.Kind));
            writer.List("sums", kind.Sums, static (writer, sum) =>
            {
                writer.BeginObject();
                writer.Text("amount", sum.Amount.ToString());
                writer.Text("asset", sum.Asset.Name.Caip19);
                writer.EndObject();
            });
            writer.Number("tainted", kind.Tainted);
            writer.Number("transfers", kind.Transfers);
            writer.EndObject();
        });
        json.Number("leftOut", noise.LeftOut);
        json.Name("terms");
        json.BeginObject();
        json.List("dust", noise.Terms.Known, static (writer, known) =>
        {
            writer.BeginObject();
            writer.Text("asset", known.Name.Caip19);
            writer.Text("most", known.Dust.ToString());
            writer.EndObject();
        });
        json.Number("leastHead", noise.Terms.LeastHead);
        json.Number("leastTail", noise.Terms.LeastTail);
        json.EndObject();
        json.Number("transfers", noise.Transfers);
        json.EndObject();
    }

    internal static void PayOff(CanonicalWriter json, AccountPayOff payOff)
    {
        var move = payOff.Move;
        json.BeginObject();
        json.Text("amount", move.Amount.ToString());
        json.Text("asset", move.Asset.Name.Caip19);
        if (move.Block is { } block) json.Number("block", block);
        json.TextOrNull("from", move.From);
        json.Number("head", payOff.Likeness.Head);
        json.Number("index", move.Index);
        json.Text("kind", move.Kind);
        json.Text("meant", payOff.Meant);
        json.Text("oneIn", payOff.Likeness.OneIn.ToString(CultureInfo.InvariantCulture));
        json.Flag("rowId", move.IsRowId);
        json.Flag("seed", payOff.IsSeed);
        json.Number("tail", payOff.Likeness.Tail);
        json.Text("time", Amounts.Instant(move.Time));
        json.TextOrNull("to", move.To);
        json.Text("txid", move.TxId);
        json.EndObject();
    }
}
