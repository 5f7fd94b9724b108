using System.Globalization;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Intel.Cases.Accounts;

/// <summary>The rows of a case as a ledger that traces walk: each row a transaction, each stated receipt one directly after its row.</summary>
/// <param name="TransferOfRow">Per row, its transfer in the ledger.</param>
/// <param name="TransferOfStated">Per stated receipt, its transfer.</param>
public sealed record RowsLedger(AccountTable Table, IReadOnlyList<long> TransferOfRow, IReadOnlyList<long> TransferOfStated)
{
    /// <exception cref="IntelException">A row is no transfer; the message names it.</exception>
    public static RowsLedger Of(AccountPart part, string chainName)
    {
        if (!ChainName.TryParse(chainName, out var chain) || chain.Family == ChainFamily.Bitcoin) throw new IntelException($"case.case.chain: '{chainName}' is no account chain this program knows.");
        var builder = new AccountTableBuilder(chain);
        var ids = new RowIds(chain);
        var (ofRow, ofStated) = (new long[part.Rows.Items.Count], new long[part.Stated.Count]);
        for (var i = 0; i < part.Rows.Items.Count; i++)
        {
            var row = part.Rows.Items[i];
            var at = FormattableString.Invariant($"case.accounts.rows.items[{i}]");
            var (time, from, to, asset) = (Time(row.Time, at), Address(row.From, at), Address(row.To, at), Asset(part.Rows.Asset, at));
            Begin(builder, ids.Next(time, from, to, asset, row.Amount), time, TxMarks.RowId | TxMarks.NoBlock, at);
            ofRow[i] = builder.AddTransfer(from, to, asset, row.Amount);
            for (var k = 0; k < part.Stated.Count; k++)
            {
                if (part.Stated[k] is not { } stated || stated.After != i) continue;
                at = FormattableString.Invariant($"case.accounts.stated[{k}]");
                Begin(builder, Hash256.Parse(stated.TxId), time, TxMarks.NoBlock, at);
                ofStated[k] = builder.AddTransfer(Address(stated.From, at), Address(stated.To, at), Asset(stated.Asset, at), stated.Amount, TransferKind.Stated);
            }
        }

        for (var k = 0; k < part.Stated.Count; k++)
            if (part.Stated[k].After >= part.Rows.Items.Count) throw new IntelException(FormattableString.Invariant($"case.accounts.stated[{k}].after: there is no row {part.Stated[k].After}."));
        foreach (var followed in part.Followed) builder.SetCoverage(Address(followed, "case.accounts.followed"), Coverage.Complete);
        return new RowsLedger(builder.Build(), ofRow, ofStated);
    }

    /// <summary>The transfer a seed stands for.</summary>
    /// <exception cref="IntelException">It names none.</exception>
    public long TransferOf(RowSeed seed) => seed switch
    {
        { Row: { } row, Stated: null } when row < TransferOfRow.Count => TransferOfRow[row],
        { Row: null, Stated: { } stated } when stated < TransferOfStated.Count => TransferOfStated[stated],
        _ => throw new IntelException("case.accounts.thefts: a seed names neither a row nor a stated receipt of this case."),
    };

    private static void Begin(AccountTableBuilder builder, Hash256 id, uint time, TxMarks marks, string at)
    {
        try
        {
            builder.AddTransaction(id, time, marks: marks);
        }
        catch (ArgumentException wrong)
        {
            throw new IntelException($"{at}: {wrong.Message}", wrong);
        }
    }

    private static uint Time(string text, string at) =>
        DateTimeOffset.TryParseExact(text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.ToUnixTimeSeconds() is >= 0 and <= uint.MaxValue and var seconds
            ? (uint)seconds : throw new IntelException($"{at}: '{text}' is no time as 2022-03-23T13:29:09Z is.");

    private static AccountAddress Address(string text, string at) =>
        AccountAddress.TryParse(text, out var address, out var error) ? address : throw new IntelException($"{at}: '{text}' is no address: {error}.");

    private static AssetName Asset(string text, string at) => AssetName.TryParse(text, out var asset) ? asset : throw new IntelException($"{at}: '{text}' is no asset (CAIP-19).");
}
