using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Explorers;

/// <summary>Fetches all that addresses of an EVM chain did from an Etherscan-like server: five lists each, and the balance to hold them against.</summary>
public sealed class EtherscanFetch(ExplorerSession session, ChainName chain)
{
    internal static readonly EtherscanList[] Lists = Enum.GetValues<EtherscanList>();

    private bool _knowsTip;

    /// <summary>Why the run ended before everything was fetched; null: it did not.</summary>
    public string? Stopped { get; private set; }

    public void Run(IReadOnlyList<AccountAddress> addresses, CancellationToken cancel)
    {
        try
        {
            foreach (var address in addresses)
            {
                foreach (var list in Lists)
                {
                    var history = new EtherscanHistory(session.Kept, chain, address, list);
                    while (history.Advance() is { } missing) Ask(missing, cancel);
                }

                Ask(EtherscanRequests.Balance(chain, address), cancel);
            }
        }
        catch (RequestsSpentException spent)
        {
            Stopped = spent.Message;
        }
    }

    private void Ask(string request, CancellationToken cancel)
    {
        if (session.Kept.Find(request) is not null) return;
        if (!_knowsTip) session.Ask(EtherscanRequests.Tip(chain), EtherscanRequests.Judge, cancel, isFree: true);
        _knowsTip = true;
        session.Ask(request, EtherscanRequests.Judge, cancel);
    }
}
