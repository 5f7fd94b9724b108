using Haetae.Ledger.Bitcoin;

namespace Haetae.Cli.Commands;

/// <summary>Outputs that pay a public key itself, the form of the first blocks. An address made from the same key is another script.</summary>
internal static class PublicKeys
{
    private const byte CheckSig = 0xac;

    /// <summary>The script that pays a public key, or null where the bytes have not the form of one (SEC 1: 33 bytes compressed, 65 not).</summary>
    internal static byte[]? ScriptOf(byte[] key) => key is [2 or 3, ..] and { Length: 33 } or [4, ..] and { Length: 65 } ? [(byte)key.Length, .. key, CheckSig] : null;

    /// <summary>What to know when nothing pays the hash of a key; nothing for other scripts.</summary>
    internal static string Hint(byte[] script, string wayOut) => Script.Classify(script) != ScriptKind.PubKeyHash
        ? ""
        : $"\nOutputs that pay its public key directly, as the first miners' do, are not the address's; {wayOut}.";
}
