using System.Globalization;
using Haetae.Ledger;

namespace Haetae.Cli.Commands;

/// <summary>Heights and times as people type them: 170, 2009-01-12, 2009-01-12T03:30:25Z.</summary>
internal static class Heights
{
    /// <summary>The last height at or before a height or time. Header times may run backwards: the last block whose own time is not later counts.</summary>
    internal static int LastUpTo(ILedgerView ledger, string text, string option)
    {
        if (TryHeight(text, out var height))
        {
            if (height < ledger.FirstHeight) throw new UsageException($"{option} {text}: the ledger begins at height {ledger.FirstHeight}.");
            return Math.Min(height, ledger.TipHeight);
        }

        var time = Time(text, option, endOfDay: true);
        for (var b = ledger.Graph.BlockCount - 1; b >= 0; b--)
            if (ledger.Graph.BlockTime[b] <= time) return ledger.FirstHeight + b;
        throw new UsageException($"{option} {text}: that is before the ledger's first block.");
    }

    /// <summary>The first height at or after a height or time.</summary>
    internal static int FirstFrom(ILedgerView ledger, string text, string option)
    {
        if (TryHeight(text, out var height)) return height;
        var time = Time(text, option, endOfDay: false);
        for (var b = 0; b < ledger.Graph.BlockCount; b++)
            if (ledger.Graph.BlockTime[b] >= time) return ledger.FirstHeight + b;
        return ledger.TipHeight + 1;
    }

    /// <summary>A height, or a time in seconds since 1970; neither for null.</summary>
    internal static (int? Height, long? Time) HeightOrTime(string? text, string option, bool endOfDay) =>
        text is null ? (null, null) : TryHeight(text, out var height) ? (height, null) : (null, Time(text, option, endOfDay));

    private static bool TryHeight(string text, out int height) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out height);

    private static long Time(string text, string option, bool endOfDay)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeSeconds() + (endOfDay ? 86_399 : 0);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)) return instant.ToUnixTimeSeconds();
        throw new UsageException($"{option} '{text}' is neither a height nor a time such as 2009-01-12 or 2009-01-12T03:30:25Z.");
    }
}
