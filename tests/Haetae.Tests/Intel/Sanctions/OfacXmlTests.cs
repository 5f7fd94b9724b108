using System.Diagnostics;
using Haetae.Intel.Sanctions;
using Haetae.Intel.Tags;
using Haetae.Tests.Intel.Tags;
using Haetae.Tests.Support;

namespace Haetae.Tests.Intel.Sanctions;

/// <summary>OFAC's sdn_advanced.xml: small ones written here, and the real one.</summary>
public sealed class OfacXmlTests : IDisposable
{
    private const string Ronin = "0x098B716B8Aaf21512996dC57EB0615e2383E2f96";

    private const string Xml =
        """
        <?xml version="1.0" encoding="utf-8"?>
        <Sanctions xmlns="urn:whatever">
          <DateOfIssue CalendarTypeID="1"><Year>2025</Year><Month>11</Month><Day>19</Day></DateOfIssue>
          <ReferenceValueSets>
            <FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="345">Digital Currency Address - ETH</FeatureType>
            <List ID="1550">SDN List</List><List ID="2">Another</List>
            <SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="1705">Block</SanctionsType>
          </ReferenceValueSets>
          <DistinctParties>
            <DistinctParty><Profile ID="7">
              <Identity Primary="true">
                <Alias Primary="true"><NamePartValue>Lazarus</NamePartValue><NamePartValue>Group</NamePartValue></Alias>
                <Alias Primary="false"><NamePartValue>Hidden Cobra</NamePartValue></Alias>
              </Identity>
              <Feature FeatureTypeID="8"><VersionDetail>1970</VersionDetail></Feature>
              <Feature FeatureTypeID="345"><VersionDetail>ADDRESS</VersionDetail></Feature>
              <Feature FeatureTypeID="345"><VersionDetail>ж</VersionDetail></Feature>
            </Profile></DistinctParty>
            <DistinctParty><Profile ID="8"><Feature FeatureTypeID="345"><VersionDetail>0xaa</VersionDetail></Feature></Profile></DistinctParty>
          </DistinctParties>
          <SanctionsEntries>
            <SanctionsEntry ProfileID="7" ListID="1550">
              <EntryEvent><Comment /><Date><Year>2020</Year><Month>1</Month><Day>2</Day></Date></EntryEvent>
              <EntryEvent><Comment /><Date><Year>2019</Year><Month>9</Month><Day>13</Day></Date></EntryEvent>
              <SanctionsMeasure SanctionsTypeID="1705" /><SanctionsMeasure SanctionsTypeID="1"><Comment>DPRK3</Comment></SanctionsMeasure>
            </SanctionsEntry>
            <SanctionsEntry ProfileID="8" ListID="2"><EntryEvent><Date><Year>2018</Year><Month>1</Month><Day>1</Day></Date></EntryEvent></SanctionsEntry>
          </SanctionsEntries>
        </Sanctions>
        """;

    private readonly TagFolder _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void An_address_gets_name_programme_and_the_earliest_date_of_its_entry_as_not_before()
    {
        var report = _home.Import(_home.Write("sdn.xml", Xml.Replace("ADDRESS", " 0\u0445098B716B8Aaf21512996dC57EB0615e2383E2f96", StringComparison.Ordinal)));
        Assert.Equal((1L, 2L, 1L, 0), (report.SanctionsStored, report.SanctionsRejected, report.Normalised, report.BrokenFiles));
        Assert.Equal([17L, 19L], report.Problems.Select(problem => problem.Line));
        using var store = _home.OpenForReading();
        var fact = Assert.Single(store.FindSanctions([Ronin])[0]);
        Assert.Equal(("Lazarus Group", "DPRK3", "ETH", SanctionBasis.List), (fact.Entry, fact.Programmes, fact.Asset, fact.Basis));
        Assert.Equal((new DateOnly(2019, 9, 13), new DateOnly(2025, 11, 19)), (fact.NotBefore, fact.NotAfter));
        Assert.Equal(new SanctionCover(new(2025, 11, 19), new(2025, 11, 19)), store.SanctionCover());
    }

    [Theory]
    [InlineData("<!DOCTYPE Sanctions [<!ENTITY a \"b\">]><Sanctions/>")]
    [InlineData("<Other/>")]
    [InlineData("<Sanctions/>")]
    [InlineData("no xml at all")]
    [InlineData("<Sanctions><DateOfIssue><Year>2025</Year><Month>2</Month><Day>30</Day></DateOfIssue></Sanctions>")]
    public void Another_file_or_one_with_a_document_type_is_refused(string text)
    {
        var report = _home.Import(_home.Write("sdn.xml", text));
        Assert.Equal((1, 0L), (report.BrokenFiles, report.SanctionsStored));
        Assert.Single(report.Problems);
    }

    [Fact]
    public void A_file_cut_short_gives_nothing()
    {
        var report = _home.Import(_home.Write("cut.xml", Xml[..^30]));
        Assert.Equal((1, 0L), (report.BrokenFiles, report.SanctionsStored));
    }

    [Fact]
    public void An_endless_address_and_a_date_that_is_none_do_not_stop_the_rest()
    {
        var text = Xml.Replace("ADDRESS", new string('a', 100_000), StringComparison.Ordinal).Replace(">ж<", $">{Ronin}<", StringComparison.Ordinal)
            .Replace("<Month>9</Month>", "<Month>19</Month>", StringComparison.Ordinal);
        var report = _home.Import(_home.Write("long.xml", text));
        Assert.Equal((1L, 2L, 0), (report.SanctionsStored, report.SanctionsRejected, report.BrokenFiles));
        Assert.Equal(24, Assert.Single(report.Notes).Line);
        using var store = _home.OpenForReading();
        Assert.Null(Assert.Single(store.FindSanctions([Ronin])[0]).NotBefore);
    }

    [Bzip2Fact]
    public async Task The_Ronin_address_is_unknown_until_the_notice_is_added()
    {
        var file = _home.Write("sdn_advanced.xml", "");
        using (var to = File.Create(file)) Bzip2.Unpack(SharedData.Path_("incidents", "ofac", "sdn_advanced.xml.bz2"), to);

        var report = _home.Import(file, SharedData.Path_("incidents", "ofac", "ofac_address_changes.csv"));
        Assert.Equal((946 + 760L, 1L, 0L, 0), (report.SanctionsStored, report.SanctionsDuplicate, report.SanctionsRejected, report.BrokenFiles));
        Assert.Contains("unknown between 2019-09-13 and 2022-09-03", await Show("2022-04-01"), StringComparison.Ordinal);
        _home.Import(_home.Write("notice.csv", $"date,change,address,source\n2022-04-14,added,{Ronin},https://ofac.treasury.gov/recent-actions/20220414\n"));
        Assert.Contains(": not sanctioned", await Show("2022-04-01"), StringComparison.Ordinal);
        Assert.Contains(": sanctioned", await Show("2022-04-14"), StringComparison.Ordinal);
    }

    private async Task<string> Show(string day) => (await _home.Run("tags", "show", Ronin, "--as-of", day)).Output;
}
