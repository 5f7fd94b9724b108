using System.Text.Json;

namespace Haetae.Ledger.Explorers;

/// <summary>One run of questions to one server: what is kept is not asked again, what comes is kept before it is read.</summary>
public sealed class ExplorerSession : IDisposable
{
    private readonly ExplorerAccess _access;
    private readonly ExplorerClient _client;
    private readonly TimeProvider _clock;
    private readonly Action<int, string>? _progress;
    private int _counted;

    /// <param name="tell">Told of each wait that is not just the agreed rate.</param>
    /// <param name="progress">Told of each new answer: how many there are, and to what.</param>
    public ExplorerSession(KeptAnswers kept, ExplorerAccess access, TimeProvider clock, Action<string>? tell = null, Action<int, string>? progress = null)
    {
        (Kept, _access, _clock, _progress) = (kept, access, clock, progress);
        _client = new ExplorerClient(access, clock, tell);
    }

    public KeptAnswers Kept { get; }

    /// <summary>Answers that came in this run.</summary>
    public int NewAnswers { get; private set; }

    /// <summary>Requests made in this run, repetitions included.</summary>
    public int Requests => _client.Requests;

    /// <summary>Asks and keeps, whatever is there already.</summary>
    /// <param name="request">A word for the protocol, then <c>GET</c>, then the path: <c>esplora GET /tx/…</c>.</param>
    /// <param name="judge">Throws <see cref="ExplorerTroubleException"/> for an answer, its status and bytes, that means "ask later".</param>
    /// <param name="isFree">Does not count among the requests a run may make: what every run asks first, or runs of few requests would get nowhere.</param>
    internal KeptAnswer Ask(string request, Action<int, ReadOnlyMemory<byte>>? judge, CancellationToken cancel, bool isFree = false)
    {
        if (!isFree && _counted++ >= _access.MaxRequests) throw new RequestsSpentException(_access.MaxRequests);
        var path = request[(request.IndexOf(" GET ", StringComparison.Ordinal) + 5)..];
        var (status, bytes) = _client.Get(path, judge, cancel);
        var answer = Kept.Keep(request, _access.Name, status, bytes, _clock.GetUtcNow());
        _progress?.Invoke(++NewAnswers, path);
        return answer;
    }

    /// <summary>Refuses what is no JSON: a page that some machine on the way put in the answer's place.</summary>
    internal static void RequireJson(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            JsonDocument.Parse(bytes).Dispose();
        }
        catch (JsonException)
        {
            throw new ExplorerTroubleException("an answer that is no JSON");
        }
    }

    public void Dispose() => _client.Dispose();
}
