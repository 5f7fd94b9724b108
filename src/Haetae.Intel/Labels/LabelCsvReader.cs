using Haetae.Intel.Sanctions;
using Haetae.Intel.Tags;

namespace Haetae.Intel.Labels;

/// <summary>Reads a table of labels row by row: one whose first line is known, or one whose columns were named.</summary>
internal sealed class LabelCsvReader(string fileName, ColumnMap? map, IPackSink sink)
{
    /// <summary>What the table is; null when its first line is not known and no columns were named.</summary>
    /// <exception cref="Files.UnknownFormException">A named column is not there.</exception>
    internal LabelTable? TableOf(Func<TextReader> open)
    {
        using var text = open();
        var head = new CsvRow(text).Next() ?? [];
        return map is { HasColumns: true } ? map.Over(head, fileName) : KnownTables.Of(head);
    }

    internal void Read(LabelTable table, Func<TextReader> open)
    {
        using var text = open();
        var (rows, tags) = (new CsvRow(text), new LabelRows(table, map, fileName, sink));
        while (true)
        {
            try
            {
                if (rows.Next() is not { } row) return;
                if (rows.Line == 1 || row is [""]) continue;
                foreach (var tag in table.Tags(row)) tags.Take(tag, rows.Line);
            }
            catch (PackRowException wrong)
            {
                sink.Reject(false, rows.Line, wrong.Message);
            }
        }
    }
}
