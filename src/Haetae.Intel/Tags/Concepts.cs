using System.Collections.Frozen;

namespace Haetae.Intel.Tags;

/// <summary>The concepts by which categories and abuses are told: GraphSense's taxonomy, derived from INTERPOL's, each with the wider one above it.</summary>
/// <remarks>A word that is not here is kept all the same: lists are older, newer or richer than any taxonomy. Whoever imports it is told.</remarks>
public static class Concepts
{
    /// <summary>One family a line: the wider concept, and those right below it.</summary>
    private const string Families =
        """
        concept: entity behaviour source
        behaviour: abuse gray_usage white_usage deployer funder
        abuse: sexual_abuse violence human_trafficking scam financial_crime extortion phishing hacking drugs weapons sanction counterfeit extremism black_list
        sexual_abuse: child_sexual_abuse
        violence: murder torture
        financial_crime: investment_fraud money_laundering payment_card_fraud
        investment_fraud: ponzi_scheme
        ponzi_scheme: pyramid_scheme
        extortion: sextortion ransomware
        hacking: service_hack account_hack exploit data_breach social_engineering malware
        extremism: terrorism terrorism_financing
        black_list: gov_black_list
        gray_usage: mixing
        mixing: coinjoin
        white_usage: cold_wallet hot_wallet warm_wallet deposit_wallet white_list
        white_list: gov_white_list
        source: mention dark_web
        mention: website_mention
        website_mention: forum_mention
        entity: organization user service item unknown
        user: victim perpetrator donation miner
        service: exchange wallet_service filesharing index market messaging_service mixing_service mining_service gambling search_engine shop faucet payment_processor atm hosting vpn nameservice defi
        wallet_service: escrow_wallet ico_wallet
        defi: defi_token defi_lending defi_dex defi_derivative defi_bridge defi_dao defi_staking defi_custody
        defi_dex: defi_dex_pair
        item: collectible
        """;

    private static readonly FrozenDictionary<string, string> Above = (
        from family in Families.Split('\n', StringSplitOptions.TrimEntries)
        let words = family.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries)
        from narrow in words.Skip(1)
        select KeyValuePair.Create(narrow, words[0])).ToFrozenDictionary();

    public static bool IsKnown(string concept) => concept == "concept" || Above.ContainsKey(concept);

    /// <summary>Whether a concept is another one, or lies somewhere below it.</summary>
    public static bool IsWithin(string? concept, string wider)
    {
        for (; concept is not null; concept = Above.GetValueOrDefault(concept))
            if (concept == wider) return true;
        return false;
    }

    /// <summary>Whether two concepts can be true of one subject without more being said: one lies within the other.</summary>
    public static bool Agree(string one, string other) => one == other || IsWithin(one, other) || IsWithin(other, one);
}
