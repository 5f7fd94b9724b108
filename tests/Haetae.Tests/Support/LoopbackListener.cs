using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Haetae.Tests.Support;

/// <summary>Listens on a free port of the loopback and hands each connection to a test double, for one HTTP request and its answer.</summary>
internal sealed class LoopbackListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _talk;

    internal LoopbackListener(Func<NetworkStream, CancellationToken, Task> talk)
    {
        _talk = talk;
        _listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = Task.Run(Accept);
    }

    internal string Url { get; }

    /// <summary>Reads a request: its head's lines, and as many bytes of body as it announces.</summary>
    internal static async Task<LoopbackRequest> Read(NetworkStream stream, CancellationToken cancel)
    {
        var head = new List<byte>();
        var single = new byte[1];
        while (head is not [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'])
        {
            await stream.ReadExactlyAsync(single, cancel);
            head.Add(single[0]);
        }

        var request = new LoopbackRequest(Encoding.ASCII.GetString([.. head]).Split("\r\n"), []);
        if (request.Header("Content-Length") is not { Length: > 0 } length) return request;
        var body = new byte[int.Parse(length)];
        await stream.ReadExactlyAsync(body, cancel);
        return request with { Body = body };
    }

    /// <summary>Sends the head of an answer after which the connection closes.</summary>
    /// <param name="status">The code and its words; further header lines may follow.</param>
    /// <param name="length">As it is announced; null: not at all.</param>
    internal static async Task SendHead(NetworkStream stream, string status, string? length, CancellationToken cancel) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{(length is null ? "" : $"Content-Length: {length}\r\n")}Connection: close\r\n\r\n"), cancel);

    private async Task Accept()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = Task.Run(() => Serve(client));
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            using var one = client;
            await using var stream = one.GetStream();
            await _talk(stream, _stop.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException or HttpRequestException)
        {
            // the other side left, or the test is over
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }
}

/// <summary>What was asked of a test double.</summary>
/// <param name="Lines">Of the head, the request line first.</param>
internal sealed record LoopbackRequest(string[] Lines, byte[] Body)
{
    internal string Header(string name) => Lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim() ?? "";
}
