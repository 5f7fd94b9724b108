using Haetae.Ledger;

namespace Haetae.Cli.Exercise;

/// <summary>Writes transactions as the wire carries them (BIP 144). Signatures and keys have the right sizes and made-up content.</summary>
internal sealed class TransactionWriter(SeededRandom filler)
{
    private const int KeySize = 33;
    private const int SchnorrSize = 64;
    private const byte AllInputsAndOutputs = 0x01;

    private readonly WireWriter _full = new();
    private readonly WireWriter _stripped = new();

    /// <summary>Bytes of a transaction with its witness, its two hashes, and whether it has a witness at all.</summary>
    public EncodedTransaction Encode(Payment payment)
    {
        var witness = false;
        foreach (var coin in payment.Inputs) witness |= coin.To.Kind.HasWitness();

        _stripped.Clear();
        _stripped.UInt32(payment.Version);
        _stripped.Count(payment.Inputs.Count);
        foreach (var coin in payment.Inputs) WriteInput(coin, payment.Sequence);
        _stripped.Count(payment.Outputs.Count);
        foreach (var (to, amount) in payment.Outputs)
        {
            _stripped.Int64(amount);
            _stripped.Prefixed(to.Script);
        }

        _stripped.UInt32(payment.LockTime);
        var id = _stripped.DoubleHash();
        if (!witness) return new EncodedTransaction(_stripped.Written.ToArray(), id, id, false);

        _full.Clear();
        _full.UInt32(payment.Version);
        _full.Bytes([0x00, 0x01]);
        _full.Bytes(_stripped.Written[4..^4]);
        foreach (var coin in payment.Inputs) WriteWitness(coin.To.Kind);
        _full.UInt32(payment.LockTime);
        return new EncodedTransaction(_full.Written.ToArray(), id, _full.DoubleHash(), true);
    }

    private void WriteInput(Coin coin, uint sequence)
    {
        _stripped.Hash(coin.TxId);
        _stripped.UInt32((uint)coin.Index);
        switch (coin.To.Kind)
        {
            case ScriptKind.P2pkh:
                _stripped.Count(1 + SignatureSize + 1 + KeySize);
                WriteSignature(_stripped);
                WriteKey(_stripped);
                break;
            case ScriptKind.P2sh:
                _stripped.Bytes([23, 22, 0x00, 20]);
                filler.Fill(_stripped.Reserve(20));
                break;
            default:
                _stripped.Count(0);
                break;
        }

        _stripped.UInt32(sequence);
    }

    private void WriteWitness(ScriptKind kind)
    {
        switch (kind)
        {
            case ScriptKind.P2sh or ScriptKind.P2wpkh:
                _full.Count(2);
                WriteSignature(_full);
                WriteKey(_full);
                break;
            case ScriptKind.P2wsh:
                _full.Count(4);
                _full.Count(0);
                WriteSignature(_full);
                WriteSignature(_full);
                WriteTwoOfThree();
                break;
            case ScriptKind.P2tr:
                _full.Count(1);
                _full.Count(SchnorrSize);
                filler.Fill(_full.Reserve(SchnorrSize));
                break;
            default:
                _full.Count(0);
                break;
        }
    }

    // DER: 30 len 02 32 r 02 32 s, then the signature hash type. The first bit of r and s is clear, so neither needs a padding byte.
    private const int SignatureSize = 2 + 34 + 34 + 1;

    private void WriteSignature(WireWriter writer)
    {
        writer.Byte(SignatureSize);
        var der = writer.Reserve(SignatureSize);
        filler.Fill(der);
        der[0] = 0x30;
        der[1] = SignatureSize - 3;
        foreach (var at in (ReadOnlySpan<int>)[2, 36])
        {
            der[at] = 0x02;
            der[at + 1] = 32;
            der[at + 2] = (byte)((der[at + 2] & 0x7f) | 0x01);
        }

        der[^1] = AllInputsAndOutputs;
    }

    private void WriteKey(WireWriter writer)
    {
        writer.Byte(KeySize);
        var key = writer.Reserve(KeySize);
        filler.Fill(key);
        key[0] = (byte)(0x02 | (key[0] & 1));
    }

    private void WriteTwoOfThree()
    {
        _full.Count(1 + 3 * (1 + KeySize) + 2);
        _full.Byte(0x52);
        for (var i = 0; i < 3; i++) WriteKey(_full);
        _full.Bytes([0x53, 0xae]);
    }
}

/// <summary>A transaction as bytes.</summary>
/// <param name="Bytes">With the witness, where there is one.</param>
/// <param name="Id">The hash without the witness (txid).</param>
/// <param name="WitnessId">The hash with the witness (wtxid); the same as <paramref name="Id"/> where there is none.</param>
internal sealed record EncodedTransaction(byte[] Bytes, Hash256 Id, Hash256 WitnessId, bool HasWitness);
