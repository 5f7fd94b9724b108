namespace Haetae.Tests.Tracing.Support;

/// <summary>Random numbers that are the same everywhere for the same seed (xorshift64*, Vigna 2016).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = (seed + 1) * 0x9E3779B97F4A7C15UL | 1;

    /// <summary>A number from 0 to below a bound.</summary>
    public long Below(long bound)
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (long)(((UInt128)(_state * 0x2545F4914F6CDD1DUL) * (UInt128)bound) >> 64);
    }

    public bool OneIn(int chances) => Below(chances) == 0;
}
