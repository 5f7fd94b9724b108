using Haetae.Ledger.Accounts;
using Haetae.Ledger.Evm;

namespace Haetae.Tests.Evm;

/// <summary>One node with the bazaar on it for all tests that only add to the chain; made when the first of them asks.</summary>
/// <remarks>Tests that add blocks use accounts of their own (<see cref="Anvil.Newcomer"/>), and tests that read the bazaar read up to <see cref="Bazaar.Height"/>.</remarks>
public sealed class BazaarChain : IDisposable
{
    private Anvil? _anvil;
    private Bazaar? _bazaar;
    private string? _ledger;

    internal Anvil Anvil => _anvil ??= new Anvil();

    internal Bazaar Bazaar => _bazaar ??= new Bazaar(Anvil);

    /// <summary>The folder of a ledger of the bazaar, taken in from the node itself.</summary>
    internal string Ledger => _ledger ??= Ingest();

    private string Ingest()
    {
        var folder = Directory.CreateTempSubdirectory("haetae-bazaar").FullName;
        using var ledger = AccountLedgerWriter.Open(Path.Combine(folder, "ledger"), Anvil.Chain);
        using var ingest = new EvmIngest(new EvmIngestOptions { To = Bazaar.Height }, Anvil.Access, null, null, CancellationToken.None);
        Assert.Equal(EvmTracing.CallTracer, ingest.Run(ledger).Tracing);
        return Path.Combine(folder, "ledger");
    }

    public void Dispose()
    {
        _anvil?.Dispose();
        if (_ledger is not null) Directory.Delete(Path.GetDirectoryName(_ledger)!, recursive: true);
    }
}

/// <summary>Tests on the shared chain run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BazaarTests : ICollectionFixture<BazaarChain>
{
    internal const string Name = "Bazaar";
}
