using System.Globalization;
using System.Text;
using System.Text.Json;
using Haetae.Intel.Files;
using Haetae.Intel.Tags;

namespace Haetae.Intel.Labels;

/// <summary>Reads Etherscan's name tags and label words: <c>{"0x…": {"name": "…", "labels": ["…"]}}</c>.</summary>
/// <remarks>
/// The words tell a topic more often than an owner: "gambling" stands on the token of a game, "mining" on a coin. So they are kept as context, and
/// only those become categories and abuses that say what the address itself does.
/// </remarks>
internal sealed class EtherscanReader(string fileName, ColumnMap? map, IPackSink sink)
{
    /// <summary>The file is held whole while it is read.</summary>
    internal const int MaximumBytes = 64 << 20;

    private const int MaximumText = 8 * 1024;

    internal static LabelTable Table { get; } = new(
        "Etherscan's labels", "Etherscan's labels", "Etherscan",
        [new(PackField.Currency, "ETH"), new(PackField.Network, "ETH"), new(PackField.Confidence, "web_crawl"), new(PackField.Source, "https://etherscan.io/labelcloud")], _ => []);

    private static readonly Dictionary<string, string> Usages = new() { ["hot-wallet"] = "hot_wallet", ["cold-wallet"] = "cold_wallet" };

    private readonly LabelRows _tags = new(Table, map, fileName, sink);

    /// <exception cref="JsonException">It is no JSON; what stood before the break is taken.</exception>
    /// <exception cref="UnknownFormException">It is JSON of another form.</exception>
    internal void Read(Stream stream)
    {
        var json = Whole(stream);
        if (!IsOfThisForm(json)) throw new UnknownFormException("it is not of the form of Etherscan's labels: addresses, each with 'name' and 'labels'");
        var reader = Reader(json);
        reader.Read();
        var (line, counted) = (1L, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = (int)reader.TokenStartIndex;
            line += json.AsSpan(counted, at - counted).Count((byte)'\n');
            counted = at;
            var address = Text(ref reader);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject || address is null)
            {
                reader.Skip();
                sink.Reject(false, line, $"'{TagProblem.Quoted(address ?? "…")}' is no address with 'name' and 'labels'");
                continue;
            }

            Take(address, ref reader, line);
        }
    }

    /// <summary>An object whose first member is an address with a name or labels.</summary>
    private static bool IsOfThisForm(byte[] json)
    {
        var reader = Reader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName) return false;
        return Text(ref reader) is { } address && Sanctions.AddressChain.Of(TagSubject.Mend(address)) is not null
            && reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && Text(ref reader) is "name" or "labels";
    }

    private static byte[] Whole(Stream stream)
    {
        using var whole = new MemoryStream();
        var piece = new byte[1 << 16];
        int taken;
        while ((taken = stream.Read(piece)) > 0)
        {
            if (whole.Length + taken > MaximumBytes) throw new PackRowException(string.Create(CultureInfo.InvariantCulture, $"it holds more than {MaximumBytes:#,0} bytes; cut it into smaller files"));
            whole.Write(piece, 0, taken);
        }

        var json = whole.ToArray();
        return json.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? json[3..] : json;
    }

    private static Utf8JsonReader Reader(byte[] json) => new(json, new JsonReaderOptions { MaxDepth = 32 });

    private void Take(string address, ref Utf8JsonReader reader, long line)
    {
        var (name, labels) = ("", new List<string>());
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Text(ref reader);
            reader.Read();
            if (member == "name" && reader.TokenType == JsonTokenType.String) name = Text(ref reader) ?? "";
            else if (member == "labels" && reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (reader.TokenType == JsonTokenType.String && labels.Count < 100 && Text(ref reader) is { } word) labels.Add(word);
                    else reader.Skip();
                }
            }
            else reader.Skip();
        }

        var words = string.Join(',', labels);
        var usages = labels.Select(word => Usages.GetValueOrDefault(word)).OfType<string>().ToList();
        _tags.Take(
            [
                new(PackField.Address, address), new(PackField.Label, name.Trim().Length > 0 ? name : words),
                new(PackField.Category, labels.Contains("ethereum-mixer") ? "mixing_service" : null), new(PackField.Abuse, KnownTables.Abuse(words)),
                new(PackField.Concepts, usages.Count > 0 ? LabelText.List(usages) : null), new(PackField.Context, LabelText.Context(("labels", words))),
            ], line);
    }

    /// <summary>A text of a bounded length; null when it is longer.</summary>
    private static string? Text(ref Utf8JsonReader reader) => reader.ValueSpan.Length > MaximumText ? null : reader.GetString();
}
