using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tracing.Accounts;

/// <summary>What one account gave or received of one asset over a range of transfers, all counted together.</summary>
internal sealed class Net(uint account, uint asset)
{
    public uint Account => account;

    public uint Asset => asset;

    public UInt256 In { get; set; }

    public UInt256 Out { get; set; }

    public long FirstOut { get; set; } = long.MaxValue;

    public long LastIn { get; set; }

    /// <summary>What is not yet explained of what was given, or of what was received.</summary>
    public UInt256 Open { get; set; }

    public bool IsGiven => Out > In;

    public bool IsReceived => In > Out;
}

/// <summary>A part of what one account gave of an asset, and who received it.</summary>
/// <param name="Transfer">The direct transfer between the two, or the giver's first.</param>
/// <param name="Last">The direct transfer, or the receiver's last.</param>
internal sealed record Handover(Net Giver, Net Receiver, UInt256 Amount, long Transfer, long Last);

/// <summary>The sums of a range of transfers: who gave what on balance, and to whom it came. Accounts that pass everything on are not seen.</summary>
/// <remarks>
/// Tokens are made and destroyed by the contract that keeps them, so nobody's part is counted as its part, but apart from what it holds itself
/// (<see cref="IsIssuer"/>): a wrapped coin's contract takes ether and gives, by making them, tokens.
/// </remarks>
internal sealed class TransactionNets
{
    private readonly IAccountView _view;
    private readonly AccountGraph _graph;
    private readonly Dictionary<(ulong Holder, uint Asset), Net> _nets = [];
    private readonly List<Net> _inOrder = [];
    private readonly HashSet<Net> _issuers = [];
    private readonly HashSet<uint> _leftOut = [];
    private readonly HashSet<uint> _unreal = [];

    private TransactionNets(IAccountView view) => (_view, _graph) = (view, view.Graph);

    public IReadOnlyList<Net> All => _inOrder;

    public List<Handover> Handovers { get; } = [];

    /// <summary>Whether a sum stands for tokens made or destroyed, which no account held.</summary>
    public bool IsIssuer(Net net) => _issuers.Contains(net);

    /// <summary>Whether 2^200 units or more of an asset moved at once in this range, which no real asset has: it has no sums, and the others keep theirs.</summary>
    public bool IsLeftOut(uint asset) => _leftOut.Contains(asset);

    /// <summary>Accounts that received of what is left out, and gave none of it.</summary>
    public IReadOnlySet<uint> ReceiversOfUnreal => _unreal;

    /// <summary>Draws up the sums; null where fewer than two assets moved, and there is nothing to read.</summary>
    public static TransactionNets? Of(IAccountView view, long first, long end)
    {
        var nets = new TransactionNets(view);
        nets.LeaveOut(first, end);
        var asset = uint.MaxValue;
        var severalAssets = false;
        for (var transfer = first; transfer < end && !severalAssets; transfer++)
        {
            if (!nets.Moves(transfer)) continue;
            severalAssets = asset != uint.MaxValue && nets._graph.Asset[transfer] != asset;
            asset = nets._graph.Asset[transfer];
        }

        if (!severalAssets) return null;
        nets.Add(first, end);
        return nets;
    }

    private bool Moves(long transfer) =>
        _graph.KindOf(transfer) is not (TransferKind.Fee or TransferKind.FeeBurnt) && _graph.From[transfer] != _graph.To[transfer] && !_graph.Amount[transfer].IsZero;

    private bool Counts(long transfer) => Moves(transfer) && !_leftOut.Contains(_graph.Asset[transfer]);

    // Sums of smaller amounts fit: no transaction has 2^56 transfers.
    private void LeaveOut(long first, long end)
    {
        for (var transfer = first; transfer < end; transfer++)
        {
            if (_graph.Amount[transfer].Upper >= (UInt128)1 << 72) _leftOut.Add(_graph.Asset[transfer]);
        }

        if (_leftOut.Count == 0) return;
        var gave = new HashSet<(uint Account, uint Asset)>();
        var got = new HashSet<(uint Account, uint Asset)>();
        for (var transfer = first; transfer < end; transfer++)
        {
            if (!Moves(transfer) || Counts(transfer)) continue;
            gave.Add((_graph.From[transfer], _graph.Asset[transfer]));
            got.Add((_graph.To[transfer], _graph.Asset[transfer]));
        }

        foreach (var (account, _) in got.Where(one => !gave.Contains(one))) _unreal.Add(account);
    }

    private void Add(long first, long end)
    {
        for (var transfer = first; transfer < end; transfer++)
        {
            if (!Counts(transfer)) continue;
            var (from, to, amount) = (NetOf(_graph.From[transfer], _graph.Asset[transfer]), NetOf(_graph.To[transfer], _graph.Asset[transfer]), _graph.Amount[transfer]);
            from.Out += amount;
            from.FirstOut = Math.Min(from.FirstOut, transfer);
            to.In += amount;
            to.LastIn = transfer;
        }

        foreach (var net in _inOrder) net.Open = net.IsGiven ? net.Out - net.In : net.In - net.Out;
        HandOver(first, end);
        foreach (var net in _inOrder) net.Open = net.IsGiven ? net.Out - net.In : net.In - net.Out;
    }

    // Who got whose: direct transfers first, in their order; the rest, which went through others' hands, in the order of giving and receiving.
    private void HandOver(long first, long end)
    {
        for (var transfer = first; transfer < end; transfer++)
        {
            if (!Counts(transfer)) continue;
            var (from, to) = (NetOf(_graph.From[transfer], _graph.Asset[transfer]), NetOf(_graph.To[transfer], _graph.Asset[transfer]));
            if (from.IsGiven && to.IsReceived) HandOver(from, to, UInt256.Min(_graph.Amount[transfer], UInt256.Min(from.Open, to.Open)), transfer, transfer);
        }

        foreach (var asset in _inOrder.GroupBy(net => net.Asset))
        {
            Net[] givers = [.. asset.Where(net => net.IsGiven && !net.Open.IsZero).OrderBy(net => net.FirstOut)];
            Net[] receivers = [.. asset.Where(net => net.IsReceived && !net.Open.IsZero).OrderBy(net => net.LastIn)];
            for (int giver = 0, receiver = 0; giver < givers.Length && receiver < receivers.Length;)
            {
                var (from, to) = (givers[giver], receivers[receiver]);
                HandOver(from, to, UInt256.Min(from.Open, to.Open), from.FirstOut, to.LastIn);
                if (from.Open.IsZero) giver++;
                if (to.Open.IsZero) receiver++;
            }
        }
    }

    private void HandOver(Net from, Net to, UInt256 amount, long transfer, long last)
    {
        if (amount.IsZero) return;
        from.Open -= amount;
        to.Open -= amount;
        Handovers.Add(new Handover(from, to, amount, transfer, last));
    }

    private Net NetOf(uint account, uint asset)
    {
        // Nobody's part in one asset: beyond all account numbers.
        var holder = account == AccountGraph.Nobody ? (1UL << 32) + asset : account;
        if (_nets.TryGetValue((holder, asset), out var net)) return net;
        net = new Net(account == AccountGraph.Nobody ? IssuerOf(asset) : account, asset);
        if (account == AccountGraph.Nobody) _issuers.Add(net);
        _nets.Add((holder, asset), net);
        _inOrder.Add(net);
        return net;
    }

    private uint IssuerOf(uint asset)
    {
        var name = _view.Assets[(int)asset].Name;
        return name.Kind is AssetKind.Native or AssetKind.Trc10 ? AccountGraph.Nobody : _view.FindAccount(name.Contract) ?? AccountGraph.Nobody;
    }
}
