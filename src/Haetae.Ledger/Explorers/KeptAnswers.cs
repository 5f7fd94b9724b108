using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Explorers;

/// <summary>The answers a case rests on, byte for byte: a folder of files named by their SHA-256, and an index that says what each answered.</summary>
/// <remarks>
/// The index has one line of JSON for an answer and is only ever appended to; a line counts once its line feed is on disk, so a stop at any
/// instant leaves whole answers. The time of asking stands there for people and is part of no digest.
/// </remarks>
public sealed class KeptAnswers : IDisposable
{
    public const string FolderName = "raw";
    public const string IndexName = "index.jsonl";

    /// <summary>Bytes one answer may have.</summary>
    public const long LongestAnswer = 256L << 20;

    private const int LongestLine = 4096;

    private readonly string _folder;
    private readonly List<KeptAnswer> _all = [];
    private readonly Dictionary<string, List<KeptAnswer>> _byRequest = new(StringComparer.Ordinal);
    private readonly FileStream? _index;

    private KeptAnswers(string folder, FileStream? index) => (_folder, _index) = (folder, index);

    /// <summary>Every answer, in the order in which they came.</summary>
    public IReadOnlyList<KeptAnswer> All => _all;

    /// <summary>Answers before this place are not found any more: whoever sets it wants them asked anew.</summary>
    public int FoundFrom { get; set; }

    /// <summary>Opens the answers of a case ledger for reading; beside a writer, those that are there by now.</summary>
    /// <exception cref="LedgerException">The index is damaged.</exception>
    public static KeptAnswers OpenForReading(string ledger)
    {
        var kept = new KeptAnswers(Path.Combine(ledger, FolderName), null);
        var path = Path.Combine(kept._folder, IndexName);
        if (!File.Exists(path)) return kept;
        using var index = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        kept.ReadIndex(index);
        return kept;
    }

    /// <summary>Opens the answers for adding more, and makes the folder where it is not there. One writer at a time.</summary>
    /// <exception cref="LedgerException">Somebody else is writing, or the index is damaged.</exception>
    public static KeptAnswers OpenForWriting(string ledger)
    {
        var folder = Path.Combine(ledger, FolderName);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, IndexName);
        FileStream index;
        try
        {
            index = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (IOException busy)
        {
            throw new LedgerException($"'{path}' is being written by somebody else: {busy.Message} Wait until that fetch is done.", busy);
        }

        var kept = new KeptAnswers(folder, index);
        try
        {
            index.SetLength(kept.ReadIndex(index)); // a torn last line never counted
            index.Seek(0, SeekOrigin.End);
            return kept;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    /// <summary>The answer that stands for a request; null: it was never asked.</summary>
    public KeptAnswer? Find(string request) =>
        _byRequest.TryGetValue(request, out var answers) && answers[^1] is var last && last.Order >= FoundFrom ? last : null;

    /// <summary>The last answer to a request that came before a place; null: there is none.</summary>
    public KeptAnswer? LastBefore(string request, int order) => _byRequest.TryGetValue(request, out var answers) ? answers.FindLast(answer => answer.Order < order) : null;

    /// <summary>Where an answer's bytes lie.</summary>
    public string PathOf(KeptAnswer answer) => Path.Combine(_folder, answer.Sha256 + ".json");

    /// <summary>Reads an answer and checks that it is the one that came.</summary>
    /// <exception cref="LedgerException">Its file is missing or was changed.</exception>
    public byte[] Read(KeptAnswer answer)
    {
        var path = PathOf(answer);
        if (!File.Exists(path)) throw new LedgerException($"{path} is missing: the answer to '{answer.Request}'. Fetch it anew with --refresh.");
        if (new FileInfo(path).Length != answer.Bytes) throw Changed(path, answer);
        var bytes = File.ReadAllBytes(path);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == answer.Sha256 ? bytes : throw Changed(path, answer);
    }

    /// <summary>Keeps an answer: first its bytes, then its line in the index, each flushed.</summary>
    public KeptAnswer Keep(string request, string server, int status, ReadOnlySpan<byte> bytes, DateTimeOffset asked)
    {
        var index = _index ?? throw new InvalidOperationException("These answers were opened for reading.");
        var answer = new KeptAnswer(_all.Count, request, server, status, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
        var line = Line(answer, asked);
        if (line.Length > LongestLine) throw new LedgerException($"The request '{request[..80]}…' is too long to be kept.");
        var path = PathOf(answer);
        if (!File.Exists(path) || new FileInfo(path).Length != bytes.Length)
            Durable.Replace(Path.GetDirectoryName(path)!, Path.GetFileName(path), bytes);
        index.Write(line);
        index.Flush(flushToDisk: true);
        Add(answer);
        return answer;
    }

    /// <summary>SHA-256 over what stands: each request with the hash of its answer, in the order of their texts.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (request, answers) in _byRequest.OrderBy(one => one.Key, StringComparer.Ordinal)) hash.AppendData(Encoding.UTF8.GetBytes($"{answers[^1].Sha256} {request}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private LedgerException Changed(string path, KeptAnswer answer) => new($"{path} was changed: it is not the answer to '{answer.Request}' that came. Fetch it anew with --refresh, or take the file from a backup.");

    private void Add(KeptAnswer answer)
    {
        _all.Add(answer);
        if (!_byRequest.TryGetValue(answer.Request, out var answers)) _byRequest.Add(answer.Request, answers = []);
        answers.Add(answer);
    }

    private static byte[] Line(KeptAnswer answer, DateTimeOffset asked)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("request", answer.Request);
            json.WriteString("server", answer.Server);
            json.WriteString("asked", asked.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteNumber("status", answer.Status);
            json.WriteString("sha256", answer.Sha256);
            json.WriteNumber("bytes", answer.Bytes);
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    /// <summary>Reads all whole lines.</summary>
    /// <returns>Where the last one ends.</returns>
    private long ReadIndex(Stream index)
    {
        var reader = new BufferedStream(index, 1 << 16); // not disposed of: the file below it stays open
        var line = new byte[LongestLine];
        long whole = 0;
        int length = 0, number = 1;
        for (int read; (read = reader.ReadByte()) >= 0;)
        {
            if (read != '\n')
            {
                if (length == line.Length) throw Damaged(number, "it is longer than a line can be", null);
                line[length++] = (byte)read;
                continue;
            }

            Add(Parse(line.AsMemory(0, length), number++));
            whole += length + 1;
            length = 0;
        }

        return whole;
    }

    private KeptAnswer Parse(ReadOnlyMemory<byte> line, int number)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            var answer = new KeptAnswer(
                _all.Count, root.GetProperty("request").GetString()!, root.GetProperty("server").GetString()!, root.GetProperty("status").GetInt32(),
                root.GetProperty("sha256").GetString()!, root.GetProperty("bytes").GetInt64());
            var isHash = answer.Sha256 is { Length: 64 } && answer.Sha256.All(char.IsAsciiHexDigitLower);
            if (answer.Request is null || answer.Server is null || !isHash || answer.Bytes is < 0 or > LongestAnswer) throw Damaged(number, "a member is not what it can be", null);
            return answer;
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Damaged(number, wrong.Message, wrong);
        }
    }

    private LedgerException Damaged(int line, string why, Exception? inner) =>
        new(FormattableString.Invariant($"{Path.Combine(_folder, IndexName)}, line {line}: {why}. Take the file from a backup, or fetch into a new folder."), inner!);

    public void Dispose() => _index?.Dispose();
}
