using Haetae.Ledger.Bitcoin;

namespace Haetae.Ledger.Ingest;

/// <summary>What inputs spend, from the undo files beside block files: opened when first asked for, a few kept open. Not for several threads at once.</summary>
internal sealed class UndoData(BlockFiles files, BitcoinNetwork network, List<SourceBlock> blocks, List<BlockPlace> places) : IDisposable
{
    private const int KeptOpen = 4;

    private readonly List<(int File, UndoFile? Undo)> _open = [];
    private readonly Buffer<int> _outputAt = new(1 << 12);
    private readonly Buffer<int> _firstOutput = new(1 << 12);
    private readonly Buffer<byte> _script = new(128);
    private int _block = -1;
    private byte[]? _undo;
    private string _place = "";

    /// <summary>What an input spends; false where no undo data tells.</summary>
    /// <param name="number">The block's number among all blocks of the files.</param>
    /// <param name="inChunk">The block's number within the chunk.</param>
    /// <param name="input">The input's number within the chunk.</param>
    internal bool TrySpentOutput(Chunk chunk, int number, int inChunk, int input, out long value, out ReadOnlySpan<byte> script)
    {
        value = -1;
        script = default;
        try
        {
            if (number != _block) Turn(chunk, number, inChunk);
            if (_undo is null) return false;
            var reader = new BlockReader(_undo.AsSpan(_outputAt[input - FirstInput(chunk, chunk.BlockFirstTx[inChunk])]));
            value = CompressedOutput.Read(ref reader, _script);
        }
        catch (BlockFormatException wrong)
        {
            throw new LedgerException($"{_place}: the undo data of block {blocks[number].Hash}: {wrong.Message}.", wrong);
        }

        script = _script.Span;
        return true;
    }

    /// <summary>Turns to another block.</summary>
    private void Turn(Chunk chunk, int number, int inChunk)
    {
        _block = -1;
        _undo = null;
        _outputAt.Count = _firstOutput.Count = 0;
        int firstTx = chunk.BlockFirstTx[inChunk], endTx = chunk.BlockFirstTx[inChunk + 1];
        var first = FirstInput(chunk, firstTx);
        if (Open(places[number].File) is { } file)
        {
            _undo = file.Find(blocks[number].Previous, endTx - firstTx - 1, FirstInput(chunk, endTx) - first, Parents(places[number].File));
            _place = $"{file.Path} at offset {file.FoundAt}";
        }

        if (_undo is not null)
        {
            UndoFile.Walk(_undo, _outputAt, _firstOutput);
            for (var t = firstTx + 1; t < endTx; t++)
                if (_firstOutput[t - firstTx - 1] != FirstInput(chunk, t) - first) throw new BlockFormatException($"it has other numbers of inputs than the block, from transaction {t - firstTx - 1} on", 0);
        }

        _block = number;
    }

    private static int FirstInput(Chunk chunk, int transaction) => transaction < chunk.FirstInput.Count ? chunk.FirstInput[transaction] : chunk.OutpointAt.Count;

    private IEnumerable<Hash256> Parents(int file)
    {
        for (var i = 0; i < places.Count; i++)
            if (places[i].File == file) yield return blocks[i].Previous;
    }

    private UndoFile? Open(int file)
    {
        var at = _open.FindIndex(open => open.File == file);
        if (at >= 0) return _open[at].Undo;
        if (_open.Count == KeptOpen)
        {
            _open[0].Undo?.Dispose();
            _open.RemoveAt(0);
        }

        var found = files.OpenUndo(file) is { } undo ? new UndoFile(undo, network) : null;
        _open.Add((file, found));
        return found;
    }

    public void Dispose()
    {
        foreach (var (_, undo) in _open) undo?.Dispose();
    }
}
