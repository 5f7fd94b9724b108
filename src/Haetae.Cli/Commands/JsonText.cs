using System.Text;
using System.Text.Json.Nodes;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary>JSON as every command prints it: canonical (RFC 8785), amounts as strings of base units.</summary>
internal static class JsonText
{
    internal static string Of(JsonNode node) => Encoding.UTF8.GetString(CanonicalJson.Bytes(node));

    /// <summary>An amount as a string of satoshi.</summary>
    internal static JsonNode Amount(long satoshi) => JsonValue.Create(satoshi.ToString(System.Globalization.CultureInfo.InvariantCulture))!;

    /// <summary>Seconds since 1970 as an instant.</summary>
    internal static JsonNode Instant(uint seconds) => JsonValue.Create(Amounts.Instant(seconds))!;
}
