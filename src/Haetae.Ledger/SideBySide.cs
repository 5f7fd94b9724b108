using System.Runtime.ExceptionServices;

namespace Haetae.Ledger;

/// <summary>Work done on several threads whose first failure comes out as itself, not wrapped: its message is meant for people.</summary>
internal static class SideBySide
{
    internal static void Run(int threads, CancellationToken cancel, params Action[] work) =>
        Unwrapped(() => Parallel.Invoke(new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, work));

    internal static void For(int count, int threads, CancellationToken cancel, Action<int> work) =>
        Unwrapped(() => Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, work));

    internal static void ForEach<T>(IEnumerable<T> items, int threads, CancellationToken cancel, Action<T> work) =>
        Unwrapped(() => Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel }, work));

    private static void Unwrapped(Action work)
    {
        try
        {
            work();
        }
        catch (AggregateException many)
        {
            ExceptionDispatchInfo.Throw(many.Flatten().InnerExceptions[0]);
        }
    }
}
