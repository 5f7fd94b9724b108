using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Accounts.Deposits;
using Haetae.Tracing.Reports;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae deposits</c>: deposit addresses of services, and the accounts that pay into the same ones.</summary>
internal static class DepositsCommand
{
    private const string Format = "haetae.deposits/1";

    internal static Command Create()
    {
        var ledger = new Option<string?>("--ledger") { Description = "Folder of an account ledger.", Required = true, HelpName = "DIR" };
        var service = new Option<string[]>("--service") { Description = "Main accounts of services, where deposits are collected: ADDRESS[,ADDRESS..].", Required = true, AllowMultipleArgumentsPerToken = true, HelpName = "ADDRESS,.." };
        var known = new Option<string[]>("--known") { Description = "Accounts that are somebody known (other services, miners): neither customers nor deposit addresses.", AllowMultipleArgumentsPerToken = true, HelpName = "ADDRESS,.." };
        var json = CommonOptions.Json();
        var command = new Command("deposits", "Finds deposit addresses of services by reuse: what is paid there and forwarded to the service soon after, nearly whole; and joins the accounts that pay into the same ones, with the transfers that show it.") { ledger, service, known, json };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            using var open = AccountLedger.Open(CommonOptions.LedgerFolder(parsed, ledger));
            var services = Accounts(open, "--service", parsed.GetValue(service)!, isRequired: true);
            var findings = DepositSearch.Of(open, services, Accounts(open, "--known", parsed.GetValue(known) ?? [], isRequired: false), null, cancel);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) output.WriteLine(JsonText.Of(Json(open, findings)));
            else Print(open, findings, output);
            return ExitCode.Done;
        }, CancellationToken.None));
        return command;
    }

    /// <summary><c>haetae why A B</c> on an account ledger: the shortest chain of shared deposit addresses, each with the two transfers that show it.</summary>
    internal static int Why(ParseResult parsed, Option<string?> ledger, string one, string other, string[] services, bool json, CancellationToken cancel)
    {
        if (services.Length == 0) throw new UsageException("On an account ledger accounts are joined by the deposit addresses of services: name their main accounts with --service ADDRESS.");
        using var open = AccountLedger.Open(CommonOptions.LedgerFolder(parsed, ledger));
        var findings = DepositSearch.Of(open, Accounts(open, "--service", services, isRequired: true), new HashSet<uint>(), null, cancel);
        uint from = Accounts(open, "A", [one], isRequired: true).Single(), to = Accounts(open, "B", [other], isRequired: true).Single();
        var way = findings.Way(from, to) ?? throw new NotFoundException($"Nothing joins the two by deposit addresses of {string.Join(", ", services)}{(findings.CrowdedDeposits.Count + findings.CrowdedPayers.Count == 0 ? "" : $" ({findings.CrowdedDeposits.Count} addresses and {findings.CrowdedPayers.Count} payers were left out as crowds)")}.");
        var output = parsed.InvocationConfiguration.Output;
        if (json)
        {
            output.WriteLine(JsonText.Of(new JsonObject { ["chain"] = open.Chain.Caip2, ["ledger"] = open.Digest, ["way"] = new JsonArray([.. way.Select(witness => (JsonNode)Json(open, witness))]) }));
            return ExitCode.Done;
        }

        foreach (var witness in way)
        {
            output.WriteLine($"{Show(open, witness.Payer)} pays {Show(open, witness.Deposit)}, which forwards to {Show(open, witness.Service)}, confidence {Share(witness.Confidence)}");
            output.WriteLine($"    received {Id(open, witness.Receipt)}, forwarded {Id(open, witness.Forward)}");
        }

        output.WriteLine("Evidence, not fact: how often such joins are right stands in docs/accuracy.md.");
        return ExitCode.Done;
    }

    private static HashSet<uint> Accounts(AccountLedger ledger, string option, string[] values, bool isRequired)
    {
        var accounts = new HashSet<uint>();
        foreach (var text in values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (!AccountAddress.TryParse(text, out var address, out var error)) throw new UsageException($"{option} {text}: {error}.");
            if (ledger.FindAccount(address) is { } account) accounts.Add(account);
            else if (isRequired) throw new NotFoundException($"{option} {text}: the ledger {ledger.Folder} never met this account.");
        }

        return accounts;
    }

    private static void Print(AccountLedger ledger, DepositFindings findings, TextWriter output)
    {
        foreach (var cluster in findings.Clusters)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cluster.Payers.Count} accounts pay into {cluster.Deposits.Count} deposit addresses, confidence {Share(cluster.Confidence)}"));
            foreach (var witness in cluster.Witnesses)
            {
                output.WriteLine($"  {Show(ledger, witness.Payer)} -> {Show(ledger, witness.Deposit)} -> {Show(ledger, witness.Service)}, {Share(witness.Confidence)}");
                output.WriteLine($"      received {Id(ledger, witness.Receipt)}, forwarded {Id(ledger, witness.Forward)}");
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Amounts.Count(findings.Clusters.Sum(cluster => cluster.Deposits.Count), "deposit address", "deposit addresses")} of {Amounts.Count(findings.Clusters.Count, "customer", "customers")}; {Amounts.Count(findings.CrowdedDeposits.Count, "address", "addresses")} and {Amounts.Count(findings.CrowdedPayers.Count, "payer", "payers")} left out as crowds."));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Terms: loss up to {findings.Terms.LargestLoss} base units, wait up to {Amounts.Count(findings.Terms.MostBlocks, "block", "blocks")}. How often such joins are right: docs/accuracy.md."));
    }

    private static JsonObject Json(AccountLedger ledger, DepositFindings findings) => new()
    {
        ["format"] = Format,
        ["chain"] = ledger.Chain.Caip2,
        ["ledger"] = ledger.Digest,
        ["terms"] = new JsonObject
        {
            ["largestLoss"] = findings.Terms.LargestLoss.ToString(),
            ["mostBlocks"] = findings.Terms.MostBlocks,
            ["mostSeconds"] = findings.Terms.MostSeconds,
            ["mostPayers"] = findings.Terms.MostPayers,
            ["mostDeposits"] = findings.Terms.MostDeposits,
        },
        ["clusters"] = new JsonArray([.. findings.Clusters.Select(cluster => (JsonNode)new JsonObject
        {
            ["payers"] = List(ledger, cluster.Payers),
            ["deposits"] = List(ledger, cluster.Deposits),
            ["confidence"] = Share(cluster.Confidence),
            ["witnesses"] = new JsonArray([.. cluster.Witnesses.Select(witness => (JsonNode)Json(ledger, witness))]),
        })]),
        ["crowdedDeposits"] = List(ledger, findings.CrowdedDeposits),
        ["crowdedPayers"] = List(ledger, findings.CrowdedPayers),
    };

    private static JsonObject Json(AccountLedger ledger, DepositWitness witness) => new()
    {
        ["payer"] = Show(ledger, witness.Payer),
        ["deposit"] = Show(ledger, witness.Deposit),
        ["service"] = Show(ledger, witness.Service),
        ["asset"] = ledger.Assets[(int)witness.Asset].Name.Caip19,
        ["received"] = new JsonObject { ["txid"] = Id(ledger, witness.Receipt), ["amount"] = ledger.Graph.Amount[witness.Receipt].ToString() },
        ["forwarded"] = new JsonObject { ["txid"] = Id(ledger, witness.Forward), ["amount"] = ledger.Graph.Amount[witness.Forward].ToString() },
        ["confidence"] = Share(witness.Confidence),
    };

    private static JsonArray List(AccountLedger ledger, IEnumerable<uint> accounts) => new([.. accounts.Select(account => (JsonNode)Show(ledger, account))]);

    private static string Show(AccountLedger ledger, uint account) => ledger.Chain.Show(ledger.AddressOf(account));

    private static string Id(AccountLedger ledger, long transfer) => (ledger.Chain.Family == Haetae.Ledger.Chains.ChainFamily.Evm ? "0x" : "") + ledger.Graph.TxId[ledger.Graph.TransactionOf(transfer)];

    private static string Share(int millionths) => string.Create(CultureInfo.InvariantCulture, $"{millionths / 1_000_000}.{millionths % 1_000_000:D6}");
}
