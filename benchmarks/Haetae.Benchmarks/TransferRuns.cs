using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Accounts.Rows;
using Haetae.Ledger.Chains;

namespace Haetae.Benchmarks;

/// <summary>Made transfers of a seed, taken in as CSV or JSON lines, and questions to what was stored.</summary>
internal static class TransferRuns
{
    private const int Tokens = 50;

    /// <summary>Writes a table: one transaction in ten has two transfers, a third of the rows move tokens, one end in five is a new account, a tenth of all ends are twenty busy ones.</summary>
    internal static void Make(long rows, string path)
    {
        var isJson = path.EndsWith(".jsonl", StringComparison.Ordinal);
        using var file = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20), new UTF8Encoding(false), 1 << 20);
        if (!isJson) file.Write("block_timestamp,transaction_hash,block_number,from_address,to_address,token_address,value\n");
        ulong state = 42, accounts = 1000, transaction = 0;
        for (long row = 0; row < rows; row++)
        {
            if (row == 0 || Next(ref state) % 10 != 0) transaction++;
            var time = 1_600_000_000 + transaction / 15;
            var token = Next(ref state) % 3 == 0 ? Name(1_000_000_000_000 + (Next(ref state) % Tokens), 20) : "";
            var (from, to) = (Name(Account(ref state, ref accounts), 20), Name(Account(ref state, ref accounts), 20));
            var value = (UInt128)(Next(ref state) >> 20) * (1 + (Next(ref state) >> 50));
            if (isJson) file.Write(string.Create(CultureInfo.InvariantCulture, $"{{\"transaction_hash\":\"{Name(transaction, 32)}\",\"block_number\":{transaction / 150},\"block_timestamp\":{time},\"from_address\":\"{from}\",\"to_address\":\"{to}\",\"token_address\":{(token.Length > 0 ? $"\"{token}\"" : "null")},\"value\":\"{value}\"}}\n"));
            else file.Write(string.Create(CultureInfo.InvariantCulture, $"{time},{Name(transaction, 32)},{transaction / 150},{from},{to},{token},{value}\n"));
        }
    }

    private static ulong Account(ref ulong state, ref ulong accounts) => (Next(ref state) % 10) switch
    {
        0 => Next(ref state) % 20,
        < 3 => accounts++,
        _ => Next(ref state) % accounts,
    };

    private static ulong Next(ref ulong state)
    {
        state ^= state << 13; // Marsaglia's xorshift, 64 bits
        state ^= state >> 7;
        state ^= state << 17;
        return state;
    }

    private static string Name(ulong number, int bytes)
    {
        Span<byte> name = stackalloc byte[32];
        var state = (number + 1) * 0x9E37_79B9_7F4A_7C15UL;
        for (var i = 0; i < bytes; i += 4) BitConverter.TryWriteBytes(name[i..], (uint)(Next(ref state) >> 16));
        return "0x" + Convert.ToHexStringLower(name[..bytes]);
    }

    internal static void Run(string file, string ledger)
    {
        if (Directory.Exists(ledger)) Directory.Delete(ledger, recursive: true);
        var options = new TransferIngestOptions { File = file, Ledger = ledger, Table = new TransferTable { Chain = ChainName.Ethereum, Map = TransferTable.EthereumEtl } };
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var peak = 0L;
        var stages = new List<string>();
        var stage = "";
        using var sampler = new Timer(_ => peak = Math.Max(peak, PrivateBytes()), null, 0, 50);
        var result = (file.EndsWith(".jsonl", StringComparison.Ordinal) ? TransferIngest.FromJsonLines : (Func<TransferIngestOptions, Action<string, double, long>?, CancellationToken, TransferIngestResult>)TransferIngest.FromCsv)(options, (now, _, _) =>
        {
            if (now == stage) return;
            stage = now;
            stages.Add(FormattableString.Invariant($"{now} from {watch.Elapsed.TotalSeconds:0.00}"));
        }, CancellationToken.None);
        var wall = watch.Elapsed.TotalSeconds;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var disk = Directory.GetFiles(ledger).Sum(path => new FileInfo(path).Length);
        Console.WriteLine(FormattableString.Invariant($"ingest {result.Rows} rows: {wall:0.00} s wall, {cpu.TotalSeconds:0.00} s CPU, {result.Rows / wall:#,0} rows/s, private {peak >> 20} MiB, disk {disk / (double)result.Rows:0} B/row; {string.Join(", ", stages)}; digest {result.Digest[..16]}"));
        Ask(ledger);
    }

    private static void Ask(string folder)
    {
        using var ledger = AccountLedger.Open(folder);
        var random = new Random(1);
        var addresses = new AccountAddress[10_000];
        for (var i = 0; i < addresses.Length; i++) addresses[i] = ledger.AddressOf((uint)random.NextInt64(ledger.AccountCount));
        var accounts = new uint[addresses.Length];
        long ends = 0;
        for (var round = 0; round < 3; round++)
        {
            ends = 0;
            var watch = Stopwatch.StartNew();
            ledger.FindAccounts(addresses, accounts);
            var found = watch.Elapsed.TotalMilliseconds;
            ledger.Prefetch(accounts);
            foreach (var account in accounts) ends += ledger.TransfersOf(account).Length;
            Console.WriteLine(FormattableString.Invariant($"look-ups of {addresses.Length} addresses: {found:0.0} ms to their accounts, {watch.Elapsed.TotalMilliseconds:0.0} ms with their {ends} transfers"));
        }

        for (var round = 0; round < 3; round++)
        {
            var watch = Stopwatch.StartNew();
            var total = BigInteger.Zero;
            foreach (var account in accounts.AsSpan(0, 1000))
            {
                foreach (var t in ledger.TransfersOf(account))
                {
                    if (ledger.Graph.Asset[t] != 0) continue;
                    if (ledger.Graph.To[t] == account) total += ledger.Graph.Amount[t];
                    if (ledger.Graph.From[t] == account) total -= ledger.Graph.Amount[t];
                }
            }

            Console.WriteLine(FormattableString.Invariant($"1000 balances: {watch.Elapsed.TotalMilliseconds:0.0} ms (sum {total})"));
            watch.Restart();
            var sums = AccountStatistics.Of(ledger.Graph, ledger.Assets.Count);
            Console.WriteLine(FormattableString.Invariant($"sums of {sums.Assets.Count} assets: {watch.Elapsed.TotalMilliseconds:0.0} ms (native {sums.Assets[0].Total})"));
        }

        File.WriteAllLines(Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder))!, "asked.txt"), addresses.Take(1000).Select(address => address.ToString()));
    }

    private static long PrivateBytes()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
            if (line.StartsWith("RssAnon:", StringComparison.Ordinal)) return 1024 * long.Parse(line.AsSpan(8).Trim(" \tkB"), NumberStyles.None, CultureInfo.InvariantCulture);
        return 0;
    }
}
