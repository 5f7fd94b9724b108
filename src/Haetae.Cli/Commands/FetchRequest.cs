using System.Globalization;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Explorers;

namespace Haetae.Cli.Commands;

/// <summary>A fetch as it was asked for on the command line.</summary>
/// <param name="Chain">Null: Bitcoin, from an Esplora server.</param>
internal sealed record FetchRequest(string[] What, string Folder, ExplorerAccess Access, ChainName? Chain, int Hops, bool FollowTrace, bool Refresh, bool Events)
{
    internal int Run(bool json, TextWriter output, TextWriter errors, CancellationToken cancel)
    {
        using var kept = KeptAnswers.OpenForWriting(Folder);
        if (Refresh) kept.FoundFrom = kept.All.Count;
        var progress = ProgressLine.OnConsole();
        using var session = new ExplorerSession(
            kept, Access, TimeProvider.System,
            wait =>
            {
                progress.Clear();
                errors.WriteLine($"haetae: {wait}");
            },
            (count, path) => progress.Show("fetching", -1, string.Create(CultureInfo.InvariantCulture, $"{count:#,0} answers, last {path[..Math.Min(path.Length, 60)]}")));
        var stopped = Chain is null ? RunEsplora(session, errors, cancel) : RunEtherscan(session, Chain, cancel);
        progress.Clear();
        kept.FoundFrom = 0;
        if (Chain is null) FetchedText.Tell(BitcoinCase.Open(Folder), Folder, session, stopped, json, output);
        else FetchedAccountsText.Tell(AccountCase.Open(Folder), Folder, session, stopped, json, output);
        if (stopped is not null) errors.WriteLine($"haetae: {stopped} The same command goes on.");
        return ExitCode.Done;
    }

    private string? RunEsplora(ExplorerSession session, TextWriter errors, CancellationToken cancel)
    {
        var fetch = new EsploraFetch(session);
        var network = fetch.Network(cancel) ?? Assumed();
        CaseFolder.Claim(Folder, network.ChainId);
        var addresses = new List<(string, byte[])>();
        var transactions = new List<Hash256>();
        foreach (var one in What)
        {
            // An output, TXID:VOUT, is fetched as its transaction; a trace begins with it alone.
            var name = one.Length > 65 && one[64] == ':' && int.TryParse(one.AsSpan(65), NumberStyles.None, CultureInfo.InvariantCulture, out _) ? one[..64] : one;
            if (name.Length == 64 && Hash256.TryParse(name, out var id)) transactions.Add(id);
            else if (Address.TryParse(one, network, out var script, out var error)) addresses.Add((one, script));
            else throw new UsageException($"'{one}' is no transaction id and no address of {network.Name}: {error}.");
        }

        fetch.Run(addresses, transactions, Hops, cancel);
        if (FollowTrace && fetch.Stopped is null) new FetchAlongTrace(What, Folder, errors).Run(fetch, cancel);
        return fetch.Stopped;
    }

    /// <summary>Where a server does not tell: the first network that has such addresses, the main one where none is named.</summary>
    private BitcoinNetwork Assumed() => BitcoinNetwork.All.FirstOrDefault(network => What.Any(one => Address.TryParse(one, network, out _, out _))) ?? BitcoinNetwork.Mainnet;

    private string? RunEtherscan(ExplorerSession session, ChainName chain, CancellationToken cancel)
    {
        var addresses = What.Select(one => AccountAddress.TryParse(one, out var address, out var error) ? address
            : throw new UsageException($"'{one}' is no address: {error}. An Etherscan-like server is asked for addresses.")).ToList();
        CaseFolder.Claim(Folder, chain.Caip2);
        var fetch = new EtherscanFetch(session, chain) { AsksForEvents = Events };
        fetch.Run(addresses, cancel);
        return fetch.Stopped;
    }
}
