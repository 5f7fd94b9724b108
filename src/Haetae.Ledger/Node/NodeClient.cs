using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Haetae.Ledger.Node;

/// <summary>JSON-RPC as Bitcoin Core speaks it, batched. Every answer is bounded before it is kept; what may pass is asked again.</summary>
/// <remarks>Safe for use from several threads.</remarks>
internal sealed class NodeClient : IDisposable
{
    /// <summary>Silences of full length that one answer may be stretched to.</summary>
    private const int LongestAnswer = 20;

    private readonly NodeAccess _access;
    private readonly HttpClient _http;
    private readonly Action<string?>? _patience;
    private int _lost;

    /// <param name="patience">Null: give up after the repetitions of <paramref name="access"/>. Else go on asking, and tell here what is wrong, then null when the node is back.</param>
    internal NodeClient(NodeAccess access, Action<string?>? patience = null)
    {
        _access = access;
        _patience = patience;
        // No proxy and no redirection: the credentials go to the node named and nowhere else.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20) };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    internal string Name => _access.Name;

    /// <summary>Makes one call.</summary>
    internal NodeAnswers Call(string method, object[] parameters, long limit, CancellationToken cancel) => CallAll(method, [parameters], limit, cancel);

    /// <summary>Makes several calls of one method in one request. Any error among them is thrown.</summary>
    /// <param name="limit">Bytes the whole answer may have.</param>
    internal NodeAnswers CallAll(string method, IReadOnlyList<object[]> calls, long limit, CancellationToken cancel)
    {
        var question = Question(method, calls);
        var wait = _access.FirstWait;
        for (var attempt = 0; ; attempt++)
        {
            string trouble;
            try
            {
                var answers = NodeAnswers.Read(Name, method, calls, Ask(question, limit, cancel).GetAwaiter().GetResult());
                if (Interlocked.Exchange(ref _lost, 0) == 1) _patience?.Invoke(null);
                return answers;
            }
            catch (PassingTroubleException passing)
            {
                trouble = passing.Message;
            }

            if (attempt >= _access.Retries)
            {
                var told = $"The node at {Name} gives no answer, asked {attempt + 1} times: {trouble}.";
                if (_patience is null) throw new NodeUnreachableException(told);
                if (Interlocked.Exchange(ref _lost, 1) == 0) _patience(told);
            }

            if (cancel.WaitHandle.WaitOne(wait)) throw new OperationCanceledException(cancel);
            wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, _access.LongestWait.Ticks));
        }
    }

    private static byte[] Question(string method, IReadOnlyList<object[]> calls)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            for (var id = 0; id < calls.Count; id++)
            {
                json.WriteStartObject();
                json.WriteString("jsonrpc", "1.0");
                json.WriteNumber("id", id);
                json.WriteString("method", method);
                json.WriteStartArray("params");
                foreach (var parameter in calls[id])
                {
                    if (parameter is int number) json.WriteNumberValue(number);
                    else if (parameter is bool truth) json.WriteBooleanValue(truth);
                    else json.WriteStringValue(parameter.ToString());
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return bytes.ToArray();
    }

    private async Task<ReadOnlyMemory<byte>> Ask(byte[] question, long limit, CancellationToken cancel)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timer.CancelAfter(_access.Silence);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _access.Url) { Content = new ByteArrayContent(question) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Authorization = _access.Authorization();
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timer.Token).ConfigureAwait(false);
            Judge(response.StatusCode);
            return await Body(response, limit, timer).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PassingTroubleException($"silence for {_access.Silence.TotalSeconds:0.#} seconds");
        }
        catch (HttpRequestException failed)
        {
            throw new PassingTroubleException(failed.HttpRequestError == HttpRequestError.ConnectionError ? "no connection; is it running, and does its RPC server listen there?" : $"the connection broke ({failed.HttpRequestError})");
        }
        catch (IOException)
        {
            throw new PassingTroubleException("the connection broke within an answer");
        }
    }

    private void Judge(HttpStatusCode status)
    {
        switch (status)
        {
            case HttpStatusCode.OK or HttpStatusCode.InternalServerError or HttpStatusCode.NotFound or HttpStatusCode.BadRequest:
                return; // errors of JSON-RPC come with 500, 404 and 400, too
            case HttpStatusCode.Unauthorized:
                throw new LedgerException(
                    $"The node at {Name} refuses the credentials (401). Give --rpc-user with --rpc-password (or the variable HAETAE_RPC_PASSWORD), or --rpc-cookie with the file '.cookie' in the node's data folder.");
            case HttpStatusCode.Forbidden:
                throw new LedgerException($"The node at {Name} does not let this machine in (403): see its setting 'rpcallowip', or whether the user may make these calls ('rpcwhitelist').");
            case HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout:
                throw new PassingTroubleException($"it is too busy ({(int)status})");
            default:
                throw new LedgerException($"What listens at {Name} answers with HTTP status {(int)status}: no Bitcoin node does.");
        }
    }

    private async Task<ReadOnlyMemory<byte>> Body(HttpResponseMessage response, long limit, CancellationTokenSource timer)
    {
        var announced = response.Content.Headers.ContentLength;
        if (announced > limit) throw TooLong(announced.Value, limit);
        var stream = await response.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
        var buffer = new byte[(int)Math.Max(1, announced ?? Math.Min(limit, 64 << 10))];
        var began = Environment.TickCount64;
        for (var filled = 0; ;)
        {
            if (filled == buffer.Length)
            {
                if (filled == announced) return buffer;
                if (filled > limit) throw TooLong(filled, limit);
                Array.Resize(ref buffer, (int)Math.Min(limit + 1, 2L * filled));
            }

            timer.CancelAfter(_access.Silence);
            var read = await stream.ReadAsync(buffer.AsMemory(filled), timer.Token).ConfigureAwait(false);
            if (read == 0)
            {
                if (announced is { } length && filled < length) throw new PassingTroubleException("the connection broke within an answer");
                return filled > limit ? throw TooLong(filled, limit) : buffer.AsMemory(0, filled);
            }

            filled += read;
            if (Environment.TickCount64 - began > LongestAnswer * _access.Silence.TotalMilliseconds) throw new PassingTroubleException("an answer that does not end");
        }
    }

    private AnswerTooLongException TooLong(long bytes, long limit) =>
        new($"The node at {Name} answers with {bytes} bytes or more where {limit} are the most there can be.");

    public void Dispose() => _http.Dispose();
}
