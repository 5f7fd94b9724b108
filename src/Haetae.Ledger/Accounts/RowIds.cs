using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts;

/// <summary>Stable ids for rows that come without a transaction's hash: the same row gets the same id in any file it stands in.</summary>
/// <remarks>
/// SHA-256 over the line "haetae row", the chain, the asset, 8 bytes of time, the two addresses, the amount (32 bytes, the largest first) and how
/// many equal rows came before (4 bytes). Not a hash of the chain: evidence must say so (<see cref="TxMarks.RowId"/>).
/// </remarks>
public sealed class RowIds(ChainName chain)
{
    private readonly Dictionary<Hash256, uint> _seen = [];

    /// <summary>The id of the next row. Null stands for nobody.</summary>
    public Hash256 Next(uint time, AccountAddress? from, AccountAddress? to, AssetName asset, UInt256 amount)
    {
        var first = Of(time, from, to, asset, amount, 0);
        var before = _seen.GetValueOrDefault(first);
        _seen[first] = before + 1;
        return before == 0 ? first : Of(time, from, to, asset, amount, before);
    }

    private Hash256 Of(uint time, AccountAddress? from, AccountAddress? to, AssetName asset, UInt256 amount, uint before)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"haetae row\n{chain.Caip2}\n{asset.Caip19}\n"));
        Span<byte> row = stackalloc byte[8 + 1 + 20 + 1 + 20 + 32 + 4];
        row.Clear();
        BinaryPrimitives.WriteInt64BigEndian(row, time);
        if (from is { } payer)
        {
            row[8] = 1;
            payer.CopyTo(row[9..]);
        }

        if (to is { } paid)
        {
            row[29] = 1;
            paid.CopyTo(row[30..]);
        }

        amount.WriteBigEndian(row[50..]);
        BinaryPrimitives.WriteUInt32BigEndian(row[82..], before);
        hash.AppendData(row);
        return Hash256.Parse(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
