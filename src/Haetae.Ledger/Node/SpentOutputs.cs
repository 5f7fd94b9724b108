using Haetae.Ledger.Ingest;

namespace Haetae.Ledger.Node;

/// <summary>What inputs spend, as a node tells it with <c>getblock HASH 3</c>: for ledgers that begin above the first block.</summary>
/// <remarks>One run takes them for all blocks or for none: which values a ledger knows must not hang on which thread asked first.</remarks>
internal sealed class SpentOutputs
{
    /// <summary>A block of four million bytes as JSON with scripts in two forms stays well below this.</summary>
    private const long AnswerLimit = 256 << 20;

    private int _told, _absent;

    /// <summary>The node does not keep or does not tell them: values stay unknown.</summary>
    internal bool Absent => Volatile.Read(ref _absent) != 0;

    /// <summary>Adds what the blocks of a chunk spend to it, unless the node cannot tell.</summary>
    internal void Fill(NodeClient client, ReadOnlySpan<SourceBlock> blocks, Chunk chunk, CancellationToken cancel)
    {
        var spent = chunk.Spent ??= [];
        foreach (var block in blocks)
        {
            if (Absent) return;
            var told = Ask(client, block.Hash, spent, cancel);
            if (told == SpentTold.All) Interlocked.Exchange(ref _told, 1);
            if (told == SpentTold.None) Interlocked.Exchange(ref _absent, 1);
            if (told != SpentTold.NothingSpent && Absent && Volatile.Read(ref _told) != 0)
                throw new LedgerException(
                    $"The node at {client.Name} tells of some blocks what their inputs spend and of others not (seen at block {block.Hash}): its undo data has gaps. Let it build them anew, or ask another node.");
        }
    }

    private static SpentTold Ask(NodeClient client, Hash256 block, Dictionary<(Hash256, uint), (long, byte[])> spent, CancellationToken cancel)
    {
        try
        {
            using var answers = client.Call("getblock", [block, 3], AnswerLimit, cancel);
            return new SpentAnswer(client.Name, block, spent).Read(answers[0]);
        }
        catch (NodeErrorException gone) when (gone.IsNotFound)
        {
            throw new NodeChangedException(gone.Message);
        }
        catch (NodeErrorException refused) when (refused.IsRefusedQuestion)
        {
            return SpentTold.None; // an older node, or one of another make
        }
    }
}
