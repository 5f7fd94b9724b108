namespace Haetae.Ledger.Bitcoin;

/// <summary>A witness version and program as Bech32 text (BIP 173; from version 1 on in Bech32m, BIP 350).</summary>
public static class SegwitAddress
{
    public const int MaximumVersion = 16;

    private const int ShortestProgram = 2, LongestProgram = 40;

    /// <param name="version">0 to 16.</param>
    /// <param name="program">2 to 40 bytes; 20 or 32 for version 0.</param>
    public static string Encode(string prefix, int version, ReadOnlySpan<byte> program)
    {
        var complaint = Complain(version, program.Length);
        if (complaint.Length > 0) throw new ArgumentException($"No address can be written: {complaint}.", nameof(program));

        Span<byte> values = stackalloc byte[1 + (program.Length * 8 + 4) / 5];
        values[0] = (byte)version;
        int at = 1, bits = 0;
        uint held = 0;
        foreach (var item in program)
        {
            held = held << 8 | item;
            for (bits += 8; bits >= 5; bits -= 5) values[at++] = (byte)(held >> (bits - 5) & 31);
        }

        if (bits > 0) values[at] = (byte)(held << (5 - bits) & 31);
        return Bech32.Encode(prefix, values, ChecksumOf(version));
    }

    /// <summary>Reads a segwit address of any prefix; on false, <paramref name="error"/> says why in plain words.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out string prefix, out int version, out byte[] program, out string error)
    {
        version = 0;
        program = [];
        if (!Bech32.TryDecode(text, out prefix, out var values, out var checksum, out error)) return false;
        if (values.Length == 0)
        {
            error = "it holds no witness version";
            return false;
        }

        version = values[0];
        if (version <= MaximumVersion && checksum != ChecksumOf(version))
        {
            error = $"witness version {version} takes a {ChecksumOf(version)} checksum, this is {checksum}";
            return false;
        }

        if (!TryRegroup(values.AsSpan(1), out var bytes))
        {
            error = "the last character carries bits that belong to no byte";
            return false;
        }

        error = Complain(version, bytes.Length);
        if (error.Length > 0) return false;
        program = bytes;
        return true;
    }

    private static Bech32Checksum ChecksumOf(int version) => version == 0 ? Bech32Checksum.Bech32 : Bech32Checksum.Bech32m;

    private static string Complain(int version, int length)
    {
        if (version is < 0 or > MaximumVersion) return $"there is no witness version {version}, the last is {MaximumVersion}";
        if (length is < ShortestProgram or > LongestProgram)
            return $"a witness program has {ShortestProgram} to {LongestProgram} bytes, this one {length}";
        return version == 0 && length is not (20 or 32) ? $"a program of witness version 0 has 20 or 32 bytes, this one {length}" : "";
    }

    /// <summary>Packs values of five bits into bytes; what is left over must be under five bits, all zero (BIP 173).</summary>
    private static bool TryRegroup(ReadOnlySpan<byte> values, out byte[] bytes)
    {
        bytes = new byte[values.Length * 5 / 8];
        int at = 0, bits = 0;
        uint held = 0;
        foreach (var value in values)
        {
            held = held << 5 | value;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes[at++] = (byte)(held >> bits);
        }

        return bits < 5 && (held & ((1u << bits) - 1)) == 0;
    }
}
