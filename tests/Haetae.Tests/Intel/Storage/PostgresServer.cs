using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Haetae.Tests.Intel.Storage;

/// <summary>A PostgreSQL server of the tests' own, started when it is first asked for and stopped behind the last test that uses it.</summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>What tests must never find again in any output.</summary>
    internal const string Password = "Hush;hush' hush";

    private readonly Lazy<Process> _process;
    private int _databases;

    public PostgresServer() => _process = new Lazy<Process>(Start);

    /// <summary>Why tests that need it are skipped; null where they run.</summary>
    internal static string? Lacking { get; } = WhyNot();

    internal int Port { get; private set; }

    private static string? Programs { get; } = FindPrograms();

    public void Dispose()
    {
        if (!_process.IsValueCreated) return;
        using var process = _process.Value;
        process.StandardInput.Close();
        if (process.WaitForExit(TimeSpan.FromSeconds(60))) return;
        process.Kill(entireProcessTree: true);
        throw new InvalidOperationException("PostgreSQL did not stop within a minute");
    }

    /// <summary>A new, empty database, which goes when it is disposed of.</summary>
    internal PostgresTestDatabase NewDatabase()
    {
        var name = $"d{Interlocked.Increment(ref _databases)}";
        Run("postgres", $"CREATE DATABASE {name}");
        return new PostgresTestDatabase(this, name);
    }

    /// <summary>The connection to one of the databases that the tests of the suite have one after another, each empty again.</summary>
    internal string EmptyDatabase(int number)
    {
        var name = $"suite{number}";
        if (Run("postgres", $"SELECT oid FROM pg_database WHERE datname = '{name}'") is null) Run("postgres", $"CREATE DATABASE {name}");
        Run(name, "DROP SCHEMA IF EXISTS haetae CASCADE");
        return Connection(name);
    }

    internal string Connection(string database, string user = "haetae", string? password = Password)
    {
        _ = _process.Value;
        return new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = Port, Database = database, Username = user, Password = password }.ConnectionString;
    }

    /// <summary>Runs SQL as the server's owner, past the program under test.</summary>
    internal object? Run(string database, string sql)
    {
        using var connection = new NpgsqlConnection(Connection(database) + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <remarks>Between finding a port and using it another program may take it, hence the second and third try.</remarks>
    private Process Start()
    {
        var said = "";
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Port = FreePort();
            var process = Process.Start(new ProcessStartInfo(AsUser[0], [.. AsUser[1..], Path.Combine(AppContext.BaseDirectory, "Intel", "Storage", "postgres.sh"), Programs!, $"{Port}"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            process.StandardInput.WriteLine(Password);
            process.StandardInput.Flush();
            said = process.StandardOutput.ReadLine() ?? "";
            if (said.StartsWith("ready ", StringComparison.Ordinal)) return process;
            said += process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            process.Dispose();
        }

        throw new InvalidOperationException($"PostgreSQL is there and does not start: {said}");
    }

    /// <summary>PostgreSQL refuses to run as root; Debian makes a user for it.</summary>
    private static string[] AsUser => Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", "/bin/sh"] : ["/bin/sh"];

    private static string? WhyNot()
    {
        if (OperatingSystem.IsWindows()) return "the tests start PostgreSQL by a shell script, which is not for Windows";
        if (FindPrograms() is null) return "PostgreSQL is not installed; .ci/run installs it";
        if (Environment.IsPrivilegedProcess && !File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)))
            return "PostgreSQL does not run as root, and there is no user 'postgres'";
        return null;
    }

    /// <summary>The folder that holds both the server and its tools: on the path there may be the tools alone.</summary>
    private static string? FindPrograms()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var ofDebian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(folder => Path.Combine(folder, "bin")) : [];
        return ofDebian.Concat(onPath).FirstOrDefault(folder => new[] { "initdb", "postgres", "pg_isready" }.All(program => File.Exists(Path.Combine(folder, program))));
    }
}

/// <summary>A database of one test.</summary>
internal sealed class PostgresTestDatabase(PostgresServer server, string name) : IDisposable
{
    internal string Name => name;

    internal string Connection => server.Connection(name);

    internal object? Run(string sql) => server.Run(name, sql);

    public void Dispose() => server.Run("postgres", $"DROP DATABASE {name} WITH (FORCE)");
}

/// <summary>Tests that share the one server.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>
{
    internal const string Name = "PostgreSQL";
}

/// <summary>A test on PostgreSQL: skipped, and said to be skipped, where it is not installed.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Lacking;
}

/// <summary>A table of tests on PostgreSQL: skipped, and said to be skipped, where it is not installed.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PostgresServer.Lacking;
}
