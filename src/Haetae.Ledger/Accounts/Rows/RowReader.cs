using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts.Rows;

/// <summary>Where a field lies in a piece of a file; length -1: the row does not hold it.</summary>
internal readonly record struct FieldAt(int Start, int Length)
{
    internal static FieldAt None => new(0, -1);
}

/// <summary>Turns the fields of one row into a <see cref="TransferRow"/>. One for each piece of a file: it keeps its own list of assets.</summary>
internal sealed class RowReader
{
    private readonly TransferTable _table;
    private readonly int _feeDecimals;
    private readonly bool _isTron;
    private readonly Dictionary<string, uint> _assetTexts = [];
    private readonly Dictionary<AssetName, uint> _assetNumbers = [];
    private readonly List<string> _names = [];
    private byte[] _lastAsset = [];
    private uint _lastAssetNumber = uint.MaxValue;

    internal RowReader(TransferTable table)
    {
        _table = table;
        _feeDecimals = table.Decimals is null ? 0 : table.Chain.Decimals;
        _isTron = table.Chain.Family == ChainFamily.Tron;
        NumberOf(table.Asset ?? AssetName.Native(table.Chain));
    }

    internal List<AssetName> Assets { get; } = [];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal TransferRow Read(ReadOnlySpan<byte> piece, ReadOnlySpan<FieldAt> at, long line)
    {
        var row = new TransferRow { Line = line, Block = AccountGraph.NoBlock };
        var text = Text(piece, at, TransferField.Time);
        row.Time = RowTime.Read(text, _table.TimesAreUtc, out var error);
        if (error is not null) throw Problem(line, TransferField.Time, text, error);

        var failed = Text(piece, at, TransferField.Status);
        if (!failed.IsEmpty && IsFailure(failed, line)) row.Has |= RowHas.Failed;
        text = Text(piece, at, TransferField.From);
        if (!text.IsEmpty)
        {
            row.From = Address(text, line, TransferField.From, ref row.Has);
            row.Has |= RowHas.From;
        }

        var field = TransferField.To;
        text = Text(piece, at, field);
        if (text.IsEmpty) text = Text(piece, at, field = TransferField.Created);
        if (!text.IsEmpty)
        {
            row.To = Address(text, line, field, ref row.Has);
            row.Has |= RowHas.To;
        }

        if ((row.Has & (RowHas.From | RowHas.To)) == 0) throw Problem(line, TransferField.From, default, "names nobody, and no other column says who was paid");
        text = Text(piece, at, TransferField.Amount);
        row.Amount = Amount(text, _table.Decimals ?? 0, out error);
        if (error is not null) throw Problem(line, TransferField.Amount, text, error);
        text = Text(piece, at, TransferField.Asset);
        row.Asset = text.IsEmpty ? 0 : AssetOf(text, line);
        text = Text(piece, at, TransferField.Hash);
        if (!text.IsEmpty)
        {
            row.Hash = Hash(text, line);
            row.Has |= RowHas.Hash;
        }

        text = Text(piece, at, TransferField.Block);
        if (!text.IsEmpty)
        {
            var block = DecimalAmount.Read(text, 0, out error);
            if (error is not null || block >= (UInt256)AccountGraph.NoBlock) throw Problem(line, TransferField.Block, text, "no block's number");
            row.Block = (uint)block.Lower;
        }

        text = Text(piece, at, TransferField.Fee);
        if (!text.IsEmpty)
        {
            var fee = Amount(text, _feeDecimals, out error);
            if (error is not null || !fee.IsNarrow) throw Problem(line, TransferField.Fee, text, error ?? "more than there is");
            row.Fee = fee.Lower;
            row.Has |= RowHas.Fee;
        }

        Settle(ref row, Text(piece, at, TransferField.Kind), line);
        if ((row.Has & RowHas.Hash) == 0) row.Hash = RowId.Of(_table.Chain, row, _names[(int)row.Asset], 0); // here, where many threads work
        return row;
    }

    /// <summary>Says why value moved: as the table says; else from what the asset is. A token from or to the zero address is made or destroyed.</summary>
    private void Settle(ref TransferRow row, ReadOnlySpan<byte> kind, long line)
    {
        var isNative = Assets[(int)row.Asset].Kind == AssetKind.Native;
        if (!kind.IsEmpty)
        {
            if (!Enum.TryParse<TransferKind>(Encoding.UTF8.GetString(kind), ignoreCase: true, out var said) || !Enum.IsDefined(said) || char.IsAsciiDigit((char)kind[0]))
                throw Problem(line, TransferField.Kind, kind, $"no kind of transfer; there are {string.Join(", ", Enum.GetNames<TransferKind>().Select(name => name.ToLowerInvariant()))}");
            row.Kind = (byte)said;
        }
        else if (!isNative)
        {
            row.Kind = (byte)TransferKind.Token;
        }

        if (isNative) return;
        if (row.Kind is (byte)TransferKind.Token or (byte)TransferKind.Mint && (row.Has & RowHas.From) != 0 && row.From.IsZero)
        {
            row.Has &= ~RowHas.From;
            row.Kind = (byte)TransferKind.Mint;
        }
        else if (row.Kind is (byte)TransferKind.Token or (byte)TransferKind.Burn && (row.Has & RowHas.To) != 0 && row.To.IsZero)
        {
            row.Has &= ~RowHas.To;
            row.Kind = (byte)TransferKind.Burn;
        }
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> piece, ReadOnlySpan<FieldAt> at, TransferField field)
    {
        var (start, length) = at[(int)field];
        return length <= 0 ? default : piece.Slice(start, length).Trim((byte)' ');
    }

    private UInt256 Amount(ReadOnlySpan<byte> text, int decimals, out string? error)
    {
        var amount = DecimalAmount.Read(text, decimals, out error);
        if (error is null || !text.Contains((byte)',')) return amount;
        if (_table.AmountsAreGrouped) return DecimalAmount.ReadGrouped(text, decimals, out error);
        error += ": if commas set thousands apart, say so with --grouped";
        return default;
    }

    private AccountAddress Address(ReadOnlySpan<byte> text, long line, TransferField field, ref RowHas has)
    {
        var digits = text.Length == 42 && text[0] is (byte)'0' or (byte)'\\' && text[1] is (byte)'x' or (byte)'X' ? text[2..] : text;
        Span<byte> bytes = stackalloc byte[AccountAddress.Size];
        if (digits.Length == 40 && Convert.FromHexString(digits, bytes, out _, out _) == OperationStatus.Done)
        {
            if (_isTron) has |= RowHas.EvmForm;
            return new AccountAddress(bytes);
        }

        var letters = text.Length > 100 ? "" : Encoding.UTF8.GetString(text);
        return _table.Chain.TryReadAddress(letters, out var address, out var error) ? address : throw Problem(line, field, text, $"no address: {error}");
    }

    private Hash256 Hash(ReadOnlySpan<byte> text, long line)
    {
        var digits = text.Length == 66 && text[0] is (byte)'0' or (byte)'\\' && text[1] is (byte)'x' or (byte)'X' ? text[2..] : text;
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        if (digits.Length != 64 || Convert.FromHexString(digits, bytes, out _, out _) != OperationStatus.Done) throw Problem(line, TransferField.Hash, text, "no hash of 64 hexadecimal digits");
        bytes.Reverse();
        return new Hash256(bytes);
    }

    private bool IsFailure(ReadOnlySpan<byte> text, long line)
    {
        if (Is(text, "1"u8) || Is(text, "0x1"u8) || Is(text, "true"u8) || Is(text, "success"u8) || Is(text, "ok"u8)) return false;
        if (Is(text, "0"u8) || Is(text, "0x0"u8) || Is(text, "false"u8) || Is(text, "failed"u8) || Is(text, "fail"u8) || Is(text, "reverted"u8)) return true;
        if (text.Length >= 5 && Is(text[..5], "error"u8)) return true; // Etherscan's exports write 'Error(0)', and nothing where a transaction succeeded
        throw Problem(line, TransferField.Status, text, "neither 1, true, ok or success nor 0, false, fail, failed, reverted or error");
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(text, word);

    private uint AssetOf(ReadOnlySpan<byte> text, long line)
    {
        if (text.SequenceEqual(_lastAsset)) return _lastAssetNumber;
        var word = text.Length > 300 ? "" : Encoding.UTF8.GetString(text);
        if (!_assetTexts.TryGetValue(word, out var number))
        {
            var asset = AssetName.TryParse(word, out var named) ? named : AssetName.Of(_table.Chain, word);
            if (asset is null && AccountAddress.TryParse(word, out _, out _) && !_table.Chain.TryReadAddress(word, out _, out var why)) throw Problem(line, TransferField.Asset, text, $"no asset: {why}");
            if (asset is null) throw Problem(line, TransferField.Asset, text, "no asset: neither a contract's address nor a CAIP-19 name");
            if (asset.Chain != _table.Chain) throw Problem(line, TransferField.Asset, text, $"no asset of {_table.Chain}");
            number = NumberOf(asset);
            if (_assetTexts.Count < 100_000) _assetTexts.Add(word, number);
        }

        (_lastAsset, _lastAssetNumber) = (text.ToArray(), number);
        return number;
    }

    private uint NumberOf(AssetName asset)
    {
        if (_assetNumbers.TryGetValue(asset, out var known)) return known;
        _assetNumbers.Add(asset, (uint)Assets.Count);
        Assets.Add(asset);
        _names.Add(asset.Caip19);
        return (uint)Assets.Count - 1;
    }

    private RowProblem Problem(long line, TransferField field, ReadOnlySpan<byte> text, string reason)
    {
        var shown = Encoding.UTF8.GetString(text.Length > 100 ? text[..100] : text);
        return new RowProblem(line, _table.Map.TryGetValue(field, out var column) ? column : field.ToString().ToLowerInvariant(), text.IsEmpty && reason[0] == 'n' && reason.StartsWith("names", StringComparison.Ordinal) ? reason : text.IsEmpty ? "is empty" : $"'{shown}' is {reason}");
    }
}
