namespace Haetae.Cli.Commands;

/// <summary>Commands of this program as a reader can type them where they are: few have it on the PATH, most run it from a clone.</summary>
internal static class OwnCommand
{
    /// <summary>What starts this program: <c>haetae</c> where the PATH leads to it, else its file, seen from the current folder and by way of <c>dotnet</c> where that is at hand.</summary>
    internal static string Name { get; } =
        NameOf(Environment.ProcessPath, AppContext.BaseDirectory, Environment.CurrentDirectory, Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <summary>A whole command, fit to paste into a shell.</summary>
    internal static string Of(params ReadOnlySpan<string> words)
    {
        var text = Name;
        foreach (var word in words) text += " " + Quoted(word);
        return text;
    }

    internal static string NameOf(string? process, string programFolder, string currentFolder, string path)
    {
        var named = process is not null && Path.GetFileNameWithoutExtension(process) == "haetae"; // else the process is dotnet
        if (named && OnPath(Path.GetFileName(process!), path) is { } found && Target(found) == Target(process!)) return "haetae";
        // The program's file finds no runtime that lies in an unusual place; dotnet brings its own.
        var library = Path.Combine(programFolder, "haetae.dll");
        var dotnet = File.Exists(library) && OnPath(OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet", path) is not null;
        return named && !dotnet ? Quoted(Near(process!, currentFolder)) : "dotnet " + Quoted(Near(library, currentFolder));
    }

    internal static string Quoted(string word)
    {
        var safe = word.Length > 0;
        foreach (var c in word) safe &= char.IsAsciiLetterOrDigit(c) || c is ':' or ',' or '.' or '-' or '_' || c == Path.DirectorySeparatorChar;
        return safe ? word : OperatingSystem.IsWindows() ? $"\"{word}\"" : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    /// <summary>The path from a folder where it lies below it, with a separator in it so that a shell does not search for it; else the whole path.</summary>
    private static string Near(string file, string folder)
    {
        var near = Path.GetRelativePath(folder, file);
        if (Path.IsPathRooted(near) || near.StartsWith("..", StringComparison.Ordinal)) return Path.GetFullPath(file);
        return near.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? near : Path.Combine(".", near);
    }

    private static string? OnPath(string file, string path) =>
        path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    private static string Target(string file) => new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);
}
