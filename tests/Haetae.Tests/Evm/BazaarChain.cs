namespace Haetae.Tests.Evm;

/// <summary>One node with the bazaar on it for all tests that only add to the chain; made when the first of them asks.</summary>
/// <remarks>Tests that add blocks use accounts of their own (<see cref="Anvil.Newcomer"/>), and tests that read the bazaar read up to <see cref="Bazaar.Height"/>.</remarks>
public sealed class BazaarChain : IDisposable
{
    private Anvil? _anvil;
    private Bazaar? _bazaar;

    internal Anvil Anvil => _anvil ??= new Anvil();

    internal Bazaar Bazaar => _bazaar ??= new Bazaar(Anvil);

    public void Dispose() => _anvil?.Dispose();
}

/// <summary>Tests on the shared chain run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BazaarTests : ICollectionFixture<BazaarChain>
{
    internal const string Name = "Bazaar";
}
