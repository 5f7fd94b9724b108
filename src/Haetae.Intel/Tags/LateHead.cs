namespace Haetae.Intel.Tags;

/// <summary>Looks whether fields of the head may stand after the rows that inherit them. Rare; then the file is read twice.</summary>
internal static class LateHead
{
    /// <summary>True when a line after 'tags:' begins at the left edge with a name, or the text is not laid out by indents at all.</summary>
    internal static bool MayExist(TextReader text)
    {
        var afterRows = false;
        while (text.ReadLine() is { } line)
        {
            if (line.Length == 0) continue;
            var first = line[0];
            if (first is '{' or '"' or '\'' or '?') return true;
            if (first is ' ' or '-' or '#' or '%' or '.' or '\t') continue;
            if (afterRows) return true;
            afterRows = line.StartsWith("tags", StringComparison.Ordinal) || line.StartsWith("actors", StringComparison.Ordinal);
        }

        return false;
    }
}
