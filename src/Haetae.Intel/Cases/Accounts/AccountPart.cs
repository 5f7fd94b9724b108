using Haetae.Ledger;

namespace Haetae.Intel.Cases.Accounts;

/// <summary>What a case on an account chain rests on: rows, receipts that no row shows but a source states, thefts among them, and what stands beside.</summary>
/// <remarks>Addresses are lower-case hex, times UTC as ISO 8601, amounts base units: as canonical as the rest of a case.</remarks>
public sealed record AccountPart
{
    public required CaseRows Rows { get; init; }

    /// <summary>Receipts that the rows cannot show.</summary>
    public IReadOnlyList<StatedReceipt> Stated { get; init; } = [];

    /// <summary>The addresses whose rows are all here: only these are followed, all others are ends.</summary>
    public IReadOnlyList<string> Followed { get; init; } = [];

    /// <summary>What may be called stolen: each reading is a theft of its own.</summary>
    public IReadOnlyList<RowTheft> Thefts { get; init; } = [];

    /// <summary>Destinations that belong together in the telling.</summary>
    public IReadOnlyList<RowGroup> Groups { get; init; } = [];

    /// <summary>When which addresses were put on a list of sanctions.</summary>
    public IReadOnlyList<CaseListing> Listings { get; init; } = [];

    /// <summary>Traces of the thefts, by the digests of their results.</summary>
    public IReadOnlyList<RowTrace> Traces { get; init; } = [];

    /// <summary>A mixer's pool beside the rows; null: none.</summary>
    public PoolRecord? Pool { get; init; }
}

/// <summary>Rows of an export, in chain order: time, then their order in the export.</summary>
/// <param name="Licence">Of the rows, with the holder's name.</param>
/// <param name="Sha256">Of the file they were read from.</param>
/// <param name="What">What the rows show and what they do not.</param>
/// <param name="Asset">CAIP-19; the same for all.</param>
public sealed record CaseRows(string Source, string Licence, string Sha256, string What, string Asset, IReadOnlyList<CaseRow> Items);

/// <summary>One transfer of an export.</summary>
public sealed record CaseRow(string Time, string From, string To, UInt256 Amount);

/// <summary>A receipt that somebody states and no row shows. It comes directly after the row of the call that brought it.</summary>
/// <param name="After">That row's index, from 0.</param>
/// <param name="TxId">The hash of that call, without 0x.</param>
public sealed record StatedReceipt(int After, string From, string To, string Asset, UInt256 Amount, string TxId, string Source, string Status);

/// <summary>One reading of what was stolen.</summary>
public sealed record RowTheft(string Name, string Title, IReadOnlyList<RowSeed> Seeds);

/// <summary>A stolen row or a stolen stated receipt, by index; one of the two is null.</summary>
public sealed record RowSeed(int? Row, int? Stated, UInt256 Stolen);

/// <summary>A trace of one theft over the rows: all policies, only the followed addresses, bounds of the largest destinations.</summary>
/// <param name="Digest">Of the whole result, format haetae.trace/1.</param>
public sealed record RowTrace(string Theft, string Digest);

/// <summary>The transfers from any of the payers to any of the payees.</summary>
public sealed record RowGroup(string Id, string Title, IReadOnlyList<string> Payers, IReadOnlyList<string> Payees);

/// <summary>Addresses put on a list of sanctions on a day (yyyy-MM-dd), and who says so.</summary>
public sealed record CaseListing(string Day, IReadOnlyList<string> Addresses, string Source, string Status);

/// <summary>Deposits into a mixer's pool by day, beside the case's transfers.</summary>
/// <param name="Days">Day, deposits into the pool, deposits into the next smaller pool of the same mixer.</param>
/// <param name="Assignments">How many of the hundreds that left can be given a later deposit each, within so many hours.</param>
public sealed record PoolRecord(
    string Title, string Source, IReadOnlyList<PoolDay> Days, IReadOnlyList<PoolPeriod> Periods, IReadOnlyList<PoolAssignment> Assignments, IReadOnlyList<PoolPeak> Peaks);

public sealed record PoolDay(string Day, int Deposits, int Smaller);

/// <summary>First and last day, both counted.</summary>
public sealed record PoolPeriod(string Title, string First, string Last);

/// <param name="Served">Transfers whose every hundred got one.</param>
/// <param name="ControlMost">The most of the same, with all transfers moved by whole days.</param>
/// <param name="ControlMedian">The median of those.</param>
public sealed record PoolAssignment(int Hours, int Assigned, int Served, int ControlMost, int ControlMedian);

/// <summary>A day with many deposits, and what explains it as far as anything does.</summary>
public sealed record PoolPeak(string Day, string Explanation, string Source, string Status);
