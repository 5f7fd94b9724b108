namespace Haetae.Intel.Storage;

/// <summary>Where facts are kept: a file, or a PostgreSQL database. Its text names the place for messages and holds no secret.</summary>
public abstract class StoreLocation
{
    private protected StoreLocation()
    {
    }

    /// <summary>The database file of a home folder.</summary>
    public static StoreLocation InFolder(string home) => new SqliteLocation(Path.Combine(home, HaetaeDatabase.FileName));

    /// <summary>A PostgreSQL database: <c>postgres://user@host/database</c>, or <c>Host=..;Username=..;Database=..</c>.</summary>
    /// <exception cref="FormatException">It is neither. The message does not repeat it, for it may hold a password.</exception>
    public static StoreLocation Parse(string text) => PostgresLocation.Parse(text);

    /// <summary>Whether it is a file of this machine.</summary>
    public bool IsFile => this is SqliteLocation;

    public abstract override string ToString();

    /// <summary>Opens the database, making it or bringing it up to date where needed.</summary>
    /// <exception cref="IntelException">It cannot be reached, is no such database, cannot be written, or was made by a newer program.</exception>
    internal abstract HaetaeDatabase OpenForWriting();

    /// <summary>Opens the database to look things up; null when nothing was ever stored there.</summary>
    /// <exception cref="IntelException">It cannot be reached, is no such database, or not of the version this program reads.</exception>
    internal abstract HaetaeDatabase? OpenForReading();
}
