using System.Runtime.InteropServices;

namespace Haetae.Ledger.Storage;

/// <summary>What it takes beyond the framework to make a rename survive a power cut.</summary>
internal static partial class Durable
{
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
