using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Haetae.Intel.Prices;
using Haetae.Ledger.Chains;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae prices</c>: prices of named sources into the store, and what an amount was worth at a time.</summary>
internal static class PricesCommand
{
    internal static Command Create() => new("prices", "What assets cost, as named sources say: Haetae brings no prices and makes none up.") { Import(), Show() };

    private static Command Import()
    {
        var file = new Argument<string>("FILE") { Description = "A table with a header (CSV, perhaps packed as .gz or .bz2)." };
        var source = new Option<string>("--source") { Description = "Whose prices they are, as reports are to name it.", Required = true, HelpName = "NAME" };
        var map = new Option<string>("--map") { Description = "Which columns tell what: day=COLUMN (2022-03-23, UTC) or time=COLUMN, price=COLUMN, and asset=COLUMN, currency=COLUMN where rows differ.", Required = true, HelpName = "FIELD=COLUMN,.." };
        var asset = new Option<string?>("--asset") { Description = "The asset of all rows: eth, trx, or CAIP-19 such as eip155:1/erc20:0x...", HelpName = "ASSET" };
        var currency = new Option<string?>("--currency") { Description = "The currency of all rows, such as USD.", HelpName = "CODE" };
        var by = new Option<string?>("--by") { Description = "Who is noted as the importer (else the user's name on this machine).", HelpName = "NAME" };
        var json = CommonOptions.Json();
        var command = new Command("import", "Adds the prices of a table to the store; what is there already stays as it is.") { file, source, map, asset, currency, by, json };
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var columns = Columns(parsed.GetValue(map)!, parsed.GetValue(asset), parsed.GetValue(currency));
            if (string.IsNullOrWhiteSpace(parsed.GetValue(source))) throw new UsageException("--source: name whose prices they are.");
            Folders.RequireFile(parsed.GetValue(file)!);
            Stores.RequireWritable(parsed);
            var report = PriceImport.Run(Stores.Of(parsed), parsed.GetValue(file)!, columns, parsed.GetValue(source)!, parsed.GetValue(by) is { Length: > 0 } name ? name : Environment.UserName, DateTimeOffset.UtcNow, cancel);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                output.WriteLine(JsonText.Of(new JsonObject { ["read"] = report.Read, ["stored"] = report.Stored, ["known"] = report.Known, ["series"] = new JsonArray([.. report.Series.Select(one => (JsonNode)one)]), ["sha256"] = report.FileSha256 }));
            else
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Haetae.Tracing.Reports.Amounts.Count(report.Read, "price", "prices")} read, {report.Stored:#,0} stored, {report.Known:#,0} there already: {string.Join(", ", report.Series)}"));
            return ExitCode.Done;
        }, CancellationToken.None));
        return command;
    }

    private static Command Show()
    {
        var asset = new Argument<string>("ASSET") { Description = "eth, trx, or CAIP-19." };
        var at = new Option<string>("--at") { Description = "The moment: ISO 8601 with its offset, such as 2022-03-23T13:29:09Z.", Required = true, HelpName = "TIME" };
        var currency = new Option<string>("--currency") { Description = "Such as USD.", Required = true, HelpName = "CODE" };
        var amount = new Option<string?>("--amount") { Description = "Base units to be valued (default: one whole unit).", HelpName = "N" };
        var decimals = new Option<int?>("--decimals") { Description = "Decimal places of a token; a chain's own coin has its own.", HelpName = "N" };
        var source = new Option<string?>("--source") { Description = "Only what this source says.", HelpName = "NAME" };
        var hours = new Option<int>("--max-age") { Description = "Hours that a price may lie back.", DefaultValueFactory = _ => (int)(PriceSeries.UsualAge / 3600), HelpName = "HOURS" };
        var json = CommonOptions.Json();
        var command = new Command("show", "What an amount was worth at a moment: by the last price at or before it.") { asset, at, currency, amount, decimals, source, hours, json };
        command.SetAction(parsed =>
        {
            if (!AssetName.TryParse(parsed.GetValue(asset)!, out var named)) throw new UsageException($"'{parsed.GetValue(asset)}' is no asset: eth, trx, or CAIP-19 such as eip155:1/erc20:0x...");
            if (PriceColumns.CurrencyOf(parsed.GetValue(currency)!) is not { } code) throw new UsageException($"--currency {parsed.GetValue(currency)}: no currency of three to five letters.");
            if (!DateTimeOffset.TryParse(parsed.GetValue(at), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) throw new UsageException($"--at {parsed.GetValue(at)}: no time such as 2022-03-23T13:29:09Z.");
            if (parsed.GetValue(hours) is < 0 or > 1_000_000) throw new UsageException("--max-age must lie between 0 and 1000000 hours.");
            if (parsed.GetValue(decimals) is < 0 or > 77) throw new UsageException("--decimals must lie between 0 and 77.");
            var places = parsed.GetValue(decimals) ?? (named.Kind == AssetKind.Native ? named.Chain.Decimals : null);
            var units = Haetae.Ledger.UInt256.One;
            if (parsed.GetValue(amount) is { } text && !Haetae.Ledger.UInt256.TryParse(text, out units)) throw new UsageException($"--amount {text}: no whole number of base units.");
            if (parsed.GetValue(amount) is null) units = (Haetae.Ledger.UInt256)System.Numerics.BigInteger.Pow(10, places ?? 0);
            var value = PriceSeries.Load(Stores.Of(parsed), named.Caip19, code, parsed.GetValue(source)).ValueOf(units, places, time.ToUnixTimeSeconds(), parsed.GetValue(hours) * 3600L);
            if (value.Amount is null && !parsed.GetValue(json)) throw new NotFoundException($"No value: {value.Reason}. 'haetae prices import FILE' brings prices in.");
            parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json) ? JsonText.Of(Json(value)) : $"{value.Amount} {value.Currency}, at {value.Price!.Text} of {value.Price.When} ({value.Price.Source})");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A value as reports carry it: null with a reason where there is none.</summary>
    internal static JsonObject Json(FiatValue value) => new()
    {
        ["value"] = value.Amount,
        ["currency"] = value.Currency,
        ["price"] = value.Price?.Text,
        ["priceTime"] = value.Price?.When,
        ["priceSource"] = value.Price?.Source,
        ["reason"] = value.Reason,
    };

    private static PriceColumns Columns(string map, string? asset, string? currency)
    {
        try
        {
            return PriceColumns.Parse(map, asset, currency);
        }
        catch (FormatException wrong)
        {
            throw new UsageException($"--map, --asset, --currency: {wrong.Message}.");
        }
    }
}
