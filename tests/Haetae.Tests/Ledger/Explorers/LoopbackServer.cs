using System.Net.Sockets;
using System.Text;
using Haetae.Tests.Support;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>An HTTP server on the loopback that answers from a function, and can refuse, ask for patience, or die in the middle.</summary>
internal abstract class LoopbackServer : IDisposable
{
    private readonly LoopbackListener _listener;
    private readonly List<string> _asked = [];

    protected LoopbackServer() => _listener = new LoopbackListener(Talk);

    internal string Url => $"{_listener.Url}/api";

    /// <summary>What was asked so far, the path and the query below /api.</summary>
    internal IReadOnlyList<string> Asked
    {
        get
        {
            lock (_asked) return [.. _asked];
        }
    }

    /// <summary>Every so many requests are answered with 429 and a Retry-After; 0: none.</summary>
    internal int RefuseEvery { get; init; }

    /// <summary>Seconds that a refusal asks to wait.</summary>
    internal int RetryAfter { get; init; }

    /// <summary>Every so many requests a machine on the way answers with a page of its own and status 200; 0: never.</summary>
    internal int PageEvery { get; init; }

    /// <summary>From this request on connections are cut within the answer; 0: never.</summary>
    internal int DieAfter { get; set; }

    /// <summary>The status and body for a path.</summary>
    protected abstract (int Status, string Body) Answer(string path);

    private async Task Talk(NetworkStream stream, CancellationToken cancel)
    {
        var request = await LoopbackListener.Read(stream, cancel);
        var path = request.Lines[0].Split(' ')[1]["/api".Length..];
        int count;
        lock (_asked)
        {
            _asked.Add(path);
            count = _asked.Count;
        }

        if (RefuseEvery > 0 && count % RefuseEvery == 0)
        {
            await Send(stream, $"429 Too Many Requests\r\nRetry-After: {RetryAfter}", Encoding.UTF8.GetBytes("slow down"), int.MaxValue, cancel);
            return;
        }

        var (status, body) = PageEvery > 0 && count % PageEvery == 0 ? (200, "<html>Checking your browser</html>") : Answer(path);
        var bytes = Encoding.UTF8.GetBytes(body);
        await Send(stream, status == 200 ? "200 OK" : $"{status} Not so", bytes, DieAfter > 0 && count > DieAfter ? bytes.Length / 2 : int.MaxValue, cancel);
    }

    private static async Task Send(NetworkStream stream, string status, byte[] body, int most, CancellationToken cancel)
    {
        await LoopbackListener.SendHead(stream, status, $"{body.Length}", cancel);
        await stream.WriteAsync(body.AsMemory(0, Math.Min(most, body.Length)), cancel);
    }

    public void Dispose() => _listener.Dispose();
}
