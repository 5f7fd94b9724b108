using System.Globalization;
using Npgsql;

namespace Haetae.Intel.Storage;

/// <summary>A PostgreSQL database, by a URL as libpq takes it or by the keywords of .NET.</summary>
/// <remarks>A password that is not in it comes from PGPASSWORD, or from a password file (PGPASSFILE, <c>~/.pgpass</c>).</remarks>
internal sealed class PostgresLocation : StoreLocation
{
    private const string Forms = "A store is postgres://USER@HOST/DATABASE, or Host=HOST;Username=USER;Database=DATABASE. Leave the password to PGPASSWORD or ~/.pgpass.";

    /// <summary>libpq's names for what can stand behind the question mark, and the driver's.</summary>
    private static readonly Dictionary<string, string> UrlNames = new(StringComparer.Ordinal)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["passfile"] = "Passfile",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
    };

    private readonly NpgsqlConnectionStringBuilder _parts;

    private PostgresLocation(NpgsqlConnectionStringBuilder parts)
    {
        if (string.IsNullOrWhiteSpace(parts.Host)) throw new FormatException($"It names no host. {Forms}");
        _parts = parts;
        parts.SearchPath = PostgresDatabase.Schema;
        parts.ApplicationName ??= "haetae";
        // The program asks and ends; a pool would leave the server to find out by itself that nobody is there any more.
        parts.Pooling = false;
        parts.PersistSecurityInfo = false;
        // A big file is one long statement after another; what has died is told by the connection.
        if (!parts.ContainsKey("Command Timeout")) parts.CommandTimeout = 0;
        if (!parts.ContainsKey("Tcp Keepalive")) parts.TcpKeepAlive = true;
    }

    internal string Server => _parts.Host!.StartsWith('/') ? _parts.Host : string.Create(CultureInfo.InvariantCulture, $"{_parts.Host}:{_parts.Port}");

    internal string DatabaseName => _parts.Database ?? User;

    internal string User => _parts.Username ?? Environment.GetEnvironmentVariable("PGUSER") ?? Environment.UserName;

    public override string ToString() => $"PostgreSQL database '{DatabaseName}' on {Server}";

    internal static new PostgresLocation Parse(string text)
    {
        try
        {
            return new PostgresLocation(IsUrl(text) ? OfUrl(text) : new NpgsqlConnectionStringBuilder(text));
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidCastException or OverflowException or NotSupportedException)
        {
            // The driver's message can repeat a piece of a password in which a semicolon was not quoted.
            throw new FormatException($"The driver does not know one of its words or values; a value with ; in it stands in quotes. {Forms}");
        }
    }

    internal NpgsqlConnection Connection() => new(_parts.ConnectionString);

    internal override HaetaeDatabase OpenForWriting() => PostgresDatabase.OpenForWriting(this);

    internal override HaetaeDatabase? OpenForReading() => PostgresDatabase.OpenForReading(this);

    private static bool IsUrl(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    private static NpgsqlConnectionStringBuilder OfUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.AbsolutePath.LastIndexOf('/') > 0) throw new FormatException($"It is no URL of one server and one database; a socket's folder goes behind it, as ?host=FOLDER. {Forms}");
        var parts = new NpgsqlConnectionStringBuilder();
        var user = url.UserInfo.Split(':', 2);
        if (user[0].Length > 0) parts.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) parts.Password = Uri.UnescapeDataString(user[1]);
        if (url.Host.Length > 0) parts.Host = url.HostNameType == UriHostNameType.IPv6 ? url.Host.Trim('[', ']') : Uri.UnescapeDataString(url.Host);
        if (url.Port > 0) parts.Port = url.Port;
        if (url.AbsolutePath.Length > 1) parts.Database = Uri.UnescapeDataString(url.AbsolutePath[1..]);
        foreach (var option in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = option.Split('=', 2);
            if (pair.Length < 2 || !UrlNames.TryGetValue(pair[0], out var name)) throw new FormatException($"Behind the question mark of the URL may stand, each with = and its value: {string.Join(", ", UrlNames.Keys)}. {Forms}");
            var value = Uri.UnescapeDataString(pair[1]);
            parts[name] = name == "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }

        return parts;
    }
}
