namespace Haetae.Tracing.Accounts.Noise;

/// <summary>What is odd about a transfer. All but <see cref="SuspectedPayOff"/> are noise, and kept out of pictures.</summary>
public enum NoiseKind
{
    /// <summary>Nothing was moved, from or to a look-alike of an account used before: planted in the history to be copied.</summary>
    ZeroBait,

    /// <summary>Dust from a look-alike of an account used before.</summary>
    DustBait,

    /// <summary>A token that borrows the symbol of a known one, from or to a look-alike of an account used before.</summary>
    FakeTokenBait,

    /// <summary>Dust from a stranger: see <see cref="UnsolicitedDust"/>.</summary>
    StrangerDust,

    /// <summary>Nothing, from a stranger: mostly a message in the call's input. See <see cref="UnsolicitedDust"/>.</summary>
    StrangerMessage,

    /// <summary>Value paid to a look-alike of an account used before: never noise. The victim seems to have copied the wrong address.</summary>
    SuspectedPayOff,
}

/// <summary>Something found about a transfer.</summary>
/// <param name="Transfer">Its number in the ledger.</param>
/// <param name="Account">The account looked at, which it reaches or seems to leave.</param>
/// <param name="Other">The account on its other side: the look-alike or the stranger.</param>
/// <param name="Imitated">The account that <paramref name="Other"/> looks like: of a pay-off, the one that was meant. Null for strangers.</param>
/// <param name="Likeness">How alike they are; null for strangers.</param>
public sealed record NoiseFinding(long Transfer, uint Account, uint Other, NoiseKind Kind, uint? Imitated = null, Likeness? Likeness = null)
{
    public bool IsNoise => Kind != NoiseKind.SuspectedPayOff;
}

/// <summary>What was found about the transfers of some accounts, in chain order; a transfer between two of them may stand twice.</summary>
public sealed class NoiseFindings
{
    private readonly HashSet<long> _hidden;

    internal NoiseFindings(NoiseTerms terms, IReadOnlyList<NoiseFinding> all)
    {
        (Terms, All) = (terms, all);
        _hidden = [.. all.Where(finding => finding.IsNoise).Select(finding => finding.Transfer)];
        // What is a pay-off in anybody's eyes stays, whatever else is said of it.
        _hidden.ExceptWith(PayOffs.Select(finding => finding.Transfer));
    }

    public NoiseTerms Terms { get; }

    public IReadOnlyList<NoiseFinding> All { get; }

    /// <summary>Payments to look-alikes: to be shown, each with the account that was meant.</summary>
    public IEnumerable<NoiseFinding> PayOffs => All.Where(finding => !finding.IsNoise);

    /// <summary>Transfers kept out of pictures, each counted once.</summary>
    public int HiddenCount => _hidden.Count;

    /// <summary>Whether a transfer is left out of pictures. One that carries taint is shown all the same: ask this of the others only.</summary>
    public bool Hides(long transfer) => _hidden.Contains(transfer);

    /// <summary>What a picture shows of some transfers, in their order.</summary>
    public IEnumerable<long> Shown(IEnumerable<long> transfers) => transfers.Where(transfer => !Hides(transfer));

    /// <summary>Findings by kind, in the order of the kinds; kinds without any are left out.</summary>
    public IReadOnlyList<(NoiseKind Kind, int Count)> Counts => [.. All.GroupBy(finding => finding.Kind).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()))];
}
