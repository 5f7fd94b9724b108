using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Haetae.Ledger.Node;

namespace Haetae.Ledger.Tron;

/// <summary>TRON's HTTP interface (java-tron's full node, port 8090). Every answer is bounded before it is kept; what may pass is asked again.</summary>
/// <remarks>Safe for use from several threads. Plain calls of the interface only, so any provider that speaks it will do.</remarks>
public sealed class TronClient : IDisposable
{
    /// <summary>Bytes the longest answer may have: ten full blocks with their results take far less.</summary>
    public const int LongestAnswer = 128 << 20;

    private readonly Uri _url;
    private readonly HttpClient _http;
    private readonly TronPatience _patience;

    /// <param name="url">Where it listens, such as http://127.0.0.1:8090; a path in front of /wallet is kept.</param>
    /// <param name="key">Sent as TRON-PRO-API-KEY, for providers that ask for one; null: none.</param>
    /// <exception cref="FormatException">It is no address of an HTTP server.</exception>
    public TronClient(string url, string? key = null, TronPatience? patience = null)
    {
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https")) throw new FormatException($"'{url}' is no address of an HTTP server, such as http://127.0.0.1:8090.");
        _url = parsed;
        _patience = patience ?? new TronPatience();
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None }) { Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null) _http.DefaultRequestHeaders.Add("TRON-PRO-API-KEY", key);
    }

    /// <summary>The server without path and credentials, for people.</summary>
    public string Name => _url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>Number and hash of the newest block.</summary>
    public TronBlock Now(CancellationToken cancel)
    {
        using var answer = Ask("wallet/getnowblock", "{}", cancel);
        return Head(answer.RootElement);
    }

    /// <summary>Blocks of a range, as they are told; the range is bounded by the interface to 100.</summary>
    internal JsonDocument Blocks(uint from, uint to, CancellationToken cancel) =>
        Ask("wallet/getblockbylimitnext", FormattableString.Invariant($"{{\"startNum\":{from},\"endNum\":{to + 1UL}}}"), cancel);

    /// <summary>What became of a block's transactions.</summary>
    internal JsonDocument Results(uint block, CancellationToken cancel) =>
        Ask("wallet/gettransactioninfobyblocknum", FormattableString.Invariant($"{{\"num\":{block}}}"), cancel);

    private TronBlock Head(JsonElement block)
    {
        try
        {
            return TronAnswers.Head(block);
        }
        catch (LedgerException wrong)
        {
            throw new LedgerException($"{Name}: {wrong.Message}", wrong);
        }
    }

    private JsonDocument Ask(string call, string question, CancellationToken cancel)
    {
        var (wait, refused) = (_patience.FirstWait, TimeSpan.Zero);
        for (var attempt = 1; ; attempt++)
        {
            PassingTroubleException trouble;
            try
            {
                return Read(call, Once(call, question, cancel).GetAwaiter().GetResult());
            }
            catch (PassingTroubleException passing)
            {
                trouble = passing;
            }

            var cut = trouble.IsRefused ? RefusedConnection.Cut(wait, refused) : wait;
            if (attempt > _patience.Retries || cut is not { } next) throw new NodeUnreachableException($"{Name} gives no answer to {call} {question} in {attempt} attempts: {trouble.Message}{RefusedConnection.Words(refused)}. Run the same command again later: it goes on where it was.");
            if (trouble.IsRefused) refused += next;
            if (cancel.WaitHandle.WaitOne(next)) throw new OperationCanceledException(cancel);
            wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, _patience.LongestWait.Ticks));
        }
    }

    private JsonDocument Read(string call, ReadOnlyMemory<byte> bytes)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            throw new LedgerException($"{Name} answers {call} with something that is not JSON. Is it TRON's HTTP interface?");
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("Error", out var error))
            using (document) throw new LedgerException($"{Name} answers {call} with an error: {error}");
        return document;
    }

    private async Task<ReadOnlyMemory<byte>> Once(string call, string question, CancellationToken cancel)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timer.CancelAfter(_patience.Silence);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_url, call)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(question)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timer.Token).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout)
                throw new PassingTroubleException($"it is too busy ({(int)response.StatusCode})");
            if (response.StatusCode != HttpStatusCode.OK) throw new LedgerException($"{Name} answers {call} with HTTP status {(int)response.StatusCode}{(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? ": it wants a key (--key)" : ": is it TRON's HTTP interface?")}.");
            return await Body(response, call, timer).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PassingTroubleException(FormattableString.Invariant($"silence for {_patience.Silence.TotalSeconds:0.#} seconds"));
        }
        catch (HttpRequestException failed)
        {
            throw new PassingTroubleException(failed.HttpRequestError == HttpRequestError.ConnectionError ? "no connection (is it running, and does it listen there?)" : $"the connection broke ({failed.HttpRequestError})", RefusedConnection.Is(failed));
        }
        catch (IOException)
        {
            throw new PassingTroubleException("the connection broke within an answer");
        }
    }

    private async Task<ReadOnlyMemory<byte>> Body(HttpResponseMessage response, string call, CancellationTokenSource timer)
    {
        var stream = await response.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[64 << 10];
            for (var filled = 0; ;)
            {
                if (filled == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(LongestAnswer + 1L, 2L * filled));
                timer.CancelAfter(_patience.Silence);
                var read = await stream.ReadAsync(buffer.AsMemory(filled), timer.Token).ConfigureAwait(false);
                if (read == 0)
                    return response.Content.Headers.ContentLength > filled ? throw new PassingTroubleException("the connection broke within an answer") : buffer.AsMemory(0, filled);
                filled += read;
                if (filled > LongestAnswer) throw new LedgerException($"{Name} answers {call} with more than {LongestAnswer} bytes, which no blocks need.");
            }
        }
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>How long a server is waited for.</summary>
public sealed record TronPatience
{
    /// <summary>Repetitions of a question after trouble that may pass; over a minute in all with the usual waits.</summary>
    public int Retries { get; init; } = 7;

    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence after which a question counts as unanswered.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(60);
}
