using System.Text.Json.Nodes;
using Haetae.Tests.Architecture;
using Haetae.Tests.Tracing.Reports;

namespace Haetae.Tests.Intel.Tags;

/// <summary>What <c>haetae tags … --json</c> prints is what docs/formats says.</summary>
public sealed class TagFormatTests : IDisposable
{
    private const string Archive = "1Archive1n2C579dMsAu3iC6tWzuQJz8dN";
    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("haetae.tags.1", "show", Archive)]
    [InlineData("haetae.tags.1", "show", Archive, "--as-of", "2021-01-01")]
    [InlineData("haetae.tags.1", "show", "nobody", "--as-of", "2022-10-01")]
    [InlineData("haetae.taglist.1", "list")]
    [InlineData("haetae.actors.1", "list", "--actors")]
    [InlineData("haetae.actors.1", "show", "--actor", "archive")]
    public async Task Each_document_keeps_to_its_schema(string name, params string[] command)
    {
        await Fill();
        var schema = JsonNode.Parse(Repository.Read($"docs/formats/{name}.schema.json"))!.AsObject();
        var json = (await _home.Json(["tags", .. command])).AsObject();
        Assert.Empty(SchemaCheck.Errors(json, schema));
        foreach (var member in json.Select(member => member.Key).ToList())
        {
            var lacking = json.DeepClone().AsObject();
            lacking.Remove(member);
            Assert.NotEmpty(SchemaCheck.Errors(lacking, schema));
        }

        json["more"] = 1;
        Assert.NotEmpty(SchemaCheck.Errors(json, schema));
    }

    private async Task Fill()
    {
        _home.Import(
            _home.Write("a.yaml", $"title: t\ncreator: c\nsource: s\ncurrency: BTC\ntags:\n- address: {Archive}\n  label: One\n  actor: archive\n  concepts: [organization]\n  is_cluster_definer: true\n  lastmod: 2020-01-01\n  confidence: forensic\n- address: {Archive}\n  label: Two\n"),
            _home.Write("actors.yaml", "title: Actors\ncreator: c\nactors:\n- id: archive\n  label: Internet Archive\n  aliases: [wayback]\n"),
            _home.Write("n.csv", $"date,change,address,source\n2022-04-14,added,{Archive},the notice\n"),
            _home.Write("c.csv", $"mirror,date,change,asset,address,commit\nbrave,2022-09-03,added,XBT,{Archive},aa\nbrave,2023-01-01,removed,XBT,{Archive},bb\n"));
        await _home.Json("tags", "retract", Archive, "--label", "Two", "--reason", "wrong");
        await _home.Json("tags", "retract", Archive, "--sanctions", "--source", "the notice", "--reason", "wrong");
        await _home.Json("tags", "retract", "--pack", "Actors", "--reason", "wrong");
    }
}
