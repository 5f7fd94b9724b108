using System.Globalization;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Hashing;
using Haetae.Tests.Support;

namespace Haetae.Tests.Node;

/// <summary>A block as Bitcoin Core prints it for <c>getblock HASH 2</c> and, with what its inputs spend, <c>getblock HASH 3</c> (23.0 and later).</summary>
internal static class CoreBlockJson
{
    /// <param name="spent">What an outpoint holds; null: verbosity 2, and what an older Core answers to 3.</param>
    internal static string Write(byte[] block, int height, Func<(Hash256 Id, uint Vout), (long Value, byte[] Script)>? spent)
    {
        var plain = PlainBlock.Read(block);
        var own = new Dictionary<(Hash256, uint), (long, byte[])>();
        var json = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{{\"hash\":\"{plain.Hash}\",\"confirmations\":1,\"height\":{height},\"nTx\":{plain.Transactions.Count},\"tx\":[");
        foreach (var (id, bytes, inputs, outputs) in plain.Transactions)
        {
            if (json[^1] != '[') json.Append(',');
            json.Append(CultureInfo.InvariantCulture, $"{{\"txid\":\"{id}\",\"hash\":\"{DoubleSha256.Hash(bytes)}\",\"size\":{bytes.Length},\"vin\":[");
            if (inputs.Count == 0) json.Append("{\"coinbase\":\"04ffff001d\",\"sequence\":4294967295}");
            foreach (var outpoint in inputs)
            {
                if (json[^1] != '[') json.Append(',');
                json.Append(CultureInfo.InvariantCulture, $"{{\"txid\":\"{outpoint.Id}\",\"vout\":{outpoint.Vout},\"scriptSig\":{{\"asm\":\"\",\"hex\":\"\"}},");
                if (spent is not null)
                {
                    var (value, script) = own.TryGetValue(outpoint, out var made) ? made : spent(outpoint);
                    json.Append(CultureInfo.InvariantCulture, $"\"prevout\":{{\"generated\":false,\"height\":{height - 1},\"value\":{Coins(value)},{Script(script)}}},");
                }

                json.Append("\"sequence\":4294967295}");
            }

            json.Append("],\"vout\":[");
            for (var vout = 0; vout < outputs.Count; vout++)
            {
                own[(id, (uint)vout)] = outputs[vout];
                if (vout > 0) json.Append(',');
                json.Append(CultureInfo.InvariantCulture, $"{{\"value\":{Coins(outputs[vout].Value)},\"n\":{vout},{Script(outputs[vout].Script)}}}");
            }

            json.Append(CultureInfo.InvariantCulture, $"],\"hex\":\"{Convert.ToHexStringLower(bytes)}\"}}");
        }

        return json.Append("]}").ToString();
    }

    private static string Coins(long satoshi) => string.Create(CultureInfo.InvariantCulture, $"{satoshi / 100_000_000}.{satoshi % 100_000_000:00000000}");

    private static string Script(byte[] script) => $"\"scriptPubKey\":{{\"asm\":\"\",\"desc\":\"raw()#\",\"hex\":\"{Convert.ToHexStringLower(script)}\",\"type\":\"nonstandard\"}}";
}
