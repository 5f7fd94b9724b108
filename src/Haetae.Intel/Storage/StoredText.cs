using System.Data.Common;

namespace Haetae.Intel.Storage;

/// <summary>Reading columns that may be empty.</summary>
internal static class StoredText
{
    internal static string? Text(this DbDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);

    internal static bool? Truth(this DbDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetInt64(column) != 0;
}
