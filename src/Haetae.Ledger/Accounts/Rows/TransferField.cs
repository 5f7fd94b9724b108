namespace Haetae.Ledger.Accounts.Rows;

/// <summary>What a column of a table of transfers may say.</summary>
public enum TransferField
{
    Time,
    From,
    To,
    Amount,
    Hash,
    Block,
    Asset,
    Kind,
    Fee,
    Status,

    /// <summary>The contract that the row's transaction made: who is paid where the table names nobody.</summary>
    Created,
}

/// <summary>How a table of transfers is to be read.</summary>
public sealed record TransferTable
{
    public required Chains.ChainName Chain { get; init; }

    /// <summary>Which column says what: field to the column's name in the table, or to several with <c>|</c> between, of which the first that is there counts.</summary>
    public required IReadOnlyDictionary<TransferField, string> Map { get; init; }

    /// <summary>The names in ethereum-etl's tables of transactions and token transfers.</summary>
    public static IReadOnlyDictionary<TransferField, string> EthereumEtl { get; } = new Dictionary<TransferField, string>
    {
        [TransferField.Time] = "block_timestamp|timestamp",
        [TransferField.From] = "from_address",
        [TransferField.To] = "to_address",
        [TransferField.Amount] = "value",
        [TransferField.Hash] = "transaction_hash|hash",
        [TransferField.Block] = "block_number",
        [TransferField.Asset] = "token_address",
        [TransferField.Status] = "receipt_status",
        [TransferField.Created] = "receipt_contract_address",
    };

    /// <summary>Whether the table may lack a column without that being the user's mistake.</summary>
    internal bool IsOptional(TransferField field) =>
        ReferenceEquals(Map, EthereumEtl) && field is not (TransferField.Time or TransferField.From or TransferField.To or TransferField.Amount or TransferField.Hash);

    /// <summary>Decimal places of the amounts; null: they are whole base units.</summary>
    public int? Decimals { get; init; }

    /// <summary>The asset of rows that name none; null: the chain's own coin.</summary>
    public Chains.AssetName? Asset { get; init; }

    /// <summary>Times without an offset are taken for UTC; else they are an error.</summary>
    public bool TimesAreUtc { get; init; }

    /// <summary>Commas in amounts set thousands apart; else they are an error, for elsewhere they stand before decimals.</summary>
    public bool AmountsAreGrouped { get; init; }

    internal static int Fields { get; } = Enum.GetValues<TransferField>().Length;

    private static string Quoted(string column) => column.AsSpan().ContainsAny(',', '"') ? $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : column;

    /// <summary>What decides how the same bytes become rows, in one line.</summary>
    public string Reading => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{string.Join(',', Map.OrderBy(one => one.Key).Select(one => $"{one.Key.ToString().ToLowerInvariant()}={Quoted(one.Value)}"))} decimals={Decimals?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} asset={Asset?.Caip19 ?? "native"}{(TimesAreUtc ? " utc" : "")}{(AmountsAreGrouped ? " grouped" : "")}");
}
