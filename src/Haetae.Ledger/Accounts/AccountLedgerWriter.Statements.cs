using Haetae.Ledger.Accounts.Storage;
using Haetae.Ledger.Chains;

namespace Haetae.Ledger.Accounts;

/// <content>What is said about the rows.</content>
public sealed partial class AccountLedgerWriter
{
    private readonly SortedDictionary<uint, AssetStatement> _described = [];
    private readonly SortedDictionary<(uint Account, uint Asset), UInt256> _openings = [];
    private readonly SortedDictionary<uint, Coverage> _coverage = [];
    private readonly List<string> _notes = [];
    private readonly List<SourceStatement> _sources = [];
    private Coverage _usualCoverage;

    /// <summary>What holds for accounts of which nothing is said.</summary>
    public Coverage UsualCoverage { get => _usualCoverage; set => _usualCoverage = value; }

    /// <summary>The files whose rows are in the ledger, in the order in which they were taken in.</summary>
    public IReadOnlyList<SourceStatement> Sources => _sources;

    /// <summary>What readers of every answer from this ledger must know.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public void AddSource(SourceStatement source) => _sources.Add(source);

    public void DescribeAsset(AssetName asset, string? symbol, int? decimals)
    {
        var number = NumberOf(asset);
        _described[number] = new AssetStatement(number, symbol, decimals);
    }

    /// <summary>Says what an account held before its first transfer.</summary>
    public void SetOpening(AccountAddress account, AssetName asset, UInt256 amount) => _openings[(AccountOf(account), NumberOf(asset))] = amount;

    public void SetCoverage(AccountAddress account, Coverage coverage) => _coverage[AccountOf(account)] = coverage;

    /// <inheritdoc/>
    /// <remarks>A sentence that is there already is not said twice.</remarks>
    public void AddNote(string sentence)
    {
        if (!_notes.Contains(sentence, StringComparer.Ordinal)) _notes.Add(sentence);
    }

    /// <summary>Tells another writer what is said about this ledger's rows, in the words of addresses and names.</summary>
    internal void TellStatements(AccountLedgerWriter other, IAccountView mine)
    {
        foreach (var one in _described.Values) other.DescribeAsset(_assets[(int)one.Asset], one.Symbol, one.Decimals);
        foreach (var (key, amount) in _openings) other.SetOpening(mine.AddressOf(key.Account), _assets[(int)key.Asset], amount);
        foreach (var (account, coverage) in _coverage) other.SetCoverage(mine.AddressOf(account), coverage);
        foreach (var note in _notes) other.AddNote(note);
        foreach (var source in _sources) other.AddSource(source);
    }

    private AccountStatements Statements() => new()
    {
        Assets = [.. _described.Values],
        Openings = [.. _openings.Select(one => new OpeningStatement(one.Key.Account, one.Key.Asset, one.Value.ToString()))],
        Coverage = [.. _coverage.Select(one => new CoverageStatement(one.Key, one.Value))],
        UsualCoverage = _usualCoverage,
        Notes = [.. _notes],
        Sources = [.. _sources],
    };

    private void Take(AccountStatements stored)
    {
        _described.Clear();
        _openings.Clear();
        _coverage.Clear();
        _notes.Clear();
        _sources.Clear();
        foreach (var one in stored.Assets) _described[one.Asset] = one;
        foreach (var one in stored.Openings) _openings[(one.Account, one.Asset)] = UInt256.Parse(one.Amount);
        foreach (var one in stored.Coverage) _coverage[one.Account] = one.Coverage;
        _notes.AddRange(stored.Notes);
        _sources.AddRange(stored.Sources);
        _usualCoverage = stored.UsualCoverage;
    }
}
