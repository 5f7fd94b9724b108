namespace Haetae.Tracing.Thefts;

/// <summary>Where the money of several thefts is under one policy.</summary>
/// <param name="All">All thefts together: an output's taint is the sum over thefts. For poison each output counts once, whoever reached it.</param>
/// <param name="Thefts">Each theft for itself, the earliest first.</param>
/// <param name="Collisions">What two thefts claim, in chain order. The earlier has it; the later's books begin without it. None under poison.</param>
public sealed record TheftsOutcome(TraceOutcome All, IReadOnlyList<TheftOutcome> Thefts, IReadOnlyList<Collision> Collisions);

/// <summary>Where the money of one of several thefts is.</summary>
/// <param name="Claimed">Satoshi of its seeds.</param>
/// <param name="Collided">What of it an earlier theft keeps. Its books begin with <c>Claimed - Collided</c>.</param>
public sealed record TheftOutcome(Theft Theft, long Claimed, long Collided, TraceOutcome Outcome);
