using System.Text.Encodings.Web;
using System.Text.Json;

namespace Haetae.Intel.Labels;

/// <summary>Small pieces of JSON as tags hold them.</summary>
internal static class LabelText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string List(IEnumerable<string> words) => JsonSerializer.Serialize(words, Plain);

    /// <summary>What of the members is said, as an object; null where nothing is.</summary>
    internal static string? Context(params (string Name, string? Value)[] members)
    {
        var said = members.Where(member => !string.IsNullOrWhiteSpace(member.Value)).ToDictionary(member => member.Name, member => member.Value!.Trim());
        return said.Count == 0 ? null : JsonSerializer.Serialize(said, Plain);
    }
}
