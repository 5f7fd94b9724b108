using System.CommandLine;
using System.Globalization;
using System.Text;
using Haetae.Intel;
using Haetae.Intel.Cases;

namespace Haetae.Cli.Commands;

/// <summary>Case files on disk, and what the verbs of <c>haetae case</c> share.</summary>
internal static class CaseFile
{
    internal static Argument<string> Argument() => new("FILE") { Description = "The case: a JSON file, format haetae.case/1." };

    internal static Option<string?> By() => new("--by") { Description = "Who is noted in the history (else the user's name on this machine).", HelpName = "NAME" };

    internal static string Who(ParseResult parsed, Option<string?> by) => parsed.GetValue(by) is { Length: > 0 } name ? name : Environment.UserName;

    internal static string Now() => DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal static string[] Split(string[]? values) => [.. (values ?? []).SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>The whole path of a file that is to be made.</summary>
    /// <exception cref="UsageException">It is there already, or has no folder to lie in.</exception>
    internal static string Fresh(string path)
    {
        var whole = Path.GetFullPath(path.Length > 0 ? path : throw new UsageException("The case needs the name of a file."));
        if (File.Exists(whole) || Directory.Exists(whole)) throw new UsageException($"{path}: that is there already. Name another file; nothing is overwritten.");
        var folder = Path.GetDirectoryName(whole);
        return Directory.Exists(folder) ? whole : throw new UsageException($"{path}: there is no folder '{folder}'.");
    }

    internal static CaseDocument Read(string path) => Parse(path, Bytes(path, CaseJson.MostBytes));

    /// <summary>Reads a case, also out of a pack.</summary>
    internal static CaseDocument ReadCaseOrPack(string path)
    {
        var bytes = Bytes(path, PackFile.MostBytes);
        if (bytes is [(byte)'{', ..]) return Parse(path, bytes);
        var faults = new List<PackFault>();
        var sections = PackFile.Read(bytes, faults);
        if (sections is null || faults.Count > 0) throw new IntelException($"{path}: {faults[0]}. 'haetae case verify' tells more.");
        return Parse(path, sections.FirstOrDefault(section => section.Name == "case")?.Bytes.ToArray() ?? throw new IntelException($"{path}: the pack holds no case."));
    }

    internal static byte[] Bytes(string path, int most)
    {
        var file = new FileInfo(path);
        Folders.RequireFile(path);
        return file.Length <= most ? File.ReadAllBytes(path) : throw new IntelException($"{path} has {file.Length} bytes; {most} are the most.");
    }

    private static CaseDocument Parse(string path, byte[] bytes)
    {
        try
        {
            return CaseJson.Read(bytes);
        }
        catch (IntelException wrong)
        {
            throw new IntelException($"{path}: {PlainText.Of(wrong.Message)}", wrong);
        }
    }

    internal static void Write(string path, CaseDocument document)
    {
        byte[] bytes;
        try
        {
            bytes = CaseJson.Write(document);
        }
        catch (ArgumentException wrong)
        {
            throw new UsageException(wrong.Message); // half of a character
        }

        if (bytes.Length > CaseJson.MostBytes) throw new IntelException($"{path}: the case would have {bytes.Length} bytes; {CaseJson.MostBytes} are the most.");
        Replace(path, bytes);
    }

    /// <summary>Writes beside the place first: a failed write leaves what was there.</summary>
    internal static void Replace(string path, byte[] bytes) => FreshFile.Write(path, stream => stream.Write(bytes));

    /// <summary>Prints the case, or as JSON the document itself.</summary>
    internal static void Answer(ParseResult parsed, Option<bool> json, CaseDocument document, string? note)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(json)) output.WriteLine(Encoding.UTF8.GetString(CaseJson.Write(document)));
        else CaseText.Print(document, output);
        if (note is not null && !parsed.GetValue(json)) parsed.InvocationConfiguration.Error.WriteLine(note);
    }
}
