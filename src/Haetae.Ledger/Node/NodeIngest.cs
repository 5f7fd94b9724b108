using Haetae.Ledger.Ingest;
using Haetae.Ledger.Storage;

namespace Haetae.Ledger.Node;

/// <summary>What happened while a ledger follows a node.</summary>
public enum FollowEventKind
{
    /// <summary>The ledger holds everything the node had when asked; from here on it waits for more.</summary>
    CaughtUp,

    /// <summary>Blocks were appended.</summary>
    Appended,

    /// <summary>Blocks were taken back and those of another branch appended.</summary>
    Reorganised,

    /// <summary>The node's chain is another one with no more work, so the ledger stays as it is.</summary>
    Kept,

    /// <summary>The node does not answer; it is asked again until it does.</summary>
    Lost,

    /// <summary>The node answers again.</summary>
    Back,
}

/// <summary>One event of following a node.</summary>
/// <param name="Height">Of the ledger's tip after it.</param>
/// <param name="Message">What went wrong, where something did.</param>
public sealed record FollowEvent(FollowEventKind Kind, int Height, Hash256 Hash, int Added, int Undone, string? Message = null);

/// <summary>Takes a node's best chain into a ledger, once or for as long as it grows.</summary>
internal sealed class NodeIngest : IDisposable
{
    private const int MostChanges = 20;

    /// <summary>A first long stretch stops this far below the tip, so that a shallow reorganisation leaves its indexes alone.</summary>
    private const int Shallow = 12;

    private readonly BitcoinIngestOptions _options;
    private readonly Action<FollowEvent>? _follow;
    private readonly Action<BitcoinIngestStep>? _progress;
    private readonly CancellationToken _cancel;
    private readonly NodeClient _client;
    private readonly NodeChain _chain;
    private readonly NodeAccess _access;
    private readonly SpentOutputs _spent = new();
    private readonly List<string> _warnings = [];
    private Hash256 _keptAgainst;
    private bool _caughtUp;

    internal NodeIngest(BitcoinIngestOptions options, NodeAccess access, Action<FollowEvent>? follow, Action<BitcoinIngestStep>? progress, CancellationToken cancel)
    {
        _options = options;
        _access = access;
        _follow = follow;
        _progress = progress;
        _cancel = cancel;
        _client = new NodeClient(access, follow is null ? null : trouble => follow(new FollowEvent(
            trouble is null ? FollowEventKind.Back : FollowEventKind.Lost, -1, default, 0, 0, trouble ?? $"The node at {access.Name} answers again.")));
        _chain = new NodeChain(_client, cancel);
    }

    internal BitcoinIngestResult Run()
    {
        var tip = _chain.Tip();
        if (_options.Network is { } named && named != tip.Network)
            throw new LedgerException($"The node at {_client.Name} is on {tip.Network.Name}, and --network says {named.Name}.");
        var held = Manifest.Read(_options.Ledger) is { Written.Blocks: > 0 } filled ? filled : null;
        var first = held?.FirstHeight ?? _options.From ?? 0;
        if (held is null) CheckRange(tip, first);
        else CheckFrom(held);
        using var session = new IngestSession(_options, tip.Network, first, following: _follow is not null, _progress, _cancel);
        if (_follow is not null && tip.Height - session.Ledger.TipHeight > 10 * Shallow) CatchUp(session, tip.Height - Shallow);
        CatchUp(session, int.MaxValue);
        session.Publish();
        while (_follow is not null && session.Ledger.TipHeight < (_options.To ?? int.MaxValue))
        {
            if (_cancel.WaitHandle.WaitOne(_access.PollEvery)) throw new OperationCanceledException(_cancel);
            CatchUp(session, int.MaxValue);
        }

        if (session.Ledger.Counts.UnknownInputs > 0 && _spent.Absent)
            _warnings.Add($"The node at {_client.Name} does not tell what inputs spend (getblock with verbosity 3): values from before height {first} stay unknown.");
        if (_options.To > session.Ledger.TipHeight)
            _warnings.Add($"The node's chain ends at height {session.Ledger.TipHeight}: --to {_options.To} is not reached yet.");
        if (_follow is null && tip.Known > tip.Height + Shallow && session.Ledger.TipHeight >= tip.Height)
            _warnings.Add($"The node at {_client.Name} is still fetching blocks: it had {tip.Height} of {tip.Known}. Run the command again later for the rest.");
        return session.Result(_warnings);
    }

    /// <summary>For a new ledger: the range is there, and the chain below it, which nobody will see, begins as the network's does.</summary>
    private void CheckRange(NodeTip tip, int first)
    {
        if (first > Math.Min(tip.Height, _options.To ?? int.MaxValue))
            throw new LedgerException($"No block lies between --from and --to: the node at {_client.Name} has the heights 0 to {tip.Height}.");
        if (_chain.Hashes(0, 1)[0] is var genesis && genesis != tip.Network.GenesisHash)
            throw new LedgerException($"The node at {_client.Name} says it is on {tip.Network.Name}, and its first block is {genesis}, not that network's. A private signet cannot be read.");
    }

    /// <summary>For a ledger that holds blocks: it goes on at its end, whatever lies before its beginning.</summary>
    private void CheckFrom(Manifest held)
    {
        var end = held.FirstHeight + held.Written.Blocks;
        if (_options.From > end)
            throw new LedgerException($"The ledger holds heights {held.FirstHeight} to {end - 1}; blocks from height {_options.From} on do not connect to it. Name another folder with --ledger.");
        if (_options.From < held.FirstHeight)
            throw new LedgerException($"The ledger begins at height {held.FirstHeight}; nothing can be put before it, as --from {_options.From} asks. Name another folder with --ledger, or leave --from out.");
    }

    /// <summary>Brings the ledger to the node's tip; begins again when the node's chain changes meanwhile.</summary>
    private void CatchUp(IngestSession session, int limit)
    {
        for (var changes = 0; ; changes++)
        {
            try
            {
                Step(session, limit);
                return;
            }
            catch (NodeChangedException) when (changes < MostChanges)
            {
                _cancel.ThrowIfCancellationRequested();
            }
        }
    }

    private void Step(IngestSession session, int limit)
    {
        var ledger = session.Ledger;
        var tip = _chain.Tip();
        if (tip.Network.Name != ledger.Manifest.Network)
            throw new LedgerException($"The node at {_client.Name} is on {tip.Network.Name}, the ledger '{ledger.Folder}' holds {ledger.Manifest.Network}. Name another folder with --ledger.");
        var last = Math.Min(Math.Min(tip.Height, limit), _options.To ?? int.MaxValue);
        var common = Common(ledger, tip);
        if (common == ledger.TipHeight && last <= common)
        {
            Told(session, FollowEventKind.CaughtUp, 0, 0, limit);
            return;
        }

        if (last <= common || (common < ledger.TipHeight && tip.Hash == _keptAgainst)) return; // the node is behind, or on a branch judged already
        using var source = NodeSource.Open(
            _chain, tip.Network, common + 1, last - common, ledger.Manifest.FirstHeight > 0 ? _spent : null,
            share => _progress?.Invoke(new("scan", share, 0, 0)), _cancel);
        var (added, undone) = session.Take(source);
        if (added == 0)
        {
            _keptAgainst = tip.Hash;
            Told(session, FollowEventKind.Kept, 0, 0, limit);
            return;
        }

        session.PublishIfFollowing();
        Told(session, undone > 0 ? FollowEventKind.Reorganised : FollowEventKind.Appended, added, undone, limit);
    }

    private void Told(IngestSession session, FollowEventKind kind, int added, int undone, int limit)
    {
        if (_follow is null) return;
        var tip = session.Ledger.TipHash();
        if (kind != FollowEventKind.CaughtUp) _follow(new FollowEvent(kind, session.Ledger.TipHeight, tip, added, undone));
        if (_caughtUp || limit != int.MaxValue) return;
        _caughtUp = true;
        _follow(new FollowEvent(FollowEventKind.CaughtUp, session.Ledger.TipHeight, tip, 0, 0));
    }

    /// <summary>The highest block that ledger and node share; both chains agree up to it and nowhere above.</summary>
    private int Common(LedgerWriter ledger, NodeTip tip)
    {
        int first = ledger.Manifest.FirstHeight, low = first - 1, high = Math.Min(ledger.TipHeight, tip.Height);
        if (ledger.Counts.Blocks == 0) return low;
        if (high < first) return high; // the node has not come this far: nothing to compare, nothing to add
        for (var probe = high; low < high; probe = (low + high + 1) / 2)
        {
            if (_chain.Hashes(probe, 1)[0] == ledger.HashAt(probe)) low = probe;
            else high = probe - 1;
        }

        if (low < first)
            throw new LedgerException($"The node at {_client.Name} has another block than the ledger '{ledger.Folder}' at its first height {first}: they are of different chains, or the chain was reorganised below it. Name another folder with --ledger.");
        return low;
    }

    public void Dispose() => _client.Dispose();
}
