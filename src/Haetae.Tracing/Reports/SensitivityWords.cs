using Haetae.Tracing.Sensitivity;

namespace Haetae.Tracing.Reports;

/// <summary>Assumptions and what moves without them, in words.</summary>
internal static class SensitivityWords
{
    public static string Assumption(AssumptionEffect effect) => effect.Kind switch
    {
        AssumptionKind.Tag => $"the tags name {effect.Entity!.Name} rightly",
        AssumptionKind.Cluster => $"addresses spent from together with {effect.Entity!.Name}'s are its own",
        AssumptionKind.Link => $"money parked at {effect.LinkFrom} went on in {effect.TxId![..16]}…",
        _ => $"{effect.TxId![..16]}… is a CoinJoin",
    };

    public static string Place(ConclusionShift shift) => shift.Place switch
    {
        "service" or "named" => shift.Name ?? "a service",
        "coinjoin" => $"CoinJoin {shift.Name![..16]}…",
        "held" => "held at addresses without a name",
        "open" => "left open",
        _ => "fees",
    };
}
