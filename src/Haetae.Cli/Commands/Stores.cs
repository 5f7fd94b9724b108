using System.CommandLine;
using Haetae.Intel.Storage;
using Haetae.Intel.Tags;

namespace Haetae.Cli.Commands;

/// <summary>Where the store of facts is, for every verb that reads or writes it.</summary>
internal static class Stores
{
    internal const string Variable = "HAETAE_STORE";

    /// <summary>An option of every verb.</summary>
    internal static readonly Option<string?> Option = new("--store")
    {
        Description = $"PostgreSQL database of tags, sanctions and cuts, as postgres://USER@HOST/DATABASE (else {Variable}, else {HaetaeDatabase.FileName} under --home). Leave the password to PGPASSWORD or ~/.pgpass.",
        Recursive = true,
        HelpName = "CONNECTION",
    };

    /// <exception cref="UsageException">What was named is no store.</exception>
    internal static StoreLocation Of(ParseResult parsed)
    {
        if (parsed.GetValue(Option) is { Length: > 0 } named) return Parse("--store", named);
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set) return Parse(Variable, set);
        return StoreLocation.InFolder(CommonOptions.HomeFolder(parsed));
    }

    /// <summary>Opens the store to add facts, and makes it if it is not there.</summary>
    internal static TagStore OpenForWriting(ParseResult parsed) => TagStore.OpenForWriting(Of(parsed));

    /// <summary>Opens the store to look things up.</summary>
    /// <exception cref="NotFoundException">Nothing was ever stored there.</exception>
    internal static TagStore OpenForReading(ParseResult parsed)
    {
        var location = Of(parsed);
        return TagStore.OpenForReading(location) ?? throw new NotFoundException($"{location}: there is nothing yet, no tags either. 'haetae tags import PATH' brings some in.");
    }

    /// <summary>Finds out before long work whether facts can be added in the end.</summary>
    internal static void RequireWritable(ParseResult parsed)
    {
        if (Of(parsed).IsFile) Folders.RequireWritable("--home", CommonOptions.HomeFolder(parsed));
    }

    private static StoreLocation Parse(string source, string text)
    {
        try
        {
            return StoreLocation.Parse(text);
        }
        catch (FormatException wrong)
        {
            throw new UsageException($"{source}: {wrong.Message}");
        }
    }
}
