namespace Haetae.Ledger.Node;

/// <summary>How one family of nodes speaks JSON-RPC.</summary>
/// <param name="Version">What requests name as their version.</param>
/// <param name="Depth">Levels of JSON an answer may have.</param>
/// <param name="Noun">What messages call such a node.</param>
internal sealed record NodeDialect(string Version, int Depth, string Noun)
{
    internal static NodeDialect Bitcoin { get; } = new("1.0", 64, "Bitcoin node");

    /// <summary>EVM nodes insist on version 2.0; call trees lie deep.</summary>
    internal static NodeDialect Evm { get; } = new("2.0", Haetae.Ledger.Evm.EvmTraceAnswers.JsonDepth, "EVM node");
}
