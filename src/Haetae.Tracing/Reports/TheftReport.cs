namespace Haetae.Tracing.Reports;

/// <summary>A theft as it was asked for.</summary>
/// <param name="From">Its stolen outputs, transactions or addresses, as typed.</param>
public sealed record NamedTheft(string Name, IReadOnlyList<string> From);

/// <summary>One theft's part of a tainted output, satoshi. Under poison the whole output, whoever else reached it.</summary>
public sealed record TheftPart(string Theft, long Tainted)
{
    /// <summary>As a cell of a table says it: <c>first=3000 second=500</c>, satoshi.</summary>
    internal static string Cell(IReadOnlyList<TheftPart> parts) => string.Join(' ', parts.Select(part => FormattableString.Invariant($"{part.Theft}={part.Tainted}")));
}

/// <summary>Where the money of one of several thefts is.</summary>
/// <param name="Claimed">Satoshi of the outputs it names.</param>
/// <param name="Collided">What of it an earlier theft keeps.</param>
/// <param name="Books">Its books; they begin with what is claimed less what collided.</param>
/// <param name="Ends">How many open ends hold some of it.</param>
/// <param name="Addresses">Its ends by address, largest amount first (ties: text order).</param>
public sealed record TheftResult(string Name, long Claimed, long Collided, TraceBooks Books, int Ends, IReadOnlyList<AddressTotal> Addresses);

/// <summary>Satoshi of a stolen output that two thefts claim.</summary>
/// <param name="Earlier">The theft that keeps them.</param>
/// <param name="Later">The theft whose books begin without them.</param>
public sealed record TraceCollision(string TxId, int Vout, string Earlier, string Later, long Value);
