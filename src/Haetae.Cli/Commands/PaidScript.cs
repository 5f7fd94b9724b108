using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;

namespace Haetae.Cli.Commands;

/// <summary>A script as people name it, and the outputs that pay it.</summary>
internal sealed record PaidScript(string Asked, byte[] Script, List<long> Outputs)
{
    /// <summary>Reads an address, a script in hex, or a public key in hex that some output pays directly.</summary>
    /// <exception cref="UsageException">It is none of these.</exception>
    /// <exception cref="NotFoundException">No output in the ledger pays it.</exception>
    internal static PaidScript Find(BitcoinLedger ledger, string text)
    {
        var asked = text.Trim();
        if (!Address.TryParse(asked, ledger.Network, out var script, out var error) && !TryHex(asked, out script))
            throw new UsageException($"'{asked}' is no address and no script in hex: {error}.");
        var outputs = ledger.FindOutputs(script);
        if (outputs.Count == 0 && PublicKeys.ScriptOf(script) is { } pays) outputs = ledger.FindOutputs(script = pays);
        return outputs.Count > 0 ? new PaidScript(asked, script, outputs)
            : throw new NotFoundException($"No output in the ledger (heights {ledger.Manifest.FirstHeight} to {ledger.TipHeight}) pays {asked}.{PublicKeys.Hint(script, "give that key, or the whole script, in hex: haetae address HEX")}");
    }

    private static bool TryHex(string text, out byte[] script)
    {
        script = [];
        if (text.Length is 0 or > 20_000 || text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit)) return false;
        script = Convert.FromHexString(text);
        return true;
    }
}
