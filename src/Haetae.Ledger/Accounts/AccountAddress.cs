using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Hashing;

namespace Haetae.Ledger.Accounts;

/// <summary>The 20 bytes that name an account on the EVM chains and on TRON. How people write them differs: <see cref="ToEip55"/>, <see cref="ToTron"/>.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
public readonly struct AccountAddress : IEquatable<AccountAddress>, IComparable<AccountAddress>
{
    public const int Size = 20;

    /// <summary>TRON puts it before the 20 bytes (TRON, protocol documentation, "Addresses": the main net's prefix).</summary>
    public const byte TronVersion = 0x41;

    private readonly uint _a, _b, _c, _d, _e; // as in memory: the first byte of the address is the first of _a

    /// <param name="bytes">Exactly 20 bytes.</param>
    public AccountAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"An account's address has 20 bytes, not {bytes.Length}.", nameof(bytes));
        this = MemoryMarshal.Read<AccountAddress>(bytes);
    }

    /// <summary>The address of all zeros: where ERC-20 tokens come from when they are made, and go to when they are burnt.</summary>
    public static AccountAddress Zero => default;

    public bool IsZero => (_a | _b | _c | _d | _e) == 0;

    /// <summary>The first 4 bytes, the most significant first.</summary>
    public uint Head => BinaryPrimitives.ReverseEndianness(_a);

    public void CopyTo(Span<byte> bytes) => MemoryMarshal.Write(bytes, in this);

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>A 64-bit key, uniform over honest addresses: a mix of all 20 bytes. Equal addresses have equal keys; compare the address too.</summary>
    public ulong Key
    {
        get
        {
            // Two odd constants of many bits (the golden ratio and the root of 3, as fractions): any would do that spread 20 bytes over 64 bits.
            var mixed = ((ulong)_a << 32 | _b) * 0x9E37_79B9_7F4A_7C15UL;
            mixed ^= mixed >> 29;
            mixed += (ulong)_c << 32 | _d;
            mixed *= 0xBB67_AE85_84CA_A73BUL;
            mixed ^= mixed >> 32;
            mixed += _e;
            mixed *= 0x9E37_79B9_7F4A_7C15UL;
            return mixed ^ mixed >> 31;
        }
    }

    /// <summary>Reads what people write: <c>0x</c> (or <c>\x</c>, or nothing) and 40 hexadecimal digits in any case, or TRON's Base58Check. On false, <paramref name="error"/> says why.</summary>
    /// <remarks>Mixed case that breaks EIP-55 is accepted: the contract is "any case read", and tables exist whose case is wrong.</remarks>
    public static bool TryParse(ReadOnlySpan<char> text, out AccountAddress address, out string error)
    {
        address = default;
        error = "";
        text = text.Trim();
        var digits = text.Length >= 2 && text[0] is '0' or '\\' && text[1] is 'x' or 'X' ? text[2..] : text;
        Span<byte> bytes = stackalloc byte[Size];
        if (digits.Length == 2 * Size && Convert.FromHexString(digits, bytes, out _, out _) == System.Buffers.OperationStatus.Done)
        {
            address = new AccountAddress(bytes);
            return true;
        }

        if (digits.Length != text.Length)
        {
            error = digits.Length == 2 * Size ? "it holds something else than hexadecimal digits" : $"an address has 40 hexadecimal digits, not {digits.Length}";
            return false;
        }

        return TryParseTron(text, out address, out error);
    }

    private static bool TryParseTron(ReadOnlySpan<char> text, out AccountAddress address, out string error)
    {
        address = default;
        Span<byte> payload = stackalloc byte[Size + 1];
        // TRON's own hexadecimal form carries the version byte: 42 digits.
        if (text.Length == 2 * payload.Length && Convert.FromHexString(text, payload, out _, out _) == System.Buffers.OperationStatus.Done && payload[0] == TronVersion)
        {
            address = new AccountAddress(payload[1..]);
            error = "";
            return true;
        }

        if (text.IsEmpty || text[0] != 'T')
        {
            error = "it is neither 0x and 40 hexadecimal digits nor a TRON address beginning with T";
            return false;
        }

        if (!Base58Check.TryDecode(text, payload, out var length, out error)) return false;
        if (length != payload.Length || payload[0] != TronVersion)
        {
            error = "it is Base58Check of something else than a TRON address";
            return false;
        }

        address = new AccountAddress(payload[1..]);
        return true;
    }

    /// <summary>Reads what people write.</summary>
    /// <exception cref="FormatException">It is no address.</exception>
    public static AccountAddress Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var address, out var error) ? address : throw new FormatException($"'{text}' is no account address: {error}.");

    /// <summary><c>0x</c> and 40 hexadecimal digits, letters in capitals where the Keccak-256 of the lower-case text says so (EIP-55).</summary>
    public string ToEip55()
    {
        Span<char> text = stackalloc char[2 + 2 * Size];
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        "0x".CopyTo(text);
        Convert.TryToHexStringLower(bytes, text[2..], out _);
        Span<byte> ascii = stackalloc byte[2 * Size];
        for (var i = 0; i < ascii.Length; i++) ascii[i] = (byte)text[i + 2];
        Span<byte> hash = stackalloc byte[Keccak256.Size];
        Keccak256.HashData(ascii, hash);
        for (var i = 0; i < ascii.Length; i++)
        {
            var nibble = (i & 1) == 0 ? hash[i >> 1] >> 4 : hash[i >> 1] & 15;
            if (nibble >= 8 && text[i + 2] >= 'a') text[i + 2] -= (char)32;
        }

        return new string(text);
    }

    /// <summary>Base58Check of the byte 0x41 and the address, beginning with T.</summary>
    public string ToTron()
    {
        Span<byte> payload = stackalloc byte[Size + 1];
        payload[0] = TronVersion;
        CopyTo(payload[1..]);
        return Base58Check.Encode(payload);
    }

    public bool Equals(AccountAddress other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d && _e == other._e;

    public override bool Equals(object? obj) => obj is AccountAddress other && Equals(other);

    public override int GetHashCode() => (int)Key;

    /// <summary>Orders as the bytes do, the first one first: the order of the lower-case texts.</summary>
    public int CompareTo(AccountAddress other)
    {
        Span<byte> mine = stackalloc byte[Size], its = stackalloc byte[Size];
        CopyTo(mine);
        other.CopyTo(its);
        return mine.SequenceCompareTo(its);
    }

    /// <summary><c>0x</c> and 40 lower-case digits: how files and messages between programs carry it.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return "0x" + Convert.ToHexStringLower(bytes);
    }

    public static bool operator ==(AccountAddress left, AccountAddress right) => left.Equals(right);

    public static bool operator !=(AccountAddress left, AccountAddress right) => !left.Equals(right);
}
