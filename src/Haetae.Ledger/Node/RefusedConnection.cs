using System.Net.Sockets;

namespace Haetae.Ledger.Node;

/// <summary>A machine that is there and on which nothing listens: that seldom passes by itself, so it is waited for a short while only.</summary>
internal static class RefusedConnection
{
    /// <summary>What the waits between tries add up to at most.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    internal static bool Is(HttpRequestException failed) => failed.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused };

    /// <summary>The next wait, which the patience may cut short; null: it is at its end.</summary>
    internal static TimeSpan? Cut(TimeSpan wait, TimeSpan waited) => waited >= Patience ? null : wait < Patience - waited ? wait : Patience - waited;

    /// <summary>What a message adds.</summary>
    internal static string Words(TimeSpan waited) => waited < Patience ? "" : FormattableString.Invariant($", refused for {Patience.TotalSeconds:0} s");
}
