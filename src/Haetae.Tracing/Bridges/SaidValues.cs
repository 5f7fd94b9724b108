using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Hashing;
using Haetae.Tracing.Bridges.Abi;

namespace Haetae.Tracing.Bridges;

/// <summary>What an event says by its bridge's table: the companion's word first, where it has one.</summary>
internal sealed record SaidValues(BridgeProtocol Protocol, BridgeEvent Table, EventValues Values, ChainEvent Event, IAccountView View)
{
    // A stand-in for the native coin that contracts use in place of a token's address.
    private static readonly AccountAddress NativeMark = AccountAddress.Parse("0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE");

    internal SaidValues? With { get; init; }

    internal ReadOnlyMemory<byte>? Bytes(BridgeField where) => where.IsOwn ? Own(where) : Values.Find(where.Path) is { } value ? where.Cut(value) : null;

    /// <summary>The parts of the key, joined; null when one of them cannot be read.</summary>
    internal string? Key()
    {
        var parts = new List<string>();
        foreach (var part in Table.Key)
        {
            if (part.Path == "@chain") parts.Add(View.Chain.Caip2);
            else if (Bytes(part) is not { } bytes) return null;
            else if (!part.IsChain) parts.Add(BridgeField.KeyText(bytes.Span));
            else if (BridgeField.Number(bytes.Span) is { } number) parts.Add(Protocol.Chains.NameOf(number));
            else return null;
        }

        return string.Join('|', parts);
    }

    internal AccountAddress? Address(Func<BridgeEvent, BridgeField?> which) => Find(which) is { } bytes ? BridgeField.Address(bytes.Span) : null;

    /// <summary>A receiver of a chain whose addresses are no accounts: its bytes.</summary>
    internal string? Text(Func<BridgeEvent, BridgeField?> which) => Find(which) is { Length: > 0 } bytes ? "0x" + Convert.ToHexStringLower(bytes.Span) : null;

    internal UInt256? Number(Func<BridgeEvent, BridgeField?> which) => Find(which) is { } bytes ? BridgeField.Number(bytes.Span) : null;

    internal string? Asset() => Address(table => table.Asset) is not { } token ? null
        : (token.IsZero || token == NativeMark ? AssetName.Native(View.Chain) : AssetName.Token(View.Chain, token)).Caip19;

    internal string? Chain() => Number(table => table.OtherChain) is { } number ? Protocol.Chains.NameOf(number) : null;

    private ReadOnlyMemory<byte>? Find(Func<BridgeEvent, BridgeField?> which) => With?.Find(which) ?? (which(Table) is { } where ? Bytes(where) : null);

    private ReadOnlyMemory<byte>? Own(BridgeField where)
    {
        var id = View.Graph.TxId[Event.Transaction];
        switch (where.Path)
        {
            case "@emitter": return Event.Emitter.ToArray();
            case "@kappa": return Keccak256.HashData(Encoding.ASCII.GetBytes("0x" + id));
            default:
                var bytes = id.ToArray();
                Array.Reverse(bytes);
                return bytes;
        }
    }
}
