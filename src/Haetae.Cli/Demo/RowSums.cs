using System.Globalization;
using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;

namespace Haetae.Cli.Demo;

/// <summary>Sums over the rows of a case: who paid whom, when, how much.</summary>
internal sealed class RowSums
{
    private readonly HashSet<string> _followed;

    internal RowSums(AccountPart part)
    {
        Part = part;
        _followed = new HashSet<string>(part.Followed, StringComparer.Ordinal);
    }

    internal AccountPart Part { get; }

    internal IReadOnlyList<CaseRow> Rows => Part.Rows.Items;

    internal bool IsFollowed(string address) => _followed.Contains(address);

    /// <summary>From outside to a followed address.</summary>
    internal IEnumerable<CaseRow> Inward => Rows.Where(row => !IsFollowed(row.From) && IsFollowed(row.To));

    /// <summary>Between followed addresses.</summary>
    internal IEnumerable<CaseRow> Within => Rows.Where(row => IsFollowed(row.From) && IsFollowed(row.To));

    /// <summary>From a followed address to outside.</summary>
    internal IEnumerable<CaseRow> Outward => Rows.Where(row => IsFollowed(row.From) && !IsFollowed(row.To));

    internal static UInt256 Sum(IEnumerable<CaseRow> rows) => rows.Aggregate(UInt256.Zero, (sum, row) => sum + row.Amount);

    internal static DateOnly Day(CaseRow row) => DateOnly.ParseExact(row.Time[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static DateTimeOffset Time(CaseRow row) => DateTimeOffset.ParseExact(row.Time, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>What a followed address holds after its last row: stated receipts of the rows' asset counted in, fees not.</summary>
    internal UInt256 Left(string address) =>
        Sum(Rows.Where(row => row.To == address)) + StatedTo(address) - Sum(Rows.Where(row => row.From == address));

    /// <summary>What sources state that an address received in the rows' asset.</summary>
    internal UInt256 StatedTo(string address) =>
        Part.Stated.Where(stated => stated.To == address && stated.Asset == Part.Rows.Asset).Aggregate(UInt256.Zero, (sum, stated) => sum + stated.Amount);
}
