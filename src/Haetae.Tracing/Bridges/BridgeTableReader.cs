using System.Globalization;
using System.Text.Json;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Bridges.Abi;

namespace Haetae.Tracing.Bridges;

/// <summary>Takes a parsed table apart, refusing what no rule of <c>docs/formats/haetae.bridge.1.schema.json</c> allows.</summary>
internal static class BridgeTableReader
{
    private const int MostEvents = 64;

    internal static BridgeProtocol Read(JsonElement table)
    {
        Only(table, "the table", "format", "protocol", "version", "title", "method", "status", "memos", "chains", "contracts", "events", "sources", "notes");
        if (Text(table, "format") != BridgeTables.Format) throw new FormatException($"\"format\" is not {BridgeTables.Format}.");
        var events = table.GetProperty("events").EnumerateArray().Select(one => Event(one, true)).ToArray();
        if (events.Length > MostEvents) throw new FormatException($"A table has at most {MostEvents} events.");
        var protocol = new BridgeProtocol
        {
            Name = Text(table, "protocol"),
            Version = Text(table, "version"),
            Title = Text(table, "title"),
            Events = events,
            Method = Text(table, "method") switch { "key" => BridgeMethod.Key, "heuristic" => BridgeMethod.Heuristic, _ => throw new FormatException("\"method\" is key or heuristic.") },
            ReadsMemos = table.TryGetProperty("memos", out var memos) && memos.GetString() == "thorchain",
            Chains = Chains(table),
            Contracts = Contracts(table),
            Sources = Texts(table, "sources"),
            Notes = Texts(table, "notes"),
        };
        if (protocol.Status != Text(table, "status")) throw new FormatException($"\"status\" says {Text(table, "status")}, but by the \"verifiedBy\" of its events the table is {protocol.Status}.");
        if (protocol.Sources.Count == 0) throw new FormatException("\"sources\" says where the table was read: at least one.");
        foreach (var one in events.Where(one => protocol.Method == BridgeMethod.Key && one.Key.Count == 0 && one.Memo is null)) throw new FormatException($"The event {one.Signature.Name} has no key.");
        return protocol;
    }

    private static BridgeEvent Event(JsonElement one, bool whole)
    {
        Only(one, "an event", "end", "event", "key", "amount", "asset", "sender", "recipient", "otherChain", "vault", "memo", "with", "verifiedBy");
        var read = new BridgeEvent
        {
            End = !whole ? default : Text(one, "end") switch { "source" => BridgeEnd.Source, "destination" => BridgeEnd.Destination, "refund" => BridgeEnd.Refund, _ => throw new FormatException("\"end\" is source, destination or refund.") },
            Signature = EventSignature.Parse(Text(one, "event")),
            Key = one.TryGetProperty("key", out _) ? [.. Texts(one, "key").Select(BridgeField.Parse)] : [],
            Amount = Field(one, "amount"),
            Asset = Field(one, "asset"),
            Sender = Field(one, "sender"),
            Recipient = Field(one, "recipient"),
            OtherChain = Field(one, "otherChain"),
            Vault = Field(one, "vault"),
            Memo = Field(one, "memo"),
            VerifiedBy = one.TryGetProperty("verifiedBy", out _) ? Text(one, "verifiedBy") : null,
            With = whole && one.TryGetProperty("with", out var with) ? Event(with, false) : null,
        };
        foreach (var field in read.Fields.Where(field => !field.IsOwn && !Declares(read.Signature.Parameters, field.Path.Split('.')))) throw new FormatException($"'{field}' is no parameter of {read.Signature.Canonical}.");
        return read;
    }

    private static bool Declares(IReadOnlyList<AbiParameter> parameters, ReadOnlySpan<string> names)
    {
        foreach (var parameter in parameters)
            if (parameter.Name == names[0]) return names.Length == 1 ? parameter.Kind is AbiKind.Word or AbiKind.Bytes : Declares(parameter.Fields, names[1..]);
        return false;
    }

    private static BridgeChains Chains(JsonElement table)
    {
        if (!table.TryGetProperty("chains", out var chains) || chains.ValueKind == JsonValueKind.String) return new BridgeChains(null);
        var numbers = new Dictionary<ulong, string>();
        foreach (var chain in chains.EnumerateObject()) numbers.Add(ulong.Parse(chain.Name, NumberStyles.None, CultureInfo.InvariantCulture), Chain(chain.Value.GetString()!));
        return new BridgeChains(numbers);
    }

    private static Dictionary<string, IReadOnlySet<AccountAddress>> Contracts(JsonElement table)
    {
        var contracts = new Dictionary<string, IReadOnlySet<AccountAddress>>();
        foreach (var chain in table.GetProperty("contracts").EnumerateObject()) contracts.Add(Chain(chain.Name), chain.Value.EnumerateArray().Select(address => AccountAddress.Parse(address.GetString()!)).ToHashSet());
        return contracts;
    }

    private static string Chain(string name) => ChainName.TryParse(name, out var chain) && chain.Caip2 == name ? name : throw new FormatException($"'{name}' is no CAIP-2 name of a chain that Haetae reads.");

    private static BridgeField? Field(JsonElement one, string name) => one.TryGetProperty(name, out var field) ? BridgeField.Parse(field.GetString() ?? "") : null;

    private static string Text(JsonElement one, string name) =>
        one.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } said ? said : throw new FormatException($"\"{name}\" is missing.");

    private static string[] Texts(JsonElement one, string name) => [.. one.GetProperty(name).EnumerateArray().Select(text => text.GetString() ?? throw new FormatException($"\"{name}\" holds what is no text."))];

    private static void Only(JsonElement one, string what, params ReadOnlySpan<string> names)
    {
        foreach (var member in one.EnumerateObject())
            if (!names.Contains(member.Name)) throw new FormatException($"\"{member.Name}\" is no member of {what}.");
    }
}
