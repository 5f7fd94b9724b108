using System.Globalization;
using Haetae.Intel.Tags;

namespace Haetae.Intel.Sanctions;

/// <summary>Takes what a reader of sanctions finds.</summary>
internal interface ISanctionSink
{
    void Take(SanctionFact fact, bool mended);

    void RejectSanction(long line, string reason);

    void Note(long line, string text);
}

/// <summary>Dated changes of a sanctions list: additions and removals that mirrors saw, or official notices written down by hand.</summary>
/// <remarks>A mirror's first day is its first look at the list: what stood there came "on or before" it.</remarks>
internal sealed class SanctionCsvReader(string fileName, ISanctionSink sink)
{
    internal const string ChangesHead = "mirror,date,change,asset,address,commit";
    internal const string NoticesHead = "date,change,address,source";

    /// <summary>The mirror whose record of OFAC's removals is whole; others lie beside it in the same file.</summary>
    internal const string Mirror = "brave";

    private readonly Dictionary<string, long> _others = [];
    private DateOnly _firstLook;

    /// <summary>What the file is; null when its first line is of another table.</summary>
    internal string? WhatIs(Func<TextReader> open) => Head(open) switch
    {
        ChangesHead => "dated changes of OFAC's list",
        NoticesHead => "notices about sanctions",
        _ => null,
    };

    internal void Read(Func<TextReader> open)
    {
        var isNotices = Head(open) == NoticesHead;
        if (!isNotices) _firstLook = FirstLook(open);
        Each(open, (row, line) =>
        {
            if (isNotices) Notice(row, line);
            else Change(row, line);
        });
        foreach (var (mirror, rows) in _others)
            sink.Note(0, string.Create(CultureInfo.InvariantCulture, $"{rows:#,0} rows of the mirror '{TagProblem.Quoted(mirror)}' were left out: '{Mirror}' is used, which holds the removals too"));
    }

    private static string Head(Func<TextReader> open)
    {
        using var text = open();
        return string.Join(',', (new CsvRow(text).Next() ?? []).Select(name => name.Trim().TrimStart('\uFEFF')));
    }

    private static DateOnly FirstLook(Func<TextReader> open)
    {
        var first = DateOnly.MaxValue;
        using var text = open();
        var rows = new CsvRow(text);
        while (true)
        {
            try
            {
                if (rows.Next() is not { } row) return first;
                if (row.Length > 1 && row[0].Trim() == Mirror && TryDay(row[1], out var day) && day < first) first = day;
            }
            catch (PackRowException)
            {
                // The second reading reports it with its line.
            }
        }
    }

    private void Each(Func<TextReader> open, Action<string[], long> take)
    {
        using var text = open();
        var rows = new CsvRow(text);
        while (true)
        {
            try
            {
                if (rows.Next() is not { } row) return;
                if (rows.Line > 1 && row is not [""]) take(row, rows.Line);
            }
            catch (PackRowException wrong)
            {
                sink.RejectSanction(rows.Line, wrong.Message);
            }
        }
    }

    private void Change(string[] row, long line)
    {
        if (row.Length != 6) throw new PackRowException($"{row.Length} fields where 6 belong");
        var mirror = row[0].Trim();
        if (mirror != Mirror)
        {
            if (_others.Count < 100 || _others.ContainsKey(mirror)) _others[mirror] = _others.GetValueOrDefault(mirror) + 1;
            return;
        }

        var (day, change) = (Day(row[1]), ChangeOf(row[2]));
        if (row[3].Trim().Length is 0 or > 20) throw new PackRowException($"'{TagProblem.Quoted(row[3])}' is no asset code");
        Take(row[4], line, (subject, written) => new SanctionFact(
            subject, written, row[3].Trim().ToUpperInvariant(), change, day == _firstLook ? null : day, day, SanctionBasis.Mirror, $"{fileName}: mirror {mirror}, commit {row[5].Trim()}"));
    }

    private void Notice(string[] row, long line)
    {
        if (row.Length != 4) throw new PackRowException($"{row.Length} fields where 4 belong");
        var (day, change, source) = (Day(row[0]), ChangeOf(row[1]), row[3].Trim());
        if (source.Length == 0) throw new PackRowException("a notice without its source");
        Take(row[2], line, (subject, written) => new SanctionFact(subject, written, null, change, day, day, SanctionBasis.Notice, source));
    }

    private void Take(string written, long line, Func<string, string?, SanctionFact> make)
    {
        var address = ListedAddress.Of(written, line, sink);
        sink.Take(make(address.Subject, address.Written), address.Mended);
    }

    private static SanctionChange ChangeOf(string text) => text.Trim() switch
    {
        "added" => SanctionChange.Listed,
        "removed" => SanctionChange.Removed,
        _ => throw new PackRowException($"'{TagProblem.Quoted(text)}' is neither 'added' nor 'removed'"),
    };

    private static bool TryDay(string text, out DateOnly day) => DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static DateOnly Day(string text) => TryDay(text, out var day) ? day : throw new PackRowException($"'{TagProblem.Quoted(text)}' is no day (yyyy-MM-dd)");
}
