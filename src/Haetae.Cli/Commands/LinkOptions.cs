using System.CommandLine;
using System.Globalization;
using Haetae.Ledger;
using Haetae.Tracing.Links;
using Haetae.Tracing.Stops;

namespace Haetae.Cli.Commands;

/// <summary><c>--link FROM=TXID:VOUT[:SATOSHI]</c>: what leaves a stop, because an analyst says so.</summary>
internal static class LinkOptions
{
    internal static Option<string[]> Create() => new("--link")
    {
        Description = "Let what is parked at a stop go on in an output: FROM=TXID:VOUT[:SATOSHI], FROM a CoinJoin's TXID, a parked output TXID:VOUT, or a service's name. Say it once for each; an assertion, and shown as one.",
        HelpName = "FROM=TO",
    };

    /// <exception cref="UsageException">A link is not of that form.</exception>
    /// <exception cref="NotFoundException">The ledger or the tags do not have what it names.</exception>
    internal static List<TaintLink> Parse(ILedgerView ledger, IEnumerable<string> values, EntityBook? entities)
    {
        var links = new List<TaintLink>();
        foreach (var value in values)
        {
            var at = value.LastIndexOf('=');
            if (at <= 0) throw new UsageException($"--link '{value}': say FROM=TXID:VOUT or FROM=TXID:VOUT:SATOSHI.");
            var (from, to) = (value[..at], value[(at + 1)..].Split(':'));
            long? amount = null;
            if (to.Length == 3)
            {
                if (!long.TryParse(to[2], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) || asked < 1) throw new UsageException($"--link '{value}': '{to[2]}' is no amount of satoshi.");
                amount = asked;
            }

            if (to.Length is < 2 or > 3) throw new UsageException($"--link '{value}': it leads to one output, TXID:VOUT.");
            var link = new TaintLink(from, Output(ledger, value, to[0], to[1]), amount);
            var parts = from.Split(':');
            if (parts.Length == 2 && Hash256.TryParse(parts[0], out _)) links.Add(link with { Parked = Output(ledger, value, parts[0], parts[1]) });
            else if (Hash256.TryParse(from, out var id) && from.Length == 64) links.Add(link with { CoinJoin = Transaction(ledger, value, id) });
            else if (entities?.KeyOf(from) is { } key) links.Add(link with { Service = key });
            else throw new NotFoundException($"--link '{value}': '{from}' is no transaction, no output, and no tagged service goes by that name.");
        }

        return links;
    }

    private static long Output(ILedgerView ledger, string link, string txid, string vout)
    {
        if (!Hash256.TryParse(txid, out var id) || !int.TryParse(vout, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) throw new UsageException($"--link '{link}': '{txid}:{vout}' is no output TXID:VOUT.");
        var number = Transaction(ledger, link, id);
        var first = ledger.Graph.FirstOutput[number];
        if (index >= ledger.Graph.FirstOutput[number + 1L] - first) throw new NotFoundException($"--link '{link}': transaction {id} has no output {index}.");
        return ledger.Graph.Value[first + index] > 0 ? first + index : throw new UsageException($"--link '{link}': output {id}:{index} holds nothing.");
    }

    private static uint Transaction(ILedgerView ledger, string link, Hash256 id) =>
        ledger.FindTransaction(id) is >= 0 and var number ? (uint)number : throw new NotFoundException($"--link '{link}': transaction {id} is not in the ledger (heights {ledger.FirstHeight} to {ledger.TipHeight}).");
}
