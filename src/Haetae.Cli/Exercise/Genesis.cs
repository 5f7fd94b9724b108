using Haetae.Ledger;

namespace Haetae.Cli.Exercise;

/// <summary>The first block of regtest, the network Bitcoin programs test with: mainnet's first coinbase under another time and target.</summary>
internal static class Genesis
{
    private const uint Time = 1296688602;
    private const uint Nonce = 2;

    private const string Headline = "The Times 03/Jan/2009 Chancellor on brink of second bailout for banks";

    private const string Key =
        "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f";

    /// <summary>Its hash as printed everywhere (Bitcoin Core, kernel/chainparams.cpp).</summary>
    public const string Hash = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206";

    public static (byte[] Bytes, Hash256 Hash) Build()
    {
        var writer = new WireWriter();
        writer.UInt32(1);
        writer.Count(1);
        writer.Reserve(32).Clear();
        writer.UInt32(uint.MaxValue);
        writer.Prefixed([4, 0xff, 0xff, 0x00, 0x1d, 1, 4, (byte)Headline.Length, .. System.Text.Encoding.ASCII.GetBytes(Headline)]);
        writer.UInt32(uint.MaxValue);
        writer.Count(1);
        writer.Int64(Coinbase.Subsidy(0));
        writer.Prefixed([65, .. Convert.FromHexString(Key), 0xac]);
        writer.UInt32(0);

        var id = writer.DoubleHash();
        var coinbase = new EncodedTransaction(writer.Written.ToArray(), id, id, false);
        var (bytes, hash) = BlockAssembler.Encode(version: 1, previous: default, Time, Nonce, [coinbase]);
        return hash.ToString() == Hash
            ? (bytes, hash)
            : throw new InvalidOperationException($"The first block hashes to {hash}, not to {Hash}.");
    }
}
