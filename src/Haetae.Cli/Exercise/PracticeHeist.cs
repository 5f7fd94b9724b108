using Haetae.Ledger;

namespace Haetae.Cli.Exercise;

/// <summary>What <see cref="PracticeHeist.Write"/> made.</summary>
/// <param name="Folder">Where the block files and truth.json lie.</param>
/// <param name="BlockCount">Blocks, genesis included.</param>
/// <param name="TransactionCount">Transactions, coinbases included.</param>
/// <param name="Seeds">The stolen outputs, each "txid:vout": where a trace starts.</param>
/// <param name="TotalStolen">Their sum.</param>
/// <param name="TruthPath">The file that tells where every stolen satoshi is.</param>
/// <param name="Known">The instant by which the public knows it: the end of the chain.</param>
/// <param name="TagsPath">A TagPack of what the public knows of the services and the thief.</param>
internal sealed record PracticeHeistResult(
    string Folder, int BlockCount, int TransactionCount, IReadOnlyList<string> Seeds, Satoshi TotalStolen, string TruthPath, string TagsPath, DateTimeOffset Known);

/// <summary>Makes a small world with a theft in it, as real regtest block files, and a file with the truth about the loot.</summary>
/// <remarks>The same seed and size give the same bytes on every machine: whole numbers only, no clock, one random stream for each purpose.</remarks>
internal static class PracticeHeist
{
    public const int DefaultTransactions = 20_000;
    public const int FewestTransactions = 1_000;
    public const int MostTransactions = 300_000;

    public const string TruthName = "truth.json";

    /// <summary>Every so many blocks one comes from a miner that takes no transaction with a witness.</summary>
    private const int OldMinerEvery = 23;

    private const int HonestJoinEvery = 27;

    /// <param name="folder">Made if it is not there; must not hold block files yet.</param>
    /// <param name="transactions">How many to write beside the coinbases.</param>
    /// <param name="address">Turns an output script into the address the truth file prints.</param>
    /// <param name="owned">Told of every script that is paid and the name of who can spend it, as often as it is paid.</param>
    /// <exception cref="LedgerException">The folder already holds block files or a truth file.</exception>
    public static PracticeHeistResult Write(
        string folder, ulong seed, int transactions, Func<byte[], string> address, CancellationToken cancellation, Action<byte[], string>? owned = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(transactions, FewestTransactions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(transactions, MostTransactions);
        var truthPath = Path.Combine(folder, TruthName);
        Directory.CreateDirectory(folder);
        if (File.Exists(truthPath) || Directory.EnumerateFiles(folder, "blk*.dat").Any())
            throw new LedgerException($"'{folder}' already holds block files or a truth file; name an empty folder.");

        using var files = new BlockFiles(folder);
        try
        {
            return Fill(files, folder, seed, transactions, address, truthPath, cancellation, owned);
        }
        catch
        {
            files.Delete();
            throw;
        }
    }

    private static PracticeHeistResult Fill(
        BlockFiles files,
        string folder,
        ulong seed,
        int transactions,
        Func<byte[], string> address,
        string truthPath,
        CancellationToken cancellation,
        Action<byte[], string>? owned)
    {
        var random = new SeededRandom(seed);
        var mint = new AddressMint(seed);
        var chain = new PracticeChain(files, random, new SeededRandom(random.Next())) { Owned = owned };
        var economy = new Economy(random, mint, people: Math.Max(60, transactions / 25));
        var blocks = PracticeChain.Maturity + 120 + 2 * WholeRoot(transactions);
        var theftHeight = blocks * 6 / 10;
        var heist = new Heist(chain, economy, random, mint, theftHeight, blocks - theftHeight);

        while (chain.Height <= blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            if (chain.Height > PracticeChain.Maturity) FillBlock(chain, economy, heist, Target(chain.Height, blocks, transactions), last: blocks - chain.Height < 20);
            chain.Close(economy.Miners[random.Below(economy.Miners.Length)].Usual());
        }

        heist.Check();
        var all = chain.Payments + chain.Height;
        var truth = new TruthFile(seed, chain, all, heist, address);
        File.WriteAllBytes(truthPath, truth.Encode());
        var tagsPath = Path.Combine(folder, PracticeTags.FileName);
        File.WriteAllBytes(tagsPath, PracticeTags.Encode(economy, heist, chain.Day, address));
        return new PracticeHeistResult(folder, chain.Height, all, truth.Seeds, new Satoshi(heist.Book.Total), truthPath, tagsPath, new DateTimeOffset(chain.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
    }

    private static void FillBlock(PracticeChain chain, Economy economy, Heist heist, long target, bool last)
    {
        var oldOnly = chain.Height % OldMinerEvery == 0;
        if (!oldOnly)
        {
            economy.MinersSell(chain);
            heist.Proceed();
            if (chain.Height % HonestJoinEvery == 0) economy.JoinHonestly(chain);
            foreach (var exchange in economy.Exchanges)
            {
                if (exchange.Sweep(chain, economy.AnyRate()) is { } sweep) heist.Notice(exchange, sweep);
                exchange.KeepHouse(chain, economy.AnyRate());
            }

            // At the end even one deposit is swept: whoever compares with the truth shall find none on the way.
            if (economy.Mixer.House.Sweep(chain, economy.AnyRate(), fewest: last ? 1 : 2) is { } gathered) heist.Notice(economy.Mixer.House, gathered);
            if (economy.Mixer.Pay(chain, economy.AnyRate()) is { } payout) heist.Notice(payout);
        }

        for (var patience = 100 + 20 * (target - chain.Payments); chain.Payments < target && patience > 0; patience--)
            economy.Act(chain, oldOnly);
    }

    // Payments that should be in the chain once this block is closed.
    private static long Target(int height, int blocks, int transactions) =>
        (long)transactions * (height - PracticeChain.Maturity) / (blocks - PracticeChain.Maturity);

    private static int WholeRoot(int number)
    {
        var root = 0;
        while ((long)(root + 1) * (root + 1) <= number) root++;
        return root;
    }
}
