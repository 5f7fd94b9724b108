using System.CommandLine;
using System.Globalization;
using Haetae.Ledger.Node;

namespace Haetae.Cli.Commands;

/// <summary>The options that name a node and how it is followed.</summary>
internal sealed class NodeOptions
{
    private const string PasswordVariable = "HAETAE_RPC_PASSWORD";

    private readonly Option<string?> _user = new("--rpc-user") { Description = "The node's RPC user.", HelpName = "NAME" };
    private readonly Option<string?> _password = new("--rpc-password") { Description = $"Its password; better given in the variable {PasswordVariable}, which no list of processes shows.", HelpName = "WORD" };
    private readonly Option<string?> _cookie = new("--rpc-cookie") { Description = "The node's cookie file ('.cookie' in its data folder), instead of user and password.", HelpName = "FILE" };
    private readonly Option<double?> _poll = new("--poll") { Description = "With --follow: seconds between two looks at the node's tip (default: 1).", HelpName = "SECONDS" };

    internal Option<string?> Url { get; } = new("--rpc") { Description = "A Bitcoin node's RPC address, such as http://127.0.0.1:8332, instead of --blocks.", HelpName = "URL" };

    internal Option<bool> Follow { get; } = new("--follow") { Description = "With --rpc: stay attached, append each new block, follow reorganisations. Ctrl+C stops it." };

    internal void AddTo(Command command)
    {
        foreach (var option in new Option[] { Url, _user, _password, _cookie, Follow, _poll }) command.Options.Add(option);
    }

    /// <summary>Only what names the node: for verbs that follow nothing.</summary>
    internal void AddAccessTo(Command command)
    {
        foreach (var option in new Option[] { Url, _user, _password, _cookie }) command.Options.Add(option);
    }

    /// <summary>Null where no node is named.</summary>
    internal NodeAccess? Access(ParseResult parsed)
    {
        var poll = parsed.GetValue(_poll);
        if (poll is < 0.01 or > 86_400) throw new UsageException("--poll must lie between 0.01 and 86400 seconds.");
        if (parsed.GetValue(Url) is not { } url)
        {
            if (parsed.GetValue(Follow) || poll is not null || parsed.GetValue(_user) is not null || parsed.GetValue(_password) is not null || parsed.GetValue(_cookie) is not null)
                throw new UsageException("--follow, --poll, --rpc-user, --rpc-password and --rpc-cookie belong to a node: name it with --rpc URL.");
            return null;
        }

        try
        {
            var cookie = parsed.GetValue(_cookie);
            var password = parsed.GetValue(_password) ?? (cookie is null ? Environment.GetEnvironmentVariable(PasswordVariable) : null);
            return NodeAccess.Parse(url, parsed.GetValue(_user), password, cookie, TimeSpan.FromSeconds(poll ?? 1));
        }
        catch (FormatException wrong)
        {
            throw new UsageException(wrong.Message);
        }
    }

    /// <summary>An event of following as one line.</summary>
    internal static string Line(FollowEvent happened) => happened.Kind switch
    {
        FollowEventKind.CaughtUp => string.Create(CultureInfo.InvariantCulture, $"following: height {happened.Height}, tip {happened.Hash}; waiting for blocks"),
        FollowEventKind.Appended when happened.Added == 1 => string.Create(CultureInfo.InvariantCulture, $"block {happened.Height}: {happened.Hash}"),
        FollowEventKind.Appended => string.Create(CultureInfo.InvariantCulture, $"blocks {happened.Height - happened.Added + 1} to {happened.Height}: {happened.Hash}"),
        FollowEventKind.Reorganised => string.Create(CultureInfo.InvariantCulture, $"reorganisation: {happened.Undone} blocks taken back, {happened.Added} of the other branch added; height {happened.Height}, tip {happened.Hash}"),
        FollowEventKind.Kept => string.Create(CultureInfo.InvariantCulture, $"the node is on another branch with no more work: the ledger stays at height {happened.Height}, tip {happened.Hash}"),
        _ => happened.Message ?? happened.Kind.ToString(),
    };
}
