using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts;

/// <summary>The seeds of a trace on accounts, in chain order.</summary>
internal sealed class StolenTransfers
{
    private readonly long[] _transfers;
    private readonly UInt256[] _stolen;

    /// <param name="limit">The first transfer that is not looked at.</param>
    /// <exception cref="ArgumentException">There is none, or one cannot be a seed.</exception>
    public StolenTransfers(AccountGraph graph, IReadOnlyList<StolenTransfer> seeds, long limit)
    {
        if (seeds.Count == 0) throw new ArgumentException("A trace needs at least one stolen transfer.", nameof(seeds));
        _transfers = [.. seeds.Select(seed => seed.Transfer)];
        _stolen = [.. seeds.Select(seed => seed.Stolen)];
        Array.Sort(_transfers, _stolen);
        for (var i = 0; i < _transfers.Length; i++)
        {
            var transfer = _transfers[i];
            if ((ulong)transfer >= (ulong)graph.TransferCount) throw Wrong(transfer, "the ledger does not hold it");
            if (i > 0 && _transfers[i - 1] == transfer) throw Wrong(transfer, "it is named twice");
            if (_stolen[i].IsZero || _stolen[i] > graph.Amount[transfer]) throw Wrong(transfer, $"{_stolen[i]} cannot be stolen of its {graph.Amount[transfer]}");
            if (graph.KindOf(transfer) is TransferKind.Fee or TransferKind.FeeBurnt) throw Wrong(transfer, "it is a fee");
            if (graph.To[transfer] == AccountGraph.Nobody) throw Wrong(transfer, "it went to nobody");
            if (graph.To[transfer] == graph.From[transfer]) throw Wrong(transfer, "its receiver paid it");
            if (transfer >= limit) throw Wrong(transfer, "it was made after the last transaction looked at");
        }

        static ArgumentException Wrong(long transfer, string why) => new(FormattableString.Invariant($"Transfer {transfer} cannot be a seed: {why}."), nameof(seeds));
    }

    public int Count => _transfers.Length;

    public long TransferAt(int index) => _transfers[index];

    public UInt256 StolenAt(int index) => _stolen[index];

    /// <summary>The index of the first seed at or after a transfer.</summary>
    public int IndexFrom(long transfer)
    {
        var index = Array.BinarySearch(_transfers, transfer);
        return index < 0 ? ~index : index;
    }

    /// <summary>The stolen part of a transfer; 0 when it is no seed.</summary>
    public UInt256 StolenOf(long transfer)
    {
        var index = Array.BinarySearch(_transfers, transfer);
        return index < 0 ? default : _stolen[index];
    }
}
