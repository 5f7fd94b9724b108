using Haetae.Ledger;
using Haetae.Ledger.Storage;

namespace Haetae.Cli.Commands;

/// <summary>Looks at a folder before work begins that would end in it: an hour later is late to hear that it cannot be written.</summary>
internal static class Folders
{
    /// <exception cref="UsageException">It is a file, or would lie in one.</exception>
    /// <exception cref="LedgerException">Nothing can be written there.</exception>
    internal static void RequireWritable(string option, string folder)
    {
        var there = NearestThere(option, folder);
        ClearProbes(there);
        var probe = Path.Combine(there, $".haetae-{Environment.ProcessId}.probe");
        try
        {
            using var file = new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException($"{option} {folder}: nothing can be written to the folder '{there}' ({Reason(wrong, probe)}). Name another folder with {option}, or get the right to write there.", wrong);
        }
    }

    /// <summary>A run killed while it probed left its probe behind; the next one clears it, as a ledger holds the same files however often it was killed. Another run's probe of this moment may go too, which that run does not notice.</summary>
    private static void ClearProbes(string folder)
    {
        try
        {
            foreach (var left in Directory.EnumerateFiles(folder, ".haetae-*.probe")) File.Delete(left);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            // Somebody else's, or gone by now: the probe that follows says whether this folder can be written.
        }
    }

    /// <summary>A ledger goes into a folder of its own: one that holds a ledger, holds nothing, or is not there yet.</summary>
    /// <exception cref="UsageException">It holds other things.</exception>
    internal static void RequireForLedger(string option, string folder)
    {
        RequireWritable(option, folder);
        if (!Directory.Exists(folder) || File.Exists(Path.Combine(folder, Manifest.FileName))) return;
        if (Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).FirstOrDefault(IsForeign) is { } other)
            throw new UsageException($"{option} {folder}: that folder holds other things ('{other}') and no ledger. Name an empty folder, or one that is not there yet.");
    }

    /// <summary>Neither of a ledger that was killed before its manifest stood, nor of what systems put into every folder or disk.</summary>
    private static bool IsForeign(string name) => name is not ("writer.lock" or Manifest.FileName + ".new" or "lost+found") && name[0] != '.';

    /// <summary>A file that is to be read.</summary>
    /// <exception cref="UsageException">It is a folder.</exception>
    /// <exception cref="NotFoundException">It is not there.</exception>
    internal static void RequireFile(string file)
    {
        if (Directory.Exists(file)) throw new UsageException($"{file} is a folder; name a file.");
        if (!File.Exists(file)) throw new NotFoundException($"{(file.Length == 0 ? "The file" : file)} is not there.");
    }

    /// <summary>A folder that is to be read.</summary>
    /// <exception cref="UsageException">It is a file.</exception>
    /// <exception cref="NotFoundException">It is not there.</exception>
    internal static void RequireFolder(string option, string folder)
    {
        if (File.Exists(folder)) throw new UsageException($"{option} {folder}: that is a file. Name a folder.");
        if (!Directory.Exists(folder)) throw new NotFoundException($"{option} {folder}: there is no such folder.");
    }

    private static string NearestThere(string option, string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(at)) throw new UsageException($"{option} {folder}: {(at == folder ? "that" : $"'{at}'")} is a file. Name a folder.");
            if (Directory.Exists(at)) return at;
        }

        throw new UsageException($"{option} {folder}: there is no such disk.");
    }

    /// <summary>The system's reason, without the name of a file that nobody asked for.</summary>
    private static string Reason(Exception wrong, string probe) =>
        wrong is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException ? "access denied" : wrong.Message.Replace($" : '{probe}'", "", StringComparison.Ordinal).TrimEnd('.');
}
