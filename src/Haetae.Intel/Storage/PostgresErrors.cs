using System.Net.Sockets;
using Npgsql;

namespace Haetae.Intel.Storage;

/// <summary>What keeps a PostgreSQL database from being opened, in words that say what to do.</summary>
internal static class PostgresErrors
{
    internal static IntelException WhenOpening(PostgresLocation location, Exception wrong)
    {
        var user = $"'{location.User}'";
        var said = wrong is PostgresException told ? told.MessageText : wrong.Message;
        var reason = wrong switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
                $"the server does not let the user {user} in: {said}. The password is taken from PGPASSWORD, from the file of PGPASSFILE, or from ~/.pgpass.",
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } =>
                $"there is no such database. Make it once, with 'createdb {location.DatabaseName}', or name another.",
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } =>
                $"the user {user} lacks a right: {said}. To begin a store: 'CREATE SCHEMA {PostgresDatabase.Schema} AUTHORIZATION {location.User}', by the owner of the database. " +
                $"To use one: USAGE on the schema {PostgresDatabase.Schema}, SELECT on its tables, and INSERT to add facts.",
            PostgresException => $"{said}.",
            NpgsqlException { InnerException: SocketException } or SocketException =>
                $"the server cannot be reached ({(wrong.InnerException ?? wrong).Message}). Does it run, and does it listen there?",
            _ when wrong.Message.StartsWith("No password", StringComparison.Ordinal) =>
                $"the server asks for a password of the user {user}, and there is none. Give it in PGPASSWORD, in the file of PGPASSFILE, or in ~/.pgpass.",
            _ when wrong is TimeoutException || wrong.InnerException is TimeoutException =>
                "the server does not answer. Does it run, and does it listen there?",
            _ => wrong.InnerException is { } inner ? $"{wrong.Message} {inner.Message}" : wrong.Message,
        };
        return new IntelException($"{location}: {reason}", wrong);
    }
}
