using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>Ids for rows that have no hash: the SHA-256 of what the row says, so that the same row has the same id in every ledger, and anyone can make it again.</summary>
/// <remarks>
/// Over these lines of UTF-8, each ended by LF: <c>haetae.row/1</c>; the chain (CAIP-2); seconds since 1970; from and to as <c>0x</c> and 40 lower-case digits,
/// or <c>-</c>; the asset (CAIP-19); the amount in base units; how many rows that say the same came before. The digest is shown as it is, first byte first.
/// </remarks>
internal static class RowId
{
    internal const string Rule = "haetae.row/1";

    internal static Hash256 Of(ChainName chain, in TransferRow row, string asset, long equalBefore)
    {
        Span<byte> text = stackalloc byte[512];
        var at = Encoding.UTF8.GetBytes($"{Rule}\n{chain.Caip2}\n", text);
        row.Time.TryFormat(text[at..], out var written);
        at += written;
        text[at++] = (byte)'\n';
        at += Put(text[at..], row.From, (row.Has & RowHas.From) != 0);
        at += Put(text[at..], row.To, (row.Has & RowHas.To) != 0);
        at += Encoding.UTF8.GetBytes(asset, text[at..]);
        text[at++] = (byte)'\n';
        at += Encoding.UTF8.GetBytes(row.Amount.ToString(), text[at..]);
        text[at++] = (byte)'\n';
        equalBefore.TryFormat(text[at..], out written);
        at += written;
        text[at++] = (byte)'\n';
        Span<byte> hash = stackalloc byte[Hash256.Size];
        SHA256.HashData(text[..at], hash);
        hash.Reverse(); // printed the other way round than stored
        return new Hash256(hash);
    }

    private static int Put(Span<byte> text, AccountAddress address, bool isThere)
    {
        if (!isThere)
        {
            text[0] = (byte)'-';
            text[1] = (byte)'\n';
            return 2;
        }

        Span<byte> bytes = stackalloc byte[AccountAddress.Size];
        address.CopyTo(bytes);
        "0x"u8.CopyTo(text);
        Convert.TryToHexStringLower(bytes, text[2..], out _);
        text[42] = (byte)'\n';
        return 43;
    }
}
