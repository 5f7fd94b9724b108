using System.Globalization;

namespace Haetae.Tracing.Bridges.Abi;

/// <summary>Reads the text of an event's signature from left to right.</summary>
internal sealed class SignatureReader(string text)
{
    private const int MostParameters = 64;
    private const int MostDepth = 4;
    private int _at;
    private int _parameters;

    public (string Name, IReadOnlyList<AbiParameter> Parameters) Event()
    {
        var name = Word();
        if (name.Length == 0) throw Wrong("it begins with no name");
        var parameters = List(0);
        Spaces();
        return _at == text.Length ? (name, parameters) : throw Wrong($"nothing may follow the list, but '{text[_at..]}' does");
    }

    private List<AbiParameter> List(int depth)
    {
        if (depth > MostDepth) throw Wrong($"tuples lie more than {MostDepth} deep");
        Expect('(');
        var parameters = new List<AbiParameter>();
        if (Take(')')) return parameters;
        do parameters.Add(Parameter(depth));
        while (Take(','));
        Expect(')');
        return parameters;
    }

    private AbiParameter Parameter(int depth)
    {
        if (++_parameters > MostParameters) throw Wrong($"it has more than {MostParameters} parameters");
        Spaces();
        IReadOnlyList<AbiParameter> fields = [];
        var kind = AbiKind.Tuple;
        string type;
        if (Peek('('))
        {
            fields = List(depth + 1);
            type = $"({string.Join(',', fields.Select(field => field.Type))})";
        }
        else
        {
            type = Canonical(Word());
            kind = type is "bytes" or "string" ? AbiKind.Bytes : AbiKind.Word;
        }

        while (Take('['))
        {
            if (!Take(']')) throw Wrong("arrays of fixed length are not read");
            (type, kind, fields) = (type + "[]", AbiKind.Array, []);
        }

        var name = Word();
        var indexed = name == "indexed";
        return new AbiParameter(indexed ? Word() : name, type, kind, indexed, fields);
    }

    // Solidity, "Types": uint and int stand for 256 bits; a contract is hashed as its address, an enumeration as uint8, so tables write these.
    private string Canonical(string type) => type switch
    {
        "uint" => "uint256",
        "int" => "int256",
        "address" or "bool" or "bytes" or "string" => type,
        _ when Bits(type, "uint") || Bits(type, "int") => type,
        _ when type.StartsWith("bytes", StringComparison.Ordinal) && Number(type[5..]) is >= 1 and <= 32 => type,
        _ => throw Wrong($"'{type}' is no type that is read here"),
    };

    private static bool Bits(string type, string kind) => type.StartsWith(kind, StringComparison.Ordinal) && Number(type[kind.Length..]) is >= 8 and <= 256 and var bits && bits % 8 == 0;

    private static int? Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private string Word()
    {
        Spaces();
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_')) _at++;
        return text[start.._at];
    }

    private void Expect(char sign)
    {
        if (!Take(sign)) throw Wrong($"'{sign}' is missing at character {_at + 1}");
    }

    private bool Take(char sign)
    {
        if (!Peek(sign)) return false;
        _at++;
        return true;
    }

    private bool Peek(char sign)
    {
        Spaces();
        return _at < text.Length && text[_at] == sign;
    }

    private void Spaces()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
    }

    private FormatException Wrong(string why) => new($"'{text}' is no event's signature: {why}.");
}
