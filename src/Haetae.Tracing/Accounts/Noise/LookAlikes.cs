using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts.Noise;

/// <summary>Bait in an account's history, and payments that took it: one account looked at by itself, in chain order.</summary>
/// <remarks>
/// The accounts that it used are those that it paid or called itself and those that paid it more than dust of a known asset. A transfer's other side that looks like one
/// used earlier is a look-alike, unless it was itself used before that one. Nothing moved, dust received, or a fake token in a transaction that the account did not sign:
/// bait. Value paid to a look-alike: a suspected pay-off, and never noise, however often it is repeated.
/// Source of the three kinds of bait: Tsuchiya, Dong, Soska, Christin, "Blockchain Address Poisoning", USENIX Security 2025; thresholds are those of the terms.
/// </remarks>
public static class LookAlikes
{
    /// <summary>Finds them for an account; in chain order.</summary>
    public static IReadOnlyList<NoiseFinding> Of(IAccountView ledger, uint account, NoiseTerms terms) =>
        Of(ledger, account, terms, new AccountActs(ledger, terms), FakeSymbols.Of(ledger.Assets, terms));

    /// <summary>The same where many accounts are looked at: what holds for the whole ledger is found once.</summary>
    internal static IReadOnlyList<NoiseFinding> Of(IAccountView ledger, uint account, NoiseTerms terms, AccountActs acts, bool[] fake)
    {
        var search = new Search(ledger, account, terms, acts, fake);
        foreach (var transfer in ledger.TransfersOf(account)) search.Look(transfer);
        return search.Found;
    }

    private sealed class Search(IAccountView ledger, uint account, NoiseTerms terms, AccountActs acts, bool[] fake)
    {
        private readonly Dictionary<uint, int> _used = []; // the order in which accounts were first used
        private readonly Dictionary<(string Head, string Tail), List<uint>> _byEnds = []; // the used, by the digits that a look-alike shares at the least

        internal List<NoiseFinding> Found { get; } = [];

        internal void Look(long transfer)
        {
            var graph = ledger.Graph;
            if (graph.KindOf(transfer) is TransferKind.Fee or TransferKind.FeeBurnt) return;
            var pays = graph.From[transfer] == account;
            var other = pays ? graph.To[transfer] : graph.From[transfer];
            if (other == AccountGraph.Nobody || other == account) return;
            var imitated = ImitatedBy(other);
            if (imitated is var (meant, likeness) && KindOf(transfer, pays) is { } kind)
            {
                Found.Add(new NoiseFinding(transfer, account, other, kind, meant, likeness));
                if (kind != NoiseKind.SuspectedPayOff) return;
            }

            if (pays ? acts.IsOwnAct(transfer) : acts.IsAboveDust(transfer)) Use(other);
        }

        // Null: neither bait nor pay-off, though the other side is a look-alike.
        private NoiseKind? KindOf(long transfer, bool pays)
        {
            var graph = ledger.Graph;
            var amount = graph.Amount[transfer];
            var signed = acts.SignerOf(transfer) == account;
            if (amount.IsZero) return pays && signed ? null : NoiseKind.ZeroBait;
            if (fake[graph.Asset[transfer]] && !signed) return NoiseKind.FakeTokenBait;
            if (pays) return NoiseKind.SuspectedPayOff;
            return acts.KnownOf(graph.Asset[transfer]) is { } known && amount <= known.Dust ? NoiseKind.DustBait : null;
        }

        // The most alike of the accounts used earlier; of equally alike ones, the one used first.
        private (uint Imitated, Likeness Likeness)? ImitatedBy(uint other)
        {
            var address = ledger.AddressOf(other);
            if (!_byEnds.TryGetValue(Ends(address), out var alike)) return null;
            var since = _used.GetValueOrDefault(other, int.MaxValue);
            (uint Imitated, Likeness Likeness)? best = null;
            foreach (var used in alike)
            {
                var likeness = Likeness.Of(ledger.Chain, ledger.AddressOf(used), address);
                if (used == other || _used[used] >= since || !terms.IsLookAlike(likeness) || best?.Likeness.Score >= likeness.Score) continue;
                best = (used, likeness);
            }

            return best;
        }

        private void Use(uint other)
        {
            if (!_used.TryAdd(other, _used.Count)) return;
            var ends = Ends(ledger.AddressOf(other));
            if (!_byEnds.TryGetValue(ends, out var alike)) _byEnds[ends] = alike = [];
            alike.Add(other);
        }

        private (string Head, string Tail) Ends(AccountAddress address)
        {
            var letters = Likeness.Letters(ledger.Chain, address);
            return (letters[..terms.LeastHead], letters[^terms.LeastTail..]);
        }
    }
}
