namespace Haetae.Tracing.Reports;

/// <summary>Documents whose member <c>digest</c> sorts before the rest: walked twice, once into the hash, once into the stream. Neither walk keeps them.</summary>
internal static class DigestedDocument
{
    /// <summary>Writes the document and returns its digest.</summary>
    /// <param name="write">Writes all of it, with the digest, or without the member where that is null.</param>
    public static string Write(Stream output, Action<Stream, string?> write)
    {
        var digest = Digest(write);
        write(output, digest);
        return digest;
    }

    /// <summary>The SHA-256, in lower-case hex, of the canonical bytes without the member <c>digest</c>.</summary>
    public static string Digest(Action<Stream, string?> write)
    {
        using var sink = new HashSink();
        write(sink, null);
        return sink.Finish();
    }
}
