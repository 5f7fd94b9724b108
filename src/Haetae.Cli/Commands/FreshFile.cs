using System.Text;

namespace Haetae.Cli.Commands;

/// <summary>Files written beside their place first: a failed write leaves what was there, and no half file under the name.</summary>
internal static class FreshFile
{
    internal static void Write(string path, Action<Stream> write)
    {
        var fresh = path + ".new";
        try
        {
            using (var stream = File.Create(fresh)) write(stream);
            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    /// <summary>The same as UTF-8 with line feeds.</summary>
    internal static void WriteText(string path, Action<TextWriter> write) => Write(path, stream => Text(stream, write));

    /// <summary>Writes text to a stream that stays open.</summary>
    internal static void Text(Stream stream, Action<TextWriter> write)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        write(writer);
    }
}
