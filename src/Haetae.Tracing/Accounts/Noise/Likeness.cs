using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tracing.Accounts.Noise;

/// <summary>How much two addresses look alike to a person who compares their ends: programs show the first and last letters and dots between.</summary>
/// <param name="Head">Equal letters from the front: hexadecimal digits behind 0x, 40 of them; on TRON, letters of Base58 behind the T, 33 of them.</param>
/// <param name="Tail">Equal letters from the back.</param>
/// <param name="Alphabet">Different letters there are: 16 or 58.</param>
public readonly record struct Likeness(int Head, int Tail, int Alphabet = Likeness.Hexadecimal)
{
    internal const int Hexadecimal = 16;
    private const int Base58 = 58;
    private const int Digits = 2 * AccountAddress.Size;

    /// <summary>Equal letters at both ends.</summary>
    public int Score => Head + Tail;

    /// <summary>
    /// Of so many pairs of addresses drawn by lot, one is alike in at least this many letters at each end: the alphabet's size to the power of the score. Capitals (EIP-55) do
    /// not count in hexadecimal: people and programs disregard them. The first letters of Base58 are not evenly drawn, so there it is an estimate. A victim who used n addresses
    /// meets n times the chance of one.
    /// </summary>
    public UInt128 OneIn
    {
        get
        {
            UInt128 pairs = 1;
            for (var letter = 0; letter < Score; letter++)
            {
                if (pairs > UInt128.MaxValue / (UInt128)Alphabet) return UInt128.MaxValue;
                pairs *= (UInt128)Alphabet;
            }

            return pairs;
        }
    }

    /// <summary>Compares two addresses as people of a chain see them.</summary>
    public static Likeness Of(ChainName chain, AccountAddress left, AccountAddress right)
    {
        if (chain.Family != ChainFamily.Tron) return Of(left, right);
        string a = Letters(chain, left), b = Letters(chain, right);
        int head = 0, tail = 0, least = Math.Min(a.Length, b.Length);
        while (head < least && a[head] == b[head]) head++;
        while (tail < least && a[^(tail + 1)] == b[^(tail + 1)]) tail++;
        return new Likeness(head, tail, Base58);
    }

    /// <summary>Compares two addresses in hexadecimal; equal ones have 40 digits at each end.</summary>
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

    /// <summary>The letters that are compared, without what all addresses of the chain begin with.</summary>
    internal static string Letters(ChainName chain, AccountAddress address) => chain.Family == ChainFamily.Tron ? address.ToTron()[1..] : address.ToString()[2..];

    private static int Digit(ReadOnlySpan<byte> bytes, int at) => (at & 1) == 0 ? bytes[at >> 1] >> 4 : bytes[at >> 1] & 15;
}
