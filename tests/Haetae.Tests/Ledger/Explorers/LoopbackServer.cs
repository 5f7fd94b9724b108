using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Haetae.Tests.Ledger.Explorers;

/// <summary>An HTTP server on the loopback that answers from a function, and can refuse, ask for patience, or die in the middle.</summary>
internal abstract class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _asked = [];

    protected LoopbackServer()
    {
        _listener.Start();
        _ = Task.Run(Accept);
    }

    internal string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/api";

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

    private async Task Accept()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = Task.Run(() => Talk(client));
        }
    }

    private async Task Talk(TcpClient client)
    {
        try
        {
            using var one = client;
            await using var stream = one.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, false, 4096, leaveOpen: true);
            var first = await reader.ReadLineAsync(_stop.Token) ?? "";
            while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
            {
                // the head's other lines say nothing that matters here
            }

            var path = first.Split(' ')[1]["/api".Length..];
            int count;
            lock (_asked)
            {
                _asked.Add(path);
                count = _asked.Count;
            }

            if (RefuseEvery > 0 && count % RefuseEvery == 0)
            {
                await Send(stream, $"429 Too Many Requests\r\nRetry-After: {RetryAfter}", Encoding.UTF8.GetBytes("slow down"), int.MaxValue);
                return;
            }

            var (status, body) = PageEvery > 0 && count % PageEvery == 0 ? (200, "<html>Checking your browser</html>") : Answer(path);
            var bytes = Encoding.UTF8.GetBytes(body);
            await Send(stream, status == 200 ? "200 OK" : $"{status} Not so", bytes, DieAfter > 0 && count > DieAfter ? bytes.Length / 2 : int.MaxValue);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException)
        {
            // the other side left, or the test is over
        }
    }

    private async Task Send(NetworkStream stream, string status, byte[] body, int most)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"), _stop.Token);
        await stream.WriteAsync(body.AsMemory(0, Math.Min(most, body.Length)), _stop.Token);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }
}
