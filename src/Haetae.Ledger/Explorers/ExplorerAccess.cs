namespace Haetae.Ledger.Explorers;

/// <summary>Where an explorer's server is, and how hard it may be asked. A class without a printed form: its key must not reach a log.</summary>
public sealed class ExplorerAccess
{
    private ExplorerAccess(Uri url, string? key) => (Url, Key) = (url, key);

    public Uri Url { get; }

    /// <summary>Sent with each request, never kept or shown; null: none.</summary>
    internal string? Key { get; }

    /// <summary>What messages and the index call the server.</summary>
    public string Name => Url.Authority;

    /// <summary>Requests a second, at most.</summary>
    public int Rate { get; init; } = 4;

    /// <summary>New requests one run may make; what is kept already does not count.</summary>
    public int MaxRequests { get; init; } = int.MaxValue;

    /// <summary>How long the server may stay silent within one answer.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a request that failed for a passing reason is made again.</summary>
    public int Retries { get; init; } = 8;

    /// <summary>The wait before the first repetition; each further one is twice as long, up to <see cref="LongestWait"/>.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>No wait is longer; a server that asks for a longer one (Retry-After) is left alone, and the run ends.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(2);

    /// <param name="url">http or https, e.g. <c>https://HOST/api</c>; no user and password in it.</param>
    /// <param name="key">For servers that want one.</param>
    /// <exception cref="FormatException">The address is none.</exception>
    public static ExplorerAccess Parse(string url, string? key = null)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.Host.Length == 0)
            throw new FormatException($"'{url}' is no server's address: it looks like https://HOST/api.");
        if (parsed.UserInfo.Length > 0) throw new FormatException("A server's address must hold no user and password: a key is named by --api-key-env.");
        if (parsed.Query.Length > 0 || parsed.Fragment.Length > 0) throw new FormatException($"'{url}': leave out all from '?' or '#' on.");
        return new ExplorerAccess(parsed, key);
    }

    /// <summary>The same server, asked in another manner.</summary>
    /// <param name="firstWait">Null: as it is.</param>
    public ExplorerAccess With(int rate, int maxRequests, TimeSpan? firstWait = null) =>
        new(Url, Key) { Rate = rate, MaxRequests = maxRequests, Silence = Silence, Retries = Retries, FirstWait = firstWait ?? FirstWait, LongestWait = LongestWait };
}

/// <summary>A server gave no answer, or none that can be used, though it was asked several times: the same command later goes on.</summary>
public sealed class ExplorerUnreachableException(string message) : LedgerException(message);

/// <summary>The requests of this run are spent: the same command goes on.</summary>
internal sealed class RequestsSpentException(int requests) : Exception(FormattableString.Invariant($"{requests} requests were made, the most this run may make."));

/// <summary>One attempt failed in a way that may pass.</summary>
/// <param name="after">How long the server asks to be left alone; null: it does not say.</param>
/// <param name="isRefused">Nothing listens there.</param>
internal sealed class ExplorerTroubleException(string message, TimeSpan? after = null, bool isRefused = false) : Exception(message)
{
    internal bool IsRefused { get; } = isRefused;

    internal TimeSpan? After { get; } = after;
}
