namespace Haetae.Ledger.Storage;

/// <summary>Keeps a ledger to one writer: a file that is held open for oneself alone.</summary>
internal static class WriterLock
{
    internal const string FileName = "writer.lock";

    /// <exception cref="LedgerException">Another program holds it, or the folder cannot be written.</exception>
    internal static FileStream Take(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException wrong) when (wrong.HResult is unchecked((int)0x80070020) or 11 or 35) // a sharing violation on Windows; EWOULDBLOCK on Linux, and on macOS
        {
            throw new LedgerException($"Another program is writing to the ledger '{folder}'. Wait for it, or stop it.");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException($"The ledger '{folder}' cannot be written: {wrong.Message} Free it, or name another folder with --ledger.", wrong);
        }
    }
}
