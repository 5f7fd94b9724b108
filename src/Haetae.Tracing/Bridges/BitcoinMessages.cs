using Haetae.Ledger;
using Haetae.Ledger.Bitcoin;
using Haetae.Tracing.Bridges.ThorChain;

namespace Haetae.Tracing.Bridges;

/// <summary>Finds the ends of crossings on a Bitcoin ledger: memos behind OP_RETURN, and payments to vaults that are named.</summary>
/// <remarks>
/// Assumes that a deposit pays its vault with the first output unless a named vault is paid. A memo that was cut into several outputs is not put together.
/// Errs: a memo is anybody's word. A deposit counts when a named vault is paid, an out when a named vault pays it or it pays the very address that the
/// deposit's memo names (<see cref="CrossChainMatch"/> sees to the latter).
/// </remarks>
public sealed class BitcoinMessages
{
    private readonly ILedgerView _view;
    private readonly int _ledger;
    private readonly BridgeProtocol _protocol;
    private readonly BridgeNames _names;

    private BitcoinMessages(ILedgerView view, int ledger, BridgeProtocol protocol, BridgeNames names) => (_view, _ledger, _protocol, _names) = (view, ledger, protocol, names);

    private string Chain => _view.Network.ChainId;

    /// <summary>The ends of crossings on a ledger, in chain order.</summary>
    /// <param name="ledger">The ledger's number among those looked at; it stands in every message.</param>
    public static IReadOnlyList<CrossChainMessage> Of(ILedgerView view, int ledger, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names, CancellationToken cancel = default)
    {
        if (protocols.FirstOrDefault(protocol => protocol.ReadsMemos) is not { } memos) return [];
        var reader = new BitcoinMessages(view, ledger, memos, names);
        var found = new SortedDictionary<uint, CrossChainMessage>();
        reader.ReadMemos(found, cancel);
        reader.ReadPaymentsWithoutMemo(found);
        return [.. found.Values];
    }

    private void ReadMemos(SortedDictionary<uint, CrossChainMessage> found, CancellationToken cancel)
    {
        for (long output = 0; output < _view.Graph.OutputCount; output++)
        {
            if ((output & 0xF_FFFF) == 0) cancel.ThrowIfCancellationRequested();
            if (_view.ScriptKeys[output] != 0 || ThorMemoReader.Read(Carried(_view.ScriptOf(output))) is not { } memo) continue;
            var transaction = _view.Graph.TransactionOf(output);
            if (!found.ContainsKey(transaction)) found.Add(transaction, Message(transaction, memo)); // the first memo of a transaction is the one THORChain reads
        }
    }

    // Memoless swaps are registered on THORChain before; on this chain they are plain payments. Outs name them all the same.
    private void ReadPaymentsWithoutMemo(SortedDictionary<uint, CrossChainMessage> found)
    {
        foreach (var address in _names.Of(_protocol.Name, Chain))
        {
            if (!Address.TryParse(address, _view.Network, out var script, out _)) continue;
            foreach (var output in _view.FindOutputs(script))
            {
                var transaction = _view.Graph.TransactionOf(output);
                if (!found.ContainsKey(transaction) && !VaultPays(transaction)) found.Add(transaction, Message(transaction, null));
            }
        }
    }

    private CrossChainMessage Message(uint transaction, ThorMemo? memo)
    {
        var end = memo?.Kind switch { ThorMemoKind.Out => BridgeEnd.Destination, ThorMemoKind.Refund => BridgeEnd.Refund, _ => BridgeEnd.Source };
        var paid = Outputs(transaction).ToArray();
        var vaults = paid.Where(carrier => IsVault(carrier.To)).ToArray();
        var others = paid.Where(carrier => !IsVault(carrier.To)).ToArray();
        var known = end == BridgeEnd.Source ? vaults.Length > 0 : VaultPays(transaction);
        var id = _view.TxIds[transaction];
        var carriers = end != BridgeEnd.Source ? others : known ? vaults : [.. paid.Take(1)];
        return new CrossChainMessage
        {
            Protocol = _protocol,
            End = end,
            Ledger = _ledger,
            Chain = Chain,
            Transaction = transaction,
            TransactionId = id,
            Time = _view.Graph.BlockTime[_view.Graph.BlockIndexOf(transaction)],
            Asset = "BTC.BTC",
            Recipient = memo is { Kind: ThorMemoKind.Swap, Destination: { } to } ? BridgeNames.Plain(to) : null,
            OtherChain = memo is { Kind: ThorMemoKind.Swap } ? memo.AssetChain : null,
            OtherAsset = memo is { Kind: ThorMemoKind.Swap } ? memo.Asset : null,
            Key = memo?.TransactionId ?? id.ToString().ToUpperInvariant(),
            Trust = known ? BridgeTrust.Named : BridgeTrust.Unknown,
            Carriers = carriers,
            Gates = end == BridgeEnd.Source ? [.. carriers.Select(carrier => carrier.Number)] : [],
            Evidence = memo is null ? "a payment without memo to a vault that is named" : $"memo behind OP_RETURN, function {memo.Function}" + (memo.DestinationIsName ? $", to the THORName {memo.Destination}" : ""),
        };
    }

    private IEnumerable<BridgeCarrier> Outputs(uint transaction)
    {
        for (var output = _view.Graph.FirstOutput[transaction]; output < _view.Graph.FirstOutput[transaction + 1L]; output++)
            if (_view.Graph.Value[output] > 0 && _view.ScriptKeys[output] != 0) yield return new BridgeCarrier(output, 0, (UInt128)_view.Graph.Value[output], AddressOf(_view.ScriptOf(output)));
    }

    private bool VaultPays(uint transaction)
    {
        for (var input = _view.Graph.FirstInput[transaction]; input < _view.Graph.FirstInput[transaction + 1L]; input++)
            if (SpentScript(input) is { } script && IsVault(AddressOf(script))) return true;
        return false;
    }

    // A case ledger often knows what an input spends without holding it.
    private byte[]? SpentScript(long input) => _view.Graph.Previous[input] is var previous && previous != OutputNum.NotHeld ? _view.ScriptOf(previous) : _view.OutsideOf(input).Script;

    private bool IsVault(string? address) => _names.Has(_protocol.Name, Chain, address);

    private string? AddressOf(byte[] script) => Address.TryEncode(script, _view.Network, out var address) ? address : null;

    // OP_RETURN and one push (BIP 141 and Core's standardness allow more; THORChain reads the first).
    private static ReadOnlySpan<byte> Carried(ReadOnlySpan<byte> script)
    {
        if (script.Length < 3) return [];
        var (start, length) = script[1] switch { < 0x4c => (2, script[1]), 0x4c => (3, script[2]), 0x4d when script.Length > 3 => (4, script[2] | script[3] << 8), _ => (0, 0) };
        return start > 0 && start + length <= script.Length ? script.Slice(start, length) : [];
    }
}
