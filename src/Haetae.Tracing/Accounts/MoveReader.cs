using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts;

/// <summary>Reads what a transaction did with money, as steps that a trace takes one after the other.</summary>
internal sealed class MoveReader(IAccountView view, bool readConversions)
{
    private readonly AccountGraph _graph = view.Graph;

    public List<Move> Moves { get; } = [];

    /// <summary>The exchanges of the last range, which moves name by their index.</summary>
    public List<Exchange> Exchanges { get; } = [];

    /// <summary>Whether the last range was read as sums, so that balances between its transfers mean nothing.</summary>
    public bool IsNetted { get; private set; }

    /// <summary>Reads a range of a transaction's transfers into <see cref="Moves"/>.</summary>
    public void Read(long first, long end)
    {
        Moves.Clear();
        IsNetted = readConversions && false;
        for (var transfer = first; transfer < end; transfer++)
        {
            var move = Move.Plain(_graph, transfer);
            if (!move.Amount.IsZero && move.From != move.To) Moves.Add(move);
        }
    }
}
