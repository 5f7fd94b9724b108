using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts.Noise;

/// <summary>How much two addresses look alike to a person who compares their ends: programs show the first and last digits and dots between.</summary>
/// <param name="Head">Equal hexadecimal digits from the front, of 40.</param>
/// <param name="Tail">Equal hexadecimal digits from the back, of 40.</param>
public readonly record struct Likeness(int Head, int Tail)
{
    public const int Digits = 2 * AccountAddress.Size;

    /// <summary>Equal digits at both ends.</summary>
    public int Score => Head + Tail;

    /// <summary>
    /// Of so many pairs of addresses drawn by lot, one is alike in at least this many digits at each end: 16 to the power of the score. Capitals (EIP-55) do not count:
    /// people and programs disregard them. A victim who used n addresses meets n times the chance of one.
    /// </summary>
    public UInt128 OneIn => Score >= 32 ? UInt128.MaxValue : UInt128.One << (4 * Score);

    /// <summary>Compares two addresses; equal ones have 40 digits at each end.</summary>
    public static Likeness Of(AccountAddress left, AccountAddress right)
    {
        Span<byte> a = stackalloc byte[AccountAddress.Size], b = stackalloc byte[AccountAddress.Size];
        left.CopyTo(a);
        right.CopyTo(b);
        int head = 0, tail = 0;
        while (head < Digits && Digit(a, head) == Digit(b, head)) head++;
        while (tail < Digits && Digit(a, Digits - 1 - tail) == Digit(b, Digits - 1 - tail)) tail++;
        return new Likeness(head, tail);
    }

    private static int Digit(ReadOnlySpan<byte> bytes, int at) => (at & 1) == 0 ? bytes[at >> 1] >> 4 : bytes[at >> 1] & 15;
}
