using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Mixers;

namespace Haetae.Tests.Tracing.Mixers;

/// <summary>Small pools written by hand: a letter is an actor, a block a second.</summary>
internal sealed class PoolScene(int pools = 1)
{
    private readonly List<PoolDeposit>[] _deposits = [.. Enumerable.Range(0, pools).Select(_ => new List<PoolDeposit>())];
    private readonly List<PoolWithdrawal>[] _withdrawals = [.. Enumerable.Range(0, pools).Select(_ => new List<PoolWithdrawal>())];
    private readonly List<OutsideTransfer> _outside = [];
    private byte _hashes;
    private int _more;

    internal static AccountAddress Of(char actor)
    {
        var bytes = new byte[AccountAddress.Size];
        bytes[^1] = (byte)actor;
        return new AccountAddress(bytes);
    }

    internal PoolScene In(uint block, char? by, int pool = 0, ulong? gas = null, bool dated = true)
    {
        _deposits[pool].Add(new PoolDeposit(Hash(), block, Hash(), (uint)_deposits[pool].Count) { Time = dated ? block : null, Depositor = by is { } actor ? Of(actor) : null, GasPrice = gas });
        return this;
    }

    internal PoolScene Out(uint block, char to, int pool = 0, ulong? gas = null, ulong fee = 0, char? sender = null)
    {
        _withdrawals[pool].Add(new PoolWithdrawal(Hash(), block, Of(to), Hash(), fee) { Time = block, GasPrice = gas, Sender = sender is { } actor ? Of(actor) : null });
        return this;
    }

    internal PoolScene Pay(char from, char to, int times)
    {
        for (; times > 0; times--) _outside.Add(new OutsideTransfer(Of(from), Of(to), 0));
        return this;
    }

    internal PoolBook Book() => new([.. Enumerable.Range(0, pools).Select(pool => new PoolEvents(
        new Pool($"pool {pool}", UInt256.MulDiv(10, new UInt256(0, UInt128.Parse("1000000000000000000", System.Globalization.CultureInfo.InvariantCulture)), 1), "ETH", 18), _deposits[pool], _withdrawals[pool]))])
    {
        Outside = _outside,
    };

    private Hash256 Hash()
    {
        var bytes = new byte[Hash256.Size];
        bytes[0] = ++_hashes;
        if (_hashes == 0) _more++;
        bytes[1] = (byte)_more;
        return new Hash256(bytes);
    }
}
