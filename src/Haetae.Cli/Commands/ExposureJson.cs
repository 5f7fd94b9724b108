using System.Text.Json.Nodes;
using Haetae.Tracing.Bounds;

namespace Haetae.Cli.Commands;

/// <summary>The answer of <c>haetae exposure</c> as JSON.</summary>
internal static class ExposureJson
{
    internal static JsonObject Of(ExposureAnswer answer)
    {
        var found = answer.Found;
        var json = new JsonObject
        {
            ["chain"] = answer.Ledger.Network.ChainId,
            ["tipHash"] = answer.Ledger.TipHash.ToString(),
            ["asOf"] = answer.AsOf,
            ["stolen"] = JsonText.Amount(found.Stolen),
            ["received"] = Bounds(answer, found.Received, found.Outputs, found.ReceivedProof),
            ["held"] = Bounds(answer, found.Held, found.HeldOutputs, found.HeldProof),
            ["transactions"] = found.Transactions,
            ["tight"] = found.IsTight,
            ["limits"] = new JsonArray([.. answer.Limits().Select(limit => (JsonNode)limit)]),
        };
        TransactionJson.AddScript(json, answer.Script, answer.Ledger.Network);
        return json;
    }

    private static JsonObject Bounds(ExposureAnswer answer, TaintBounds bounds, int outputs, BoundProof proof) => new()
    {
        ["least"] = JsonText.Amount(bounds.Least),
        ["most"] = JsonText.Amount(bounds.Most),
        ["outputs"] = outputs,
        ["paths"] = new JsonArray([.. proof.Ways.Select(way => (JsonNode)new JsonObject
        {
            ["amount"] = JsonText.Amount(way.Amount),
            ["steps"] = new JsonArray([.. way.Steps.Select(step => Place(answer, step.Carrier))]),
        })]),
        ["pathsLeftOut"] = JsonText.Amount(proof.NotShown),
        ["narrowPlaces"] = new JsonArray([.. proof.NarrowPlaces.Select(place =>
        {
            var json = Place(answer, place.Carrier);
            json["amount"] = JsonText.Amount(place.Amount);
            json["stolenPart"] = place.IsStolenPart;
            return (JsonNode)json;
        })]),
    };

    private static JsonObject Place(ExposureAnswer answer, long carrier)
    {
        if (carrier < 0) return new JsonObject { ["feeOf"] = answer.Ledger.TxIds[(uint)~carrier].ToString() };
        var (txId, vout, height, value) = answer.Place(carrier);
        return new JsonObject { ["txid"] = txId, ["vout"] = vout, ["height"] = height, ["value"] = JsonText.Amount(value) };
    }
}
