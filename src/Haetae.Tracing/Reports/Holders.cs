namespace Haetae.Tracing.Reports;

/// <summary>What an output is called by where it pays: its address, or the kind of its script with as much of it as tells one from another.</summary>
public static class Holders
{
    /// <summary>Where the script has no address: <c>pubkey 0411db93…12a3</c>, <c>multisig 5141047a2f3c91d0…9fe252ae</c>.</summary>
    /// <param name="scriptHex">The output script; without it only the kind can be said.</param>
    public static string NameOf(string? address, string scriptType, string? scriptHex = null)
    {
        if (address is not null) return address;
        if (scriptHex is null) return $"{scriptType} script";
        return PublicKey(scriptType, scriptHex) is { } key ? $"{scriptType} {Ends(key, 8, 4)}" : $"{scriptType} {Ends(scriptHex, 16, 8)}";
    }

    /// <summary>The public key that a script of the form "push, key, OP_CHECKSIG" pays, or null.</summary>
    private static string? PublicKey(string scriptType, string hex) =>
        scriptType == "pubkey" && hex.Length is 70 or 134 ? hex[2..^2] : null;

    private static string Ends(string hex, int head, int tail) => hex.Length <= head + tail + 1 ? hex : $"{hex[..head]}…{hex[^tail..]}";
}
