namespace Haetae.Ledger.Node;

/// <summary>The file a node writes when it starts, so that who may read its folder may make calls: one line, <c>__cookie__:</c> and random hex.</summary>
internal static class CookieFile
{
    private const int Longest = 4096;

    /// <summary>The line, which is user and password. No message ever holds a part of it.</summary>
    /// <exception cref="PassingTroubleException">There is none at the moment: the node may be starting.</exception>
    /// <exception cref="LedgerException">It cannot be one.</exception>
    internal static string Read(string file)
    {
        string line;
        try
        {
            // The node may replace or remove it meanwhile.
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            var buffer = new char[Longest];
            var read = reader.ReadBlock(buffer);
            line = read < Longest ? new string(buffer, 0, read).Trim() : "";
            if (read == 0) throw new PassingTroubleException($"the cookie file '{file}' is empty");
        }
        catch (UnauthorizedAccessException)
        {
            throw new LedgerException($"The cookie file '{file}' may not be read by this user, or is a folder. The node's setting 'rpccookieperms' can let the group read it.");
        }
        catch (IOException missing)
        {
            throw new PassingTroubleException($"the cookie file '{file}' {(missing is FileNotFoundException or DirectoryNotFoundException ? "is not there" : "cannot be read")}; the node writes it when it starts, into its data folder, and removes it when it stops");
        }

        if (line.Contains(':', StringComparison.Ordinal) && !line.Any(char.IsControl)) return line;
        throw new LedgerException($"'{file}' is not a node's cookie file: that is one line with a colon.");
    }
}
