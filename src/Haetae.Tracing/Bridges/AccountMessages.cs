using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Hashing;
using Haetae.Tracing.Bridges.Abi;
using Haetae.Tracing.Bridges.ThorChain;

namespace Haetae.Tracing.Bridges;

/// <summary>Finds the ends of crossings in the events and inputs that an account ledger keeps.</summary>
/// <remarks>
/// An event is a bridge's when its first topic and its number of topics are those of the table. Events whose values cannot be read (data cut short,
/// offsets that lead nowhere) are none. Who spoke is told beside each: see <see cref="BridgeTrust"/>.
/// </remarks>
public sealed class AccountMessages
{
    private readonly IAccountView _view;
    private readonly int _ledger;
    private readonly BridgeNames _names;
    private readonly AccountCarriers _carriers;
    private readonly ILookup<Hash256, (BridgeProtocol Protocol, BridgeEvent Event)> _byTopic;
    private readonly BridgeProtocol? _memos;
    private readonly Dictionary<string, IReadOnlySet<uint>> _accounts = [];

    private AccountMessages(IAccountView view, int ledger, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names)
    {
        (_view, _ledger, _names, _carriers) = (view, ledger, names, new AccountCarriers(view));
        _byTopic = protocols.SelectMany(protocol => protocol.Events.Select(one => (Protocol: protocol, Event: one))).ToLookup(pair => pair.Event.Signature.Topic);
        _memos = protocols.FirstOrDefault(protocol => protocol.ReadsMemos);
        foreach (var protocol in protocols) _accounts[protocol.ToString()] = Accounts(protocol);
    }

    private string Chain => _view.Chain.Caip2;

    /// <summary>The ends of crossings on a ledger, in chain order.</summary>
    /// <param name="ledger">The ledger's number among those looked at; it stands in every message.</param>
    public static IReadOnlyList<CrossChainMessage> Of(IAccountView view, int ledger, IReadOnlyList<BridgeProtocol> protocols, BridgeNames names)
    {
        var reader = new AccountMessages(view, ledger, protocols, names);
        return [.. view.Events.SelectMany(reader.Read)];
    }

    private IEnumerable<CrossChainMessage> Read(ChainEvent one)
    {
        if (one.IsInput) return ReadInput(one) is { } memo ? [memo] : [];
        return _byTopic[one.Topics[0]].Select(pair => ReadEvent(pair.Protocol, pair.Event, one)).OfType<CrossChainMessage>();
    }

    private CrossChainMessage? ReadEvent(BridgeProtocol protocol, BridgeEvent table, ChainEvent one)
    {
        if (!EventValues.TryRead(table.Signature, one, out var values)) return null;
        var said = new SaidValues(protocol, table, values, one, _view);
        if (table.With is { } with)
        {
            var companion = _view.EventsOf(one.Transaction).FirstOrDefault(other => EventValues.TryRead(with.Signature, other, out _));
            if (companion is null || !EventValues.TryRead(with.Signature, companion, out var more)) return null;
            said = said with { With = new SaidValues(protocol, with, more, companion, _view) };
        }

        var memo = table.Memo is { } text ? said.Bytes(text) is { } bytes ? ThorMemoReader.Read(bytes.Span) : null : null;
        // What comes out names the deposit it answers, and only that: anybody may deposit with a memo that names another's.
        if (table.Memo is not null && (memo is null || memo.TransactionId is null == (table.End == BridgeEnd.Destination))) return null;
        var end = memo?.Kind == ThorMemoKind.Refund ? BridgeEnd.Refund : table.End;
        var key = memo is not null ? memo.TransactionId ?? ThorKey(one.Transaction) : said.Key();
        if (key is null) return null;
        var recipient = said.Address(bridge => bridge.Recipient);
        var bridge = With(_accounts[protocol.ToString()], one.Emitter, said.Address(table => table.Vault));
        var (asset, amount) = (said.Asset(), said.Number(table => table.Amount));
        var carriers = end == BridgeEnd.Source ? _carriers.In(one.Transaction, bridge, asset, amount)
            : recipient is { } paid && _view.FindAccount(paid) is null ? [] : _carriers.Out(one.Transaction, bridge, recipient is { } known ? _view.FindAccount(known) : null, asset, amount);
        return new CrossChainMessage
        {
            Protocol = protocol,
            End = end,
            Ledger = _ledger,
            Chain = Chain,
            Transaction = one.Transaction,
            TransactionId = _view.Graph.TxId[one.Transaction],
            Time = _view.Graph.TxTime[one.Transaction],
            Asset = asset,
            Amount = amount,
            Sender = said.Address(table => table.Sender)?.ToString(),
            Key = key,
            Trust = TrustOf(protocol, one.Emitter),
            Recipient = memo is { Kind: ThorMemoKind.Swap, Destination: { } to } ? BridgeNames.Plain(to) : recipient?.ToString() ?? said.Text(table => table.Recipient),
            OtherChain = memo is { Kind: ThorMemoKind.Swap } ? memo.AssetChain : said.Chain(),
            OtherAsset = memo is { Kind: ThorMemoKind.Swap } ? memo.Asset : null,
            Carriers = carriers,
            IsVerified = table.VerifiedBy is not null,
            Gates = end == BridgeEnd.Source ? _carriers.Gates(one.Transaction, bridge, carriers) : [],
            Evidence = $"event {table.Signature.Name} of {_view.Chain.Show(one.Emitter)}" + (memo is null ? "" : $", memo function {memo.Function}"),
        };
    }

    // A payment of the chain's own coin whose input is the memo. Only a payment to a known account is a deposit: anybody may write a memo.
    private CrossChainMessage? ReadInput(ChainEvent one)
    {
        if (_memos is null || ThorMemoReader.Read(one.Data) is not { } memo) return null;
        var leaves = memo.TransactionId is not null;
        var graph = _view.Graph;
        var first = graph.TxFirstTransfer[one.Transaction];
        if (first == graph.TxFirstTransfer[one.Transaction + 1L]) return null;
        var payer = graph.From[first];
        var called = _view.FindAccount(one.Emitter);
        if (called is null || payer == AccountGraph.Nobody) return null;
        var bridge = With(_accounts[_memos.ToString()], leaves ? _view.AddressOf(payer) : one.Emitter, null);
        var end = memo.Kind switch { ThorMemoKind.Refund => BridgeEnd.Refund, ThorMemoKind.Out => BridgeEnd.Destination, _ => BridgeEnd.Source };
        var native = _view.Assets[0].Name.Caip19;
        var carriers = leaves ? _carriers.Out(one.Transaction, bridge, called, native, null) : _carriers.In(one.Transaction, bridge, native, null);
        return new CrossChainMessage
        {
            Protocol = _memos,
            End = end,
            Ledger = _ledger,
            Chain = Chain,
            Transaction = one.Transaction,
            TransactionId = graph.TxId[one.Transaction],
            Time = graph.TxTime[one.Transaction],
            Asset = native,
            Sender = _view.AddressOf(payer).ToString(),
            Recipient = leaves ? one.Emitter.ToString() : memo.Destination is { } to ? BridgeNames.Plain(to) : null,
            OtherChain = leaves ? null : memo.AssetChain,
            OtherAsset = leaves ? null : memo.Asset,
            Key = memo.TransactionId ?? ThorKey(one.Transaction),
            Trust = TrustOf(_memos, leaves ? _view.AddressOf(payer) : one.Emitter),
            Carriers = carriers,
            Gates = leaves ? [] : _carriers.Gates(one.Transaction, bridge, carriers),
            Evidence = $"memo in the input of a payment to {_view.Chain.Show(one.Emitter)}, function {memo.Function}",
        };
    }

    private string ThorKey(uint transaction) => _view.Graph.TxId[transaction].ToString().ToUpperInvariant();

    private BridgeTrust TrustOf(BridgeProtocol protocol, AccountAddress account) =>
        protocol.Contracts.TryGetValue(Chain, out var known) && known.Contains(account) ? BridgeTrust.Listed : _names.Has(protocol.Name, Chain, account.ToString()) ? BridgeTrust.Named : BridgeTrust.Unknown;

    private HashSet<uint> Accounts(BridgeProtocol protocol)
    {
        var addresses = protocol.Contracts.TryGetValue(Chain, out var known) ? known.ToList() : [];
        addresses.AddRange(_names.Of(protocol.Name, Chain).Select(address => AccountAddress.TryParse(address, out var account, out _) ? account : default).Where(account => !account.IsZero));
        return [.. addresses.Select(_view.FindAccount).OfType<uint>()];
    }

    private HashSet<uint> With(IReadOnlySet<uint> accounts, AccountAddress one, AccountAddress? other)
    {
        HashSet<uint> all = [.. accounts];
        if (_view.FindAccount(one) is { } first) all.Add(first);
        if (other is { } address && _view.FindAccount(address) is { } second) all.Add(second);
        return all;
    }
}
