using System.Text;
using System.Text.Json.Nodes;
using Haetae.Intel;
using Haetae.Intel.Cases;
using Haetae.Tests.Architecture;
using Haetae.Tests.Tracing.Reports;
using Haetae.Tracing.Reports;

namespace Haetae.Tests.Intel.Cases;

public sealed class CaseJsonTests(PackedCase packed) : IClassFixture<PackedCase>
{
    private byte[] Bytes => File.ReadAllBytes(packed.File);

    [Fact]
    public void The_JSON_is_what_its_schema_says()
    {
        var schema = JsonNode.Parse(Repository.Read("docs/formats/haetae.case.1.schema.json"))!.AsObject();
        var json = JsonNode.Parse(Bytes)!.AsObject();
        Assert.Empty(SchemaCheck.Errors(json, schema));
        json["thefts"]![0]!["seeds"]![0]!["stolen"] = 5;
        json["surprise"] = true;
        Assert.NotEmpty(SchemaCheck.Errors(json, schema));
    }

    [Fact]
    public void A_case_reads_back_as_it_was_written() => Assert.Equal(Bytes, CaseJson.Write(CaseJson.Read(Bytes)));

    [Fact]
    public void Each_change_of_a_member_is_refused_though_the_digest_is_made_anew()
    {
        var changed = 0;
        Walk(JsonNode.Parse(Bytes)!, (document, at, name) =>
        {
            // The last entry has none after it: only the digest of the whole, kept elsewhere, tells that it was changed.
            var isFree = name is "at" or "by" && ReferenceEquals(at, document["history"]!.AsArray()[^1]);
            if (isFree || at[name] is not JsonValue value || name == "digest" && ReferenceEquals(at, document)) return;
            at[name] = value.TryGetValue(out int number) ? number + 1 : value.GetValue<string>() is { Length: 64 } hash ? hash[..63] + (hash[63] == '0' ? '1' : '0') : value.GetValue<string>() + "1";
            document["digest"] = CanonicalJson.Digest(document);
            var said = Assert.Throws<IntelException>(() => CaseJson.Read(CanonicalJson.Bytes(document))).Message;
            Assert.Contains("case.", said, StringComparison.Ordinal);
            changed++;
        });
        Assert.True(changed > 50);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\":\"haetae.case/2\"}")]
    [InlineData("{\"format\":\"haetae.case/1\",\"format\":\"haetae.case/1\"}")]
    [InlineData("{\"format\":\"\\ud800\"}")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public void What_is_no_case_is_refused(string text) => Assert.Throws<IntelException>(() => CaseJson.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void The_same_words_in_another_layout_are_refused()
    {
        var spaced = Encoding.UTF8.GetString(Bytes).Replace("{\"case\"", "{ \"case\"", StringComparison.Ordinal);
        Assert.Contains("canonical", Assert.Throws<IntelException>(() => CaseJson.Read(Encoding.UTF8.GetBytes(spaced))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_traces_with_one_question_the_later_stands()
    {
        var document = CaseJson.Read(Bytes);
        var again = CaseHistory.Add(document, document.Traces[0] with { Digest = new string('a', 64) }, "tester", "2026-01-01T00:00:00Z");
        Assert.Equal(2, document.StandingTraces().Count());
        Assert.Equal([document.Traces[1], again.Traces[^1]], again.StandingTraces());
    }

    /// <summary>Visits each member of each object, in a fresh copy of the document each time.</summary>
    private static void Walk(JsonNode original, Action<JsonObject, JsonNode, string> visit)
    {
        var paths = new List<string[]>();
        Collect(original, []);
        foreach (var path in paths)
        {
            var document = original.DeepClone().AsObject();
            JsonNode at = document;
            foreach (var step in path[..^1]) at = int.TryParse(step, out var index) && at is JsonArray items ? items[index]! : at[step]!;
            if (at is JsonObject) visit(document, at, path[^1]);
        }

        void Collect(JsonNode? node, string[] path)
        {
            if (node is JsonObject members)
                foreach (var (name, value) in members) Collect(value, [.. path, name]);
            else if (node is JsonArray items)
                for (var i = 0; i < items.Count; i++) Collect(items[i], [.. path, $"{i}"]);
            if (path.Length > 0) paths.Add(path);
        }
    }
}
