using System.Numerics;
using Haetae.Cli.Commands;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Evm;
using Haetae.Ledger.Node;

namespace Haetae.Tests.Evm;

/// <summary>Everything that happened on a real node's chain, as its contracts tell it.</summary>
[Collection(BazaarTests.Name)]
public sealed class AnvilTests(BazaarChain shared)
{
    private static readonly ChainName Chain = ChainName.Evm(31337);

    private static ChainRows Ingest(Anvil anvil, ulong to, bool noTraces = false)
    {
        var rows = new ChainRows(Chain);
        using var ingest = new EvmIngest(new EvmIngestOptions { To = to, NoTraces = noTraces, BlocksAtOnce = 5 }, anvil.Access, null, null, CancellationToken.None);
        var result = ingest.Run(rows);
        Assert.Equal((uint)to, result.Tip!.Value.Number);
        return rows;
    }

    [AnvilFact]
    public void After_every_block_everybody_holds_what_the_node_and_the_contracts_say()
    {
        var (anvil, bazaar) = (shared.Anvil, shared.Bazaar);
        var rows = Ingest(anvil, bazaar.Height);
        Assert.Empty(rows.Notes);
        var compared = AssertBalances(anvil, bazaar, rows);
        Assert.True(compared > 1000, $"{compared} balances compared");
    }

    [AnvilFact]
    public void What_moved_stands_in_the_order_in_which_it_moved()
    {
        var (anvil, bazaar) = (shared.Anvil, shared.Bazaar);
        var rows = Ingest(anvil, bazaar.Height);
        var weth = Bazaar.Token(bazaar.Weth);
        Assert.Equal(
            [TransferKind.External, TransferKind.Internal, TransferKind.Mint, TransferKind.Token, TransferKind.Token, TransferKind.Fee, TransferKind.FeeBurnt],
            rows.Of(bazaar.Sent["buy with coin"]).Transfers.Select(one => one.Kind));
        var sale = rows.Of(bazaar.Sent["sell for coin"]).Transfers;
        Assert.Equal(
            [TransferKind.Token, TransferKind.Token, TransferKind.Internal, TransferKind.Burn, TransferKind.Internal, TransferKind.Fee, TransferKind.FeeBurnt],
            sale.Select(one => one.Kind));
        Assert.Equal((weth, bazaar.Router, sale[1].Amount), (sale[3].Asset, sale[3].From!.Value, sale[3].Amount));
        Assert.Equal((bazaar.Heir, sale[1].Amount), (sale[4].To!.Value, sale[4].Amount));

        // What a caught failure moved did not move; what a failed transaction moved neither, and its fee is paid.
        Assert.Equal([(TransferKind.External, 1000UL), (TransferKind.Internal, 500UL), (TransferKind.Token, 5UL)],
            rows.Of(bazaar.Sent["attempt"]).Transfers.Take(3).Select(one => (one.Kind, (ulong)one.Amount.Lower)));
        var failed = rows.Of(bazaar.Sent["fail"]);
        Assert.Equal((TxMarks.Failed, 2, 0), (failed.Marks, failed.Transfers.Count, failed.Events.Count));
        Assert.Equal([TransferKind.Fee, TransferKind.FeeBurnt], failed.Transfers.Select(one => one.Kind));

        Assert.Equal([TransferKind.External, TransferKind.Create, TransferKind.Destruct], rows.Of(bazaar.Sent["flash"]).Transfers.Take(3).Select(one => one.Kind));
        Assert.Equal(["1", "2"], rows.Of(bazaar.Sent["kinds"]).Transfers.Take(2).Select(one => one.Asset.Id.ToString()));
        Assert.Equal((AssetKind.Unique, UInt256.One), (rows.Of(bazaar.Sent["thing given"]).Transfers[0].Asset.Kind, rows.Of(bazaar.Sent["thing given"]).Transfers[0].Amount));
    }

    [AnvilFact]
    public void Events_that_are_no_transfers_and_memos_are_kept()
    {
        var (anvil, bazaar) = (shared.Anvil, shared.Bazaar);
        var rows = Ingest(anvil, bazaar.Height);
        var memo = Assert.Single(rows.Of(bazaar.Sent["pay"]).Events);
        Assert.Equal((bazaar.Friend, 0, "thanks for the fish"), (memo.Emitter, memo.Topics.Length, System.Text.Encoding.ASCII.GetString(memo.Data)));
        foreach (var (what, emitter, signature) in new[]
        {
            ("mix", bazaar.Mixer, "Deposit(bytes32,uint32,uint256)"), ("unmix", bazaar.Mixer, "Withdrawal(address,bytes32,address,uint256)"),
            ("lock", bazaar.Bridge, "Send(bytes32,address,address,address,uint256,uint64,uint64,uint32)"), ("release", bazaar.Bridge, "Relay(bytes32,address,address,address,uint256,uint64,bytes32)"),
        })
        {
            var kept = Assert.Single(rows.Of(bazaar.Sent[what]).Events);
            Assert.Equal((emitter, TokenTopics.Of(signature)), (kept.Emitter, kept.Topics[0]));
        }

        Assert.Empty(rows.Of(bazaar.Sent["wrap"]).Events);
        Assert.All(rows.Transactions, one => Assert.Equal(one.Events.Count > 0 ? anvil.GasPrice(one.Id) : null, one.GasPrice));
    }

    /// <summary>The same chain by the other method of tracing and by none: the same sums where nothing is missing, and a note where something is.</summary>
    [AnvilFact]
    public void Flat_traces_give_the_same_transfers_and_no_traces_say_what_is_missing()
    {
        var (anvil, bazaar) = (shared.Anvil, shared.Bazaar);
        var whole = Ingest(anvil, bazaar.Height);
        var flat = new ChainRows(Chain);
        using (var node = new EvmNode(anvil.Access, null, CancellationToken.None))
        {
            var transfers = new EvmTransfers(flat);
            foreach (var block in EvmIngest.Fetch(node, 0, (int)bazaar.Height + 1, EvmTracing.TraceBlock)) transfers.Add(block);
        }

        AssertBalances(anvil, bazaar, flat);
        Assert.Contains(flat.Notes, note => note.Contains("internal calls stand before token transfers", StringComparison.Ordinal));
        foreach (var one in whole.Transactions)
            Assert.Equal(one.Transfers.Select(Text).Order(StringComparer.Ordinal), flat.Of(one.Id).Transfers.Select(Text).Order(StringComparer.Ordinal));

        var bare = Ingest(anvil, bazaar.Height, noTraces: true);
        Assert.Contains(bare.Notes, note => note.Contains("--no-traces", StringComparison.Ordinal));
        foreach (var one in whole.Transactions)
        {
            // Calls within are missing, and nothing else is, but for what needs them: the wrapped coin of an unknown contract.
            var told = bare.Of(one.Id).Transfers.Select(Text).ToList();
            var expected = one.Transfers.Where(move => move.Kind is not (TransferKind.Internal or TransferKind.Destruct) && !(move.Kind == TransferKind.Create && one.Transfers[0].Kind != TransferKind.Create)).Select(Text).ToList();
            Assert.Subset(expected.ToHashSet(), told.ToHashSet());
            Assert.All(expected.Except(told), missing => Assert.Contains(bazaar.Weth.ToString(), missing, StringComparison.Ordinal));
        }

        static string Text(ChainRows.Transfer one) => $"{one.Kind} {one.From} {one.To} {one.Asset} {one.Amount}";
    }

    /// <summary>A coin that keeps a part for itself and does not say so: the transfers tell more than its contract does.</summary>
    [AnvilFact]
    public void A_token_that_lies_about_what_it_moves_is_found_by_asking_it()
    {
        var (anvil, bazaar) = (shared.Anvil, shared.Bazaar);
        var rows = Ingest(anvil, bazaar.Height);
        var counted = rows.BalancesAfter((uint)bazaar.Height)[(bazaar.Thief, Bazaar.Token(bazaar.Sly))];
        Assert.Equal((50_000, 49_500), ((int)counted, (int)anvil.Read(bazaar.Sly, bazaar.Height, "balanceOf(address)", Bazaar.Word(bazaar.Thief)).Lower));
    }

    [AnvilFact]
    public async Task The_command_takes_a_node_in_goes_on_and_holds_balances_against_it()
    {
        var (anvil, bazaar) = (shared.Anvil, shared.Bazaar);
        var folder = Directory.CreateTempSubdirectory("haetae-anvil").FullName;
        try
        {
            var ledger = Path.Combine(folder, "ledger");
            var (exit, told, _) = await Haetae("ingest", "evm", "--rpc", anvil.Url, "--ledger", ledger, "--to", "10", "--json");
            Assert.Equal((ExitCode.Done, 11, 10), (exit, (int)told!["blocksAdded"]!, (int)told["tipBlock"]!));
            (exit, told, _) = await Haetae("ingest", "evm", "--rpc", anvil.Url, "--ledger", ledger, "--json");
            Assert.Equal((ExitCode.Done, (long)anvil.Height - 10, "debug_traceBlockByNumber"), (exit, (long)told!["blocksAdded"]!, (string)told["internalCalls"]!));
            (exit, told, _) = await Haetae("ingest", "evm", "--rpc", anvil.Url, "--ledger", ledger, "--json");
            Assert.Equal((ExitCode.Done, 0), (exit, (int)told!["blocksAdded"]!));
            var whole = Ingest(anvil, anvil.Height);
            Assert.Equal((whole.TransactionCount, whole.TransferCount), ((uint)told["transactions"]!, (long)told["transfers"]!));

            (exit, told, _) = await Haetae("ledger", "reconcile", bazaar.Friend.ToString(), bazaar.Heir.ToString(), "--rpc", anvil.Url, "--ledger", ledger, "--json");
            Assert.Equal(ExitCode.Done, exit);
            Assert.True(told!["accounts"]!.AsArray().Count >= 5);
            (exit, told, _) = await Haetae("ledger", "reconcile", bazaar.Thief.ToEip55(), "--rpc", anvil.Url, "--ledger", ledger, "--json");
            Assert.Equal(ExitCode.VerificationFailed, exit);
            var wrong = Assert.Single(told!["accounts"]!.AsArray(), one => !(bool)one!["equal"]!)!;
            Assert.Equal((Bazaar.Token(bazaar.Sly).Caip19, "50000", "49500"), ((string)wrong["asset"]!, (string)wrong["in"]!, (string)wrong["balance"]!));

            (exit, _, var errors) = await Haetae("ingest", "evm", "--rpc", anvil.Url, "--ledger", ledger, "--from", "100");
            Assert.Equal(ExitCode.Failed, exit);
            Assert.Contains("do not connect to it", errors, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static async Task<(int Exit, System.Text.Json.Nodes.JsonNode? Told, string Errors)> Haetae(params string[] args)
        {
            using StringWriter output = new(), errors = new();
            var exit = await HaetaeCommand.RunAsync(args, output, errors);
            return (exit, output.ToString().Length > 0 && args.Contains("--json") ? System.Text.Json.Nodes.JsonNode.Parse(output.ToString()) : null, errors.ToString());
        }
    }

    [AnvilFact]
    public async Task A_ledger_follows_a_node_through_a_reorganisation_and_ends_as_the_node_is()
    {
        using var anvil = new Anvil();
        var bazaar = new Bazaar(anvil);
        var folder = Directory.CreateTempSubdirectory("haetae-anvil").FullName;
        try
        {
            var events = new System.Collections.Concurrent.ConcurrentQueue<FollowEvent>();
            using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(240));
            var follow = Task.Run(() =>
            {
                using var ledger = AccountLedgerWriter.Open(Path.Combine(folder, "followed"), Chain);
                using var ingest = new EvmIngest(new EvmIngestOptions { BlocksAtOnce = 7 }, anvil.Access, events.Enqueue, null, stop.Token);
                ingest.Run(ledger);
            });
            await Reach(anvil.Height);
            anvil.Send(bazaar.Thief, bazaar.Friend, 12345, []);
            anvil.Mine(2);
            await Reach(anvil.Height);
            anvil.Ask("anvil_reorg", 3, new System.Text.Json.Nodes.JsonArray());
            anvil.ForgetNonces();
            anvil.Send(bazaar.Friend, bazaar.Heir, 54321, []);
            anvil.Mine(2);
            await Reach(anvil.Height);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => follow);
            Assert.Contains(events, one => one is { Kind: FollowEventKind.Reorganised, Undone: >= 3 });

            using (var anew = AccountLedgerWriter.Open(Path.Combine(folder, "anew"), Chain))
            {
                using var ingest = new EvmIngest(new EvmIngestOptions(), anvil.Access, null, null, CancellationToken.None);
                ingest.Run(anew);
            }

            using var one = AccountLedger.Open(Path.Combine(folder, "followed"));
            using var other = AccountLedger.Open(Path.Combine(folder, "anew"));
            Assert.Equal(other.Digest, one.Digest);
            var thief = one.FindAccount(bazaar.Thief)!.Value;
            Assert.NotEqual(0, one.TransfersOf(thief).Length);
            AssertBalances(anvil, bazaar, Rows(one), bazaar.Height - 2);

            async Task Reach(ulong height)
            {
                var hash = Hash256.Parse(((string)anvil.Ask("eth_getBlockByNumber", $"0x{height:x}", false)!["hash"]!).AsSpan(2));
                for (var i = 0; i < 9000 && !events.Any(one => one.Hash == hash); i++)
                {
                    if (follow.IsCompleted) await follow;
                    await Task.Delay(10);
                }

                Assert.Contains(events, one => one.Hash == hash);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A stored ledger as plain lists.</summary>
    private static ChainRows Rows(AccountLedger ledger)
    {
        var rows = new ChainRows(ledger.Chain);
        var graph = ledger.Graph;
        for (uint number = 0, block = 0; block < ledger.BlockNumbers.Length; block++)
        {
            rows.AddBlock(ledger.BlockNumbers[block], ledger.BlockHashes[block], ledger.BlockParents[block], ledger.BlockTimes[block]);
            for (; number < graph.TransactionCount && graph.TxBlock[number] == ledger.BlockNumbers[block]; number++)
            {
                rows.AddTransaction(graph.TxId[number], graph.TxTime[number], graph.TxBlock[number], (TxMarks)graph.Marks[number]);
                for (var i = graph.TxFirstTransfer[number]; i < graph.TxFirstTransfer[number + 1]; i++)
                    rows.AddTransfer(Who(graph.From[i]), Who(graph.To[i]), ledger.Assets[(int)graph.Asset[i]].Name, graph.Amount[i], graph.KindOf(i));
                foreach (var one in ledger.EventsOf(number)) rows.AddEvent(one.Emitter, [.. one.Topics], one.Data);
                if (ledger.GasPriceOf(number) is { } price) rows.AddGasPrice(price);
            }
        }

        return rows;

        AccountAddress? Who(uint account) => account == AccountGraph.Nobody ? null : ledger.AddressOf(account);
    }

    /// <summary>Every account that was ever met, every asset, at the end of every block from one on.</summary>
    private static int AssertBalances(Anvil anvil, Bazaar bazaar, ChainRows rows, ulong from = 0)
    {
        var accounts = rows.Transactions.SelectMany(one => one.Transfers).SelectMany(one => new[] { one.From, one.To }).OfType<AccountAddress>().Distinct().ToList();
        var compared = 0;
        foreach (var (block, _, _, _) in rows.Blocks.Where(block => block.Number >= from))
        {
            var balances = rows.BalancesAfter(block);
            foreach (var account in accounts)
            {
                var opening = (BigInteger)anvil.Balance(account, 0);
                Same(account, Bazaar.Native, opening, anvil.Balance(account, block));
                foreach (var coin in bazaar.Coins)
                    if (anvil.Ask("eth_getCode", coin.ToString(), $"0x{block:x}")!.GetValue<string>() != "0x")
                        Same(account, Bazaar.Token(coin), 0, anvil.Read(coin, block, "balanceOf(address)", Bazaar.Word(account)));
            }

            void Same(AccountAddress account, AssetName asset, BigInteger opening, UInt256 told)
            {
                var counted = opening + balances.GetValueOrDefault((account, asset));
                Assert.True(counted == told, $"block {block}: {account} holds {told} of {asset}, and the transfers say {counted}");
                compared++;
            }
        }

        return compared;
    }
}
