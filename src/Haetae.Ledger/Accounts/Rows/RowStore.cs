using System.Runtime.InteropServices;
using Haetae.Ledger.Storage;
using Microsoft.Win32.SafeHandles;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>Holds a file's rows until all are read, and gives them back by time, block and place in the file. Past a quarter of a million rows, sorted stretches lie in a temporary file.</summary>
internal sealed class RowStore(string folder, int mostInMemory = 1 << 18) : IDisposable
{
    private const int Piece = 4096;

    private readonly List<TransferRow> _pending = [];
    private readonly List<(long At, int Count)> _stretches = [];
    private readonly string _path = Path.Combine(folder, "rows.tmp");
    private SafeFileHandle? _file;
    private long _end;
    private (uint Time, uint Block) _last;

    internal long Count { get; private set; }

    /// <summary>The earliest time there is.</summary>
    internal uint FirstTime { get; private set; } = uint.MaxValue;

    /// <summary>The rows came in order.</summary>
    internal bool IsInOrder { get; private set; } = true;

    internal void Add(ReadOnlySpan<TransferRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            if ((row.Time, row.Block).CompareTo(_last) < 0) IsInOrder = false;
            _last = (row.Time, row.Block);
            FirstTime = Math.Min(FirstTime, row.Time);
        }

        Count += rows.Length;
        if (_pending.Count + rows.Length > mostInMemory && _pending.Count > 0) Spill();
        _pending.AddRange(rows);
    }

    private void Spill()
    {
        _file ??= File.OpenHandle(_path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        Sort();
        var bytes = MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_pending));
        const int together = 1 << 20;
        for (var at = 0; at < bytes.Length; at += together) RandomAccess.Write(_file, bytes.Slice(at, Math.Min(together, bytes.Length - at)), _end + at);
        _stretches.Add((_end, _pending.Count));
        _end += bytes.Length;
        _pending.Clear();
    }

    private void Sort()
    {
        if (IsInOrder) return;
        var rows = CollectionsMarshal.AsSpan(_pending);
        var order = new (ulong Key, int At)[rows.Length];
        for (var i = 0; i < order.Length; i++) order[i] = ((ulong)rows[i].Time << 32 | rows[i].Block, i);
        Array.Sort(order, static (a, b) => a.Key != b.Key ? a.Key.CompareTo(b.Key) : a.At.CompareTo(b.At));
        var sorted = new TransferRow[rows.Length];
        for (var i = 0; i < order.Length; i++) sorted[i] = rows[order[i].At];
        sorted.CopyTo(rows);
    }

    /// <summary>Every row in order, once.</summary>
    internal IEnumerable<TransferRow[]> InOrder()
    {
        if (_file is null)
        {
            Sort();
            for (var at = 0; at < _pending.Count; at += Piece) yield return [.. _pending[at..Math.Min(_pending.Count, at + Piece)]];
            yield break;
        }

        if (_pending.Count > 0) Spill();
        _pending.Capacity = 0;
        var stretches = _stretches.Select(one => new Stretch(_file, one.At, one.Count)).ToList();
        if (IsInOrder)
        {
            foreach (var stretch in stretches)
                for (; stretch.Left > 0; stretch.SkipPiece()) yield return stretch.Piece();
            yield break;
        }

        var heads = new PriorityQueue<Stretch, (uint Time, uint Block, long Line)>();
        foreach (var stretch in stretches) heads.Enqueue(stretch, stretch.Key);
        var some = new List<TransferRow>(Piece);
        while (heads.TryDequeue(out var first, out _))
        {
            some.Add(first.Head);
            if (first.Next()) heads.Enqueue(first, first.Key);
            if (some.Count < Piece) continue;
            yield return [.. some];
            some.Clear();
        }

        if (some.Count > 0) yield return [.. some];
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>A sorted stretch of the temporary file, read piece by piece.</summary>
    private sealed class Stretch
    {
        private readonly SafeFileHandle _file;
        private readonly TransferRow[] _some = new TransferRow[RowStore.Piece];
        private long _at;
        private int _unread, _place, _filled;

        internal Stretch(SafeFileHandle file, long at, int count)
        {
            (_file, _at, _unread) = (file, at, count);
            Fill();
        }

        internal int Left => _unread + _filled - _place;

        internal TransferRow Head => _some[_place];

        internal (uint Time, uint Block, long Line) Key => (_some[_place].Time, _some[_place].Block, _some[_place].Line);

        internal bool Next()
        {
            if (++_place == _filled) Fill();
            return _place < _filled;
        }

        internal TransferRow[] Piece() => _some[_place.._filled];

        internal void SkipPiece() => Fill();

        private void Fill()
        {
            (_place, _filled) = (0, Math.Min(_unread, _some.Length));
            if (_filled > 0) Checksums.Fill(_file, MemoryMarshal.AsBytes(_some.AsSpan(0, _filled)), _at, "rows.tmp");
            _at += (long)_filled * TransferRow.Size;
            _unread -= _filled;
        }
    }
}
