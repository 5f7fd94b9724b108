using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts;

/// <content>What is said about the rows.</content>
public sealed partial class AccountLedgerWriter
{
    private readonly SortedDictionary<uint, AssetStatement> _described = [];
    private readonly SortedDictionary<(uint Account, uint Asset), UInt256> _openings = [];
    private readonly List<string> _notes = [];
    private readonly List<SourceStatement> _sources = [];
    private AccountCoverages _coverage = new();
    private Coverage _usualCoverage;

    /// <summary>What holds for accounts of which nothing is said.</summary>
    public Coverage UsualCoverage { get => _usualCoverage; set => _usualCoverage = value; }

    /// <summary>The files whose rows are in the ledger, in the order in which they were taken in.</summary>
    public IReadOnlyList<SourceStatement> Sources => _sources;

    /// <summary>What readers of every answer from this ledger must know.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Says that a file's rows are in the ledger; what was said of a file of these bytes before is replaced.</summary>
    public void AddSource(SourceStatement source)
    {
        var at = _sources.FindIndex(one => one.Sha256 == source.Sha256);
        if (at < 0) _sources.Add(source);
        else _sources[at] = source;
    }

    public void DescribeAsset(AssetName asset, string? symbol, int? decimals)
    {
        var number = NumberOf(asset);
        _described[number] = new AssetStatement(number, symbol, decimals);
    }

    /// <summary>Says what an account held before its first transfer.</summary>
    public void SetOpening(AccountAddress account, AssetName asset, UInt256 amount) => _openings[(AccountOf(account), NumberOf(asset))] = amount;

    public void SetCoverage(AccountAddress account, Coverage coverage) => _coverage.Set(AccountOf(account), 0, coverage);

    /// <summary>How much of a stored account's history the ledger holds, as far as it is said.</summary>
    internal Coverage CoverageOf(uint account) => _coverage[account] ?? _usualCoverage;

    /// <summary>Says it of an account, and of so many that follow it.</summary>
    internal void SetCoverage(uint account, uint following, Coverage coverage) => _coverage.Set(account, following, coverage);

    /// <summary>The number of an address, which it gets if it has none.</summary>
    internal uint NumberOf(AccountAddress address) => AccountOf(address);

    /// <summary>Accounts there are, those of the rows added last included.</summary>
    internal uint AccountCount
    {
        get
        {
            NumberBatch();
            return _numbers.Count;
        }
    }

    /// <summary>Shows, in pieces, who pays and who is paid by the transfers from one on; nobody among them.</summary>
    internal void ReadAccounts(long from, Action<ReadOnlySpan<uint>> take)
    {
        Flush();
        var some = new uint[1 << 16];
        for (var at = from; at < _written.Transfers; at += some.Length)
        {
            var piece = some.AsSpan(0, (int)Math.Min(some.Length, _written.Transfers - at));
            _files.Read(AccountColumns.TransferFrom, at, piece);
            take(piece);
            _files.Read(AccountColumns.TransferTo, at, piece);
            take(piece);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A sentence that is there already is not said twice.</remarks>
    public void AddNote(string sentence)
    {
        if (!_notes.Contains(sentence, StringComparer.Ordinal)) _notes.Add(sentence);
    }

    /// <summary>Tells another writer what is said about this ledger's rows but for coverage, in the words of addresses and names.</summary>
    internal void TellStatements(AccountLedgerWriter other, IAccountView mine)
    {
        foreach (var one in _described.Values) other.DescribeAsset(_assets[(int)one.Asset], one.Symbol, one.Decimals);
        foreach (var (key, amount) in _openings) other.SetOpening(mine.AddressOf(key.Account), _assets[(int)key.Asset], amount);
        foreach (var note in _notes) other.AddNote(note);
        foreach (var source in _sources) other.AddSource(source);
    }

    private AccountStatements Statements() => new()
    {
        Assets = [.. _described.Values],
        Openings = [.. _openings.Select(one => new OpeningStatement(one.Key.Account, one.Key.Asset, one.Value.ToString()))],
        Coverage = [.. _coverage.Statements()],
        UsualCoverage = _usualCoverage,
        Notes = [.. _notes],
        Sources = [.. _sources],
    };

    private void Take(AccountStatements stored)
    {
        _described.Clear();
        _openings.Clear();
        _notes.Clear();
        _sources.Clear();
        foreach (var one in stored.Assets) _described[one.Asset] = one;
        foreach (var one in stored.Openings) _openings[(one.Account, one.Asset)] = UInt256.Parse(one.Amount);
        _coverage = AccountCoverages.Of(stored.Coverage);
        _notes.AddRange(stored.Notes);
        _sources.AddRange(stored.Sources);
        _usualCoverage = stored.UsualCoverage;
    }
}
