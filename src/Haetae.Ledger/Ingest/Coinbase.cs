using System.Buffers.Binary;

namespace Haetae.Ledger.Ingest;

/// <summary>What a coinbase transaction says about its block: its height (BIP 34) and its witness commitment (BIP 141).</summary>
internal static class Coinbase
{
    /// <summary>Finds the witness commitment and its nonce in a coinbase already parsed once. False where either is missing.</summary>
    internal static bool TryWitnessCommitment(ReadOnlySpan<byte> coinbase, out Hash256 commitment, out ReadOnlySpan<byte> nonce)
    {
        commitment = default;
        nonce = default;
        var found = false;
        var reader = new BlockReader(coinbase);
        reader.Bytes(4);
        if (reader.Peek() != 0) return false;
        reader.Bytes(2);
        reader.Count(41);
        reader.Bytes(36);
        reader.Bytes(reader.Count(1));
        reader.Bytes(4);
        for (var outputs = reader.Count(9); outputs > 0; outputs--)
        {
            reader.Bytes(8);
            var script = reader.Bytes(reader.Count(1));
            if (script.Length < 38 || BinaryPrimitives.ReadUInt32BigEndian(script) != 0x6a24aa21 || script[4] != 0xa9 || script[5] != 0xed) continue;
            commitment = new Hash256(script.Slice(6, 32));
            found = true;
        }

        if (reader.Count(1) != 1 || reader.Count(1) != 32) return false;
        nonce = reader.Bytes(32);
        return found;
    }

    /// <summary>Where lock times cease to be heights: no block is as high, and heights counted on from it fit their type.</summary>
    private const int MostHeight = 500_000_000;

    /// <summary>BIP 34: the height that begins the coinbase's input script of blocks of version 2 and later. -1 where there is none.</summary>
    internal static int Height(ReadOnlySpan<byte> block)
    {
        var reader = new BlockReader(block);
        var version = BinaryPrimitives.ReadInt32LittleEndian(reader.Bytes(80));
        if (version < 2) return -1;
        reader.Count(60);
        reader.Bytes(4);
        if (reader.Peek() == 0) reader.Bytes(2);
        if (reader.Count(41) != 1) return -1;
        reader.Bytes(36);
        var script = reader.Bytes(reader.Count(1));
        if (script.Length == 0) return -1;
        if (script[0] == 0) return 0;
        if (script[0] is >= 0x51 and <= 0x60) return script[0] - 0x50;
        if (script[0] > 4 || script.Length <= script[0]) return -1;
        var height = 0;
        for (var i = script[0]; i > 0; i--) height = height << 8 | script[i];
        return height < MostHeight ? height : -1;
    }
}
