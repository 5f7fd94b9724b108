using System.Buffers.Binary;

namespace Haetae.Ledger.Bitcoin;

/// <summary>Walks a script operation by operation, with the data each one pushes. It copies nothing.</summary>
internal ref struct ScriptReader(ReadOnlySpan<byte> script)
{
    private ReadOnlySpan<byte> _rest = script;

    /// <summary>The bytes not walked over yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Reads one operation; false at the end, and false when a push reaches past the end.</summary>
    public bool TryRead(out byte opcode, out ReadOnlySpan<byte> data)
    {
        opcode = 0;
        data = default;
        if (_rest.IsEmpty) return false;

        var first = _rest[0];
        if (!TryReadPushLength(first, _rest[1..], out var prefix, out var length)) return false;
        // An unsigned compare: OP_PUSHDATA4 may claim up to 4 GiB.
        if (length > (uint)(_rest.Length - 1 - prefix)) return false;

        opcode = first;
        data = _rest.Slice(1 + prefix, (int)length);
        _rest = _rest[(1 + prefix + (int)length)..];
        return true;
    }

    private static bool TryReadPushLength(byte opcode, ReadOnlySpan<byte> after, out int prefix, out uint length)
    {
        prefix = opcode switch { Opcode.PushData1 => 1, Opcode.PushData2 => 2, Opcode.PushData4 => 4, _ => 0 };
        length = 0;
        if (after.Length < prefix) return false;
        length = opcode switch
        {
            < Opcode.PushData1 => opcode,
            Opcode.PushData1 => after[0],
            Opcode.PushData2 => BinaryPrimitives.ReadUInt16LittleEndian(after),
            Opcode.PushData4 => BinaryPrimitives.ReadUInt32LittleEndian(after),
            _ => 0,
        };
        return true;
    }
}
