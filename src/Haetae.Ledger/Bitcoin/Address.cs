namespace Haetae.Ledger.Bitcoin;

/// <summary>Addresses as Bitcoin Core prints and reads them: short text for the output scripts that have one.</summary>
public static class Address
{
    /// <summary>No address of any network is longer, in characters.</summary>
    public const int MaximumLength = Bech32.MaximumLength;

    private const int HashLength = 20;

    /// <summary>Writes the address of an output script; false when its kind has none (bare keys, bare multisig, data, non-standard).</summary>
    /// <remarks>A witness program of a future version has one, so that old software can already pay to it (BIP 350).</remarks>
    public static bool TryEncode(ReadOnlySpan<byte> script, BitcoinNetwork network, out string address)
    {
        address = Script.Classify(script) switch
        {
            ScriptKind.PubKeyHash => EncodeHash(network.PubKeyHashVersion, script.Slice(3, HashLength)),
            ScriptKind.ScriptHash => EncodeHash(network.ScriptHashVersion, script.Slice(2, HashLength)),
            ScriptKind.WitnessV0KeyHash or ScriptKind.WitnessV0ScriptHash or ScriptKind.WitnessV1Taproot
                or ScriptKind.WitnessUnknown or ScriptKind.Anchor => EncodeProgram(network.Bech32Prefix, script),
            _ => "",
        };
        return address.Length > 0;
    }

    /// <summary>Whether a text begins as addresses of a network do: cheap, for sorting out long lists before they are read.</summary>
    public static bool BeginsLikeOne(string text, BitcoinNetwork network)
    {
        if (text.Length == 0) return false;
        // What versions 0 and 5 begin with in Base58, and 111 and 196 on every test network.
        if (network.PubKeyHashVersion == 0 ? text[0] is '1' or '3' : text[0] is 'm' or 'n' or '2') return true;
        return text.Length > network.Bech32Prefix.Length && text[network.Bech32Prefix.Length] == '1' && text.StartsWith(network.Bech32Prefix, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads an address of <paramref name="network"/> into the output script it stands for; on false, <paramref name="error"/> says why.</summary>
    /// <remarks>Networks that share their prefixes (testnet3, testnet4 and signet) cannot be told apart: an address of one is taken on the others.</remarks>
    public static bool TryParse(string text, BitcoinNetwork network, out byte[] script, out string error)
    {
        script = [];
        if (text.Length == 0)
        {
            error = "an empty text is no address";
            return false;
        }

        if (text.Length > MaximumLength)
        {
            error = $"an address has at most {MaximumLength} characters, this text {text.Length}";
            return false;
        }

        return HasSegwitPrefix(text)
            ? TryParseSegwit(text, network, out script, out error)
            : TryParseBase58(text, network, out script, out error);
    }

    private static string EncodeHash(byte version, ReadOnlySpan<byte> hash)
    {
        Span<byte> payload = stackalloc byte[1 + HashLength];
        payload[0] = version;
        hash.CopyTo(payload[1..]);
        return Base58Check.Encode(payload);
    }

    private static string EncodeProgram(string prefix, ReadOnlySpan<byte> script)
    {
        Script.TryReadWitnessProgram(script, out var version, out var program);
        return SegwitAddress.Encode(prefix, version, program);
    }

    private static bool HasSegwitPrefix(string text)
    {
        var separator = text.LastIndexOf('1');
        if (separator <= 0) return false;
        foreach (var network in BitcoinNetwork.All)
        {
            if (text.AsSpan(0, separator).Equals(network.Bech32Prefix, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static bool TryParseSegwit(string text, BitcoinNetwork network, out byte[] script, out string error)
    {
        script = [];
        if (!SegwitAddress.TryDecode(text, out var prefix, out var version, out var program, out error)) return false;
        if (prefix != network.Bech32Prefix)
        {
            error = OtherNetwork(text, network, other => other.Bech32Prefix == prefix);
            return false;
        }

        script = [version == 0 ? Opcode.Zero : (byte)(Opcode.One + version - 1), (byte)program.Length, .. program];
        return true;
    }

    private static bool TryParseBase58(string text, BitcoinNetwork network, out byte[] script, out string error)
    {
        script = [];
        Span<byte> payload = stackalloc byte[Base58Check.MaximumPayload];
        if (!Base58Check.TryDecode(text, payload, out var length, out error))
        {
            // Text that is sound Bech32 of some other coin deserves a better answer than a complaint about Base58.
            if (Bech32.TryDecode(text, out var prefix, out _, out _, out _))
                error = $"no Bitcoin network has addresses that begin '{prefix}1'";
            return false;
        }

        payload = payload[..length];
        error = Complain(text, payload, network);
        if (error.Length > 0) return false;
        var hash = payload[1..];
        script = payload[0] == network.PubKeyHashVersion
            ? [Opcode.Duplicate, Opcode.Hash160, HashLength, .. hash, Opcode.EqualVerify, Opcode.CheckSig]
            : [Opcode.Hash160, HashLength, .. hash, Opcode.Equal];
        return true;
    }

    /// <summary>Why a sound Base58 payload is no address of this network, or nothing.</summary>
    private static string Complain(string text, ReadOnlySpan<byte> payload, BitcoinNetwork network)
    {
        if (payload.IsEmpty) return "it holds nothing but a checksum";
        var version = payload[0];
        if (payload.Length is 33 or 34 && BitcoinNetwork.All.Any(other => other.PrivateKeyVersion == version))
            return "this is a private key, not an address; whoever reads it can take the coins";
        if (!BitcoinNetwork.All.Any(other => IsVersionOf(other, version))) return $"no Bitcoin network has addresses of version {version}";
        if (payload.Length != 1 + HashLength)
            return $"an address of version {version} holds {HashLength} bytes, this one {payload.Length - 1}";
        return IsVersionOf(network, version) ? "" : OtherNetwork(text, network, other => IsVersionOf(other, version));
    }

    private static bool IsVersionOf(BitcoinNetwork network, byte version) =>
        version == network.PubKeyHashVersion || version == network.ScriptHashVersion;

    private static string OtherNetwork(string text, BitcoinNetwork network, Func<BitcoinNetwork, bool> isTheirs)
    {
        var names = BitcoinNetwork.All.Where(isTheirs).Select(other => other.Name).ToArray();
        var list = names.Length == 1 ? names[0] : string.Join(", ", names[..^1]) + " or " + names[^1];
        return $"'{text}' is an address of {list}, this ledger holds {network}";
    }
}
