using System.Diagnostics;
using Haetae.Ledger;
using Haetae.Ledger.Ingest;

namespace Haetae.Tests.Ledger.GeneratedChains;

/// <summary>A chain of the benchmark generator (<c>../shared/bench/generate_chain.cpp</c>, seed 42), generated and ingested once for all tests of a class.</summary>
public abstract class GeneratedChain : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("haetae-chain-").FullName;

    protected GeneratedChain(int transactions)
    {
        if (Generator.WhyNot is not null) return;
        var program = Path.Combine(_folder, "generate_chain");
        Generator.Run("g++", "-O2", "-march=native", "-w", "-o", program, Generator.Source!, "-lcrypto");
        var chain = Path.Combine(_folder, "chain");
        Generator.Run(program, "--out", chain, "--txs", transactions.ToString(System.Globalization.CultureInfo.InvariantCulture), "--seed", "42");
        var ledger = Path.Combine(_folder, "ledger");
        Result = BitcoinIngest.FromFiles(new BitcoinIngestOptions { Blocks = chain, Ledger = ledger });
        Incidents = [.. File.ReadLines(Path.Combine(chain, "incidents.txt")).Select(line => line.Split(' ')[0])];
        Directory.Delete(chain, recursive: true);
        Ledger = BitcoinLedger.Open(ledger);
    }

    public BitcoinLedger Ledger { get; } = null!;

    public BitcoinIngestResult Result { get; } = null!;

    /// <summary>The theft outputs, "txid:vout".</summary>
    public IReadOnlyList<string> Incidents { get; } = [];

    public void Dispose()
    {
        Ledger?.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>The generator's source and the compiler it needs.</summary>
internal static class Generator
{
    internal static string? Source { get; } = Support.SharedData.Root is { } data && File.Exists(Path.Combine(data, "..", "bench", "generate_chain.cpp"))
        ? Path.GetFullPath(Path.Combine(data, "..", "bench", "generate_chain.cpp"))
        : null;

    /// <summary>Why the generated chains cannot be made here, or null.</summary>
    internal static string? WhyNot { get; } = Source is null ? "the chain generator (../shared/bench) is absent"
        : !Works("g++", "--version") ? "g++ is absent; .ci/run installs it"
        : !File.Exists("/usr/include/openssl/sha.h") ? "OpenSSL's headers (libssl-dev) are absent; .ci/run installs them"
        : null;

    private static bool Works(string program, string argument)
    {
        try
        {
            Run(program, argument);
            return true;
        }
        catch (Exception missing) when (missing is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }

    internal static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} failed: {errors}");
    }
}

/// <summary>A test on a generated chain: skipped, and said to be skipped, where it cannot be generated.</summary>
public sealed class GeneratedChainFactAttribute : FactAttribute
{
    public GeneratedChainFactAttribute() => Skip = Generator.WhyNot;
}

public sealed class OneMillion() : GeneratedChain(1_000_000);

public sealed class FiveMillion() : GeneratedChain(5_000_000);
