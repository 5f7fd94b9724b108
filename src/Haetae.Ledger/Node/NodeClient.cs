using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Haetae.Ledger.Node;

/// <summary>JSON-RPC as nodes speak it, batched. Every answer is bounded before it is kept; what may pass is asked again.</summary>
/// <remarks>Safe for use from several threads.</remarks>
internal sealed class NodeClient : IDisposable
{
    /// <summary>Silences of full length that one answer may be stretched to.</summary>
    private const int LongestAnswer = 20;

    /// <summary>Calls under way at a time. Bitcoin Core answers 4 at once and lets 16 wait as it comes (<c>rpcthreads</c>, <c>rpcworkqueue</c>); others use it too.</summary>
    private const int AtOnce = 8;

    private readonly NodeAccess _access;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _calls = new(AtOnce);
    private readonly Action<string?>? _patience;
    private readonly NodeDialect _dialect;
    private int _lost;
    private volatile bool _takesNoBatches;

    /// <param name="patience">Null: give up after the repetitions of <paramref name="access"/>. Else go on asking, and tell here what is wrong, then null when the node is back.</param>
    /// <param name="dialect">Null: as Bitcoin nodes speak.</param>
    internal NodeClient(NodeAccess access, Action<string?>? patience = null, NodeDialect? dialect = null)
    {
        _dialect = dialect ?? NodeDialect.Bitcoin;
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
        var question = Question(_dialect.Version, method, calls, _takesNoBatches);
        var asked = NodeAnswers.Asked(method, calls);
        var (wait, refused) = (_access.FirstWait, TimeSpan.Zero);
        for (var attempt = 0; ; attempt++)
        {
            PassingTroubleException trouble;
            try
            {
                var answers = NodeAnswers.Read(Name, method, calls, AskInTurn(question, asked, limit, cancel), _dialect);
                if (Interlocked.Exchange(ref _lost, 0) == 1) _patience?.Invoke(null);
                return answers;
            }
            catch (NodeErrorException unwilling) when (calls.Count == 1 && !_takesNoBatches && _dialect == NodeDialect.Evm && unwilling.IsBatchTooLong)
            {
                _takesNoBatches = true; // not even of one
                question = Question(_dialect.Version, method, calls, true);
                continue;
            }
            catch (PassingTroubleException passing)
            {
                trouble = passing;
            }

            var cut = trouble.IsRefused && _patience is null ? RefusedConnection.Cut(wait, refused) : wait; // who follows a node waits for it to be started again
            if (attempt >= _access.Retries || cut is null)
            {
                var told = $"The node at {Name} gives no answer to '{asked}' in {attempt + 1} attempts: {trouble.Message}{RefusedConnection.Words(refused)}.";
                if (_patience is null) throw new NodeUnreachableException(told);
                if (Interlocked.Exchange(ref _lost, 1) == 0) _patience(told);
            }

            var next = cut ?? wait;
            if (trouble.IsRefused) refused += next;
            if (cancel.WaitHandle.WaitOne(next)) throw new OperationCanceledException(cancel);
            wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, _access.LongestWait.Ticks));
        }
    }

    private static byte[] Question(string version, string method, IReadOnlyList<object[]> calls, bool isBare)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            isBare &= calls.Count == 1;
            if (!isBare) json.WriteStartArray();
            for (var id = 0; id < calls.Count; id++)
            {
                json.WriteStartObject();
                json.WriteString("jsonrpc", version);
                json.WriteNumber("id", id);
                json.WriteString("method", method);
                json.WriteStartArray("params");
                foreach (var parameter in calls[id])
                {
                    if (parameter is int number) json.WriteNumberValue(number);
                    else if (parameter is bool truth) json.WriteBooleanValue(truth);
                    else if (parameter is JsonElement element) element.WriteTo(json);
                    else json.WriteStringValue(parameter.ToString());
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            if (!isBare) json.WriteEndArray();
        }

        return bytes.ToArray();
    }

    private ReadOnlyMemory<byte> AskInTurn(byte[] question, string asked, long limit, CancellationToken cancel)
    {
        _calls.Wait(cancel);
        try
        {
            return Ask(question, asked, limit, cancel).GetAwaiter().GetResult();
        }
        finally
        {
            _calls.Release();
        }
    }

    private async Task<ReadOnlyMemory<byte>> Ask(byte[] question, string asked, long limit, CancellationToken cancel)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timer.CancelAfter(_access.Silence);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _access.Url) { Content = new ByteArrayContent(question) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Authorization = _access.Authorization();
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timer.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.Unauthorized) throw _access.Refused(request.Headers.Authorization);
            if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge) throw BatchRefused(asked, response.StatusCode);
            Judge(response.StatusCode);
            var body = await Body(response, asked, limit, timer).ConfigureAwait(false);
            // Bitcoin Core before 22 says this with the status of a failed call.
            if (response.StatusCode == HttpStatusCode.InternalServerError && body.Span.StartsWith("Work queue depth exceeded"u8)) throw new PassingTroubleException("it is too busy (its work queue is full)");
            if (response.StatusCode == HttpStatusCode.BadRequest && _dialect == NodeDialect.Evm && question[0] == '[' && body.Span.TrimStart(" \r\n\t"u8) is not [(byte)'{' or (byte)'[', ..]) throw BatchRefused(asked, response.StatusCode);
            return body;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PassingTroubleException($"silence for {_access.Silence.TotalSeconds:0.#} seconds");
        }
        catch (HttpRequestException failed)
        {
            throw new PassingTroubleException(failed.HttpRequestError switch
            {
                HttpRequestError.ConnectionError => "no connection (is it running, and does its RPC server listen there?)",
                HttpRequestError.NameResolutionError => "no machine of this name is found",
                _ => $"the connection broke ({failed.HttpRequestError})",
            }, RefusedConnection.Is(failed));
        }
        catch (IOException)
        {
            throw new PassingTroubleException("the connection broke within an answer");
        }
    }

    /// <summary>Some nodes, and what stands before them, refuse long batches or all of them by the status alone.</summary>
    private NodeErrorException BatchRefused(string asked, HttpStatusCode status) => new((int)status, $"The node at {Name} refuses '{asked}' with HTTP status {(int)status}.", "batch refused");

    private void Judge(HttpStatusCode status)
    {
        switch (status)
        {
            case HttpStatusCode.OK or HttpStatusCode.InternalServerError or HttpStatusCode.NotFound or HttpStatusCode.BadRequest:
                return; // errors of JSON-RPC come with 500, 404 and 400, too
            case HttpStatusCode.Forbidden:
                throw new LedgerException($"The node at {Name} does not let this machine in (403): see its setting 'rpcallowip', or whether the user may make these calls ('rpcwhitelist').");
            case HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout:
                throw new PassingTroubleException($"it is too busy ({(int)status})");
            default:
                throw new LedgerException($"What listens at {Name} answers with HTTP status {(int)status}: no {_dialect.Noun} does.");
        }
    }

    private async Task<ReadOnlyMemory<byte>> Body(HttpResponseMessage response, string asked, long limit, CancellationTokenSource timer)
    {
        var announced = response.Content.Headers.ContentLength;
        if (announced > limit) throw TooLong(asked, announced.Value, limit);
        var stream = await response.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
        var buffer = new byte[(int)Math.Max(1, announced ?? Math.Min(limit, 64 << 10))];
        var began = Environment.TickCount64;
        for (var filled = 0; ;)
        {
            if (filled == buffer.Length)
            {
                if (filled == announced) return buffer;
                if (filled > limit) throw TooLong(asked, filled, limit);
                Array.Resize(ref buffer, (int)Math.Min(limit + 1, 2L * filled));
            }

            timer.CancelAfter(_access.Silence);
            var read = await stream.ReadAsync(buffer.AsMemory(filled), timer.Token).ConfigureAwait(false);
            if (read == 0)
            {
                if (announced is { } length && filled < length) throw new PassingTroubleException("the connection broke within an answer");
                return filled > limit ? throw TooLong(asked, filled, limit) : buffer.AsMemory(0, filled);
            }

            filled += read;
            if (Environment.TickCount64 - began > LongestAnswer * _access.Silence.TotalMilliseconds) throw new PassingTroubleException("an answer that does not end");
        }
    }

    private AnswerTooLongException TooLong(string asked, long bytes, long limit) =>
        new($"The node at {Name} answers '{asked}' with {bytes} bytes or more where {limit} are the most there can be.");

    public void Dispose()
    {
        _http.Dispose();
        _calls.Dispose();
    }
}
