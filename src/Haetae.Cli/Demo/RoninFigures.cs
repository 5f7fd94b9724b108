using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;

namespace Haetae.Cli.Demo;

/// <summary>Every figure of the Ronin story that the rows give by counting and adding; what a rule of tracing decides is not here.</summary>
internal sealed class RoninFigures
{
    internal const string Thief = "0x098b716b8aaf21512996dc57eb0615e2383e2f96";
    internal const string Bridge = "0x1a2a1c938ce3ec39b6d47113c7955baa9dd454f2";
    internal const string UsdCoin = "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48";
    internal const string Exchange = "0x4976a4a02f38326660d17bf34b431dc6e2eb2327";
    private static readonly UInt256 Hundred = UInt256.Parse("100000000000000000000");

    internal RoninFigures(AccountPart part)
    {
        Sums = new RowSums(part);
        Helpers = [.. Group("G1").Payees];
        Calls = Sums.Rows.Where(row => row.From == Thief && row.To == Bridge).ToList();
        UsdCoinCalls = Sums.Rows.Where(row => row.From == Thief && row.To == UsdCoin).ToList();
        FromExchange = Sums.Rows.Where(row => row.From == Exchange && row.To == Thief).ToList();
        Back = Sums.Rows.Where(row => Helpers.Contains(row.From) && row.To == Thief).ToList();
        ToHelpers = Paid("G1");
        March = [.. Paid("G2a"), .. Paid("G2b")];
        Spring = Sums.Outward.Where(row => !row.Amount.IsZero && RowSums.Day(row) >= new DateOnly(2022, 4, 4)).ToList();
        Strangers = Sums.Inward.Except(FromExchange).Except(Back).ToList();
    }

    internal RowSums Sums { get; }

    internal AccountPart Part => Sums.Part;

    internal IReadOnlySet<string> HelperSet => new HashSet<string>(Helpers, StringComparer.Ordinal);

    internal IReadOnlyList<string> Helpers { get; }

    /// <summary>The two calls of the theft: no value in them.</summary>
    internal IReadOnlyList<CaseRow> Calls { get; }

    internal IReadOnlyList<CaseRow> UsdCoinCalls { get; }

    internal IReadOnlyList<CaseRow> FromExchange { get; }

    internal IReadOnlyList<CaseRow> ToHelpers { get; }

    /// <summary>What came back from the swap helpers.</summary>
    internal IReadOnlyList<CaseRow> Back { get; }

    /// <summary>What left on 28 and 29 March.</summary>
    internal IReadOnlyList<CaseRow> March { get; }

    /// <summary>What left the eight from 4 April on.</summary>
    internal IReadOnlyList<CaseRow> Spring { get; }

    /// <summary>Rows of strangers: dust and messages.</summary>
    internal IReadOnlyList<CaseRow> Strangers { get; }

    internal UInt256 StatedEther => Sums.StatedTo(Thief);

    internal UInt256 ThiefDust => RowSums.Sum(Strangers.Where(row => row.To == Thief));

    internal UInt256 ThiefIn => StatedEther + RowSums.Sum(Sums.Rows.Where(row => row.To == Thief));

    internal UInt256 ThiefOut => RowSums.Sum(Sums.Rows.Where(row => row.From == Thief));

    /// <summary>What stayed on all followed addresses, before fees.</summary>
    internal UInt256 Stayed => Part.Followed.Aggregate(UInt256.Zero, (sum, address) => sum + Sums.Left(address));

    internal int SpringWallets => Spring.Select(row => row.To).Distinct().Count();

    internal int SpringDays => Spring.Select(RowSums.Day).Distinct().Count();

    /// <summary>The amount that left most often, and how often.</summary>
    internal (UInt256 Amount, int Times) Commonest =>
        Spring.GroupBy(row => row.Amount).OrderByDescending(one => one.Count()).ThenBy(one => one.Key).Select(one => (one.Key, one.Count())).First();

    /// <summary>Whole hundreds of ether in a transfer.</summary>
    internal static int Hundreds(CaseRow row) => (int)UInt256.MulDiv(row.Amount, 1, Hundred).Lower;

    internal int SpringHundreds => Spring.Sum(Hundreds);

    /// <summary>What addresses put on a list still sent to outside after that day: transfers and their sum.</summary>
    internal (int Transfers, UInt256 Amount) AfterListing(CaseListing listing)
    {
        var rows = Sums.Outward.Where(row => !row.Amount.IsZero && listing.Addresses.Contains(row.From) && string.CompareOrdinal(row.Time[..10], listing.Day) > 0).ToList();
        return (rows.Count, RowSums.Sum(rows));
    }

    /// <summary>What left all followed addresses after a day.</summary>
    internal (int Transfers, UInt256 Amount) AfterDay(string day)
    {
        var rows = Sums.Outward.Where(row => !row.Amount.IsZero && string.CompareOrdinal(row.Time[..10], day) > 0).ToList();
        return (rows.Count, RowSums.Sum(rows));
    }

    internal RowGroup Group(string id) => Sums.Part.Groups.First(group => group.Id == id);

    internal IReadOnlyList<CaseRow> Paid(string id) => Paid(Group(id));

    internal IReadOnlyList<CaseRow> Paid(RowGroup group) => [.. Sums.Rows.Where(row => !row.Amount.IsZero && group.Payers.Contains(row.From) && group.Payees.Contains(row.To))];
}
