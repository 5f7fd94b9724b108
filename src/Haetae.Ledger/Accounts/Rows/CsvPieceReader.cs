using System.Runtime.CompilerServices;
using System.Text;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>The rows of one piece of a file.</summary>
/// <param name="Lines">Line ends in it.</param>
internal sealed record PieceRows(TransferRow[] Rows, IReadOnlyList<AssetName> Assets, long Lines);

/// <summary>Reads pieces of a file of rows. Safe from many threads.</summary>
internal interface IPieceReader
{
    /// <exception cref="RowProblem">A row cannot be read.</exception>
    PieceRows Read(byte[] piece);
}

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
    internal static CsvPieceReader Begin(byte[] piece, string path, TransferTable table, out int rowsAt, out int lines)
    {
        var end = piece.AsSpan().IndexOf((byte)'\n');
        var head = end < 0 ? piece : piece.AsSpan(0, end);
        var separator = head.Contains((byte)',') ? (byte)',' : head.Contains((byte)'\t') ? (byte)'\t' : head.Contains((byte)';') ? (byte)';' : (byte)',';
        var at = new FieldAt[MostColumns];
        int fields;
        try
        {
            rowsAt = Csv.ReadRow(piece, 0, separator, at, out fields, out lines);
        }
        catch (FormatException wrong)
        {
            throw new LedgerException($"{path}, line 1: {wrong.Message}.", wrong);
        }

        if (fields > MostColumns) throw new LedgerException($"{path}, line 1: more than {MostColumns} columns: this is no table of transfers.");
        var names = at.Take(fields).Select(field => Encoding.UTF8.GetString(piece, field.Start, field.Length).Trim()).ToList();
        var reader = new CsvPieceReader(table, separator, fields);
        Array.Fill(reader._columnOf, -1);
        foreach (var (field, name) in table.Map)
        {
            var found = Enumerable.Range(0, fields).Where(column => names[column] == name).ToList();
            if (found.Count == 0) found = [.. Enumerable.Range(0, fields).Where(column => string.Equals(names[column], name, StringComparison.OrdinalIgnoreCase))];
            if (found.Count == 0) throw new LedgerException($"{path}, line 1: there is no column '{name}'; the columns are {string.Join(", ", names.Take(50))}. Name them with --map.");
            if (found.Count > 1) throw new LedgerException($"{path}, line 1: there are {found.Count} columns '{name}': give them different names.");
            reader._columnOf[(int)field] = found[0];
        }

        return reader;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PieceRows Read(byte[] piece)
    {
        var reader = new RowReader(_table);
        var rows = new List<TransferRow>(piece.Length / 100);
        var columns = new FieldAt[_columns];
        var fields = new FieldAt[TransferTable.Fields];
        Array.Fill(fields, FieldAt.None);
        long lines = 0;
        for (var at = 0; at < piece.Length;)
        {
            int count, taken;
            try
            {
                at = Csv.ReadRow(piece, at, _separator, columns, out count, out taken);
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
            rows.Add(reader.Read(piece, fields, lines));
            lines += taken;
        }

        return new PieceRows([.. rows], reader.Assets, lines);
    }
}
