using System.Text.Json.Serialization;

namespace Haetae.Ledger.Accounts.Storage;

/// <summary>How much an account ledger holds at one point of its history: what every column is cut to when it is read or resumed.</summary>
public sealed record AccountCounts
{
    /// <summary>0 where the source gave no blocks.</summary>
    public uint Blocks { get; init; }

    public uint Transactions { get; init; }

    public long Transfers { get; init; }

    /// <summary>Those of the transfers whose amount takes more than 128 bits.</summary>
    public long WideAmounts { get; init; }

    public uint Accounts { get; init; }

    /// <summary>Assets; the native coin is the first.</summary>
    public uint Assets { get; init; }

    public long Events { get; init; }

    /// <summary>Bytes of the events' topics and data.</summary>
    public long EventBytes { get; init; }

    /// <summary>64-bit words of gas prices, nearly always one a price. 0 is not written: manifests older than gas prices stay what they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long GasWords { get; init; }
}
