using System.Buffers.Binary;
using System.Globalization;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Benchmarks;

/// <summary>Traces on generated account ledgers, in memory: how long each policy takes for so many tainted transfers. Processor time, the best of three.</summary>
internal static class AccountRuns
{
    private static readonly ChainName s_chain = ChainName.TryParse("eth", out var chain) ? chain : throw new InvalidOperationException();

    public static void Run(int transfers)
    {
        foreach (var (shape, ledger, query) in new[] { Hub(transfers), Spread(transfers), Crowd(transfers) })
        {
            Console.WriteLine($"{shape}: {ledger.Graph.TransferCount} transfers of {ledger.AccountCount} accounts");
            foreach (var policy in AccountTracer.Policies)
            {
                var best = double.MaxValue;
                var outcome = new AccountTracer(ledger).Trace(query, policy);
                for (var i = 0; i < 3; i++)
                {
                    var before = Environment.CpuUsage.TotalTime;
                    outcome = new AccountTracer(ledger).Trace(query, policy);
                    best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {PolicyNames.NameOf(policy),-12} {best:0.000} s, {outcome.Flow.Count} transfers tainted, {outcome.Ends.Count} ends"));
            }

            var start = Environment.CpuUsage.TotalTime;
            var bounds = new AccountBounds(ledger, query, mostSteps: int.MaxValue);
            var bound = bounds.Of(Enumerable.Range(1, 9).Select(account => new AccountPlace((uint)account, 0)))[0];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  bounds       {(Environment.CpuUsage.TotalTime - start).TotalSeconds:0.000} s, {bound.Least} to {bound.Most}"));
        }
    }

    // One account takes stolen and clean money in turn and pays it out in small parts: long lines, long histories.
    private static (string Shape, AccountTable Ledger, AccountQuery Query) Hub(int transfers)
    {
        var (builder, dice, seeds) = (new AccountTableBuilder(s_chain), 1UL, new List<StolenTransfer>());
        for (var i = 0; i < 2 * transfers; i++)
        {
            Begin(builder, i);
            if (i % 2 == 0)
            {
                var amount = 1_000_000_000_000_000_000UL + Next(ref dice, 1_000_000_000);
                var added = builder.AddTransfer(Account(2 + i), Account(0), AssetName.Native(s_chain), amount);
                if (i % 4 == 0) seeds.Add(new StolenTransfer(added, amount));
            }
            else
            {
                builder.AddTransfer(Account(0), Account((int)Next(ref dice, 1000) + 1_000_000), AssetName.Native(s_chain), 900_000_000_000_000_000UL + Next(ref dice, 1_000_000_000));
            }
        }

        var ledger = builder.Build();
        return ("hub", ledger, new AccountQuery { Seeds = seeds, Within = new HashSet<uint> { ledger.FindAccount(Account(0))!.Value } });
    }

    // Stolen money is passed on from account to account, each paying two others half of it and the fee.
    private static (string Shape, AccountTable Ledger, AccountQuery Query) Spread(int transfers)
    {
        var (builder, ether) = (new AccountTableBuilder(s_chain), AssetName.Native(s_chain));
        var held = new UInt256[transfers + 3];
        held[1] = (UInt128)1 << 100;
        Begin(builder, 0);
        var seed = new StolenTransfer(builder.AddTransfer(Account(1_000_000_000), Account(1), ether, held[1]), held[1]);
        for (var i = 2; i < transfers + 2; i++)
        {
            Begin(builder, i);
            var half = UInt256.MulDiv(held[i / 2], 1, i % 2 == 0 ? 2UL : 1UL);
            var fee = (UInt256)21_000;
            held[i / 2] -= half;
            held[i] = half - fee;
            builder.AddTransfer(Account(i / 2), Account(i), ether, held[i]);
            builder.AddTransfer(Account(i / 2), null, ether, fee, TransferKind.FeeBurnt);
        }

        return ("spread", builder.Build(), new AccountQuery { Seeds = [seed] });
    }

    // Two thousand accounts pay each other at random: circles everywhere.
    private static (string Shape, AccountTable Ledger, AccountQuery Query) Crowd(int transfers)
    {
        var (builder, dice, seeds) = (new AccountTableBuilder(s_chain), 3UL, new List<StolenTransfer>());
        var ether = AssetName.Native(s_chain);
        for (var i = 0; i < 2000; i++) builder.SetOpening(Account(i), ether, 1_000_000_000);
        for (var i = 0; i < transfers; i++)
        {
            Begin(builder, i);
            var added = builder.AddTransfer(Account((int)Next(ref dice, 2000)), Account((int)Next(ref dice, 2000)), ether, 1 + Next(ref dice, 1_000_000));
            if (i is >= 100 and < 200) seeds.Add(new StolenTransfer(added, 1));
        }

        var ledger = builder.Build();
        return ("crowd", ledger, new AccountQuery { Seeds = [.. seeds.Where(seed => ledger.Graph.From[seed.Transfer] != ledger.Graph.To[seed.Transfer]).Select(seed => seed with { Stolen = ledger.Graph.Amount[seed.Transfer] })] });
    }

    private static void Begin(AccountTableBuilder builder, int number)
    {
        Span<byte> id = stackalloc byte[32];
        id.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(id, number);
        builder.AddTransaction(new Hash256(id), (uint)number, (uint)number);
    }

    private static AccountAddress Account(int number)
    {
        Span<byte> bytes = stackalloc byte[AccountAddress.Size];
        bytes.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number + 1);
        return new AccountAddress(bytes);
    }

    // xorshift64* (Vigna 2016): the same ledger every time.
    private static ulong Next(ref ulong state, ulong below)
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return (ulong)(((UInt128)(state * 0x2545F4914F6CDD1DUL) * below) >> 64);
    }
}
