using System.Text;
using Haetae.Ledger.Accounts.Rows;

namespace Haetae.Cli.Commands;

/// <summary>What <c>--map</c> says: FIELD=COLUMN, several with commas between, a column in quotes where its name holds a comma.</summary>
internal static class TransferColumns
{
    internal static string Fields { get; } = string.Join(", ", Enum.GetNames<TransferField>().Select(name => name.ToLowerInvariant()));

    /// <param name="texts">What was given, once or several times; nothing: the names of ethereum-etl.</param>
    /// <exception cref="UsageException">It names a field that is none, or twice, or lacks one that is needed.</exception>
    internal static IReadOnlyDictionary<TransferField, string> Read(IEnumerable<string> texts)
    {
        var map = new Dictionary<TransferField, string>();
        foreach (var (word, column, pair) in texts.SelectMany(Pairs))
        {
            if (word.Length == 0 || column.Length == 0) throw new UsageException($"--map '{pair}': write FIELD=COLUMN, for example time=block_time.");
            if (!Enum.TryParse<TransferField>(word, ignoreCase: true, out var field) || !char.IsAsciiLetter(word[0])) throw new UsageException($"--map '{pair}': there is no field '{word}'; fields are {Fields}.");
            if (!map.TryAdd(field, column)) throw new UsageException($"--map: the field '{word}' is named twice.");
        }

        if (map.Count == 0) return TransferTable.EthereumEtl;
        foreach (var field in new[] { TransferField.Time, TransferField.From, TransferField.To, TransferField.Amount })
            if (!map.ContainsKey(field)) throw new UsageException($"--map: which column holds '{field.ToString().ToLowerInvariant()}'? Needed are time, from, to and amount.");
        return map;
    }

    private static IEnumerable<(string Word, string Column, string Pair)> Pairs(string text)
    {
        for (var at = 0; at < text.Length; at++) // over the comma
        {
            var start = at;
            var end = text.AsSpan(at).IndexOfAny('=', ',');
            var isPair = end >= 0 && text[at + end] == '=';
            var word = (end < 0 ? text[at..] : text[at..(at + end)]).Trim();
            at = end < 0 ? text.Length : at + end;
            var column = isPair ? Column(text, ref at) : "";
            var pair = text[start..at].Trim();
            if (pair.Length > 0) yield return (isPair ? word : "", column, pair);
        }
    }

    /// <summary>Reads a column's name from behind the equals sign; goes on to the comma behind it.</summary>
    private static string Column(string text, ref int at)
    {
        var start = ++at;
        while (at < text.Length && text[at] == ' ') at++;
        if (at == text.Length || text[at] != '"')
        {
            var end = text.IndexOf(',', start);
            at = end < 0 ? text.Length : end;
            return text[start..at].Trim();
        }

        var name = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"') name.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == '"') name.Append(text[at++]);
            else break;
        }

        if (at == text.Length) throw new UsageException($"--map '{text}': a quote that is not closed. A quote in a column's name is written twice.");
        at++;
        while (at < text.Length && text[at] == ' ') at++;
        if (at < text.Length && text[at] != ',') throw new UsageException($"--map '{text}': something stands behind a closed quote; between pairs stands a comma.");
        return name.ToString().Trim();
    }
}
