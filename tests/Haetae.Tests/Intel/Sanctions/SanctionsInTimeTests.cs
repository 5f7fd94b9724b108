using System.Globalization;
using Haetae.Intel.Sanctions;

namespace Haetae.Tests.Intel.Sanctions;

public sealed class SanctionsInTimeTests
{
    private static readonly SanctionCover Cover = new(D("2022-09-03"), D("2025-11-19"));

    [Theory]
    [InlineData("2023-05-18", "no")]
    [InlineData("2023-05-19", "yes")]
    [InlineData("2025-03-20", "yes")]
    [InlineData("2025-03-21", "no")]
    [InlineData("2025-11-19", "no")]
    [InlineData("2025-11-20", "? 2025-11-19..")]
    public void A_day_holds_from_its_end_on(string day, string expected) => Is(expected, day, Listed("2023-05-19", "2023-05-19"), Removed("2025-03-21", "2025-03-21"));

    [Theory]
    [InlineData("2022-09-02", "? ..2022-09-03")]
    [InlineData("2022-09-03", "yes")]
    public void The_first_look_of_a_mirror_says_on_or_before(string day, string expected) => Is(expected, day, Listed(null, "2022-09-03"));

    [Theory]
    [InlineData("2019-09-12", "no")]
    [InlineData("2019-09-13", "? 2019-09-13..2022-09-03")]
    [InlineData("2022-04-01", "? 2019-09-13..2022-09-03")]
    [InlineData("2022-09-03", "yes")]
    public void The_day_of_an_entry_is_not_before(string day, string expected) =>
        Is(expected, day, Listed(null, "2022-09-03"), Listed("2019-09-13", "2025-11-19", SanctionBasis.List));

    [Theory]
    [InlineData("2022-04-13", "no")]
    [InlineData("2022-04-14", "yes")]
    [InlineData("2022-09-01", "yes")]
    public void A_notice_narrows_the_interval_to_a_day(string day, string expected) =>
        Is(expected, day, Listed(null, "2022-09-03"), Listed("2019-09-13", "2025-11-19", SanctionBasis.List), Listed("2022-04-14", "2022-04-14", SanctionBasis.Notice, asset: null));

    [Fact]
    public void An_entry_made_anew_moves_no_earlier_listing() =>
        Is("? ..2022-09-03", "2022-08-01", Listed(null, "2022-09-03"), Listed("2022-11-08", "2025-11-19", SanctionBasis.List));

    [Fact]
    public void The_order_in_which_facts_came_does_not_matter()
    {
        SanctionFact[] facts = [Listed(null, "2022-09-03"), Listed("2019-09-13", "2025-11-19", SanctionBasis.List), Removed("2023-01-01", "2023-01-02"), Listed("2024-01-01", "2024-01-05")];
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 50; round++)
        {
            var shuffled = facts.ToArray();
            random.Shuffle(shuffled);
            for (var day = D("2019-01-01"); day < D("2026-01-01"); day = day.AddDays(17))
                Assert.True(SanctionsInTime.On(day, facts, Cover) == SanctionsInTime.On(day, shuffled, Cover), $"seed {seed}, day {day:yyyy-MM-dd}");
        }
    }

    [Theory]
    [InlineData("2023-06-01", "yes")]
    [InlineData("2023-12-31", "no")]
    [InlineData("2024-06-01", "yes")]
    public void An_address_can_come_back(string day, string expected) =>
        Is(expected, day, Listed("2023-01-01", "2023-01-01"), Removed("2023-12-01", "2023-12-01"), Listed("2024-05-29", "2024-05-29"));

    [Fact]
    public void Removed_and_listed_on_one_day_is_listed() =>
        Is("yes", "2024-05-29", Listed(null, "2022-09-03"), Removed("2024-05-29", "2024-05-29") with { Source = "earlier" }, Listed("2024-05-29", "2024-05-29"));

    [Fact]
    public void A_new_spelling_in_one_commit_removes_nothing() =>
        Is("yes", "2025-03-20", Listed(null, "2022-09-03"), Listed("2022-11-09", "2022-11-09"), Removed("2022-11-09", "2022-11-09"), Removed("2025-03-21", "2025-03-21"));

    [Fact]
    public void Between_removal_and_return_on_an_unknown_day_it_is_unknown_from_the_removal_on() =>
        Is("? 2023-12-01..2024-05-29", "2024-01-01", Listed("2023-01-01", "2023-01-01"), Removed("2023-12-01", "2023-12-01"), Listed(null, "2024-05-29"));

    [Fact]
    public void While_it_stands_under_one_asset_it_is_sanctioned() =>
        Is("yes", "2024-06-01", Listed("2023-01-01", "2023-01-01"), Removed("2023-12-01", "2023-12-01"), Listed("2023-01-01", "2023-01-01", asset: "USDT"));

    [Fact]
    public void A_removal_that_names_no_asset_is_of_all() =>
        Is("no", "2024-06-01", Listed("2023-01-01", "2023-01-01"), Listed("2023-01-01", "2023-01-01", asset: "USDT"), Removed("2023-12-01", "2023-12-01", asset: null));

    [Theory]
    [InlineData("2024-12-31", "yes")]
    [InlineData("2024-12-30", "? ..2024-12-31")]
    [InlineData("2025-01-01", "no")]
    public void A_removal_alone_says_it_stood_there_the_day_before(string day, string expected) => Is(expected, day, Removed("2025-01-01", "2025-01-01"));

    [Theory]
    [InlineData("2022-09-02", "? ..2022-09-03")]
    [InlineData("2022-09-03", "no")]
    [InlineData("2025-11-19", "no")]
    [InlineData("2025-11-20", "? 2025-11-19..")]
    public void Silence_speaks_only_for_the_days_lists_are_held(string day, string expected) => Is(expected, day);

    [Fact]
    public void Without_a_list_nothing_is_known()
    {
        Assert.Equal(new SanctionAnswer(SanctionStatus.Unknown), SanctionsInTime.On(D("2024-01-01"), [], null));
        SanctionFact[] notice = [Listed("2022-04-14", "2022-04-14", SanctionBasis.Notice, null)];
        Assert.Equal(SanctionStatus.Sanctioned, SanctionsInTime.On(D("2022-04-14"), notice, null).Status);
        Assert.Equal(SanctionStatus.Unknown, SanctionsInTime.On(D("2022-04-15"), notice, null).Status);
    }

    private static void Is(string expected, string day, params SanctionFact[] facts)
    {
        var answer = SanctionsInTime.On(D(day), facts, Cover);
        Assert.Equal(expected, answer.Status switch
        {
            SanctionStatus.Sanctioned => "yes",
            SanctionStatus.NotSanctioned => "no",
            _ => string.Create(CultureInfo.InvariantCulture, $"? {answer.From:yyyy-MM-dd}..{answer.Until:yyyy-MM-dd}"),
        });
    }

    private static SanctionFact Listed(string? first, string last, SanctionBasis basis = SanctionBasis.Mirror, string? asset = "ETH") => Fact(SanctionChange.Listed, first, last, basis, asset);

    private static SanctionFact Removed(string? first, string last, SanctionBasis basis = SanctionBasis.Mirror, string? asset = "ETH") => Fact(SanctionChange.Removed, first, last, basis, asset);

    private static SanctionFact Fact(SanctionChange change, string? first, string last, SanctionBasis basis, string? asset) =>
        new("a", null, asset, change, first is null ? null : D(first), D(last), basis, "s");

    private static DateOnly D(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
