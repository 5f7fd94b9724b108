using System.Text.Json;
using System.Xml;
using Haetae.Intel.Files;
using Haetae.Intel.Labels;
using Haetae.Intel.Sanctions;
using YamlDotNet.Core;

namespace Haetae.Intel.Tags;

/// <summary>Reads packs, tables of labels and sanctions into a store, file by file; each file is added as a whole, or on a stop not at all.</summary>
public sealed class TagImport : IPackSink, ISanctionSink
{
    private readonly ITagIntake _intake;
    private readonly ColumnMap? _map;
    private readonly Action<double, string>? _progress;
    private readonly CancellationToken _stop;
    private string _file = "";
    private Func<double> _share = () => 0;
    private (long Tags, long Actors, long Sanctions) _taken;

    private TagImport(ITagIntake intake, ColumnMap? map, Action<double, string>? progress, CancellationToken stop) => (_intake, _map, _progress, _stop) = (intake, map, progress, stop);

    private TagImportReport Report { get; } = new();

    /// <inheritdoc cref="Run(ITagStore, IReadOnlyList{FactFile}, ColumnMap?, TagImportNote, Action{double, string}?, CancellationToken)"/>
    /// <param name="paths">Files, or folders of them.</param>
    /// <exception cref="IntelException">A path is not there, or nothing below it can be imported.</exception>
    public static TagImportReport Run(ITagStore store, IEnumerable<string> paths, TagImportNote note, Action<double, string>? progress, CancellationToken stop) =>
        Run(store, FactFile.Below(paths), null, note, progress, stop);

    /// <param name="files"><see cref="FactFile.Below"/>.</param>
    /// <param name="map">The columns of tables whose first line is not known, and what holds for all rows of tables; null: none are named.</param>
    /// <param name="progress">Told now and then the share that is done and the file at hand.</param>
    public static TagImportReport Run(ITagStore store, IReadOnlyList<FactFile> files, ColumnMap? map, TagImportNote note, Action<double, string>? progress, CancellationToken stop)
    {
        using var intake = store.Add(note);
        var import = new TagImport(intake, map, progress, stop);
        long whole = files.Sum(file => new FileInfo(file.Path).Length), before = 0;
        foreach (var file in files)
        {
            before += import.Import(file, before, whole);
            import.Save();
        }

        return import.Report;
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
        if (Report.Rejected % 4096 == 0) Tell(); // a file of nothing but bad rows can be stopped too
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

    private long Import(FactFile file, long before, long whole)
    {
        using var bytes = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        var length = bytes.Length;
        _file = file.Path;
        _share = () => whole == 0 ? 1 : (before + bytes.Position) / (double)whole;
        Report.Files++;
        Tell();
        try
        {
            var what = Read(file, () => file.Open(bytes));
            Report.Taken.Add((file.Path, what));
        }
        catch (UnknownFormException unknown) when (!file.IsNamed)
        {
            Report.Files--;
            Report.Skipped.Add(new TagProblem(file.Path, 0, unknown.Message));
        }
        catch (YamlException wrong)
        {
            Break(wrong.Start.Line, $"from here on it is not readable as YAML: {wrong.Message}");
        }
        catch (XmlException wrong)
        {
            Break(wrong.LineNumber, $"it is not readable as XML, and nothing was taken of it: {wrong.Message}");
        }
        catch (JsonException wrong)
        {
            Break((wrong.LineNumber ?? 0) + 1, $"from here on it is not readable as JSON: {wrong.Message}");
        }
        catch (InvalidDataException wrong)
        {
            Break(0, $"from some place on it cannot be unpacked: {wrong.Message}");
        }
        catch (Exception wrong) when (wrong is PackRowException or UnknownFormException)
        {
            Break(0, wrong.Message);
        }

        return length;
    }

    private void Break(long line, string reason)
    {
        Report.BrokenFiles++;
        List(Report.Problems, line, reason);
    }

    /// <summary>Reads a file as what it is.</summary>
    /// <returns>What that was.</returns>
    private string Read(FactFile file, Func<Stream> open)
    {
        StreamReader Text() => new(open());
        switch (file.Kind)
        {
            case FactFileKind.Pack:
                return ReadPack(file, Text);
            case FactFileKind.Table:
                return ReadTable(file, Text);
            case FactFileKind.Xml:
                using (var text = Text()) new OfacXmlReader(file.Name, this, Tell).Read(text);
                return "OFAC's list of sanctions";
            case FactFileKind.Json:
                using (var bytes = open()) new EtherscanReader(file.Name, _map, this).Read(bytes);
                return EtherscanReader.Table.What;
            default:
                throw new UnknownFormException($"its name does not end in {FactFile.Kinds}");
        }
    }

    private string ReadPack(FactFile file, Func<TextReader> open)
    {
        bool headFirst;
        using (var text = open()) headFirst = LateHead.MayExist(text);
        var before = (_taken.Actors, Report.ActorsRejected);
        new TagPackReader(PackFile.NameOf(file.Name), this).Read(open, headFirst);
        Report.Packs++;
        return (_taken.Actors, Report.ActorsRejected) == before ? "a TagPack" : "an ActorPack";
    }

    private string ReadTable(FactFile file, Func<TextReader> open)
    {
        var sanctions = new SanctionCsvReader(file.Name, this);
        if (_map is not { HasColumns: true } && sanctions.WhatIs(open) is { } what)
        {
            sanctions.Read(open);
            return what;
        }

        var labels = new LabelCsvReader(file.Name, _map, this);
        var table = labels.TableOf(open) ?? throw new UnknownFormException($"its first line is of no table that is known; name its columns: --map address=COLUMN,label=COLUMN and, where it has none for them, --set source=WHERE");
        labels.Read(table, open);
        Report.Packs++;
        return table.What;
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
