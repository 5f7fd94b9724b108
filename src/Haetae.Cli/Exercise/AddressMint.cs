using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Haetae.Cli.Exercise;

/// <summary>Makes addresses nobody has a key for: each hash is SHA-256 of the seed, a label and a counter.</summary>
internal sealed class AddressMint
{
    private readonly byte[] _preimage;
    private readonly int _counterAt;
    private long _made;

    public AddressMint(ulong seed)
    {
        _preimage = [.. "haetae practice heist address"u8, .. new byte[16]];
        _counterAt = _preimage.Length - 8;
        BinaryPrimitives.WriteUInt64LittleEndian(_preimage.AsSpan(_counterAt - 8), seed);
    }

    public Destination Make(ScriptKind kind, ICoinHolder holder, string? customer = null)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_preimage.AsSpan(_counterAt), _made++);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(_preimage, hash);
        return new Destination(kind.Lock(hash), kind, holder, customer);
    }
}
