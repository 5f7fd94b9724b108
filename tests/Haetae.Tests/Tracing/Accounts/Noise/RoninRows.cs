using System.Globalization;
using System.Numerics;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Support;

namespace Haetae.Tests.Tracing.Accounts.Noise;

/// <summary>The 436 ordinary transactions of the eight listed addresses of 2022, as a ledger: rows without hashes, ordered by time, then place.</summary>
internal static class RoninRows
{
    internal static readonly AccountAddress[] Eight =
    [
        .. new[]
        {
            "0x098B716B8Aaf21512996dC57EB0615e2383E2f96", "0xa0e1c89Ef1a489c9C7dE96311eD5Ce5D32c20E4B", "0x3Cffd56B47B7b41c56258D9C7731ABaDc360E073",
            "0x53b6936513e738f44FB50d2b9476730C0Ab3Bfc1", "0x35fB6f6DB4fb05e6A4cE86f2C93691425626d4b1", "0xF7B31119c2682c88d88D455dBb9d5932c65Cf1bE",
            "0x3e37627dEAA754090fBFbb8bd226c1CE66D255e9", "0x08723392Ed15743cc38513C4925f5e6be5c17243",
        }.Select(text => AccountAddress.Parse(text)),
    ];

    internal static AccountTable Read()
    {
        var rows = File.ReadLines(SharedData.Path_("ethereum", "ronin-2022", "transactions.csv")).Skip(1).Select(line => line.Split(','))
            .Select(cells => (Time: (uint)DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture).ToUnixTimeSeconds(), From: AccountAddress.Parse(cells[1]), To: AccountAddress.Parse(cells[2]), Wei: Wei(cells[3])))
            .OrderBy(row => row.Time).ToList();
        var table = new AccountTableBuilder(ChainName.Ethereum);
        var id = new byte[Hash256.Size];
        for (var i = 0; i < rows.Count; i++)
        {
            (id[0], id[1]) = ((byte)i, (byte)(i >> 8));
            table.AddTransaction(new Hash256(id), rows[i].Time, marks: TxMarks.RowId | TxMarks.NoBlock);
            table.AddTransfer(rows[i].From, rows[i].To, AssetName.Native(ChainName.Ethereum), rows[i].Wei);
        }

        return table.Build();
    }

    internal static HashSet<uint> AccountsOf(IAccountView ledger) => [.. Eight.Select(address => ledger.FindAccount(address)!.Value)];

    internal static BigInteger Sum(IAccountView ledger, IEnumerable<long> transfers) => transfers.Aggregate(BigInteger.Zero, (sum, transfer) => sum + ledger.Graph.Amount[transfer]);

    internal static UInt256 Wei(string ether) => Units(ether, 18);

    /// <summary>"1.0569", "1e-05": decimal digits and an exponent, exactly, in base units of an asset of so many places.</summary>
    internal static UInt256 Units(string text, int decimals)
    {
        var parts = text.Split('e', 'E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var places = decimals + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - (point < 0 ? 0 : parts[0].Length - point - 1);
        var digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        if (places >= 0) return (UInt256)(digits * BigInteger.Pow(10, places));
        var whole = BigInteger.DivRem(digits, BigInteger.Pow(10, -places), out var rest);
        return rest.IsZero ? (UInt256)whole : throw new FormatException(text);
    }
}
