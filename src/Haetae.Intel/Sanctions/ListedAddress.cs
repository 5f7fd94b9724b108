using Haetae.Intel.Tags;

namespace Haetae.Intel.Sanctions;

/// <summary>An address as a list writes it, mended and in the form that is looked up.</summary>
/// <param name="Written">As the list writes it, where that differs.</param>
internal readonly record struct ListedAddress(string Subject, string? Written, bool Mended)
{
    /// <exception cref="PackRowException">It is no address.</exception>
    internal static ListedAddress Of(string written, long line, ISanctionSink sink)
    {
        var text = TagSubject.Mend(written);
        if (text.Length is 0 or > 512) throw new PackRowException($"an address of {text.Length} characters");
        if (text.Any(letter => letter is <= ' ' or > '~')) throw new PackRowException($"'{TagProblem.Quoted(written)}' is no address");
        var mended = text != written;
        if (TagSubject.NoteOn(written) is { } note) sink.Note(line, note);
        var subject = TagSubject.KeyOf(text);
        return new ListedAddress(subject, subject == written ? null : written, mended);
    }
}
