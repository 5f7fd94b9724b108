using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Ingest;

/// <summary>Takes a run of blocks into a ledger: several threads parse and check, numbering goes in chain order, writing runs beside it.</summary>
internal sealed class Ingestor(LedgerWriter ledger, BlockSource source, int threads, Action<IngestProgress>? progress, CancellationToken cancel)
{
    /// <summary>Column bytes between checkpoints: what a kill costs at most in work done again.</summary>
    internal long CheckpointBytes { get; init; } = 2L << 30;

    private readonly List<(int First, int Count)> _chunks = [];
    private readonly object _gate = new();
    private readonly List<Exception> _failures = [];
    private readonly SortedSet<int> _writtenAhead = [];
    private int _next, _turn, _written;
    private long _sinceCheckpoint;

    /// <summary>Ingests the source's blocks from an index up to, not including, another; all of them follow the ledger's last block.</summary>
    internal void Run(int firstIndex, int end)
    {
        var target = Math.Min(Chunk.TargetBytes, CheckpointBytes); // a checkpoint can only stand between chunks
        for (int first = firstIndex, i = firstIndex; i < end; first = i)
        {
            long bytes = 0;
            for (; i < end && (bytes == 0 || bytes + source[i].Size + 8 <= target); i++) bytes += source[i].Size + 8;
            _chunks.Add((first, i - first));
        }

        var workers = new Thread[Math.Min(threads, Math.Max(1, _chunks.Count))];
        for (var w = 0; w < workers.Length; w++)
        {
            workers[w] = new Thread(Work) { IsBackground = true, Name = $"ingest {w}" };
            workers[w].Start();
        }

        foreach (var worker in workers) worker.Join();
        if (cancel.IsCancellationRequested && _failures.TrueForAll(failure => failure is OperationCanceledException) && _written == _turn)
            ledger.Checkpoint(ledger.Counts, ledger.SpenderSnapshot()); // stopped between chunks: nothing done so far is done again
        if (_failures.Count > 0) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(First()).Throw();
        cancel.ThrowIfCancellationRequested();
    }

    private Exception First() => _failures.Find(failure => failure is not OperationCanceledException) ?? _failures[0];

    private void Work()
    {
        try
        {
            using var parser = new ChunkParser(ledger.Namer);
            var chunk = new Chunk();
            for (var mine = Interlocked.Increment(ref _next) - 1; mine < _chunks.Count; mine = Interlocked.Increment(ref _next) - 1)
            {
                chunk.Clear();
                (chunk.FirstBlock, chunk.BlockCount) = _chunks[mine];
                source.Read(chunk.FirstBlock, chunk.BlockCount, chunk);
                Exception? invalid = null;
                try
                {
                    parser.Parse(chunk, source);
                }
                catch (InvalidBlockException wrong)
                {
                    invalid = wrong; // reported in its turn, so that the first wrong block of the chain is the one named
                }

                AwaitTurn(mine);
                if (invalid is not null) throw invalid;
                cancel.ThrowIfCancellationRequested();
                ledger.Number(chunk, source, () => AwaitWritten(mine));
                var counts = ledger.Counts;
                var checkpoint = Due(chunk);
                (ulong[], long[])? spent = checkpoint && !ledger.IsRehearsing ? ledger.SpenderSnapshot() : null;
                EndTurn();
                if (!ledger.IsRehearsing) ledger.Write(chunk, source);
                Wrote(mine);
                progress?.Invoke(new IngestProgress(counts.Blocks, counts.Transactions, source.FirstHeight + chunk.FirstBlock + chunk.BlockCount - 1));
                if (spent is not { } spends) continue;
                AwaitWritten(mine + 1);
                ledger.Checkpoint(counts, spends);
            }
        }
        catch (Exception failure) // nothing is swallowed: Run throws the first failure again on the caller's thread
        {
            lock (_gate)
            {
                _failures.Add(failure);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private bool Due(Chunk chunk)
    {
        _sinceCheckpoint += LedgerWriter.ColumnBytes(chunk);
        if (_sinceCheckpoint < CheckpointBytes) return false;
        _sinceCheckpoint = 0;
        return true;
    }

    private void AwaitTurn(int mine) => Await(() => _turn >= mine);

    private void AwaitWritten(int upTo) => Await(() => _written >= upTo);

    private void Await(Func<bool> condition)
    {
        lock (_gate)
        {
            while (!condition())
            {
                if (_failures.Count > 0) throw new OperationCanceledException("another thread failed");
                Monitor.Wait(_gate);
            }
        }
    }

    private void Wrote(int chunk)
    {
        lock (_gate)
        {
            _writtenAhead.Add(chunk);
            while (_writtenAhead.Remove(_written)) _written++;
            Monitor.PulseAll(_gate);
        }
    }

    private void EndTurn()
    {
        lock (_gate)
        {
            _turn++;
            Monitor.PulseAll(_gate);
        }
    }
}

/// <summary>How far an ingest got.</summary>
public readonly record struct IngestProgress(int Blocks, uint Transactions, int Height);
