using System.Text;
using System.Text.Json;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>Reads pieces of JSON lines: one object a line, its members named by the map; members inside members are not looked at.</summary>
internal sealed class JsonPieceReader(TransferTable table) : IPieceReader
{
    private readonly (TransferField Field, byte[][] Names)[] _names =
        [.. table.Map.OrderBy(one => one.Key).Select(one => (one.Key, one.Value.Split('|').Select(Encoding.UTF8.GetBytes).ToArray()))];

    public PieceRows Read(RowPiece piece)
    {
        var text = piece.Bytes.AsSpan(0, piece.End);
        var reader = new RowReader(table);
        var rows = new List<TransferRow>((piece.End - piece.Start) / 300);
        var fields = new FieldAt[TransferTable.Fields];
        var rank = new int[TransferTable.Fields];
        long line = 0;
        for (var at = piece.Start; at < text.Length; line++)
        {
            var length = text[at..].IndexOf((byte)'\n');
            var next = length < 0 ? text.Length : at + length + 1;
            var end = length < 0 ? text.Length : at + length;
            if (!text[at..end].Trim(" \r\t"u8).IsEmpty)
            {
                Array.Fill(fields, FieldAt.None);
                try
                {
                    ReadObject(text[at..end], at, fields, rank);
                }
                catch (JsonException wrong)
                {
                    throw new RowProblem(line, "", $"no JSON object: {Reason(wrong)}");
                }
                catch (FormatException wrong)
                {
                    throw new RowProblem(line, "", wrong.Message);
                }

                foreach (var field in table.Map.Keys)
                    if (fields[(int)field].Length < 0 && !table.IsOptional(field) && field is TransferField.Time or TransferField.Amount)
                        throw new RowProblem(line, table.Map[field], "is missing");
                rows.Add(reader.Read(text, fields, line));
            }

            at = next;
            if (length < 0) break; // the last line lacks its end
        }

        return new PieceRows(rows, reader.Assets, line);
    }

    /// <summary>The reader's message without its own counting of lines and bytes within the line.</summary>
    private static string Reason(JsonException wrong)
    {
        var end = wrong.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? wrong.Message : wrong.Message[..end]).TrimEnd('.');
    }

    private void ReadObject(Span<byte> line, int at, FieldAt[] fields, int[] rank)
    {
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 64 });
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) throw new FormatException("no JSON object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref json, out var place);
            json.Read();
            if (field < 0)
            {
                json.Skip();
                continue;
            }

            if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) throw new FormatException($"'{table.Map[(TransferField)field]}' is no text or number");
            if (json.TokenType == JsonTokenType.Null || (fields[field].Length >= 0 && rank[field] <= place)) continue;
            var start = (int)json.TokenStartIndex + (json.TokenType == JsonTokenType.String ? 1 : 0);
            var length = json.ValueSpan.Length;
            if (json.ValueIsEscaped) // what is meant is never longer than how it was written: put right where it stands
            {
                var meant = json.GetString()!;
                length = Encoding.UTF8.GetBytes(meant, line.Slice(start, length));
            }

            fields[field] = new FieldAt(at + start, length);
            rank[field] = place;
        }

        while (json.Read())
        {
        }
    }

    private int FieldOf(ref Utf8JsonReader json, out int place)
    {
        foreach (var (field, names) in _names)
        {
            for (place = 0; place < names.Length; place++)
                if (json.ValueTextEquals(names[place])) return (int)field;
        }

        place = 0;
        return -1;
    }
}
