using System.Globalization;
using System.Text;

namespace Haetae.Cli.Exercise;

/// <summary>What the public of the practice world knows: a few addresses of its services, and those the victim reported. A TagPack, as GraphSense reads it.</summary>
/// <remarks>Few on purpose: that the thief's own deposit addresses belong to the same services must be found through their clusters.</remarks>
internal static class PracticeTags
{
    public const string FileName = "practice-tags.yaml";

    private const int PublishedOfEach = 3;

    /// <param name="day">When everything in the pack was known: the day of the last block.</param>
    public static byte[] Encode(Economy economy, Heist heist, DateOnly day, Func<byte[], string> address)
    {
        var text = new StringBuilder();
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            title: Practice world
            creator: haetae exercise
            description: What is publicly known of the services of a practice heist. Invented, like all of it.
            currency: BTC
            network: REGTEST
            lastmod: {day:yyyy-MM-dd}
            tags:

            """).ReplaceLineEndings("\n"));
        foreach (var house in economy.Exchanges) Service(house, "exchange", "exchange");
        Service(economy.Mixer.House, "mixing_service", "mixer");
        foreach (var coin in heist.Spoils)
            Tag(address(coin.To.Script), $"Thief of {heist.Victim.Name}", $"    abuse: service_hack\n    confidence: authority_data\n    source: notice of {heist.Victim.Name} to the police\n");
        return new UTF8Encoding(false).GetBytes(text.ToString());

        void Service(ExchangeHouse house, string category, string what)
        {
            foreach (var published in house.Published(PublishedOfEach))
                Tag(address(published.Script), house.Name, $"    category: {category}\n    confidence: service_data\n    source: help page of the {what}\n    is_cluster_definer: true\n");
        }

        void Tag(string of, string label, string rest) => text.Append(CultureInfo.InvariantCulture, $"  - address: {of}\n    label: {label}\n{rest}");
    }
}
