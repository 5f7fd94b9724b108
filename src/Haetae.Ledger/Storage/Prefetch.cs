using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Haetae.Ledger.Storage;

/// <summary>Hints to the processor about memory that will be needed soon. They change speed, never a result.</summary>
public static class Prefetch
{
    /// <summary>Asks for an array's item; out of range is ignored.</summary>
    /// <remarks>The array may move while this runs: a hint with a stale address is useless but harmless, so nothing is pinned.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Item(long[] array, uint index)
    {
        if (Sse.IsSupported && index < (uint)array.Length) Sse.Prefetch0(Unsafe.AsPointer(ref array[index]));
    }
}
