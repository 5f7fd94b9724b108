using System.Text;
using System.Text.Json.Nodes;
using Haetae.Tracing.Reports;

namespace Haetae.Tests.Tracing.Reports;

public class CanonicalJsonTests
{
    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Bytes(JsonNode.Parse(json)));

    [Fact]
    public void Strings_are_escaped_as_in_the_RFC()
    {
        // RFC 8785 section 3.2.2: the sample's "string" and "literals".
        var json = """{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}""";
        Assert.Equal("{\"literals\":[null,true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}", Canonical(json));
    }

    [Fact]
    public void Members_are_sorted_by_UTF_16_code_units_as_in_the_RFC()
    {
        // RFC 8785 section 3.2.3: the emoji (a surrogate pair) sorts before U+FB33.
        var json = """{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}""";
        var order = JsonNode.Parse(Canonical(json))!.AsObject().Select(member => member.Value!.GetValue<string>());
        Assert.Equal(["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"], order);
    }

    [Theory]
    [InlineData("[ 0 , -0, -7, 9007199254740991 ]", "[0,0,-7,9007199254740991]")]
    [InlineData("{\"b\":{},\"a\":[]}", "{\"a\":[],\"b\":{}}")]
    [InlineData("\"\\b\\t\\f\\u001f\\u007f\"", "\"\\b\\t\\f\\u001f\u007f\"")]
    [InlineData("null", "null")]
    public void Small_documents(string json, string expected) => Assert.Equal(expected, Canonical(json));

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e400")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("99999999999999999999")]
    public void A_number_that_would_be_rounded_is_refused(string json) => Assert.ThrowsAny<ArgumentException>(() => Canonical(json));

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Throws<ArgumentException>(() => CanonicalJson.Bytes(JsonValue.Create("\ud83d")));

    [Fact]
    public void The_writer_refuses_what_would_not_be_canonical()
    {
        var writer = new CanonicalWriter(Stream.Null);
        writer.BeginObject();
        Assert.Throws<InvalidOperationException>(() => writer.Integer(1));
        var sorted = new CanonicalWriter(Stream.Null);
        sorted.BeginObject();
        sorted.Name("b");
        sorted.Null();
        Assert.Throws<InvalidOperationException>(() => sorted.Name("a"));
        var open = new CanonicalWriter(Stream.Null);
        open.BeginArray();
        Assert.Throws<InvalidOperationException>(open.Finish);
        Assert.Throws<InvalidOperationException>(open.EndObject);
    }

    [Fact]
    public void A_document_larger_than_the_buffer_comes_out_whole()
    {
        var array = new JsonArray([.. Enumerable.Range(0, 20_000).Select(i => (JsonNode)i)]);
        Assert.True(JsonNode.DeepEquals(array, JsonNode.Parse(CanonicalJson.Bytes(array))));
    }
}
