using Haetae.Tests.Ledger.RealBlocks;
using Haetae.Tests.Support;
using Haetae.Tracing;

namespace Haetae.Tests.Tracing.CoinJoins;

/// <summary>Mainnet block 277647 (December 2013), whose list of spent outputs is packed otherwise than those <c>haetae accuracy</c> reads.</summary>
public class KnownBlockTests
{
    [Bzip2Theory]
    [InlineData(277_647)]
    [InlineData(null)]
    public void No_rule_fires_on_its_payments(int? height)
    {
        var (block, spent) = SpentLists.Load("277647");
        var at = 0;
        var judged = 0;
        foreach (var transaction in PlainBlock.Read(block).Transactions)
        {
            // What the block itself makes is not in the list.
            var inputs = spent.GetRange(at, transaction.Inputs.Count).ConvertAll(output => output.Script.Length == 0 ? new InputShape(null, null) : new InputShape(output.Script, output.Value));
            at += inputs.Count;
            if (inputs.Count == 0) continue;
            judged++;
            Assert.Null(Shapes.First(new TransactionShape(inputs, [.. transaction.Outputs.Select(output => new OutputShape(output.Script, output.Value))]) { Height = height }));
        }

        Assert.InRange(judged, 100, 10_000);
    }
}
