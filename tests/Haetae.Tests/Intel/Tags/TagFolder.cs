using System.Text.Json.Nodes;
using Haetae.Cli.Commands;
using Haetae.Intel.Storage;
using Haetae.Intel.Tags;

namespace Haetae.Tests.Intel.Tags;

/// <summary>A home folder and a store, and packs beside it. The store is the file in that home, or a database of its own on a server.</summary>
public sealed class TagFolder : IDisposable
{
    /// <summary>Makes the store of each folder from here on, in this flow of calls; null: the file. Set where the suite is run on a server.</summary>
    internal static readonly AsyncLocal<Func<string>?> NewStore = new();

    private readonly string? _connection = NewStore.Value?.Invoke();

    // Whoever runs the tests may have a real store set.
    static TagFolder() => Environment.SetEnvironmentVariable("HAETAE_STORE", null);

    public string Folder { get; } = Directory.CreateTempSubdirectory("haetae-tags-").FullName;

    public string Home => Path.Combine(Folder, "home");

    public string Database => Path.Combine(Home, HaetaeDatabase.FileName);

    public StoreLocation Store => _connection is null ? StoreLocation.InFolder(Home) : StoreLocation.Parse(_connection);

    public TagStore OpenForReading() => TagStore.OpenForReading(Store) ?? throw new InvalidOperationException("nothing was stored yet");

    public TagStore OpenForWriting() => TagStore.OpenForWriting(Store);

    public string Write(string name, string text)
    {
        var file = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public TagImportReport Import(params string[] paths) => Import("tester", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), paths);

    public TagImportReport Import(string by, DateTimeOffset at, params string[] paths)
    {
        using var store = OpenForWriting();
        return TagImport.Run(store, paths, new TagImportNote(by, at), null, CancellationToken.None);
    }

    /// <summary>Imports one pack from its text.</summary>
    public TagImportReport ImportText(string text, string name = "pack.yaml") => Import(Write(name, text));

    public IReadOnlyList<TagFact> Find(string subject)
    {
        using var store = OpenForReading();
        return store.FindTags([subject])[0];
    }

    public async Task<(int Exit, string Output, string Errors)> Run(params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        var exit = await HaetaeCommand.RunAsync(["--home", Home, .. arguments, .. _connection is null ? [] : new[] { "--store", _connection }], output, errors);
        return (exit, output.ToString(), errors.ToString());
    }

    public async Task<JsonNode> Json(params string[] arguments)
    {
        var (exit, output, errors) = await Run([.. arguments, "--json"]);
        Assert.True(exit == ExitCode.Done, errors);
        return JsonNode.Parse(output)!;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
