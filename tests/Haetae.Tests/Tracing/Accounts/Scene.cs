using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Accounts;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Tracing.Accounts;

/// <summary>A small account ledger told in words: accounts and tokens by name, one transaction after the other.</summary>
internal sealed class Scene
{
    private static readonly ChainName s_chain = ChainName.TryParse("eth", out var chain) ? chain : throw new InvalidOperationException();
    private readonly AccountTableBuilder _builder = new(s_chain);
    private AccountTable? _ledger;
    private int _transactions;

    public Coverage UsualCoverage { set => _builder.UsualCoverage = value; }

    public AccountTable Ledger => _ledger ??= _builder.Build();

    public static AccountAddress Address(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, AccountAddress.Size));

    public static AssetName Asset(string name) => name == "ETH" ? AssetName.Native(s_chain) : AssetName.Token(s_chain, Address(name));

    /// <summary>A transaction of transfers "payer amount asset receiver"; "-" is nobody, "fee" as receiver pays for execution, a leading "!" marks the transaction's own value.</summary>
    /// <returns>The number of its first transfer.</returns>
    public long Tx(params string[] transfers)
    {
        _builder.AddTransaction(new Hash256(SHA256.HashData(BitConverter.GetBytes(_transactions))), (uint)++_transactions, (uint)_transactions);
        var first = -1L;
        foreach (var text in transfers)
        {
            var words = text.TrimStart('!').Split(' ');
            var isFee = words[3] == "fee";
            var asset = Asset(words[2]);
            var kind = isFee ? TransferKind.FeeBurnt : words[0] == "-" ? TransferKind.Mint : words[3] == "-" ? TransferKind.Burn
                : text[0] == '!' ? TransferKind.External : words[2] == "ETH" ? TransferKind.Internal : TransferKind.Token;
            var added = _builder.AddTransfer(words[0] == "-" ? null : Address(words[0]), isFee || words[3] == "-" ? null : Address(words[3]), asset, UInt256.Parse(words[1]), kind);
            if (first < 0) first = added;
        }

        return first;
    }

    /// <summary>An event of the transaction told last.</summary>
    public void Event(string emitter, IReadOnlyList<Hash256> topics, byte[] data) => _builder.AddEvent(Address(emitter), [.. topics], data);

    public void Opening(string account, string asset, ulong amount) => _builder.SetOpening(Address(account), Asset(asset), amount);

    public void Cover(string account, Coverage coverage) => _builder.SetCoverage(Address(account), coverage);

    public uint Account(string name) => Ledger.FindAccount(Address(name)) ?? throw new InvalidOperationException(name);

    public uint AssetNumber(string name) => (uint)Ledger.Assets.Select((asset, number) => (asset, number)).First(one => one.asset.Name == Asset(name)).number;

    public AccountQuery Query(params (long Transfer, ulong Stolen)[] seeds) => new() { Seeds = [.. seeds.Select(seed => new StolenTransfer(seed.Transfer, seed.Stolen))] };

    public AccountOutcome Trace(Policy policy, params (long Transfer, ulong Stolen)[] seeds) => new AccountTracer(Ledger).Trace(Query(seeds), policy);

    /// <summary>What is stolen at an account, whatever ended it there.</summary>
    public UInt256 At(AccountOutcome outcome, string account, string asset) =>
        outcome.Ends.Where(end => end.Account == Account(account) && end.Asset == AssetNumber(asset)).Aggregate(UInt256.Zero, (sum, end) => sum + end.Tainted);

    /// <summary>Fails unless every asset's books close.</summary>
    public static void AssertBalanced(AccountOutcome outcome)
    {
        foreach (var book in outcome.Books)
            Assert.Equal(book.Seeds + book.ConvertedIn, book.Held + book.Parked + book.Fees + book.Destroyed + book.Absorbed + book.Cut + book.ConvertedOut);
        foreach (var group in outcome.Ends.GroupBy(end => end.Asset))
        {
            var book = outcome.Books.Single(one => one.Asset == group.Key);
            Assert.Equal(book.Held + book.Parked + book.Cut, group.Aggregate(UInt256.Zero, (sum, end) => sum + end.Tainted));
        }
    }
}
