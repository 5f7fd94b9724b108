using System.Xml;
using Haetae.Intel.Sanctions;
using YamlDotNet.Core;

namespace Haetae.Intel.Tags;

/// <summary>What became of an import.</summary>
public sealed class TagImportReport
{
    /// <summary>So many problems and notes are kept with their place; all are counted.</summary>
    public const int MaximumListed = 10_000;

    public int Files { get; internal set; }

    public int Packs { get; internal set; }

    public long Read => Stored + Duplicate + Rejected;

    public long Stored { get; internal set; }

    public long Duplicate { get; internal set; }

    public long Rejected { get; internal set; }

    /// <summary>Tags whose address was mended before it was taken; they are in the other counts as well.</summary>
    public long Normalised { get; internal set; }

    public long ActorsRead => ActorsStored + ActorsDuplicate + ActorsRejected;

    public long ActorsStored { get; internal set; }

    public long ActorsDuplicate { get; internal set; }

    public long ActorsRejected { get; internal set; }

    public long SanctionsRead => SanctionsStored + SanctionsDuplicate + SanctionsRejected;

    public long SanctionsStored { get; internal set; }

    public long SanctionsDuplicate { get; internal set; }

    public long SanctionsRejected { get; internal set; }

    /// <summary>Files that could not be read to their end.</summary>
    public int BrokenFiles { get; internal set; }

    public List<TagProblem> Problems { get; } = [];

    public List<TagProblem> Notes { get; } = [];

    /// <summary>Problems and notes that were counted and not listed.</summary>
    public long NotListed { get; internal set; }
}

/// <summary>Reads packs and sanctions into a store, file by file; each file is added as a whole, or on a stop not at all.</summary>
public sealed class TagImport : IPackSink, ISanctionSink
{
    private readonly ITagIntake _intake;
    private readonly Action<double, string>? _progress;
    private readonly CancellationToken _stop;
    private string _file = "";
    private Func<double> _share = () => 0;
    private (long Tags, long Actors, long Sanctions) _taken;

    private TagImport(ITagIntake intake, Action<double, string>? progress, CancellationToken stop) => (_intake, _progress, _stop) = (intake, progress, stop);

    private TagImportReport Report { get; } = new();

    /// <param name="paths">Files, or folders with all packs below them.</param>
    /// <param name="progress">Told now and then the share that is done and the file at hand.</param>
    /// <exception cref="IntelException">A path is not there, or there is no pack below it.</exception>
    public static TagImportReport Run(ITagStore store, IEnumerable<string> paths, TagImportNote note, Action<double, string>? progress, CancellationToken stop)
    {
        var files = Files(paths);
        using var intake = store.Add(note);
        var import = new TagImport(intake, progress, stop);
        long whole = files.Sum(file => new FileInfo(file).Length), before = 0;
        foreach (var file in files)
        {
            before += import.Import(file, before, whole);
            import.Save();
        }

        return import.Report;
    }

    /// <summary>The packs that the paths name, each once, in an order that does not depend on the disk.</summary>
    public static IReadOnlyList<string> Files(IEnumerable<string> paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            if (File.Exists(path)) files.Add(path);
            else if (!Directory.Exists(path)) throw new IntelException($"{path}: there is no such file or folder.");
            else
            {
                var found = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(PackFile.IsYaml).Order(StringComparer.Ordinal).ToList();
                if (found.Count == 0) throw new IntelException($"{path}: no file in that folder, nor below it, ends in .yaml or .yml.");
                files.AddRange(found);
            }
        }

        return [.. files.DistinctBy(Path.GetFullPath)];
    }

    void IPackSink.Take(in TagRow row, bool mended)
    {
        _intake.Add(row);
        if (mended) Report.Normalised++;
        if (++_taken.Tags % 4096 == 0) Tell();
    }

    void IPackSink.Take(ActorRow actor)
    {
        _intake.Add(actor);
        _taken.Actors++;
    }

    void IPackSink.Reject(bool isActor, long line, string reason)
    {
        if (isActor) Report.ActorsRejected++;
        else Report.Rejected++;
        List(Report.Problems, line, reason);
    }

    void ISanctionSink.Take(SanctionFact fact, bool mended)
    {
        _intake.Add(fact);
        if (mended) Report.Normalised++;
        if (++_taken.Sanctions % 256 == 0) Tell();
    }

    void ISanctionSink.RejectSanction(long line, string reason)
    {
        Report.SanctionsRejected++;
        List(Report.Problems, line, reason);
    }

    void ISanctionSink.Note(long line, string text) => List(Report.Notes, line, text);

    void IPackSink.Note(long line, string text) => List(Report.Notes, line, text);

    private long Import(string file, long before, long whole)
    {
        using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        var length = bytes.Length;
        TextReader Open()
        {
            bytes.Position = 0;
            return new StreamReader(bytes, leaveOpen: true);
        }

        _file = file;
        _share = () => whole == 0 ? 1 : (before + bytes.Position) / (double)whole;
        Report.Files++;
        Tell();
        try
        {
            if (Path.GetExtension(file).Equals(".csv", StringComparison.OrdinalIgnoreCase)) new SanctionCsvReader(Path.GetFileName(file), this).Read(Open);
            else if (Path.GetExtension(file).Equals(".xml", StringComparison.OrdinalIgnoreCase)) ReadXml(file, Open);
            else if (Path.GetExtension(file).Equals(".bz2", StringComparison.OrdinalIgnoreCase)) throw new PackRowException("it is packed: unpack it first, with 'bunzip2 -k FILE'");
            else ReadPack(file, Open);
        }
        catch (YamlException wrong)
        {
            Report.BrokenFiles++;
            List(Report.Problems, wrong.Start.Line, $"from here on it is not readable as YAML: {wrong.Message}");
        }
        catch (XmlException wrong)
        {
            Report.BrokenFiles++;
            List(Report.Problems, wrong.LineNumber, $"it is not readable as XML, and nothing was taken of it: {wrong.Message}");
        }
        catch (PackRowException wrong)
        {
            Report.BrokenFiles++;
            List(Report.Problems, 0, wrong.Message);
        }

        return length;
    }

    private void ReadXml(string file, Func<TextReader> open)
    {
        using var text = open();
        new OfacXmlReader(Path.GetFileName(file), this, Tell).Read(text);
    }

    private void ReadPack(string file, Func<TextReader> open)
    {
        bool headFirst;
        using (var text = open()) headFirst = LateHead.MayExist(text);
        new TagPackReader(PackFile.NameOf(file), this).Read(open, headFirst);
        Report.Packs++;
    }

    private void Save()
    {
        var added = _intake.Save();
        Report.Stored += added.Tags;
        Report.Duplicate += _taken.Tags - added.Tags;
        Report.ActorsStored += added.Actors;
        Report.ActorsDuplicate += _taken.Actors - added.Actors;
        Report.SanctionsStored += added.Sanctions;
        Report.SanctionsDuplicate += _taken.Sanctions - added.Sanctions;
        _taken = default;
    }

    private void Tell()
    {
        _stop.ThrowIfCancellationRequested();
        _progress?.Invoke(_share(), _file);
    }

    private void List(List<TagProblem> list, long line, string reason)
    {
        if (list.Count < TagImportReport.MaximumListed) list.Add(new TagProblem(_file, line, reason));
        else Report.NotListed++;
    }
}
