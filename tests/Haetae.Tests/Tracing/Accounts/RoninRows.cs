using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tests.Support;
using Haetae.Tracing.Accounts;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>The 436 rows of the eight addresses of 2022, ordered by time, then place, as a small ledger, with or without the receipt that the rows lack; and the figures they must give.</summary>
internal sealed class RoninRows
{
    private const string Thief = "0x098b716b8aaf21512996dc57eb0615e2383e2f96";
    private static readonly string[] s_eight =
    [
        Thief, "0xa0e1c89ef1a489c9c7de96311ed5ce5d32c20e4b", "0x3cffd56b47b7b41c56258d9c7731abadc360e073", "0x53b6936513e738f44fb50d2b9476730c0ab3bfc1",
        "0x35fb6f6db4fb05e6a4ce86f2c93691425626d4b1", "0xf7b31119c2682c88d88d455dbb9d5932c65cf1be", "0x3e37627deaa754090fbfbb8bd226c1ce66d255e9",
        "0x08723392ed15743cc38513c4925f5e6be5c17243",
    ];

    private static readonly string[] s_helpers = ["0x665660f65e94454a64b96693a67a41d440155617", "0xe708f17240732bbfa1baa8513f66b665fbc7ce10"];
    private static readonly string[] s_threeOfMarch =
        ["0x776b80e3fd97516ae3a2579cf4eae5ff5867d0f3", "0xdb3a63562bb7afd44e6b6be8c8269f807c39f5fa", "0x9fae13de16d34873246e48b514fc88581751533f"];

    private static readonly string[] s_twoOfMarch = ["0x29fc9b71492ec63696cf9cd56e9832a42b0dced0", "0x5d84a732b355ada31a36b33c446e3dee28f51555"];

    private readonly HashSet<uint> _within;
    private readonly Dictionary<uint, string> _names;
    private readonly long _receipt;
    private readonly long[] _fromHelpers;

    private RoninRows(AccountTable ledger, long receipt)
    {
        Ledger = ledger;
        _receipt = receipt;
        _within = [.. s_eight.Select(Number)];
        _names = s_eight.ToDictionary(Number, address => address[2..6]);
        var helpers = s_helpers.Select(Number).ToHashSet();
        _fromHelpers = [.. Enumerable.Range(0, (int)ledger.Graph.TransferCount).Select(i => (long)i).Where(i => helpers.Contains(ledger.Graph.From[i]) && _within.Contains(ledger.Graph.To[i]))];
    }

    public AccountTable Ledger { get; }

    /// <param name="withReceipt">Whether the stated receipt of 173,600 ETH is among them; no scenario can be asked about without it.</param>
    public static RoninRows Read(bool withReceipt = true)
    {
        var lines = File.ReadLines(SharedData.Path_("ethereum", "ronin-2022", "transactions.csv")).Skip(1).Select((line, number) => (Cells: line.Split(','), number));
        var chain = ChainName.TryParse("eth", out var known) ? known : throw new InvalidOperationException();
        var builder = new AccountTableBuilder(chain);
        var ether = AssetName.Native(chain);
        long receipt = -1;
        foreach (var (cells, number) in lines.OrderBy(line => line.Cells[0], StringComparer.Ordinal).ThenBy(line => line.number))
        {
            var time = DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture);
            var id = new Hash256(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"row {number}"))));
            builder.AddTransaction(id, (uint)time.ToUnixTimeSeconds(), marks: TxMarks.RowId | TxMarks.NoBlock);
            builder.AddTransfer(AccountAddress.Parse(cells[1]), AccountAddress.Parse(cells[2]), ether, Wei(cells[3]));
            if (withReceipt && time.ToUnixTimeSeconds() == new DateTimeOffset(2022, 3, 23, 13, 29, 9, TimeSpan.Zero).ToUnixTimeSeconds())
                receipt = builder.AddTransfer(AccountAddress.Parse("0x1A2a1c938CE3eC39b6D47113c7955bAa9DD454F2"), AccountAddress.Parse(Thief), ether, Wei("173600"), TransferKind.Stated);
        }

        return new RoninRows(builder.Build(), receipt);
    }

    public AccountQuery Query(char scenario)
    {
        StolenTransfer Whole(long transfer) => new(transfer, Ledger.Graph.Amount[transfer]);
        return new AccountQuery { Seeds = scenario == 'A' ? [Whole(_receipt)] : [Whole(_receipt), .. _fromHelpers.Select(Whole)], Within = _within };
    }

    /// <summary>The group of the sheet that a transfer out of the eight, or money at rest on one of them, counts in.</summary>
    public string GroupOf(uint from, uint to)
    {
        if (s_helpers.Select(Number).Contains(to)) return "G1";
        if (s_threeOfMarch.Select(Number).Contains(to)) return "G2a";
        if (s_twoOfMarch.Select(Number).Contains(to)) return "G2b";
        return _names[from] == "098b" ? "G3" : "G4 via " + _names[from];
    }

    public string RestAt(uint account) => "R " + _names[account];

    public string? HopTo(uint account) => _names.TryGetValue(account, out var name) ? "hop " + name : null;

    /// <summary>The sheet's figures of a scenario: by group, one for each column.</summary>
    public static SortedDictionary<string, UInt256[]> Expected(char scenario)
    {
        var figures = new SortedDictionary<string, UInt256[]>(StringComparer.Ordinal);
        var inside = false;
        foreach (var line in File.ReadLines(SharedData.Path_("ethereum", "ronin-2022", "FACTS.md")))
        {
            if (line.StartsWith("**Scenario ", StringComparison.Ordinal)) inside = line["**Scenario ".Length] == scenario;
            if (line.StartsWith("What to say with it", StringComparison.Ordinal)) inside = false;
            if (!inside || !line.StartsWith('|')) continue;
            string[] cells = [.. line.Split('|').Select(cell => cell.Trim())];
            var first = cells[1];
            if (first is "group" or "hop" or "---") continue;
            var name = first.StartsWith("G4 via 0x", StringComparison.Ordinal) ? "G4 via " + first[9..13].ToLowerInvariant()
                : first.StartsWith("R rest at 0x", StringComparison.Ordinal) ? "R " + first[12..16].ToLowerInvariant()
                : first.StartsWith("0x", StringComparison.Ordinal) ? "hop " + first[2..6].ToLowerInvariant()
                : first.StartsWith('G') ? first.Split(' ')[0] : first;
            figures.Add(name, [.. cells.Skip(2).Where(cell => cell.Length > 0).Select(Wei)]);
        }

        return figures;
    }

    public static UInt256 Wei(string ether) => Units(ether, 18);

    /// <summary>"1.0569", "1e-05": decimal digits and an exponent, exactly, in base units of an asset of so many places.</summary>
    public static UInt256 Units(string text, int decimals)
    {
        var parts = text.Split('e', 'E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var places = decimals + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - (point < 0 ? 0 : parts[0].Length - point - 1);
        var digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        if (places >= 0) return (UInt256)(digits * BigInteger.Pow(10, places));
        var whole = BigInteger.DivRem(digits, BigInteger.Pow(10, -places), out var rest);
        return rest.IsZero ? (UInt256)whole : throw new FormatException($"'{text}' has more than {decimals} decimal places.");
    }

    public static HashSet<uint> AccountsOf(IAccountView ledger) => [.. s_eight.Select(address => ledger.FindAccount(AccountAddress.Parse(address))!.Value)];

    public static BigInteger Sum(IAccountView ledger, IEnumerable<long> transfers) => transfers.Aggregate(BigInteger.Zero, (sum, transfer) => sum + ledger.Graph.Amount[transfer]);

    private uint Number(string address) => Ledger.FindAccount(AccountAddress.Parse(address)) ?? throw new InvalidOperationException(address);
}
