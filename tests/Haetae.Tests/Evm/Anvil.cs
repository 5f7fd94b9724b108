using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Node;

namespace Haetae.Tests.Evm;

/// <summary>A test with a real EVM node and a real compiler: skipped, and said to be skipped, where they are not installed.</summary>
public sealed class AnvilFactAttribute : FactAttribute
{
    internal static string? Folder { get; } = Environment.GetEnvironmentVariable("HAETAE_ANVIL") is { Length: > 0 } named && Directory.Exists(Path.Combine(named, "node_modules", "solc")) && File.Exists(Anvil.Program(named)) ? named : null;

    public AnvilFactAttribute()
    {
        if (Folder is null) Skip = "no real EVM node: run 'npm install --ignore-scripts @foundry-rs/anvil@1.7.1 solc@0.8.37' in some folder and set HAETAE_ANVIL to it";
    }
}

/// <summary>anvil on loopback, mining only when told, with the same accounts and times at every run.</summary>
internal sealed class Anvil : IDisposable
{
    private const ulong Begin = 1_700_000_000;

    private static readonly Lazy<Dictionary<string, string>> Compiled = new(Compile);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // A run that ends early leaves no node behind.
    private static readonly ConcurrentDictionary<int, Process> Running = EndWithUs();

    private readonly Process _process;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(300) };
    private readonly Dictionary<AccountAddress, ulong> _nonces = [];
    private int _newcomers;

    internal Anvil(ulong chain = 31337, params string[] options)
    {
        Chain = ChainName.Evm(chain);
        var start = new ProcessStartInfo(Program(AnvilFactAttribute.Folder!)) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Port 0: the system chooses a free one, and the node says which.
        foreach (var word in new[] { "--host", "127.0.0.1", "--port", "0", "--no-mining", "--timestamp", $"{Begin}", "--chain-id", $"{chain}" }.Concat(options)) start.ArgumentList.Add(word);
        var said = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith("Listening on ", StringComparison.Ordinal) == true) said.TrySetResult(IPEndPoint.Parse(line.Data["Listening on ".Length..].Trim()).Port);
        };
        _process.Exited += (_, _) => said.TrySetException(new InvalidOperationException("anvil ended before it listened"));
        _process.Start();
        Running[_process.Id] = _process;
        try
        {
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            if (!said.Task.Wait(Patience)) throw new TimeoutException($"anvil does not listen after {Patience.TotalSeconds} seconds");
            Port = said.Task.Result;
            Accounts = [.. Ask("eth_accounts")!.AsArray().Select(one => AccountAddress.Parse((string)one!))];
            Ask("anvil_setBlockTimestampInterval", 12);
            Ask("anvil_setCoinbase", Producer.ToString());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static ConcurrentDictionary<int, Process> EndWithUs()
    {
        var running = new ConcurrentDictionary<int, Process>();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (var one in running.Values) one.Kill();
        };
        return running;
    }

    internal ChainName Chain { get; }

    internal int Port { get; }

    internal string Url => $"http://127.0.0.1:{Port}";

    internal NodeAccess Access => NodeAccess.Parse(Url, pollEvery: TimeSpan.FromMilliseconds(50));

    /// <summary>Ten accounts with 10,000 coins each, for which anvil signs.</summary>
    internal IReadOnlyList<AccountAddress> Accounts { get; }

    /// <summary>Who is paid the tips.</summary>
    internal static AccountAddress Producer { get; } = AccountAddress.Parse("0x00000000000000000000000000000000000beef1");

    internal static string Program(string folder) => Path.Combine(folder, "node_modules", "@foundry-rs", $"anvil-linux-{(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64")}", "bin", "anvil");

    internal JsonNode? Ask(string method, params JsonNode?[] parameters)
    {
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = new JsonArray(parameters) };
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = _http.PostAsync(new Uri(Url), content).GetAwaiter().GetResult();
        var read = JsonNode.Parse(answer.Content.ReadAsStringAsync().GetAwaiter().GetResult(), null, new JsonDocumentOptions { MaxDepth = 4096 })!;
        return read["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : read["result"];
    }

    /// <summary>Sends a transaction with the sender's next nonce and does not wait for a block.</summary>
    /// <returns>Its hash.</returns>
    internal Hash256 Send(AccountAddress from, AccountAddress? to, UInt256 value, ReadOnlySpan<byte> data, ulong gas = 5_000_000, ulong? price = null)
    {
        var nonce = _nonces.TryGetValue(from, out var next) ? next : Convert.ToUInt64(((string)Ask("eth_getTransactionCount", from.ToString(), "latest")!)[2..], 16);
        _nonces[from] = nonce + 1;
        var transaction = new JsonObject
        {
            ["from"] = from.ToString(),
            ["value"] = Hex(value),
            ["gas"] = Hex(gas),
            ["nonce"] = Hex(nonce),
            ["data"] = "0x" + Convert.ToHexStringLower(data),
        };
        // A price is what people typed before EIP-1559, and may still type.
        if (price is { } typed) transaction["gasPrice"] = Hex(typed);
        else (transaction["maxFeePerGas"], transaction["maxPriorityFeePerGas"]) = (Hex(30_000_000_000), Hex(1_000_000_000));
        if (to is { } called) transaction["to"] = called.ToString();
        return Hash256.Parse(((string)Ask("eth_sendTransaction", transaction)!).AsSpan(2));
    }

    /// <summary>Sends a call: its signature, and words for its parameters.</summary>
    internal Hash256 Send(AccountAddress from, AccountAddress to, UInt256 value, string signature, params UInt256[] words) => Send(from, to, value, Call(signature, words));

    /// <summary>Sends a call at a price of gas.</summary>
    internal Hash256 SendAt(ulong? price, AccountAddress from, AccountAddress to, UInt256 value, string signature, params UInt256[] words) => Send(from, to, value, Call(signature, words), price: price);

    /// <summary>What a unit of gas cost a transaction, as its receipt says.</summary>
    internal UInt256? GasPrice(Hash256 transaction) => Number((string)Ask("eth_getTransactionReceipt", "0x" + transaction)!["effectiveGasPrice"]!);

    /// <summary>Makes a contract and mines a block for it.</summary>
    internal AccountAddress Make(AccountAddress from, string contract, UInt256 value, params UInt256[] words)
    {
        var hash = Send(from, null, value, [.. Convert.FromHexString(Compiled.Value[contract]), .. Words(words)]);
        Mine();
        var receipt = Ask("eth_getTransactionReceipt", "0x" + hash)!;
        Assert.Equal("0x1", (string)receipt["status"]!);
        return AccountAddress.Parse((string)receipt["contractAddress"]!);
    }

    internal void Mine(int blocks = 1)
    {
        for (var i = 0; i < blocks; i++) Ask("evm_mine");
    }

    internal ulong Height => Convert.ToUInt64(((string)Ask("eth_blockNumber")!)[2..], 16);

    internal UInt256 Balance(AccountAddress account, ulong block) => Number((string)Ask("eth_getBalance", account.ToString(), Hex(block))!);

    /// <summary>What a function without further ado returns: one word.</summary>
    internal UInt256 Read(AccountAddress contract, ulong block, string signature, params UInt256[] words) =>
        Number((string)Ask("eth_call", new JsonObject { ["to"] = contract.ToString(), ["data"] = "0x" + Convert.ToHexStringLower(Call(signature, words)) }, Hex(block))!);

    /// <summary>An account of its own, for which nobody has a key and which the node signs for all the same.</summary>
    internal AccountAddress Newcomer()
    {
        var address = new AccountAddress(Keccak256.HashData(Encoding.ASCII.GetBytes($"newcomer {++_newcomers}")).AsSpan(12));
        Ask("anvil_impersonateAccount", address.ToString());
        return address;
    }

    /// <summary>Forgets which nonces were used: after blocks were taken back.</summary>
    internal void ForgetNonces() => _nonces.Clear();

    internal static UInt256 Word(AccountAddress address)
    {
        Span<byte> word = stackalloc byte[32];
        word.Clear();
        address.CopyTo(word[12..]);
        return UInt256.ReadBigEndian(word);
    }

    private static byte[] Call(string signature, UInt256[] words) => [.. Keccak256.HashData(Encoding.ASCII.GetBytes(signature)).AsSpan(0, 4), .. Words(words)];

    private static byte[] Words(UInt256[] words)
    {
        var bytes = new byte[32 * words.Length];
        for (var i = 0; i < words.Length; i++) words[i].WriteBigEndian(bytes.AsSpan(32 * i));
        return bytes;
    }

    private static string Hex(UInt256 number)
    {
        Span<byte> bytes = stackalloc byte[32];
        number.WriteBigEndian(bytes);
        var text = Convert.ToHexStringLower(bytes).TrimStart('0');
        return "0x" + (text.Length == 0 ? "0" : text);
    }

    private static UInt256 Number(string hex) => UInt256.TryParseHex(hex, out var number) ? number : throw new FormatException(hex);

    private static Dictionary<string, string> Compile()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Evm");
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "compile-contracts.js"), AnvilFactAttribute.Folder!, Path.Combine(folder, "Contracts")]) { RedirectStandardOutput = true })!;
        var made = node.StandardOutput.ReadToEnd();
        node.WaitForExit();
        Assert.Equal(0, node.ExitCode);
        return JsonSerializer.Deserialize<Dictionary<string, string>>(made)!;
    }

    public void Dispose()
    {
        _http.Dispose();
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        Running.TryRemove(_process.Id, out _);
        _process.Dispose();
    }
}
