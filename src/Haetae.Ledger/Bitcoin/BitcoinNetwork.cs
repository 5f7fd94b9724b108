using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Haetae.Ledger.Bitcoin;

/// <summary>One of the five public Bitcoin networks and the numbers that tell it from the others (Bitcoin Core, kernel/chainparams.cpp).</summary>
/// <remarks>Compared by reference: there is exactly one object per network. Private signets, whose magic follows from their challenge, are not held.</remarks>
public sealed class BitcoinNetwork
{
    // The target of the genesis block, which the first test networks took over.
    private const uint FirstBits = 0x1d00ffff;

    public static BitcoinNetwork Mainnet { get; } = new(
        "mainnet", ["main", "bitcoin"], 0xd9b4bef9, "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
        payToKeyHash: 0x00, payToScriptHash: 0x05, privateKey: 0x80, "bc", FirstBits, 210_000);

    /// <summary>The third test network, of 2011.</summary>
    public static BitcoinNetwork Testnet3 { get; } = new(
        "testnet3", ["testnet", "test"], 0x0709110b, "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
        payToKeyHash: 0x6f, payToScriptHash: 0xc4, privateKey: 0xef, "tb", FirstBits, 210_000);

    /// <summary>The fourth test network (BIP 94).</summary>
    public static BitcoinNetwork Testnet4 { get; } = new(
        "testnet4", ["test4"], 0x283f161c, "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
        payToKeyHash: 0x6f, payToScriptHash: 0xc4, privateKey: 0xef, "tb", FirstBits, 210_000);

    /// <summary>The signed test network with the default challenge (BIP 325).</summary>
    public static BitcoinNetwork Signet { get; } = new(
        "signet", [], 0x40cf030a, "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
        payToKeyHash: 0x6f, payToScriptHash: 0xc4, privateKey: 0xef, "tb", 0x1e0377ae, 210_000);

    /// <summary>The network a developer starts alone, where a block costs nothing.</summary>
    public static BitcoinNetwork Regtest { get; } = new(
        "regtest", ["regt"], 0xdab5bffa, "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
        payToKeyHash: 0x6f, payToScriptHash: 0xc4, privateKey: 0xef, "bcrt", 0x207fffff, 150);

    /// <summary>Every network, mainnet first.</summary>
    public static ImmutableArray<BitcoinNetwork> All { get; } = [Mainnet, Testnet3, Testnet4, Signet, Regtest];

    private readonly string[] _otherNames;

    private BitcoinNetwork(
        string name, string[] otherNames, uint magic, string genesis,
        byte payToKeyHash, byte payToScriptHash, byte privateKey, string bech32Prefix, uint powLimitBits, int halvingInterval)
    {
        Name = name;
        _otherNames = otherNames;
        Magic = magic;
        GenesisHash = Hash256.Parse(genesis);
        ChainId = $"bip122:{genesis[..32]}";
        PubKeyHashVersion = payToKeyHash;
        ScriptHashVersion = payToScriptHash;
        PrivateKeyVersion = privateKey;
        Bech32Prefix = bech32Prefix;
        PowLimitBits = powLimitBits;
        HalvingInterval = halvingInterval;
    }

    public string Name { get; }

    /// <summary>The four bytes before each block in a block file and each message on the wire, read as a little-endian number.</summary>
    public uint Magic { get; }

    public Hash256 GenesisHash { get; }

    /// <summary>The CAIP-2 name of the chain: "bip122:" and the first 32 digits of the genesis hash (BIP 122).</summary>
    public string ChainId { get; }

    /// <summary>The first byte of a Base58 address that pays to the hash of a key.</summary>
    public byte PubKeyHashVersion { get; }

    /// <summary>The first byte of a Base58 address that pays to the hash of a script (BIP 13).</summary>
    public byte ScriptHashVersion { get; }

    /// <summary>The first byte of a private key in wallet import format; known only so that one is never taken for an address.</summary>
    internal byte PrivateKeyVersion { get; }

    /// <summary>What stands before the last "1" of a segwit address (BIP 173).</summary>
    public string Bech32Prefix { get; }

    /// <summary>The easiest target a block may claim, in the compact form of the header's bits field.</summary>
    public uint PowLimitBits { get; }

    /// <summary>Number of blocks between two halvings of the subsidy.</summary>
    public int HalvingInterval { get; }

    /// <summary>What a block at this height may create beyond its fees, in satoshi: 50 coins, halved and rounded down at each interval.</summary>
    public Satoshi Subsidy(BlockHeight height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(height.Value, nameof(height));
        var halvings = height.Value / HalvingInterval;
        // A shift by 64 or more would wrap round to 50 coins again; Core stops there too.
        return new Satoshi(halvings >= 64 ? 0 : 50 * 100_000_000L >> halvings);
    }

    /// <summary>Finds the network of a block file by its first four bytes, read as a little-endian number.</summary>
    public static bool TryFromMagic(uint littleEndian, [NotNullWhen(true)] out BitcoinNetwork? network)
    {
        network = All.FirstOrDefault(candidate => candidate.Magic == littleEndian);
        return network is not null;
    }

    /// <summary>Finds a network by its name or a usual short form ("main", "test", "regt"), in either case.</summary>
    public static bool TryParse(string? name, [NotNullWhen(true)] out BitcoinNetwork? network)
    {
        network = All.FirstOrDefault(candidate => candidate.IsCalled(name));
        return network is not null;
    }

    private bool IsCalled(string? name) =>
        string.Equals(Name, name, StringComparison.OrdinalIgnoreCase) || _otherNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    public override string ToString() => Name;
}
