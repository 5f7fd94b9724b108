using Haetae.Ledger.Bitcoin;

namespace Haetae.Intel.Tags;

/// <summary>Makes a tag of a row's own fields and those it inherits.</summary>
internal sealed class TagRowMaker(PackHeader pack, string?[] head)
{
    private readonly string?[] _row = new string?[(int)PackField.Count];
    private TagStatement? _last;
    private string? _note;

    internal void Begin() => head.AsSpan(0, (int)PackField.Inherited).CopyTo(_row.AsSpan());

    internal void Set(PackField field, string? value) => _row[(int)field] = value ?? (field < PackField.Inherited ? head[(int)field] : null);

    /// <exception cref="PackRowException">The row lacks something, or its address is none.</exception>
    internal TagRow Finish(out string? note, out bool mended)
    {
        var (address, transaction) = (_row[(int)PackField.Address], _row[(int)PackField.TxHash]);
        _row[(int)PackField.Address] = _row[(int)PackField.TxHash] = null;
        _note = null;
        if (address is not null && transaction is not null) throw new PackRowException("the tag has both 'address' and 'tx_hash'");
        var written = address ?? transaction ?? throw new PackRowException("the tag has neither 'address' nor 'tx_hash'");
        var statement = Statement();
        var subject = address is not null ? AddressOf(written, statement) : TransactionOf(written, statement);
        (note, mended) = (_note, TagSubject.Mend(written) != written);
        return new TagRow(address is not null ? SubjectKind.Address : SubjectKind.Transaction, subject, subject == written ? null : written, statement);
    }

    private TagStatement Statement()
    {
        if (_last is { } last && IsSame(last)) return last;
        return _last = new TagStatement
        {
            Pack = pack,
            Label = Required(PackField.Label, "label"),
            Source = Required(PackField.Source, "source"),
            Currency = CurrencyOf(),
            Network = NetworkOf(),
            Confidence = _row[(int)PackField.Confidence],
            Actor = PackFields.ActorId(_row[(int)PackField.Actor]),
            Category = _row[(int)PackField.Category],
            Abuse = _row[(int)PackField.Abuse],
            Concepts = _row[(int)PackField.Concepts],
            TagType = _row[(int)PackField.TagType],
            IsClusterDefiner = PackFields.Truth(_row[(int)PackField.IsClusterDefiner]),
            LastModified = _row[(int)PackField.LastMod],
            Context = _row[(int)PackField.Context],
        };
    }

    /// <summary>Rows that say nothing of their own, or the same as the row before, share one statement.</summary>
    private bool IsSame(TagStatement last) =>
        _row[(int)PackField.Label] == last.Label && _row[(int)PackField.Source] == last.Source
        && CurrencyOf() == last.Currency && NetworkOf() == last.Network
        && _row[(int)PackField.Confidence] == last.Confidence && _row[(int)PackField.Actor] == last.Actor
        && _row[(int)PackField.Category] == last.Category && _row[(int)PackField.Abuse] == last.Abuse
        && _row[(int)PackField.Concepts] == last.Concepts && _row[(int)PackField.TagType] == last.TagType
        && PackFields.Truth(_row[(int)PackField.IsClusterDefiner]) == last.IsClusterDefiner
        && _row[(int)PackField.LastMod] == last.LastModified && _row[(int)PackField.Context] == last.Context;

    private string CurrencyOf() => (_row[(int)PackField.Currency] ?? Required(PackField.Network, "currency")).ToUpperInvariant();

    private string NetworkOf() => (_row[(int)PackField.Network] ?? Required(PackField.Currency, "currency")).ToUpperInvariant();

    private string Required(PackField field, string name) => _row[(int)field] ?? throw new PackRowException($"the tag has no '{name}', and the pack's head has none");

    private string AddressOf(string written, TagStatement statement)
    {
        var text = Mend(written);
        if (text.Length is 0 or > 512) throw new PackRowException($"an address of {text.Length} characters");
        if (ChainOf(statement) is { } network && !Address.TryParse(text, network, out _, out var error))
        {
            var said = $"'{TagProblem.Quoted(written)}' is no Bitcoin address: {error}";
            if (!IsOfAnotherChain(text)) throw new PackRowException(said);
            _note = $"{said}; its checksum is sound, so it is kept under the currency the pack names";
        }

        return TagSubject.KeyOf(text);
    }

    /// <summary>The Bitcoin chain a tag is about; packs call the main one BTC, and test chains go by their own names.</summary>
    private static BitcoinNetwork? ChainOf(TagStatement statement) =>
        statement.Network == "BTC" ? BitcoinNetwork.Mainnet : BitcoinNetwork.TryParse(statement.Network.ToLowerInvariant(), out var test) ? test : null;

    /// <summary>A version and a hash of 20 bytes under a sound checksum: many chains write addresses so, and lists mix them up.</summary>
    private static bool IsOfAnotherChain(string text)
    {
        Span<byte> payload = stackalloc byte[Base58Check.MaximumPayload];
        return Base58Check.TryDecode(text, payload, out var length, out _) && length == 21;
    }

    private string TransactionOf(string written, TagStatement statement)
    {
        var text = Mend(written);
        if (statement.Network == "BTC" && (text.Length != 64 || !text.All(char.IsAsciiHexDigit)))
            throw new PackRowException($"'{TagProblem.Quoted(written)}' is no Bitcoin transaction id");
        if (text.Length is 0 or > 512) throw new PackRowException($"a transaction id of {text.Length} characters");
        return TagSubject.KeyOf(text);
    }

    private string Mend(string written)
    {
        _note = TagSubject.NoteOn(written) ?? _note;
        return TagSubject.Mend(written);
    }
}
