using System.Runtime.InteropServices;

namespace Haetae.Ledger.Storage;

/// <summary>What it takes beyond the framework to make a rename survive a power cut.</summary>
internal static partial class Durable
{
    /// <summary>Puts a file in the place of the one before, at once and for good: written beside it, flushed, renamed, the folder flushed.</summary>
    internal static void Replace(string folder, string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(folder, name);
        var fresh = path + ".new";
        using (var file = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
        FlushFolder(folder);
    }

    /// <summary>Flushes a folder's own entries. On Windows a rename needs no such thing.</summary>
    internal static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0) return; // some file systems cannot open folders: the rename itself stands
        _ = FSync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
