using System.CommandLine;
using System.Text.Json.Nodes;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Evm;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae ledger reconcile</c>: transfers held against the balances that a node tells.</summary>
internal static class LedgerReconcileCommand
{
    internal static Command Create()
    {
        var addresses = new Argument<string[]>("ADDRESS") { Description = "Accounts to ask about.", Arity = ArgumentArity.OneOrMore };
        var node = new NodeOptions();
        node.Url.Description = "The EVM node's RPC address, such as http://127.0.0.1:8545.";
        var ledger = CommonOptions.Ledger();
        ledger.Description = "Folder of the account ledger.";
        var json = CommonOptions.Json();
        var command = new Command("reconcile", "Holds what an account ledger's transfers add up to against balances that an EVM node tells at the ledger's last block: finds tokens that move more or less than they say. Exit code 4 where they differ.") { addresses, ledger, json };
        node.AddAccessTo(command);
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var access = node.Access(parsed) ?? throw new UsageException("Name the node with --rpc URL.");
            if (parsed.GetValue(ledger) is null) throw new UsageException("Name the ledger with --ledger DIR.");
            var folder = CommonOptions.LedgerFolder(parsed, ledger);
            var asked = new List<AccountAddress>();
            foreach (var text in parsed.GetValue(addresses)!)
                asked.Add(AccountAddress.TryParse(text, out var address, out var error) ? address : throw new UsageException($"'{text}' is no address: {error}."));
            using var open = AccountLedger.Open(folder);
            foreach (var one in asked)
                if (open.FindAccount(one) is null) throw new NotFoundException($"{open.Chain.Show(one)} is not in the ledger '{folder}'.");
            var reckonings = EvmReconciliation.Run(open, access, asked, cancel);
            Print(parsed.InvocationConfiguration.Output, open, reckonings, parsed.GetValue(json));
            return reckonings.All(one => one.IsEqual) ? ExitCode.Done : ExitCode.VerificationFailed;
        }, CancellationToken.None));
        return command;
    }

    private static void Print(TextWriter output, AccountLedger ledger, IReadOnlyList<EvmReckoning> reckonings, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonText.Of(new JsonObject
            {
                ["chain"] = ledger.Chain.Caip2,
                ["block"] = (long)ledger.BlockNumbers[ledger.BlockNumbers.Length - 1],
                ["accounts"] = new JsonArray([.. reckonings.Select(one => (JsonNode)new JsonObject
                {
                    ["account"] = ledger.Chain.Show(one.Account),
                    ["asset"] = one.Asset.Caip19,
                    ["opening"] = one.Opening.ToString(),
                    ["in"] = one.In.ToString(),
                    ["out"] = one.Out.ToString(),
                    ["balance"] = one.Told?.ToString(),
                    ["reason"] = one.Told is null ? "the contract does not answer balanceOf" : null,
                    ["equal"] = one.IsEqual,
                })]),
            }));
            return;
        }

        foreach (var one in reckonings)
            output.WriteLine($"{(one.IsEqual ? "equal " : "DIFFERS")} {ledger.Chain.Show(one.Account)} {one.Asset.Caip19}: opening {one.Opening} + in {one.In} - out {one.Out}; balance {one.Told?.ToString() ?? "not told (the contract does not answer balanceOf)"}");
    }
}
