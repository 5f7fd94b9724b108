using System.Buffers.Binary;
using Haetae.Cli.Exercise;
using Haetae.Ledger;
using static Haetae.Tests.Ledger.Survival.HandMade;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>A regtest chain from the genesis block that can be left at any height for branches which spend what lies before the fork, each in its own way.</summary>
internal sealed class Branches
{
    private const int Coins = 8; // outputs of a coinbase to be spent
    private const int Amount = 1_000;

    private readonly List<(Hash256 Id, uint Output, long Amount)> _unspent;

    private Branches(List<byte[]> blocks, List<(Hash256 Id, uint Output, long Amount)> unspent)
    {
        Blocks = blocks;
        _unspent = unspent;
    }

    internal List<byte[]> Blocks { get; }

    internal Hash256 Tip => Hash(Blocks[^1]);

    internal static Branches FromGenesis() => new([Genesis.Build().Bytes], []);

    /// <summary>This chain with more blocks, each of a coinbase and some payments among a few scripts that all branches share.</summary>
    internal Branches Grow(int length, int payments, int seed)
    {
        var random = new Random(seed);
        var blocks = new List<byte[]>(Blocks);
        var unspent = new List<(Hash256, uint, long)>(_unspent);
        for (var i = 0; i < length; i++)
        {
            byte[] own = [8, .. BitConverter.GetBytes(blocks.Count), .. BitConverter.GetBytes(seed), 0x75, 0x51];
            var transactions = new List<byte[]> { Coinbase((byte)seed, [(0, own), .. Enumerable.Range(0, Coins).Select(_ => ((long)Amount, Script(random)))]) };
            for (var p = 0; p < payments && unspent.Count > 0; p++)
            {
                var at = random.Next(unspent.Count);
                var (id, output, amount) = unspent[at];
                unspent[at] = unspent[^1];
                unspent.RemoveAt(unspent.Count - 1);
                var paid = random.NextInt64(amount + 1);
                transactions.Add(Transaction([(id, output)], (paid, Script(random)), (amount - paid, Script(random))));
                unspent.Add((Id(transactions[^1]), 0, paid));
                unspent.Add((Id(transactions[^1]), 1, amount - paid));
            }

            for (uint coin = 1; coin <= Coins; coin++) unspent.Add((Id(transactions[0]), coin, Amount));
            blocks.Add(Block(Hash(blocks[^1]), [.. transactions]));
        }

        return new Branches(blocks, unspent);
    }

    /// <summary>This chain with one more block, which is wrong: two payments spend the same, or the coinbase takes all coins there are.</summary>
    internal Branches GrowWrong(bool spentTwice)
    {
        if (!spentTwice) return new Branches([.. Blocks, Block(Tip, Coinbase(99, (Satoshi.Maximum, [0x51])))], _unspent);
        var coin = _unspent.MaxBy(one => one.Amount);
        var twice = new[] { 1, 2 }.Select(part => Transaction([(coin.Id, coin.Output)], (part, [0x51]))).ToArray();
        return new Branches([.. Blocks, Block(Tip, [Coinbase(99, (1, [0x51])), .. twice])], _unspent);
    }

    /// <summary>This chain's first blocks.</summary>
    internal Branches Until(int blocks) => new(Blocks[..blocks], []);

    /// <summary>Writes chains into one block file, every block once.</summary>
    internal static void Write(string folder, params Branches[] chains) =>
        HandMade.Write(folder, [.. chains.SelectMany(chain => chain.Blocks).DistinctBy(Hash)]);

    /// <summary>The scripts that payments of all branches share.</summary>
    internal static IEnumerable<byte[]> Scripts { get; } = [.. Enumerable.Range(0, 40).Select(Script)];

    private static byte[] Script(Random random) => Script(random.Next(40));

    private static byte[] Script(int which)
    {
        byte[] script = [0x76, 0xa9, 20, .. new byte[20], 0x88, 0xac];
        BinaryPrimitives.WriteInt32LittleEndian(script.AsSpan(3), which);
        return script;
    }
}
