using Haetae.Intel.Tags;

namespace Haetae.Intel.Labels;

/// <summary>One field of a tag and what a row says of it; null says nothing.</summary>
internal readonly record struct Said(PackField Field, string? Value);

/// <summary>A table of labels: what it is, and how a row of it becomes tags.</summary>
/// <param name="What">For people, such as "Forta's list of phishing addresses".</param>
/// <param name="Constants">What the table says of every row, where the row does not say otherwise.</param>
/// <param name="Tags">The tags of a row, mostly one.</param>
internal sealed record LabelTable(string What, string Title, string Creator, IReadOnlyList<Said> Constants, Func<string[], IEnumerable<Said[]>> Tags);

/// <summary>Makes tags of the rows of a table, as they would be made of a pack's.</summary>
internal sealed class LabelRows
{
    private readonly IPackSink _sink;
    private readonly TagRowMaker _rows;
    private readonly TaxonomyWords _words;
    private readonly bool _namesChain;

    /// <param name="map">What whoever imports says of every row; it goes before what the table says.</param>
    internal LabelRows(LabelTable table, ColumnMap? map, string fileName, IPackSink sink)
    {
        var head = new string?[(int)PackField.Count];
        foreach (var (field, value) in table.Constants) head[(int)field] = value;
        foreach (var (field, value) in map?.Constants ?? []) head[(int)field] = value;
        var pack = new PackHeader(
            head[(int)PackField.Title] ?? table.Title, head[(int)PackField.Creator] ?? table.Creator, head[(int)PackField.Description], head[(int)PackField.Owner], null, fileName);
        (_sink, _rows, _words) = (sink, new TagRowMaker(pack, head), new TaxonomyWords(sink.Note));
        _namesChain = head[(int)PackField.Network] is not null || head[(int)PackField.Currency] is not null;
    }

    internal void Take(IReadOnlyList<Said> tag, long line)
    {
        try
        {
            _rows.Begin();
            var (namesChain, address) = (_namesChain, (string?)null);
            foreach (var (field, value) in tag)
            {
                if (string.IsNullOrWhiteSpace(value)) continue;
                if (field == PackField.Address) address = value;
                namesChain |= field is PackField.Network or PackField.Currency;
                _rows.Set(field, field == PackField.Address ? value : value.Trim());
            }

            if (!namesChain && address is not null) _rows.Set(PackField.Network, ChainOf(address));
            var row = _rows.Finish(out var note, out var mended);
            if (note is not null) _sink.Note(line, note);
            _words.Check(row.Statement, line);
            _sink.Take(row, mended);
        }
        catch (PackRowException wrong)
        {
            _sink.Reject(false, line, wrong.Message);
        }
    }

    /// <summary>The chain an address tells by its form. A code in the table is often the asset's, and assets live on many chains.</summary>
    /// <remarks>An EVM address is the same on all EVM chains and is found on all of them; it stands under the first.</remarks>
    private static string ChainOf(string written) => (TagSubject.Mend(written), Sanctions.AddressChain.Of(TagSubject.Mend(written))) switch
    {
        (_, "btc") => "BTC",
        (_, "evm") => "ETH",
        (_, "trx") => "TRX",
        // No sound address, but meant as one: as Bitcoin's it is refused with the reason.
        (['1' or '3', ..] or ['b' or 'B', 'c' or 'C', '1', ..], _) => "BTC",
        _ => throw new PackRowException($"'{TagProblem.Quoted(written)}' does not tell its chain: name it, by --map network=COLUMN or --set network=BTC"),
    };
}
