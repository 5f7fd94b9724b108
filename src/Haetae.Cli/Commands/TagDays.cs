using System.Globalization;

namespace Haetae.Cli.Commands;

/// <summary>Days as users write them.</summary>
internal static class TagDays
{
    /// <exception cref="UsageException">It is no day.</exception>
    internal static DateOnly Parse(string option, string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        ? day
        : throw new UsageException($"{option} {PlainText.Of(text)}: a day is written yyyy-MM-dd, such as 2025-03-21.");

    internal static string? Text(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
