using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Haetae.Ledger.Accounts.Storage;

/// <summary>Addresses met lately and their accounts: open addressing with linear probing, grown by doubling up to a bound.</summary>
/// <remarks>Keys are not secret: who mines addresses that share a place makes probing slow, never wrong. Past 64 probes the table says it is full and is begun anew.</remarks>
internal sealed class AddressTable
{
    private const int MostBits = 22; // 4 million places of 24 bytes: 100 MB
    private const int MostProbes = 64;
    private const uint Free = uint.MaxValue;

    [StructLayout(LayoutKind.Sequential, Pack = 4, Size = 24)]
    private struct Place
    {
        internal AccountAddress Address;
        internal uint Account;
    }

    private Place[] _places = [];
    private int _bits;
    private int _count;

    internal AddressTable() => Clear();

    /// <summary>As full as it may get: it is to be emptied once what is only here is filed elsewhere.</summary>
    internal bool IsFull { get; private set; }

    internal void Clear()
    {
        if (_bits != 12) _places = new Place[1 << 12];
        _bits = 12;
        _count = 0;
        IsFull = false;
        foreach (ref var place in _places.AsSpan()) place.Account = Free;
    }

    internal unsafe void Prefetch(ulong key)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref _places[(int)(key >> (64 - _bits))])); // the array may move: a stale hint is harmless
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal bool TryFind(in AccountAddress address, ulong key, out uint account)
    {
        var places = _places;
        var mask = places.Length - 1;
        for (var at = (int)(key >> (64 - _bits)); ; at = (at + 1) & mask)
        {
            ref readonly var place = ref places[at];
            if (place.Account == Free)
            {
                account = 0;
                return false;
            }

            if (place.Address != address) continue;
            account = place.Account;
            return true;
        }
    }

    /// <summary>Adds an address that is not there.</summary>
    internal void Add(in AccountAddress address, ulong key, uint account)
    {
        if (2 * _count >= _places.Length && _bits < MostBits) Grow();
        Put(address, key, account);
        _count++;
        if (_count >= _places.Length / 4 * 3) IsFull = true;
    }

    private void Put(in AccountAddress address, ulong key, uint account)
    {
        var mask = _places.Length - 1;
        var probes = 0;
        for (var at = (int)(key >> (64 - _bits)); ; at = (at + 1) & mask, probes++)
        {
            if (_places[at].Account != Free) continue;
            _places[at] = new Place { Address = address, Account = account };
            if (probes > MostProbes) IsFull = true;
            return;
        }
    }

    private void Grow()
    {
        var old = _places;
        _bits = Math.Min(MostBits, _bits + 2);
        _places = new Place[1 << _bits];
        foreach (ref var place in _places.AsSpan()) place.Account = Free;
        foreach (ref readonly var place in old.AsSpan())
            if (place.Account != Free) Put(place.Address, place.Address.Key, place.Account);
    }
}
