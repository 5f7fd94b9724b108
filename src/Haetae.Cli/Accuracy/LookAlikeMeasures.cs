using System.Globalization;
using System.Numerics;
using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Accounts.Noise;

namespace Haetae.Cli.Accuracy;

/// <summary>Look-alikes and dust on recorded transfers: pay-offs recognised and none hidden, ordinary transfers left alone.</summary>
internal static class LookAlikeMeasures
{
    private const ulong Seed = 160_104;
    private const int RandomPairs = 1_000_000;
    private const string Consistency = "the set was collected by such a rule (its least likeness is 3 and 4 digits): consistency more than truth; the intended account is given";

    internal static readonly Measurement[] All =
    [
        new("payoffs", AccuracySection.LookAlikes, (data, _) => [.. PayOffs(data)]),
        new("transfers", AccuracySection.LookAlikes, (data, _) => [.. Ordinary(data)]),
        new("dust", AccuracySection.LookAlikes, (data, cancel) => [.. Dust(data, cancel)]),
    ];

    private static string[][] PayOffRows(AccuracyData data) => Rows(data, "ethereum", "address-poisoning", "payoff_transfers_ethereum.csv");

    private static IEnumerable<Figure> PayOffs(AccuracyData data)
    {
        var rows = PayOffRows(data);
        var usual = NoiseTerms.Usual(ChainName.Ethereum);
        foreach (var (head, tail, note) in new[] { (3, 4, Consistency + "; the usual terms"), (4, 4, "what a reader of four digits at each end would miss is what is left"), (4, 6, "stricter than those who make look-alikes") })
        {
            var findings = rows.Select(row => Finding(row, usual with { LeastHead = head, LeastTail = tail })).ToList();
            yield return new Figure(AccuracySection.LookAlikes, $"look-alike: {head} digits in front, {tail} at the back", $"{rows.Length:#,0} recorded pay-offs on Ethereum", "found", new Rate(findings.Count(found => found.IsPayOff), rows.Length), note);
            if (head == NoiseTerms.UsualHead && tail == NoiseTerms.UsualTail)
                yield return new Figure(AccuracySection.LookAlikes, "kept out of pictures", $"the same {rows.Length:#,0} pay-offs", "hidden", new Rate(findings.Count(found => found.IsHidden), rows.Length), "must be none: what the victim pays is never noise");
        }
    }

    // The victim paid the intended account once, was baited, and paid the look-alike.
    private static (bool IsPayOff, bool IsHidden) Finding(string[] row, NoiseTerms terms)
    {
        var token = AssetName.Token(ChainName.Ethereum, AccountAddress.Parse(row[2]));
        AccountAddress victim = AccountAddress.Parse(row[3]), fake = AccountAddress.Parse(row[4]), meant = AccountAddress.Parse(row[10]);
        var amount = Units(row[5]);
        var table = new AccountTableBuilder(ChainName.Ethereum);
        Add(0, victim, meant, amount);
        Add(1, victim, fake, UInt256.Zero, signer: fake);
        var paid = Add(2, victim, fake, amount);
        var built = table.Build();
        var noise = AccountNoise.Of(built, new HashSet<uint> { built.FindAccount(victim)!.Value }, terms);
        return (noise.PayOffs.Any(found => found.Transfer == paid && built.AddressOf(found.Imitated!.Value) == meant), noise.Hides(paid));

        long Add(byte number, AccountAddress from, AccountAddress to, UInt256 value, AccountAddress? signer = null)
        {
            var id = new byte[Hash256.Size];
            id[0] = number;
            table.AddTransaction(new Hash256(id), number, number);
            table.AddTransfer(signer ?? from, token.Contract, AssetName.Native(ChainName.Ethereum), UInt256.Zero);
            return table.AddTransfer(from, to, token, value, TransferKind.Token);
        }
    }

    private static IEnumerable<Figure> Ordinary(AccuracyData data)
    {
        var terms = NoiseTerms.Usual(ChainName.Ethereum);
        var random = new SeededRandom(Seed);
        long alike = 0;
        for (var pair = 0; pair < RandomPairs; pair++)
            if (terms.IsLookAlike(Likeness.Of(Draw(random), Draw(random)))) alike++;
        var method = $"look-alike: {terms.LeastHead} digits in front, {terms.LeastTail} at the back";
        yield return new Figure(AccuracySection.LookAlikes, method, "pairs of addresses drawn by lot", "named", new Rate(alike, RandomPairs), $"seed {Seed}; by arithmetic one in {new Likeness(terms.LeastHead, terms.LeastTail).OneIn.ToString("#,0", CultureInfo.InvariantCulture)}");
        AccountAddress[] meant = [.. PayOffRows(data).Select(row => AccountAddress.Parse(row[10])).Distinct().Order()];
        yield return Pairs(method, "pairs of the accounts that victims meant", meant, terms, "real accounts, of which none imitates another");
        AccountAddress[] ronin = [.. RoninRows(data).SelectMany(row => new[] { AccountAddress.Parse(row[1]), AccountAddress.Parse(row[2]) }).Distinct().Order()];
        yield return Pairs(method, "pairs of accounts in the rows of Ronin 2022", ronin, terms, "nobody looked whether one of them is a look-alike");
        AccountAddress[] samples = [.. s_etlBlocks.SelectMany(folder => Rows(data, "ethereum", "ethereum-etl", "test_export_blocks_job", folder, "expected_transactions.csv"))
            .SelectMany(row => row[5..7]).Where(text => text.Length > 0).Select(text => AccountAddress.Parse(text)).Distinct().Order()];
        yield return Pairs(method, "pairs of accounts in ethereum-etl's sample blocks", samples, terms, "five blocks of 2015 and 2023; nobody looked whether one of them is a look-alike");
    }

    private static Figure Pairs(string method, string set, AccountAddress[] addresses, NoiseTerms terms, string note)
    {
        long alike = 0;
        for (var i = 0; i < addresses.Length; i++)
            for (var j = 0; j < i; j++)
                if (terms.IsLookAlike(Likeness.Of(addresses[i], addresses[j]))) alike++;
        return new Figure(AccuracySection.LookAlikes, method, $"{set} ({addresses.Length:#,0})", "named", new Rate(alike, addresses.Length * (addresses.Length - 1L) / 2), note);
    }

    private static IEnumerable<Figure> Dust(AccuracyData data, CancellationToken cancel)
    {
        var table = new AccountTableBuilder(ChainName.Ethereum);
        var id = new byte[Hash256.Size];
        foreach (var (row, number) in RoninRows(data).OrderBy(row => row[0], StringComparer.Ordinal).Select((row, number) => (row, number)))
        {
            (id[0], id[1]) = ((byte)number, (byte)(number >> 8));
            table.AddTransaction(new Hash256(id), (uint)DateTimeOffset.Parse(row[0], CultureInfo.InvariantCulture).ToUnixTimeSeconds(), marks: TxMarks.RowId | TxMarks.NoBlock);
            table.AddTransfer(AccountAddress.Parse(row[1]), AccountAddress.Parse(row[2]), AssetName.Native(ChainName.Ethereum), Units(row[3], 18));
        }

        var built = table.Build();
        HashSet<uint> eight = [.. s_roninEight.Select(text => built.FindAccount(AccountAddress.Parse(text)) ?? throw new LedgerException($"the rows of Ronin 2022 lack {text}"))];
        var noise = AccountNoise.Of(built, eight, cancel: cancel);
        HashSet<uint> helpers = [.. s_roninPartners.Select(text => built.FindAccount(AccountAddress.Parse(text))!.Value)];
        long[] transfers = [.. Enumerable.Range(0, (int)built.Graph.TransferCount).Select(transfer => (long)transfer)];
        long[] strangers = Array.FindAll(transfers, transfer => eight.Contains(built.Graph.To[transfer]) && !eight.Contains(built.Graph.From[transfer]) && !helpers.Contains(built.Graph.From[transfer]));
        long[] others = [.. transfers.Except(strangers)];
        const string note = "not held out: the threshold for dust (0.02 ETH) was set with these rows in sight";
        yield return new Figure(AccuracySection.LookAlikes, "dust and messages of strangers", "rows of Ronin 2022: what strangers sent to the eight", "found", new Rate(strangers.Count(noise.Hides), strangers.Length), note);
        yield return new Figure(AccuracySection.LookAlikes, "dust and messages of strangers", "rows of Ronin 2022: receipts and payments of the case", "named", new Rate(others.Count(noise.Hides), others.Length), note);
        yield return new Figure(AccuracySection.LookAlikes, "suspected pay-off", "rows of Ronin 2022: all transfers", "named", new Rate(noise.PayOffs.Count(), transfers.Length), "a thief's accounts, not a victim's");
    }

    private static string[][] RoninRows(AccuracyData data) => Rows(data, "ethereum", "ronin-2022", "transactions.csv");

    // Tables without quotes or commas in fields.
    private static string[][] Rows(AccuracyData data, params string[] parts) => [.. File.ReadLines(data.File(parts)).Skip(1).Where(line => line.Length > 0).Select(line => line.Split(','))];

    // Decimal digits and an exponent, exactly, in base units.
    private static UInt256 Units(string text, int decimals = 0)
    {
        var parts = text.Split('e', 'E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var places = decimals + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) - (point < 0 ? 0 : parts[0].Length - point - 1);
        var digits = BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        if (places >= 0) return (UInt256)(digits * BigInteger.Pow(10, places));
        var whole = BigInteger.DivRem(digits, BigInteger.Pow(10, -places), out var rest);
        return rest.IsZero ? (UInt256)whole : throw new LedgerException($"'{text}' is no whole number of base units");
    }

    private static AccountAddress Draw(SeededRandom random)
    {
        Span<byte> bytes = stackalloc byte[AccountAddress.Size];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)random.Below(256);
        return new AccountAddress(bytes);
    }

    // The addresses of the theft as listed by OFAC, and those whose payments to them belong to the case: an exchange and the two helpers who changed the USDC.
    private static readonly string[] s_roninEight =
    [
        "0x098B716B8Aaf21512996dC57EB0615e2383E2f96", "0xa0e1c89Ef1a489c9C7dE96311eD5Ce5D32c20E4B", "0x3Cffd56B47B7b41c56258D9C7731ABaDc360E073", "0x53b6936513e738f44FB50d2b9476730C0Ab3Bfc1",
        "0x35fB6f6DB4fb05e6A4cE86f2C93691425626d4b1", "0xF7B31119c2682c88d88D455dBb9d5932c65Cf1bE", "0x3e37627dEAA754090fBFbb8bd226c1CE66D255e9", "0x08723392Ed15743cc38513C4925f5e6be5c17243",
    ];

    private static readonly string[] s_etlBlocks = ["block_with_logs", "blocks_with_transactions", "blocks_with_transactions_and_withdrawals"];

    private static readonly string[] s_roninPartners = ["0x4976A4A02f38326660D17bf34b431dC6e2eb2327", "0x665660F65e94454A64b96693a67a41D440155617", "0xe708f17240732bBfa1BaA8513F66b665Fbc7ce10"];
}
