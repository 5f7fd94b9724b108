using Haetae.Tracing;

namespace Haetae.Tests.Tracing.CoinJoins;

/// <summary>Shapes written by hand: each script is new unless a test says otherwise.</summary>
internal static class Shapes
{
    private static int _last;

    internal static byte[] Key() => [0x00, 0x14, .. Digest(20)];

    internal static byte[] Taproot() => [0x51, 0x20, .. Digest(32)];

    internal static byte[] OldKey() => [0x76, 0xa9, 0x14, .. Digest(20), 0x88, 0xac];

    internal static byte[] Data(int length) => length < 76 ? [0x6a, (byte)length, .. new byte[length]] : [0x6a, 0x4c, (byte)length, .. new byte[length]];

    internal static InputShape[] In(params IEnumerable<long> values) => [.. values.Select(value => new InputShape(Key(), value))];

    internal static OutputShape[] Out(params IEnumerable<long> values) => [.. values.Select(value => new OutputShape(Key(), value))];

    internal static IEnumerable<long> Times(int times, long value) => Enumerable.Repeat(value, times);

    internal static CoinJoinVerdict Verdict(string rule, TransactionShape shape) => CoinJoinRules.Judge(shape).Single(verdict => verdict.Rule == rule);

    internal static CoinJoinVerdict? First(TransactionShape shape) => CoinJoinRules.First(CoinJoinRules.Judge(shape));

    private static byte[] Digest(int length)
    {
        var bytes = new byte[length];
        BitConverter.TryWriteBytes(bytes, Interlocked.Increment(ref _last));
        return bytes;
    }
}
