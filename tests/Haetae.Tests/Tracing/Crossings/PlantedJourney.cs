using System.Text;
using Haetae.Cli.Exercise;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Ingest;
using Haetae.Tests.Ledger.Survival;
using Haetae.Tests.Tracing.Bridges;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Bridges.Abi;
using Haetae.Tracing.Crossings;

namespace Haetae.Tests.Tracing.Crossings;

/// <summary>
/// A theft on Bitcoin whose money crosses to Ethereum by THORChain's memos, is mixed with clean ether there, and comes back: both ledgers made by hand, with a
/// vault on either side. What is stolen, mixed and paid out is drawn from a seed.
/// </summary>
internal sealed class PlantedJourney : IDisposable
{
    internal static readonly AccountAddress Router = AccountAddress.Parse("0xD37BbE5744D730a1d98d8DC97c42F0Ca46aD7146"), Vault = Account(0x99), Thief = Account(1), Other = Account(2), Third = Account(3), Pool = Account(0x50);
    internal static readonly BridgeProtocol Thor = BridgeTables.BuiltIn.Single(table => table.Name == "thorchain");
    private static readonly byte[] VaultScript = Script(0x77), ThiefScript = Script(0x11), LastScript = Script(0x22), CleanScript = Script(0x33);
    private readonly string _root = Directory.CreateTempSubdirectory("haetae-journey-").FullName;
    private readonly BitcoinLedger _bitcoin;

    /// <param name="seed">Draws the amounts; null: such that every rule carries some of the theft all the way.</param>
    /// <param name="asks">The asset in the first deposit's memo; the vault pays ether, whatever it says.</param>
    internal PlantedJourney(int? seed = null, bool streamed = false, bool withMemoOut = true, bool refundPart = false, bool swap = false, string asks = "ETH.ETH")
    {
        var dice = new Random(seed ?? 0);
        long Draw(long least, long most, long plain) => seed is null ? plain : dice.NextInt64(least, most + 1);
        var stolen = HandMade.Coinbase(1, (50_00000000, ThiefScript));
        var clean = HandMade.Coinbase(2, (50_00000000, CleanScript));
        Stolen = Draw(1_00000000, 50_00000000, 50_00000000);
        // Mixed with a clean coin, then into the vault, with change.
        var mixed = HandMade.Transaction([(HandMade.Id(stolen), 0), (HandMade.Id(clean), 0)], (Draw(10_00000000, 60_00000000, 90_00000000), ThiefScript), (Draw(1, 20_00000000, 9_00000000), CleanScript));
        var carried = AmountOf(mixed);
        Deposited = Draw(carried / 3, carried - 2_000, 85_00000000);
        var memo = $"=:{asks}:" + Thief + "/bcrt1back:1e6/1/0:t:10";
        var deposit = HandMade.Transaction([(HandMade.Id(mixed), 0)], (Deposited, VaultScript), (carried - Deposited - 1_000, ThiefScript), (0, OpReturn(memo)));
        DepositId = HandMade.Id(deposit);

        var builder = new AccountTableBuilder(ChainName.Ethereum);
        var ether = AssetName.Native(ChainName.Ethereum);
        uint time = 1_700_000_100;
        void Fund(AccountAddress account, UInt256 amount) { Begin(); builder.AddTransfer(null, account, ether, amount, TransferKind.Reward); }
        void Begin() => builder.AddTransaction(EventData.Topic(Encoding.ASCII.GetBytes($"tx{builder.TransactionCount}".PadLeft(20, '-'))), ++time);
        Fund(Vault, (UInt128)1_000_000_000_000);
        Fund(Thief, (UInt128)Draw(1, 500_000, 10_000));
        var outs = streamed ? 3 : 1;
        for (var i = 0; i < outs; i++)
        {
            Begin();
            var amount = (UInt256)(UInt128)Draw(100_000, 2_000_000, 1_000_000);
            builder.AddTransfer(Vault, Router, ether, amount);
            builder.AddTransfer(Router, Thief, ether, amount, TransferKind.Internal);
            if (withMemoOut) Emit(builder, "TransferOut", [Vault, Thief], AccountAddress.Zero, amount, "OUT:" + DepositId.ToString().ToUpperInvariant());
        }

        Begin();
        builder.AddTransfer(Thief, Other, ether, (UInt128)Draw(1_000, 90_000, 50_000));
        if (swap)
        {
            // Into a token at a pool, and out of it again at another rate: what comes back is the theft's by conversion only.
            var token = AssetName.Token(ChainName.Ethereum, Account(0x51));
            builder.DescribeAsset(token, "USD", 6);
            Fund(Pool, (UInt128)50_000_000);
            Begin();
            builder.AddTransfer(null, Pool, token, (UInt128)900_000_000, TransferKind.Mint);
            Sold = (UInt128)Draw(20_000, 99_000, 800_000);
            var bought = (UInt128)Draw(1_000_000, 9_000_000, 2_400_007);
            Begin();
            builder.AddTransfer(Thief, Pool, ether, Sold);
            builder.AddTransfer(Pool, Thief, token, bought, TransferKind.Token);
            Begin();
            builder.AddTransfer(Thief, Pool, token, bought, TransferKind.Token);
            builder.AddTransfer(Pool, Thief, ether, (UInt128)Draw(20_000, 200_000, 790_013), TransferKind.Internal);
        }

        Fund(Other, (UInt128)Draw(1, 50_000, 7));
        // Back over the same bridge, half of it from the other account.
        Begin();
        BackAmount = (UInt128)Draw(5_000, 90_000, 900_000);
        builder.AddTransfer(Thief, Router, ether, BackAmount);
        builder.AddTransfer(Router, Vault, ether, BackAmount, TransferKind.Internal);
        var last = AddressOf(LastScript);
        Emit(builder, "Deposit", [Vault, AccountAddress.Zero], BackAmount, "=:b:" + last);
        var backId = EventData.Topic(Encoding.ASCII.GetBytes($"tx{builder.TransactionCount - 1}".PadLeft(20, '-')));
        builder.SetOpening(Other, ether, 0);
        Ethereum = builder.Build();

        var vaultCoin = HandMade.Coinbase(3, (50_00000000, VaultScript));
        PaidBack = Draw(1_000, 20_00000000, 3_00000000);
        byte[] vaultPays = HandMade.Transaction([(HandMade.Id(vaultCoin), 0)], (PaidBack, LastScript), (50_00000000 - PaidBack - 500, VaultScript), (0, OpReturn("OUT:" + backId.ToString().ToUpperInvariant())));
        var blocks = new List<byte[]> { Genesis.Build().Bytes };
        void Add(params byte[][] transactions) => blocks.Add(HandMade.Block(HandMade.Hash(blocks[^1]), transactions));
        Add(stolen);
        Add(clean);
        Add(HandMade.Coinbase(4, (1, CleanScript)), mixed);
        Add(HandMade.Coinbase(5, (1, CleanScript)), deposit);
        if (refundPart)
        {
            var refundCoin = HandMade.Coinbase(6, (50_00000000, VaultScript));
            Add(refundCoin);
            Refunded = Deposited / 4;
            Add(HandMade.Coinbase(7, (1, CleanScript)), HandMade.Transaction([(HandMade.Id(refundCoin), 0)], (Refunded, ThiefScript), (50_00000000 - Refunded - 500, VaultScript), (0, OpReturn("REFUND:" + DepositId.ToString().ToUpperInvariant()))));
        }

        Add(vaultCoin);
        Add(HandMade.Coinbase(8, (1, CleanScript)), vaultPays);
        HandMade.Write(Path.Combine(_root, "blocks"), [.. blocks]);
        BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = Path.Combine(_root, "blocks"), Ledger = Folder, Threads = 1, Network = BitcoinNetwork.Regtest });
        _bitcoin = BitcoinLedger.Open(Folder);
        SeedOutput = _bitcoin.Graph.FirstOutput[(uint)_bitcoin.FindTransaction(HandMade.Id(stolen))];
        LastOutput = _bitcoin.Graph.FirstOutput[(uint)_bitcoin.FindTransaction(HandMade.Id(vaultPays))];
        DepositOutput = _bitcoin.Graph.FirstOutput[(uint)_bitcoin.FindTransaction(DepositId)];
    }

    internal string Root => _root;

    internal string Folder => Path.Combine(_root, "ledger");

    internal BitcoinLedger Bitcoin => _bitcoin;

    internal AccountTable Ethereum { get; }

    internal long Stolen { get; }

    internal long Deposited { get; }

    internal long Refunded { get; }

    internal Hash256 DepositId { get; }

    /// <summary>Ether given at the pool; 0 without one.</summary>
    internal UInt256 Sold { get; }

    internal UInt256 BackAmount { get; }

    internal long PaidBack { get; }

    internal long SeedOutput { get; }

    internal long LastOutput { get; }

    internal long DepositOutput { get; }

    /// <summary>The theft, with the vaults of both sides named.</summary>
    internal JourneyQuery Query(bool nameVaults = true, bool conversions = false)
    {
        var names = new BridgeNames();
        if (nameVaults)
        {
            names.Add("thorchain", _bitcoin.Network.ChainId, AddressOf(VaultScript));
            names.Add("thorchain", "eip155:1", Vault.ToString());
        }

        return JourneyQuery.Over(
            [new BitcoinJourneyLedger("btc", _bitcoin), new AccountJourneyLedger("eth", Ethereum)], [new JourneySeed(0, SeedOutput, (UInt128)Stolen)], [Thor], names) with
        { ReadConversions = conversions };
    }

    internal string BitcoinVault { get; } = AddressOf(VaultScript);

    internal string LastOnBitcoin { get; } = AddressOf(LastScript);

    internal Hash256 StolenId => _bitcoin.TxIds[_bitcoin.Graph.TransactionOf(SeedOutput)];

    /// <summary>Writes the rows of Ethereum into a ledger on disk, events and all.</summary>
    /// <returns>Its folder.</returns>
    internal string WriteEthereum()
    {
        var folder = Path.Combine(_root, "ethereum");
        using var writer = AccountLedgerWriter.Open(folder, Ethereum.Chain, threads: 1);
        var graph = Ethereum.Graph;
        AccountAddress? Who(uint account) => account == AccountGraph.Nobody ? null : Ethereum.AddressOf(account);
        for (uint transaction = 0; transaction < graph.TransactionCount; transaction++)
        {
            writer.AddTransaction(graph.TxId[transaction], graph.TxTime[transaction], graph.TxBlock[transaction], (TxMarks)graph.Marks[transaction]);
            for (var transfer = graph.TxFirstTransfer[transaction]; transfer < graph.TxFirstTransfer[transaction + 1L]; transfer++)
                writer.AddTransfer(Who(graph.From[transfer]), Who(graph.To[transfer]), Ethereum.Assets[(int)graph.Asset[transfer]].Name, graph.Amount[transfer], graph.KindOf(transfer));
            foreach (var one in Ethereum.EventsOf(transaction)) writer.AddEvent(one.Emitter, [.. one.Topics], one.Data);
        }

        foreach (var asset in Ethereum.Assets) writer.DescribeAsset(asset.Name, asset.Symbol, asset.Decimals);
        writer.SetOpening(Other, AssetName.Native(Ethereum.Chain), 0);
        writer.AddNote("Made by hand.");
        writer.Checkpoint();
        return folder;
    }

    public void Dispose()
    {
        _bitcoin.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private static void Emit(AccountTableBuilder builder, string name, object[] indexed, params object[] values)
    {
        var one = EventData.Of(Thor.Events.Single(table => table.Signature.Name == name).Signature, Router, indexed, values);
        builder.AddEvent(one.Emitter, [.. one.Topics], one.Data);
    }

    // The amount stands before the length of the script that it pays.
    private static long AmountOf(byte[] transaction) => BitConverter.ToInt64(transaction, transaction.AsSpan().LastIndexOf(ThiefScript) - 9);

    private static byte[] Script(byte tag) => [0x00, 0x14, .. Enumerable.Repeat(tag, 20)];

    private static string AddressOf(byte[] script) => Address.TryEncode(script, BitcoinNetwork.Regtest, out var address) ? address : throw new InvalidOperationException("no address");

    private static byte[] OpReturn(string memo)
    {
        var bytes = Encoding.ASCII.GetBytes(memo);
        return bytes.Length < 0x4c ? [0x6a, (byte)bytes.Length, .. bytes] : [0x6a, 0x4c, (byte)bytes.Length, .. bytes];
    }

    private static AccountAddress Account(byte last) => new([.. new byte[19], last]);
}
