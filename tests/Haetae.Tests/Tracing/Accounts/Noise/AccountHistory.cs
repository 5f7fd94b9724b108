using System.Security.Cryptography;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tests.Tracing.Accounts.Noise;

/// <summary>A small Ethereum history whose accounts go by words; a word that is an address stands for itself.</summary>
internal sealed class AccountHistory
{
    private readonly AccountTableBuilder _table = new(ChainName.Ethereum);
    private AccountTable? _built;

    internal AccountTable Built => _built ??= _table.Build();

    internal AccountAddress Address(string name) =>
        AccountAddress.TryParse(name, out var address, out _) ? address : new AccountAddress(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, AccountAddress.Size));

    internal AssetName Asset(string contract, string? symbol = null)
    {
        var asset = AssetName.Token(ChainName.Ethereum, Address(contract));
        if (symbol is not null) _table.DescribeAsset(asset, symbol, 6);
        return asset;
    }

    /// <summary>A transaction signed by its payer, with the calls it makes.</summary>
    internal void Add(string from, string to, UInt256 wei, params (string From, string To, UInt256 Wei)[] calls)
    {
        Begin();
        _table.AddTransfer(Address(from), Address(to), AssetName.Native(ChainName.Ethereum), wei);
        foreach (var call in calls) _table.AddTransfer(Address(call.From), Address(call.To), AssetName.Native(ChainName.Ethereum), call.Wei, TransferKind.Internal);
    }

    /// <summary>A token's transfer; with a signer, in a transaction in which that one calls the token's contract.</summary>
    internal long AddToken(string from, string to, UInt256 amount, AssetName asset, string? signer = null)
    {
        Begin();
        if (signer is not null) _table.AddTransfer(Address(signer), asset.Contract, AssetName.Native(ChainName.Ethereum), UInt256.Zero);
        return _table.AddTransfer(Address(from), Address(to), asset, amount, TransferKind.Token);
    }

    private void Begin()
    {
        var id = new byte[Hash256.Size];
        BitConverter.TryWriteBytes(id, _table.TransactionCount + 1);
        _table.AddTransaction(new Hash256(id), (uint)(1_600_000_000 + _table.TransactionCount), (uint)_table.TransactionCount);
    }
}
