using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts.Noise;

/// <summary>Gifts of dust, and empty messages, from strangers: what any account in the news receives.</summary>
/// <remarks>
/// A stranger of a case is an account that none of the case's accounts ever paid or called, in the whole ledger, and that reached them in no transaction signed by one of
/// them. Its transfers are noise where all that it ever sent them is dust: of every asset, its transfers to all the case's accounts together stay within the threshold
/// of the terms, and of assets without a threshold it sent none. So a sum cut into small pieces is not hidden, nor anything of a stranger who once sent real value.
/// "Never" is what this ledger shows: where it is truncated (<see cref="Coverage"/>), a stranger may be none.
/// </remarks>
public static class UnsolicitedDust
{
    /// <summary>Finds them for a set of accounts; in chain order.</summary>
    public static IReadOnlyList<NoiseFinding> Of(IAccountView ledger, IReadOnlySet<uint> accounts, NoiseTerms terms)
    {
        var graph = ledger.Graph;
        var acts = new AccountActs(ledger, terms);
        uint[] ordered = [.. accounts.Order()];
        ledger.Prefetch(ordered);
        var acquainted = new HashSet<uint>();
        var inbound = new SortedSet<long>();
        foreach (var account in ordered)
        {
            foreach (var transfer in ledger.TransfersOf(account))
            {
                var (from, to) = (graph.From[transfer], graph.To[transfer]);
                if (accounts.Contains(from))
                {
                    if (to != AccountGraph.Nobody && !accounts.Contains(to) && acts.IsOwnAct(transfer)) acquainted.Add(to);
                    continue;
                }

                if (from == AccountGraph.Nobody || graph.KindOf(transfer) is TransferKind.Fee or TransferKind.FeeBurnt) continue;
                if (graph.KindOf(transfer) == TransferKind.Stated || (acts.SignerOf(transfer) is { } signer && accounts.Contains(signer))) acquainted.Add(from);
                inbound.Add(transfer);
            }
        }

        inbound.RemoveWhere(transfer => acquainted.Contains(graph.From[transfer]));
        var generous = Generous(graph, acts, inbound);
        inbound.RemoveWhere(transfer => generous.Contains(graph.From[transfer]));
        return [.. inbound.Select(transfer => new NoiseFinding(
            transfer, graph.To[transfer], graph.From[transfer], graph.Amount[transfer].IsZero ? NoiseKind.StrangerMessage : NoiseKind.StrangerDust))];
    }

    // Senders who sent more than dust of something, or anything of which nobody says what dust is.
    private static HashSet<uint> Generous(AccountGraph graph, AccountActs acts, IEnumerable<long> inbound)
    {
        var generous = new HashSet<uint>();
        var sums = new Dictionary<(uint From, uint Asset), UInt256>();
        foreach (var transfer in inbound)
        {
            var amount = graph.Amount[transfer];
            if (amount.IsZero) continue;
            var (from, asset) = (graph.From[transfer], graph.Asset[transfer]);
            var dust = acts.KnownOf(asset)?.Dust ?? UInt256.Zero;
            var sum = sums.GetValueOrDefault((from, asset));
            if (amount > dust - sum) generous.Add(from);
            else sums[(from, asset)] = sum + amount;
        }

        return generous;
    }
}
