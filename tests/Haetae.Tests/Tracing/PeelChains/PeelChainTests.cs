using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Tests.Ledger.Survival;
using Haetae.Tests.Tracing.CoinJoins;
using Haetae.Tracing.PeelChains;

namespace Haetae.Tests.Tracing.PeelChains;

/// <summary>Peel chains: the practice heist's, whose truth is known, and shapes made by hand.</summary>
public sealed class PeelChainTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_payee_who_pays_on_with_the_same_marks_ends_the_chain_and_is_not_guessed_away()
    {
        var heist = _bench.Heist(103, 4_000);
        Workbench.Ingest(heist.Folder, _bench.Path_("ledger"));
        using var ledger = BitcoinLedger.Open(_bench.Path_("ledger"));
        var peels = JsonNode.Parse(File.ReadAllText(heist.TruthPath))!["story"]!.AsArray().Where(step => (string)step!["name"]! == "peel").Select(step => (string)step!["txid"]!).ToList();
        var chain = PeelFollower.FromTransaction(ledger, (uint)ledger.FindTransaction(Hash256.Parse(peels[0])));
        Assert.Equal(PeelEnd.Ambiguous, chain.End);
        Assert.Equal(peels.Take(chain.Hops.Count), chain.Hops.Select(hop => ledger.TxIds[hop.Transaction].ToString()));
        Assert.InRange(chain.Hops.Count, 1, peels.Count - 1);
        Assert.All(chain.LastMarks, mark => Assert.Equal(PeelMark.GoesOn, mark));
    }

    [Theory]
    [InlineData(101)]
    [InlineData(102)]
    [InlineData(104)]
    public async Task The_practice_heists_peel_chain_is_followed_to_its_end(ulong seed)
    {
        var heist = _bench.Heist(seed, 4_000);
        Workbench.Ingest(heist.Folder, _bench.Path_("ledger"));
        using var ledger = BitcoinLedger.Open(_bench.Path_("ledger"));
        var peels = JsonNode.Parse(File.ReadAllText(heist.TruthPath))!["story"]!.AsArray().Where(step => (string)step!["name"]! == "peel").Select(step => (string)step!["txid"]!).ToList();
        Assert.Equal(20, peels.Count);
        var chain = PeelFollower.FromTransaction(ledger, (uint)ledger.FindTransaction(Hash256.Parse(peels[0])));
        Assert.Equal(peels, chain.Hops.Select(hop => ledger.TxIds[hop.Transaction].ToString()));
        Assert.Equal(PeelEnd.NoneGoesOn, chain.End);
        Assert.Equal(chain.StartValue, chain.Fees + chain.Hops.Where(hop => hop.Peeled is not null).Sum(hop => ledger.Graph.Value[hop.Peeled!.Value]) + chain.LastOutputs.Sum(output => ledger.Graph.Value[output]));
        for (var hop = 1; hop < chain.Hops.Count; hop++) Assert.Equal(chain.Hops[hop].Transaction, ledger.Graph.SpenderOf(chain.Hops[hop - 1].Next!.Value));

        using var output = new StringWriter();
        var source = ledger.Graph.Previous[ledger.Graph.FirstInput[chain.Hops[0].Transaction]];
        var from = ledger.Graph.TransactionOf(source);
        Assert.Equal(ExitCode.Done, await HaetaeCommand.RunAsync(["peel", $"{ledger.TxIds[from]}:{source - ledger.Graph.FirstOutput[from]}", "--json", "--ledger", ledger.Folder], output, TextWriter.Null));
        var json = JsonNode.Parse(output.ToString())!;
        Assert.Equal((20, "none-goes-on", 20), (json["hops"]!.GetValue<int>(), json["end"]!.GetValue<string>(), json["transactions"]!.AsArray().Count));
        long Amount(string name) => long.Parse(json[name]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(Amount("entered"), Amount("peeled") + Amount("fees") + Amount("left"));
        Assert.Equal(ledger.Graph.Value[source], Amount("entered"));
        Assert.Equal(Amount("peeled"), json["destinations"]!.AsArray().Sum(to => long.Parse(to!["amount"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_chain_ends_where_both_outputs_go_on_and_guesses_nothing()
    {
        var chain = new HandChain();
        var first = chain.Pay(chain.Start, Shapes.Key(), Shapes.Key());
        var second = chain.Pay((first, 1), Shapes.Key(), Shapes.Key());
        chain.Pay((second, 0), Shapes.Key(), Shapes.Key());
        chain.Pay((second, 1), Shapes.Key(), Shapes.Key());
        var found = Follow(chain, first);
        Assert.Equal((2, PeelEnd.Ambiguous), (found.Hops.Count, found.End));
        Assert.Equal([PeelMark.GoesOn, PeelMark.GoesOn], found.LastMarks);
        Assert.Null(found.Hops[1].Peeled);
        Assert.Equal(0, found.MedianHopSeconds);
    }

    [Fact]
    public void Each_mark_that_speaks_against_an_output_is_told()
    {
        var reused = Shapes.Key();
        foreach (var (mark, build) in new (PeelMark, Action<HandChain, Hash256>)[]
        {
            (PeelMark.Unspent, (_, _) => { }),
            (PeelMark.OtherShape, (chain, hop) => chain.Pay((hop, 1), Shapes.Key(), Shapes.Key(), Shapes.Key())),
            (PeelMark.OtherFingerprint, (chain, hop) => chain.Pay((hop, 1), 1, 500_000, Shapes.Key(), Shapes.Key())),
            (PeelMark.OtherFingerprint, (chain, hop) => chain.Pay((hop, 1), 2, 0, Shapes.Key(), Shapes.Key())),
            (PeelMark.GoesOn, (chain, hop) => chain.Pay((hop, 1), Shapes.Key(), Shapes.Key(), Shapes.Data(20))),
        })
        {
            var chain = new HandChain();
            var hop = chain.Pay(chain.Start, Shapes.Key(), Shapes.Key());
            build(chain, hop);
            var found = Follow(chain, hop);
            if (mark == PeelMark.GoesOn) Assert.Equal(2, found.Hops.Count);
            else Assert.Equal((1, PeelEnd.NoneGoesOn, mark), (found.Hops.Count, found.End, found.LastMarks[1]));
        }

        var again = new HandChain();
        var earlier = again.Pay(again.Start, reused, Shapes.Key());
        var later = again.Pay((earlier, 1), Shapes.Key(), reused);
        again.Pay((later, 1), Shapes.Key(), Shapes.Key());
        Assert.Equal(PeelMark.PaidBefore, Follow(again, later).LastMarks[1]);
    }

    [Fact]
    public void What_is_no_hop_and_the_cap_on_hops_are_said()
    {
        var chain = new HandChain();
        var hops = new List<Hash256> { chain.Pay(chain.Start, Shapes.Key(), Shapes.Key()) };
        for (var i = 0; i < 12; i++) hops.Add(chain.Pay((hops[^1], 1), Shapes.Key(), Shapes.Key()));
        var wide = chain.Pay((hops[^1], 1), Shapes.Key(), Shapes.Key(), Shapes.Key(), Shapes.Key());
        using var ledger = chain.Ledger(_bench);
        var first = (uint)ledger.FindTransaction(hops[0]);
        Assert.Equal(13, PeelFollower.FromTransaction(ledger, first).Hops.Count);
        var capped = PeelFollower.FromTransaction(ledger, first, mostHops: 5);
        Assert.Equal((5, PeelEnd.Limit), (capped.Hops.Count, capped.End));
        Assert.NotNull(capped.Hops[4].Next);
        foreach (var none in new[] { PeelFollower.FromTransaction(ledger, 0), PeelFollower.FromTransaction(ledger, (uint)ledger.FindTransaction(wide)), PeelFollower.FromOutput(ledger, ledger.Graph.FirstOutput[ledger.FindTransaction(wide)]) })
            Assert.Equal((0, PeelEnd.NoHop, (long?)null), (none.Hops.Count, none.End, none.MedianHopSeconds));
    }

    private PeelChain Follow(HandChain chain, Hash256 from)
    {
        using var ledger = chain.Ledger(_bench);
        return PeelFollower.FromTransaction(ledger, (uint)ledger.FindTransaction(from));
    }

    /// <summary>Transactions by hand, all in one block behind the genesis block; each output gets its share of what the input brings, a little goes to fees.</summary>
    private sealed class HandChain
    {
        private readonly List<byte[]> _transactions = [];
        private readonly Dictionary<(Hash256, uint), long> _values = [];

        internal HandChain()
        {
            var coinbase = HandMade.Coinbase(1, (5_000_000_000, Shapes.Key()));
            _transactions.Add(coinbase);
            Start = (HandMade.Id(coinbase), 0);
            _values[Start] = 5_000_000_000;
        }

        internal (Hash256, uint) Start { get; }

        internal Hash256 Pay((Hash256, uint) spend, params byte[][] scripts) => Pay(spend, 1, 0, scripts);

        internal Hash256 Pay((Hash256, uint) spend, uint version, uint lockTime, params byte[][] scripts)
        {
            var each = (_values[spend] - 1_000) / scripts.Length;
            var bytes = HandMade.Transaction([spend], [.. scripts.Select(script => (script[0] == 0x6a ? 0 : each, script))]);
            BitConverter.TryWriteBytes(bytes, version);
            BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), lockTime);
            var id = HandMade.Id(bytes);
            for (var output = 0U; output < scripts.Length; output++) _values[(id, output)] = scripts[output][0] == 0x6a ? 0 : each;
            _transactions.Add(bytes);
            return id;
        }

        internal BitcoinLedger Ledger(Workbench bench)
        {
            var (genesis, hash) = Genesis.Build();
            var name = $"hand-{HandMade.Id(_transactions[^1])}-{_transactions.Count}";
            HandMade.Write(bench.Path_(name), genesis, HandMade.Block(hash, [.. _transactions]));
            Workbench.Ingest(bench.Path_(name), bench.Path_(name + "-ledger"));
            return BitcoinLedger.Open(bench.Path_(name + "-ledger"));
        }
    }
}
