using System.IO.Compression;

namespace Haetae.Intel.Files;

/// <summary>What a file is by its name, without <c>.gz</c> or <c>.bz2</c>.</summary>
internal enum FactFileKind
{
    None,
    Pack,
    Table,
    Xml,
    Json,
}

/// <summary>A file with facts, perhaps packed with gzip or bzip2.</summary>
/// <param name="IsNamed">Whoever imports named this file, and not a folder above it: then it must be one that can be read.</param>
public sealed record FactFile(string Path, bool IsNamed)
{
    /// <summary>What can be imported, for people.</summary>
    internal const string Kinds = ".yaml, .yml, .csv, .xml or .json, also packed as .gz or .bz2";

    /// <summary>So many bytes are unpacked of one file. OFAC's list has 0.12 billion.</summary>
    internal const long MaximumUnpacked = 8L << 30;

    /// <summary>Its name without folders and without the ending of a packer: packed or not, it is the same file.</summary>
    internal string Name => System.IO.Path.GetFileName(IsPacked ? System.IO.Path.ChangeExtension(Path, null) : Path);

    internal FactFileKind Kind => System.IO.Path.GetExtension(Name).ToLowerInvariant() switch
    {
        ".yaml" or ".yml" => FactFileKind.Pack,
        ".csv" => FactFileKind.Table,
        ".xml" => FactFileKind.Xml,
        ".json" => FactFileKind.Json,
        _ => FactFileKind.None,
    };

    private bool IsPacked => Ending is ".gz" or ".bz2";

    private string Ending => System.IO.Path.GetExtension(Path).ToLowerInvariant();

    /// <summary>Its content from the beginning.</summary>
    internal Stream Open(Stream file)
    {
        file.Position = 0;
        return Ending switch
        {
            ".gz" => new BoundedStream(new GZipStream(file, CompressionMode.Decompress, leaveOpen: true), MaximumUnpacked),
            ".bz2" => new BoundedStream(new Bzip2Stream(file), MaximumUnpacked),
            _ => new BoundedStream(file, long.MaxValue),
        };
    }

    /// <summary>The files that the paths name, each once, in an order that does not depend on the disk. In folders, hidden files are passed over.</summary>
    /// <exception cref="IntelException">A path is not there, or nothing below it can be imported.</exception>
    public static IReadOnlyList<FactFile> Below(IEnumerable<string> paths)
    {
        var files = new List<FactFile>();
        foreach (var path in paths)
        {
            if (File.Exists(path)) files.Add(new FactFile(path, true));
            else if (!Directory.Exists(path)) throw new IntelException($"{path}: there is no such file or folder.") { NothingThere = true };
            else
            {
                var found = Visible(new DirectoryInfo(path)).Order(StringComparer.Ordinal).Select(file => new FactFile(file, false)).ToList();
                if (found.All(file => file.Kind == FactFileKind.None)) throw new IntelException($"{path}: no file in that folder, nor below it, is one of {Kinds}.");
                files.AddRange(found);
            }
        }

        return [.. files.DistinctBy(file => System.IO.Path.GetFullPath(file.Path))];
    }

    private static IEnumerable<string> Visible(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(file => file.Name[0] != '.').Select(file => System.IO.Path.Combine(folder.ToString(), file.Name))
            .Concat(folder.EnumerateDirectories().Where(inner => inner.Name[0] != '.' && inner.LinkTarget is null).SelectMany(inner => Visible(new DirectoryInfo(System.IO.Path.Combine(folder.ToString(), inner.Name)))));
}

/// <summary>A file is none of those that can be read: one that was named is an error, in a folder it is passed over, and said.</summary>
internal sealed class UnknownFormException(string message) : Exception(message);
