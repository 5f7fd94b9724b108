using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Policies;
using Haetae.Tracing.Reports;

namespace Haetae.Tracing.Accounts.Reports;

/// <summary>Traces on an account ledger and resolves what came out to transactions, addresses and assets.</summary>
/// <param name="names">Who is said to be behind accounts; null: nothing is said.</param>
/// <param name="prices">What assets were worth; null: amounts stay in their assets.</param>
public sealed class AccountReportBuilder(IAccountView view, AccountNames? names, IPriceBook? prices = null)
{
    public AccountReport Build(AccountQuery query, IReadOnlyList<Policy> policies, AccountParameters parameters, TraceTags? tags, CancellationToken cancel = default)
    {
        var tracer = new AccountTracer(view);
        var results = new List<AccountResult>();
        var outcomes = new List<AccountOutcome>();
        foreach (var policy in policies) outcomes.Add(tracer.Trace(query, policy, cancel));
        var noise = new NoiseOfTrace(view, query, outcomes, cancel);
        List<AccountSeed> seeds = [.. query.Seeds.OrderBy(seed => seed.Transfer).Select(Seed)];
        foreach (var outcome in outcomes) results.Add(Result(outcome, noise, seeds));
        var (bounds, fees, noBounds) = parameters.Bounds > 0 ? Bounds(query, outcomes, parameters.Bounds, cancel) : ([], [], null);
        return new AccountReport
        {
            Ledger = new AccountReportLedger(view.Chain.Caip2, view.Chain.Title, view.Digest, view.Graph.TransactionCount, view.Graph.TransferCount, view.AccountCount, view.Notes),
            Parameters = parameters,
            Tags = tags,
            Seeds = seeds,
            Results = results,
            Noise = noise.Count(),
            PayOffs = noise.PayOffs(Move),
            Bounds = bounds,
            FeeBounds = fees,
            NoBounds = noBounds,
        };
    }

    /// <summary>Bounds for the destinations that hold most under the leading policy; where there is room, for those that only other policies reach.</summary>
    private (IReadOnlyList<AccountReportBound> Bounds, IReadOnlyList<AccountReportFees> Fees, string? Why) Bounds(AccountQuery query, IReadOnlyList<AccountOutcome> outcomes, int most, CancellationToken cancel)
    {
        var bounds = new AccountBounds(view, query, cancellation: cancel);
        if (bounds.NotComputed is { } why) return ([], [], why);
        var main = outcomes.FirstOrDefault(outcome => PolicyNames.Conserves(outcome.Policy)) ?? outcomes[0];
        var held = outcomes.Select(outcome => outcome.Ends.GroupBy(end => (end.Account, end.Asset)).ToDictionary(group => group.Key, group => group.Aggregate(UInt256.Zero, (sum, end) => UInt256.AddCapped(sum, end.Tainted)))).ToList();
        var places = held[outcomes.ToList().IndexOf(main)].OrderBy(one => one.Key.Asset).ThenByDescending(one => one.Value).ThenBy(one => one.Key.Account).Take(most).Select(one => one.Key).ToList();
        var others = held.Where((_, i) => PolicyNames.Conserves(outcomes[i].Policy)).SelectMany(one => one.Keys).Distinct().Except(places).OrderBy(place => place.Asset).ThenBy(place => place.Account);
        places.AddRange(others.Take(most - places.Count));
        var found = new List<AccountReportBound>();
        foreach (var (account, asset) in places)
        {
            var bound = bounds.Of([new AccountPlace(account, asset)], cancel).Single();
            found.Add(new AccountReportBound(Address(account), Asset(asset), names?.Of(account), bound.Least, bound.Most, bound.IsTight,
                [.. outcomes.Select((outcome, i) => (PolicyNames.NameOf(outcome.Policy), held[i].GetValueOrDefault((account, asset))))]));
        }

        return (found, Fees(bounds, outcomes, cancel), found.Count > 0 ? null : "stolen money comes to rest nowhere under the policies asked for: it goes to fees, is destroyed or returns to the stolen transfers");
    }

    private List<AccountReportFees> Fees(AccountBounds bounds, IReadOnlyList<AccountOutcome> outcomes, CancellationToken cancel) =>
        [.. bounds.OfFees(cancel).Select(bound => new AccountReportFees(Asset(bound.Asset), bound.Least, bound.Most, bound.IsTight,
            [.. outcomes.Select(outcome => (PolicyNames.NameOf(outcome.Policy), outcome.Books.Where(book => book.Asset == bound.Asset).Select(book => book.Fees).SingleOrDefault()))]))];

    private AccountResult Result(AccountOutcome outcome, NoiseOfTrace noise, IReadOnlyList<AccountSeed> seeds) => new(
        PolicyNames.NameOf(outcome.Policy), PolicyNames.Conserves(outcome.Policy),
        [.. outcome.Books.Select(book => new AccountBooks(Asset(book.Asset), book, prices is null ? null : Worth.Sum(prices.Currency, [.. seeds.Where(seed => seed.Move.Asset.Name == Asset(book.Asset).Name).Select(seed => seed.Worth!)])))],
        outcome.TransactionsVisited,
        [.. outcome.Ends.OrderBy(end => end.Asset).ThenByDescending(end => end.Tainted).ThenBy(end => end.Account).ThenBy(end => end.Reason).Select(End)],
        [.. outcome.Flow.Select(flow => new AccountFlow(Move(flow.Transfer), flow.Tainted, noise.KindOf(flow.Transfer)))],
        [.. outcome.Conversions.Select(Conversion)],
        [.. outcome.Openings.Select(opening => new AccountOpening(Address(opening.Account), Asset(opening.Asset), opening.Amount, opening.Known))]);

    private AccountSeed Seed(StolenTransfer seed)
    {
        var (to, asset) = (view.Graph.To[seed.Transfer], Asset(view.Graph.Asset[seed.Transfer]));
        return new AccountSeed(Move(seed.Transfer), seed.Stolen, to == AccountGraph.Nobody ? null : names?.Of(to), prices?.Of(asset, seed.Stolen, TimeOf(seed.Transfer)));
    }

    private uint TimeOf(long transfer) => view.Graph.TxTime[view.Graph.TransactionOf(transfer)];

    private AccountReportEnd End(AccountEnd end) => new(
        Address(end.Account), Asset(end.Asset), ReasonName(end.Reason), end.Tainted, Move(end.FirstTransfer), Move(end.LastTransfer), names?.Of(end.Account),
        view.CoverageOf(end.Account).ToString().ToLowerInvariant(), end.Note, prices?.Of(Asset(end.Asset), end.Tainted, TimeOf(end.FirstTransfer)));

    private AccountConversion Conversion(TaintedConversion one) => new(
        view.Graph.TxId[one.Transaction].ToString(), view.Graph.TxTime[one.Transaction], Address(one.Actor), Asset(one.GivenAsset), one.Given, one.GivenTaint,
        Address(one.Recipient), Asset(one.ReceivedAsset), one.Received, one.ReceivedTaint, one.Manner);

    /// <summary>A transfer in words.</summary>
    public AccountMove Move(long transfer)
    {
        var graph = view.Graph;
        var tx = graph.TransactionOf(transfer);
        var block = graph.TxBlock[tx];
        return new AccountMove(
            graph.TxId[tx].ToString(), ((TxMarks)graph.Marks[tx]).HasFlag(TxMarks.RowId), (int)(transfer - graph.TxFirstTransfer[tx]), block == AccountGraph.NoBlock ? null : block, graph.TxTime[tx],
            KindName(graph.KindOf(transfer)), AddressOrNobody(graph.From[transfer]), AddressOrNobody(graph.To[transfer]), Asset(graph.Asset[transfer]), graph.Amount[transfer]);
    }

    private string Address(uint account) => view.Chain.Show(view.AddressOf(account));

    private string? AddressOrNobody(uint account) => account == AccountGraph.Nobody ? null : Address(account);

    private AssetInfo Asset(uint asset) => view.Assets[(int)asset];

    /// <summary>The word that files carry for why taint ends.</summary>
    public static string ReasonName(AccountEndReason reason) => reason switch
    {
        AccountEndReason.NotUnderstood => "not-understood",
        AccountEndReason.MinValue => "min-value",
        AccountEndReason.MaxTransactions => "max-transactions",
        _ => reason.ToString().ToLowerInvariant(),
    };

    /// <summary>The word that files carry for a kind of transfer.</summary>
    public static string KindName(TransferKind kind) => kind == TransferKind.FeeBurnt ? "fee-burnt" : kind.ToString().ToLowerInvariant();
}
