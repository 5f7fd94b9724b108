using System.Net.Http.Headers;
using System.Text;

namespace Haetae.Ledger.Node;

/// <summary>Where a node listens and how it lets one in. A class without a printed form: its password must not reach a log.</summary>
public sealed class NodeAccess
{
    private readonly string? _user;
    private readonly string? _password;
    private readonly string? _cookieFile;

    private NodeAccess(Uri url, string? user, string? password, string? cookieFile)
    {
        Url = url;
        _user = user;
        _password = password;
        _cookieFile = cookieFile;
    }

    /// <summary>The same node and credentials, to be given other times.</summary>
    internal NodeAccess(NodeAccess other)
        : this(other.Url, other._user, other._password, other._cookieFile) => PollEvery = other.PollEvery;

    /// <summary>The address without credentials.</summary>
    public Uri Url { get; }

    /// <summary>How long the node may stay silent within one call.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a call that failed for a passing reason is made again.</summary>
    public int Retries { get; init; } = 6;

    /// <summary>The wait before the first repetition; each further one is twice as long, up to <see cref="LongestWait"/>.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Time between two looks at the node's tip while following.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What messages call the node.</summary>
    internal string Name => Url.Authority;

    /// <param name="url">http or https; may hold user and password.</param>
    /// <exception cref="FormatException">The address is none, or the credentials contradict each other.</exception>
    public static NodeAccess Parse(string url, string? user = null, string? password = null, string? cookieFile = null, TimeSpan? pollEvery = null)
    {
        var whole = url.Contains("://", StringComparison.Ordinal) ? url : "http://" + url;
        if (!Uri.TryCreate(whole, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.Host.Length == 0)
            throw new FormatException("The node's address must look like http://HOST:PORT.");
        if ((parsed.PathAndQuery + parsed.Fragment).Contains('@', StringComparison.Ordinal))
            throw new FormatException("The node's address is cut at a sign within its user or password; write '/' there as %2F, '?' as %3F and '#' as %23, or give --rpc-user and --rpc-password.");
        if (parsed.UserInfo.Length > 0)
        {
            var parts = parsed.UserInfo.Split(':', 2);
            user ??= Uri.UnescapeDataString(parts[0]);
            if (parts.Length > 1) password ??= Uri.UnescapeDataString(parts[1]);
        }

        if (cookieFile is not null && (user ?? password) is not null) throw new FormatException("Give either a user and password or a cookie file, not both.");
        if (user is not null && password is null) throw new FormatException("The node's user needs a password: --rpc-password, or the variable HAETAE_RPC_PASSWORD.");
        var bare = new UriBuilder(parsed) { UserName = "", Password = "" }.Uri;
        return new NodeAccess(bare, user, password, cookieFile) { PollEvery = pollEvery ?? TimeSpan.FromSeconds(1) };
    }

    /// <summary>What each request carries. The cookie is read anew each time: a node that restarts writes another.</summary>
    internal AuthenticationHeaderValue? Authorization()
    {
        if (_cookieFile is null && _password is null) return null;
        var pair = _cookieFile is null ? $"{_user}:{_password}" : CookieFile.Read(_cookieFile);
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
    }

    /// <summary>What a refusal of the credentials means: a cookie that changed since it was sent is sent anew, all else has to be put right by hand.</summary>
    internal Exception Refused(AuthenticationHeaderValue? sent)
    {
        if (_cookieFile is null)
            return new LedgerException(
                $"The node at {Name} refuses the credentials (401). Give --rpc-user with --rpc-password (or the variable HAETAE_RPC_PASSWORD), or --rpc-cookie with the file '.cookie' in the node's data folder.");
        if (Authorization()?.Parameter != sent?.Parameter) return new PassingTroubleException("its cookie changed: it has been started anew");
        return new LedgerException($"The node at {Name} refuses the cookie in '{_cookieFile}' (401). Is it the file '.cookie' in this node's data folder, and not that of another node or network?");
    }
}
