using System.Globalization;
using System.Text;

namespace Haetae.Tracing.Reports;

/// <summary>The command that makes a trace again, fit to paste into a shell.</summary>
public static class RepeatCommand
{
    /// <param name="separator">What stands between one option and the next: a blank, or a continued line.</param>
    public static string Of(TraceParameters asked, string separator = " ")
    {
        var text = new StringBuilder("haetae trace --ledger DIR");
        if (asked.Thefts.Count == 0) text.Append(separator).Append("--from ").Append(Quoted(string.Join(',', asked.From)));
        foreach (var theft in asked.Thefts) text.Append(separator).Append("--theft ").Append(Quoted($"{theft.Name}={string.Join(',', theft.From)}"));
        text.Append(separator).Append("--policy ").Append(Quoted(string.Join(',', asked.Policies)));
        text.Append(separator).Append("--fee-rule ").Append(Quoted(asked.FeeRule));
        text.Append(separator).Append("--stops ").Append(asked.Stops.Count == 0 ? "none" : Quoted(string.Join(',', asked.Stops)));
        text.Append(separator).Append(CultureInfo.InvariantCulture, $"--sensitivity {asked.Sensitivity}");
        if (asked.Through.Count > 0) text.Append(separator).Append("--through ").Append(Quoted(string.Join(',', asked.Through)));
        foreach (var link in asked.Links) text.Append(separator).Append("--link ").Append(Quoted(link));
        Option("--until", asked.UntilHeight);
        Option("--min-value", asked.MinValue);
        Option("--max-transactions", asked.MaxTransactions);
        Option("--amount", asked.Amount);
        if (asked.Bounds == 0) text.Append(separator).Append("--bounds off");
        else Option("--bounds", asked.Bounds);
        return text.Append(separator).Append("--json").ToString();

        void Option(string name, long? value)
        {
            if (value is { } number) text.Append(CultureInfo.InvariantCulture, $"{separator}{name} {number}");
        }
    }

    private static string Quoted(string word)
    {
        var safe = word.Length > 0;
        foreach (var c in word) safe &= char.IsAsciiLetterOrDigit(c) || c is ':' or ',' or '.' or '-' or '_' or '=';
        return safe ? word : "'" + Shown.Plain(word).Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }
}
