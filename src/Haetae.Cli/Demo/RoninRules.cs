using Haetae.Intel.Cases.Accounts;
using Haetae.Ledger;
using Haetae.Tracing.Policies;

namespace Haetae.Cli.Demo;

/// <summary>What each rule says of each group of destinations, for one reading of what was stolen, and what holds under any rule.</summary>
/// <param name="Seed">Base units stolen under this reading.</param>
/// <param name="Jointly">The least and most of the two groups of March taken together.</param>
internal sealed record RoninRules(RowTheft Theft, UInt256 Seed, IReadOnlyList<GroupFigures> Groups, GroupFigures Jointly);

/// <summary>One group of destinations: each rule's figure, and the least and most under any rule, base units.</summary>
internal sealed record GroupFigures(string Id, string Title, IReadOnlyList<(Policy Policy, UInt256 Amount)> ByPolicy, UInt256 Least, UInt256 Most);
