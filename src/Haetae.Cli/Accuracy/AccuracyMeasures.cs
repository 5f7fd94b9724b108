namespace Haetae.Cli.Accuracy;

/// <summary>Everything that <c>haetae accuracy</c> measures, in the order of docs/accuracy.md.</summary>
internal static class AccuracyMeasures
{
    internal static readonly Measurement[] All =
    [
        .. RecognitionMeasures.All,
        .. SilenceMeasures.All,
        .. ClusterMeasures.All,
        .. ChangeMeasures.All,
        .. RoundMeasures.All,
        .. AfterMixMeasures.All,
        .. PoolMeasures.All,
        .. PoolClaimMeasures.All,
        .. BridgeMeasures.All,
        .. LookAlikeMeasures.All,
        .. DepositMeasures.All,
    ];

    /// <summary>Names that <c>--only</c> takes: sections and measurements.</summary>
    internal static IEnumerable<string> Names => All.Select(measurement => SectionName(measurement.Section)).Distinct().Concat(All.Select(measurement => measurement.Name)).Append(ClusterMeasures.Bench.Name);

    internal static string SectionName(AccuracySection section) => section.ToString().ToLowerInvariant();
}
