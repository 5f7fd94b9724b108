using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Haetae.Intel.Tags;

/// <summary>What becomes of a pack's rows as they are read.</summary>
internal interface IPackSink
{
    void Take(in TagRow row, bool mended);

    void Take(ActorRow actor);

    /// <summary>A row that cannot be taken.</summary>
    void Reject(bool isActor, long line, string reason);

    /// <summary>Something a reader of the result should know; the row is taken.</summary>
    void Note(long line, string text);
}

/// <summary>Reads one TagPack or ActorPack, row by row.</summary>
/// <remarks>A bad row is handed to <see cref="IPackSink.Reject"/> and the next one read. What is not YAML ends the file with a <see cref="YamlException"/>.</remarks>
internal sealed class TagPackReader(string fileName, IPackSink sink)
{
    private readonly string?[] _head = new string?[(int)PackField.Count];
    private readonly HashSet<string> _unknown = [];
    private readonly TaxonomyWords _words = new(sink.Note);
    private PackHeader? _pack;
    private TagRowMaker? _rows;

    /// <param name="open">Opens the text from its beginning. It is read twice when something stands after the list of rows: it could be inherited.</param>
    /// <exception cref="YamlException">It is no YAML.</exception>
    /// <exception cref="PackRowException">It is no pack.</exception>
    internal void Read(Func<TextReader> open, bool headFirst)
    {
        if (headFirst)
        {
            using var first = open();
            Read(new YamlText(first), rows: false);
        }

        using var text = open();
        if (!Read(new YamlText(text), rows: true)) throw new PackRowException("neither a TagPack nor an ActorPack: it has no 'tags' and no 'actors'");
    }

    private bool Read(YamlText yaml, bool rows)
    {
        var found = false;
        while (yaml.Next() && yaml.Current is not MappingStart)
            if (yaml.Current is SequenceStart or Scalar) return false;
        while (yaml.Next() && yaml.Current is Scalar name)
        {
            if (!yaml.Next()) break;
            if (name.Value is "tags" or "actors")
            {
                found = true;
                if (rows) Rows(yaml, name.Value == "actors");
                else yaml.Skip();
            }
            else Head(yaml, name.Value);
        }

        return found;
    }

    private void Head(YamlText yaml, string name)
    {
        if (PackFields.TryName(name, out var field) && PackFields.IsOfHead(field)) _head[(int)field] = Field(yaml, field);
        else
        {
            Unknown(name, yaml.Line);
            yaml.Skip();
        }
    }

    private void Rows(YamlText yaml, bool actors)
    {
        if (yaml.Current is not SequenceStart)
        {
            if (yaml.Current is Scalar { Value: "" }) return;
            throw new PackRowException($"line {yaml.Line}: '{(actors ? "actors" : "tags")}' must be a list");
        }

        _pack ??= new PackHeader(
            _head[(int)PackField.Title] ?? Path.GetFileNameWithoutExtension(fileName), _head[(int)PackField.Creator] ?? "unknown",
            _head[(int)PackField.Description], _head[(int)PackField.Owner], PackFields.Truth(_head[(int)PackField.IsPublic]), fileName);
        _rows ??= new TagRowMaker(_pack, _head);
        while (yaml.Next() && yaml.Current is not SequenceEnd)
        {
            var line = yaml.Line;
            try
            {
                if (actors) Actor(yaml);
                else Tag(yaml, line);
            }
            catch (PackRowException wrong)
            {
                sink.Reject(actors, line, wrong.Message);
            }
        }
    }

    private void Tag(YamlText yaml, long line)
    {
        string? wrong = null;
        _rows!.Begin();
        foreach (var name in Names(yaml))
        {
            if (!PackFields.TryName(name, out var field) || !PackFields.IsOfTag(field))
            {
                Unknown(name, yaml.Line);
                yaml.Skip();
            }
            else wrong = Try(yaml, () => _rows.Set(field, Field(yaml, field))) ?? wrong;
        }

        if (wrong is not null) throw new PackRowException(wrong);
        var row = _rows.Finish(out var note, out var mended);
        if (note is not null) sink.Note(line, note);
        _words.Check(row.Statement, line);
        sink.Take(row, mended);
    }

    private void Actor(YamlText yaml)
    {
        string? id = null, label = null, uri = null, lastmod = _head[(int)PackField.LastMod], categories = null, jurisdictions = null, aliases = null, context = null, wrong = null;
        foreach (var name in Names(yaml))
        {
            wrong = Try(yaml, () =>
            {
                switch (name)
                {
                    case "id": id = PackFields.ActorId(yaml.Value()); break;
                    case "label": label = yaml.Value(); break;
                    case "uri": uri = yaml.Value(); break;
                    case "lastmod": lastmod = yaml.Value(); break;
                    case "categories":
                        var at = yaml.Line;
                        categories = yaml.List();
                        _words.CheckConcepts("category", categories, at);
                        break;
                    case "jurisdictions": jurisdictions = yaml.List(); break;
                    case "aliases": aliases = yaml.List(); break;
                    case "context": context = yaml.Value(); break;
                    default:
                        Unknown(name, yaml.Line);
                        yaml.Skip();
                        break;
                }
            }) ?? wrong;
        }

        if (wrong is not null) throw new PackRowException(wrong);
        if (id is null) throw new PackRowException("the actor has no 'id'");
        sink.Take(new ActorRow(_pack!, id, label ?? throw new PackRowException($"the actor '{TagProblem.Quoted(id)}' has no 'label'"), uri, lastmod, categories, jurisdictions, aliases, context));
    }

    /// <summary>The names of a row's fields; whoever asks for the next has read or passed over the value of the last.</summary>
    private static IEnumerable<string> Names(YamlText yaml)
    {
        if (yaml.Current is not MappingStart)
        {
            yaml.Skip();
            throw new PackRowException("the row is not a list of fields");
        }

        while (yaml.Next() && yaml.Current is not MappingEnd)
        {
            var name = (yaml.Current as Scalar)?.Value ?? "";
            if (yaml.Current is not Scalar) yaml.Skip();
            if (!yaml.Next()) yield break;
            yield return name;
        }
    }

    /// <summary>Reads a field. A bad one spoils its row only, so the events of the row are read to their end all the same.</summary>
    private static string? Try(YamlText yaml, Action read)
    {
        var start = yaml.Current;
        try
        {
            read();
            return null;
        }
        catch (PackRowException wrong)
        {
            if (ReferenceEquals(start, yaml.Current)) yaml.Skip();
            else throw new YamlException(yaml.Current.Start, yaml.Current.End, wrong.Message);
            return wrong.Message;
        }
    }

    private static string? Field(YamlText yaml, PackField field)
    {
        if (field == PackField.Concepts) return yaml.List();
        if (field != PackField.Context && yaml.Current is not Scalar) throw new PackRowException($"line {yaml.Line}: the value must be a text");
        return field is PackField.Address or PackField.TxHash ? yaml.Verbatim() : yaml.Value();
    }

    private void Unknown(string name, long line)
    {
        if (_unknown.Count < 100 && _unknown.Add(name)) sink.Note(line, $"the field '{TagProblem.Quoted(name)}' is not of the format and was left out, here and in later rows");
    }
}
