using System.Globalization;
using System.Text;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Tron;

/// <summary>Internal transactions: what contracts moved while they ran.</summary>
internal static class TronInternals
{
    /// <summary>What an internal transaction moved: nothing where it was rejected, and nothing where it only stakes or votes.</summary>
    internal static IEnumerable<TronMove> Moves(ChainName chain, TronFields inner)
    {
        if (inner.Truth("rejected") || KindOf(Word(inner.Text("note"))) is not { } kind) yield break;
        foreach (var item in inner.List("callValueInfo"))
        {
            var value = new TronFields(item, inner.Place);
            if (value.Number("callValue") is not (> 0 and var amount)) continue;
            var token = value.Text("tokenId");
            AssetName asset;
            if (token.Length == 0) asset = AssetName.Native(chain);
            else if (ulong.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) asset = new AssetName(chain, AssetKind.Trc10, default, number);
            else throw value.Wrong("tokenId", "is no number of a TRC-10 token");
            yield return new TronMove(inner.Address("caller_address"), inner.Address("transferTo_address"), asset, amount, kind);
        }
    }

    /// <summary>Null: an operation that moves nothing between accounts (staking, voting, delegating).</summary>
    internal static TransferKind? KindOf(string note) => note switch
    {
        "call" => TransferKind.Internal,
        "create" => TransferKind.Create,
        "suicide" => TransferKind.Destruct,
        _ => null,
    };

    // The interface gives the word as hexadecimal.
    private static string Word(string note)
    {
        Span<byte> bytes = stackalloc byte[64];
        return Convert.FromHexString(note, bytes, out _, out var written) == System.Buffers.OperationStatus.Done ? Encoding.Latin1.GetString(bytes[..written]) : note;
    }
}
