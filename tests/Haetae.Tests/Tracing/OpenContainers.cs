using System.Runtime.CompilerServices;
using Haetae.Tests.Tracing.Support;
using Haetae.Tracing.Engine;

namespace Haetae.Tests.Tracing;

/// <summary>The containers of open transactions against a sorted dictionary.</summary>
public class OpenContainers
{
    private const int Transactions = 700_000; // more than two words of the third level

    [Fact]
    public void The_heap_takes_in_chain_order_and_adds_up() => Play(new StrongBox<OpenHeap>(new OpenHeap()), sums: true);

    [Fact]
    public void The_bitmap_takes_in_chain_order() => Play(new StrongBox<OpenBits>(new OpenBits(Transactions)), sums: false);

    [Fact]
    public void The_pages_take_in_chain_order_and_add_up()
    {
        var builder = new GraphBuilder();
        builder.Block(1);
        builder.Skip(Transactions);
        Play(new StrongBox<OpenSums>(new OpenSums(builder.Build())), sums: true);
    }

    private static void Play<TOpen>(StrongBox<TOpen> box, bool sums) where TOpen : struct, IOpenTransactions
    {
        for (var seed = 0UL; seed < 30; seed++)
        {
            var dice = new Dice(seed);
            var model = new SortedDictionary<uint, long>();
            var position = 0u;
            box.Value.Rewind(0);
            for (var step = 0; step < 3000; step++)
            {
                if (dice.OneIn(2))
                {
                    // Near ones mostly, as on a chain.
                    var reach = dice.OneIn(20) ? Transactions : dice.OneIn(3) ? 5000 : 70;
                    var transaction = (uint)Math.Min(Transactions - 1, position + 1 + dice.Below(reach));
                    if (transaction <= position) continue;
                    var tainted = 1 + dice.Below(100);
                    box.Value.Add(transaction, tainted);
                    model[transaction] = model.GetValueOrDefault(transaction) + tainted;
                    continue;
                }

                var before = dice.OneIn(3) ? position + 1 + (uint)dice.Below(300) : uint.MaxValue;
                var expected = model.Count > 0 && model.First().Key < before ? model.First() : default;
                var took = box.Value.TryTake(before, out var taken, out var sum);
                Assert.Equal(expected.Key != 0, took);
                if (took)
                {
                    Assert.Equal(expected.Key, taken);
                    if (sums) Assert.Equal(expected.Value, sum);
                    model.Remove(taken);
                    position = taken;
                }
                else
                {
                    // As the trace does at a seed or at a block's end: everything before is done.
                    if (before != uint.MaxValue) position = Math.Max(position, before - 1);
                    box.Value.Rewind(Math.Min(position, Transactions - 1));
                }
            }

            box.Value.Rewind(0);
            foreach (var transaction in model.Keys)
            {
                Assert.True(box.Value.TryTake(uint.MaxValue, out var taken, out _));
                Assert.Equal(transaction, taken);
            }

            Assert.False(box.Value.TryTake(uint.MaxValue, out _, out _));
        }
    }
}
