using System.CommandLine;
using System.IO.Compression;
using System.Text.Json;
using Haetae.Ledger.Accounts.Rows;
using Haetae.Ledger.Bitcoin;
using Haetae.Ledger.Chains;

namespace Haetae.Cli.Commands;

/// <summary><c>haetae ingest jsonl</c>: transfers of an account chain, or Bitcoin transactions with what they spend, one JSON object a line.</summary>
internal static class IngestJsonLinesCommand
{
    private const int LongestFirstLine = 4 << 20;

    internal static Command Create()
    {
        var options = new TransferTableOptions();
        var network = new Option<string>("--network") { Description = "Of Bitcoin transactions: mainnet, testnet3, testnet4, signet or regtest.", DefaultValueFactory = _ => BitcoinNetwork.Mainnet.Name, HelpName = "NAME" };
        var command = new Command("jsonl", "Takes JSON objects, one a line (packed with gzip or not): transfers into an account ledger, all of them or none (without --map, the names of ethereum-etl's transactions and token transfers are looked for); "
            + "or Bitcoin transactions with what they spend (txid, time, vin, vout) into a case ledger, where spenders stay open unless they are among them.");
        options.AddTo(command);
        command.Options.Add(network);
        command.SetAction((parsed, cancel) => Task.Run(() =>
        {
            var file = parsed.GetValue(options.File)!;
            Folders.RequireFile(file);
            var isNamed = parsed.GetResult(options.Chain) is { Implicit: false };
            var isNetworkNamed = parsed.GetResult(network) is { Implicit: false };
            var isBitcoin = isNetworkNamed || (isNamed ? ChainName.TryParse(parsed.GetValue(options.Chain)!, out var chain) && chain.Family == ChainFamily.Bitcoin : HoldsTransactions(file));
            return isBitcoin ? IngestLines.Run(parsed, file, options.Ledger, network, options.Json) : options.Run(parsed, TransferIngest.FromJsonLines, cancel);
        }, CancellationToken.None));
        return command;
    }

    /// <summary>Whether the first object is a Bitcoin transaction: it says what it spends.</summary>
    private static bool HoldsTransactions(string path)
    {
        using var file = File.OpenRead(path);
        var packed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        using Stream plain = packed ? new GZipStream(file, CompressionMode.Decompress) : file;
        var bytes = new byte[LongestFirstLine];
        try
        {
            var length = plain.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var reader = new Utf8JsonReader(bytes.AsSpan(0, length), isFinalBlock: false, default);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            for (; reader.Read() && reader.TokenType == JsonTokenType.PropertyName && !reader.ValueTextEquals("vin"u8);)
                if (!reader.TrySkip()) return false;
            return reader.TokenType == JsonTokenType.PropertyName;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidDataException)
        {
            return false; // whoever reads it says what is wrong
        }
    }
}
