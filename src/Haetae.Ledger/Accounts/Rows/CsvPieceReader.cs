using System.Runtime.CompilerServices;
using System.Text;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>Reads pieces of comma-separated text whose first row, the header, was read before.</summary>
internal sealed class CsvPieceReader : IPieceReader
{
    private const int MostColumns = 1000;
    private readonly TransferTable _table;
    private readonly byte _separator;
    private readonly int _columns;
    private readonly int[] _columnOf = new int[TransferTable.Fields]; // per field, its column; -1: none

    private CsvPieceReader(TransferTable table, byte separator, int columns) => (_table, _separator, _columns) = (table, separator, columns);

    /// <summary>Reads the header and says where the first row begins.</summary>
    /// <exception cref="LedgerException">A column is missing, or stands there twice.</exception>
    internal static CsvPieceReader Begin(RowPiece piece, string path, TransferTable table, out int rowsAt, out int lines)
    {
        var text = piece.Bytes.AsSpan(0, piece.End);
        var end = text[piece.Start..].IndexOf((byte)'\n');
        var head = end < 0 ? text[piece.Start..] : text.Slice(piece.Start, end);
        var separator = head.Contains((byte)',') ? (byte)',' : head.Contains((byte)'\t') ? (byte)'\t' : head.Contains((byte)';') ? (byte)';' : (byte)',';
        var at = new FieldAt[MostColumns];
        int fields;
        try
        {
            rowsAt = Csv.ReadRow(text, piece.Start, separator, at, out fields, out lines);
        }
        catch (FormatException wrong)
        {
            throw new LedgerException($"{path}, line 1: {wrong.Message}.", wrong);
        }

        if (fields > MostColumns) throw new LedgerException($"{path}, line 1: more than {MostColumns} columns: this is no table of transfers.");
        var names = at.Take(fields).Select(field => Encoding.UTF8.GetString(piece.Bytes, field.Start, field.Length).Trim()).ToList();
        var reader = new CsvPieceReader(table, separator, fields);
        Array.Fill(reader._columnOf, -1);
        foreach (var (field, column) in table.Map)
        {
            var found = column.Split('|').Select(name => Columns(names, name)).FirstOrDefault(some => some.Count > 0) ?? [];
            if (found.Count > 1) throw new LedgerException($"{path}, line 1: there are {found.Count} columns '{column}': give them different names.");
            if (found.Count == 0 && table.IsOptional(field)) continue;
            if (found.Count == 0) throw new LedgerException($"{path}, line 1: there is no column '{column}' for the {field.ToString().ToLowerInvariant()}; the columns are {string.Join(", ", names.Take(50))}. Name them with --map.");
            reader._columnOf[(int)field] = found[0];
        }

        return reader;
    }

    private static List<int> Columns(List<string> names, string name)
    {
        var same = Enumerable.Range(0, names.Count).Where(column => names[column] == name).ToList();
        return same.Count > 0 ? same : [.. Enumerable.Range(0, names.Count).Where(column => string.Equals(names[column], name, StringComparison.OrdinalIgnoreCase))];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PieceRows Read(RowPiece piece)
    {
        var text = piece.Bytes.AsSpan(0, piece.End);
        var reader = new RowReader(_table);
        var rows = new List<TransferRow>((piece.End - piece.Start) / 100);
        var columns = new FieldAt[_columns];
        var fields = new FieldAt[TransferTable.Fields];
        Array.Fill(fields, FieldAt.None);
        long lines = 0;
        for (var at = piece.Start; at < text.Length;)
        {
            int count, taken;
            try
            {
                at = Csv.ReadRow(text, at, _separator, columns, out count, out taken);
            }
            catch (FormatException wrong)
            {
                throw new RowProblem(lines, "", wrong.Message);
            }

            if (count == 1 && columns[0].Length == 0) // an empty line
            {
                lines += taken;
                continue;
            }

            if (count != _columns) throw new RowProblem(lines, "", $"{count} fields where the header names {_columns}");
            for (var f = 0; f < fields.Length; f++)
                if (_columnOf[f] >= 0) fields[f] = columns[_columnOf[f]];
            rows.Add(reader.Read(text, fields, lines));
            lines += taken;
        }

        return new PieceRows(rows, reader.Assets, lines);
    }
}
