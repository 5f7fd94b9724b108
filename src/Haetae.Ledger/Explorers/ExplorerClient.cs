using System.Net;
using Haetae.Ledger.Node;

namespace Haetae.Ledger.Explorers;

/// <summary>Asks a server, no faster than agreed, and again where trouble may pass. Answers are bounded before they are kept.</summary>
internal sealed class ExplorerClient : IDisposable
{
    /// <summary>Silences of full length that one answer may be stretched to.</summary>
    private const int LongestAnswer = 20;

    private readonly ExplorerAccess _access;
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly Action<string>? _tell;
    private long? _last;

    /// <param name="tell">Told of each wait that is not just the agreed rate.</param>
    internal ExplorerClient(ExplorerAccess access, TimeProvider clock, Action<string>? tell)
    {
        (_access, _clock, _tell) = (access, clock, tell);
        // No redirection: a key goes to the server named and nowhere else.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All }) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Add("Accept", "application/json");
        _http.DefaultRequestHeaders.Add("User-Agent", "haetae");
    }

    /// <summary>Requests made, repetitions included.</summary>
    internal int Requests { get; private set; }

    /// <summary>Gets a path under the server's address.</summary>
    /// <param name="path">As it is kept; the key is put behind it here.</param>
    /// <param name="judge">Throws <see cref="ExplorerTroubleException"/> for an answer, its status and bytes, that means "ask later".</param>
    internal (int Status, byte[] Bytes) Get(string path, Action<int, ReadOnlyMemory<byte>>? judge, CancellationToken cancel)
    {
        var (wait, refused) = (_access.FirstWait, TimeSpan.Zero);
        for (var attempt = 0; ; attempt++)
        {
            ExplorerTroubleException trouble;
            try
            {
                Pace(cancel);
                Requests++;
                var answer = Ask(path, cancel).GetAwaiter().GetResult();
                judge?.Invoke(answer.Status, answer.Bytes);
                return answer;
            }
            catch (ExplorerTroubleException passing)
            {
                trouble = passing;
            }

            var next = trouble.After is { } asked && asked > wait ? asked : wait;
            var cut = trouble.IsRefused ? RefusedConnection.Cut(next, refused) : next;
            if (attempt >= _access.Retries || cut is null || next > _access.LongestWait)
            {
                throw new ExplorerUnreachableException(FormattableString.Invariant(
                    $"{_access.Name} gives no answer to '{path}' in {attempt + 1} attempts: {trouble.Message}{RefusedConnection.Words(refused)}{(next > _access.LongestWait ? $"; it asks for a wait of {next.TotalSeconds:0} s" : "")}. What was fetched is kept: the same command goes on."));
            }

            next = cut.Value;
            if (trouble.IsRefused) refused += next;
            _tell?.Invoke(FormattableString.Invariant($"{_access.Name}: {trouble.Message}; waiting {next.TotalSeconds:0.##} s"));
            if (cancel.WaitHandle.WaitOne(next)) throw new OperationCanceledException(cancel);
            wait = TimeSpan.FromTicks(Math.Min(2 * wait.Ticks, _access.LongestWait.Ticks));
        }
    }

    private void Pace(CancellationToken cancel)
    {
        var apart = TimeSpan.FromSeconds(1) / _access.Rate;
        if (_last is { } last && apart - _clock.GetElapsedTime(last) is var left && left > TimeSpan.Zero && cancel.WaitHandle.WaitOne(left)) throw new OperationCanceledException(cancel);
        cancel.ThrowIfCancellationRequested();
        _last = _clock.GetTimestamp();
    }

    private async Task<(int Status, byte[] Bytes)> Ask(string path, CancellationToken cancel)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timer.CancelAfter(_access.Silence);
        try
        {
            var key = _access.Key is { } secret ? $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}apikey={Uri.EscapeDataString(secret)}" : "";
            using var request = new HttpRequestMessage(HttpMethod.Get, _access.Url.GetLeftPart(UriPartial.Path).TrimEnd('/') + path + key);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timer.Token).ConfigureAwait(false);
            Judge(response);
            return ((int)response.StatusCode, await Body(response, path, timer).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new ExplorerTroubleException(FormattableString.Invariant($"silence for {_access.Silence.TotalSeconds:0.#} seconds"));
        }
        catch (HttpRequestException failed)
        {
            throw new ExplorerTroubleException(failed.HttpRequestError switch
            {
                HttpRequestError.ConnectionError => "no connection (does a server listen there?)",
                HttpRequestError.NameResolutionError => "no machine of this name is found",
                _ => $"the connection broke ({failed.HttpRequestError})",
            }, isRefused: RefusedConnection.Is(failed));
        }
        catch (IOException)
        {
            throw new ExplorerTroubleException("the connection broke within an answer");
        }
    }

    private void Judge(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status is 429 or 408 or >= 500)
        {
            var after = response.Headers.RetryAfter;
            throw new ExplorerTroubleException(
                status == 429 ? "it wants to be asked less often (429)" : $"it is in trouble ({status})",
                after?.Delta ?? (after?.Date is { } date ? date - _clock.GetUtcNow() : null));
        }

        if (status is 401 or 403) throw new LedgerException($"{_access.Name} does not let this be asked ({status}). Does it want a key (--api-key-env NAME)?");
        if (status is >= 300 and < 400) throw new LedgerException($"{_access.Name} sends elsewhere ({status}): {response.Headers.Location}. Give that address if you trust it.");
    }

    private async Task<byte[]> Body(HttpResponseMessage response, string path, CancellationTokenSource timer)
    {
        if (response.Content.Headers.ContentLength > KeptAnswers.LongestAnswer) throw TooLong(path);
        var stream = await response.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
        using var body = new MemoryStream();
        var buffer = new byte[1 << 16];
        var began = _clock.GetTimestamp();
        while (true)
        {
            timer.CancelAfter(_access.Silence);
            var read = await stream.ReadAsync(buffer, timer.Token).ConfigureAwait(false);
            if (read == 0) break;
            if (body.Length + read > KeptAnswers.LongestAnswer) throw TooLong(path);
            body.Write(buffer, 0, read);
            if (_clock.GetElapsedTime(began) > LongestAnswer * _access.Silence) throw new ExplorerTroubleException("an answer that does not end");
        }

        return body.ToArray();
    }

    private LedgerException TooLong(string path) => new(FormattableString.Invariant($"{_access.Name} answers '{path}' with more than {KeptAnswers.LongestAnswer} bytes: no explorer does."));

    public void Dispose() => _http.Dispose();
}
