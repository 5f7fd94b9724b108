using System.Globalization;

namespace Haetae.Ledger;

/// <summary>An amount of bitcoin in its base unit, one hundred-millionth of a coin. Range: that of <see cref="long"/>; never negative on chain.</summary>
public readonly record struct Satoshi(long Value) : IComparable<Satoshi>
{
    /// <summary>No valid amount is larger: 21 million coins (Bitcoin Core, consensus/amount.h, MAX_MONEY).</summary>
    public const long Maximum = 21_000_000L * 100_000_000L;

    public int CompareTo(Satoshi other) => Value.CompareTo(other.Value);

    /// <summary>The amount in base units, as files carry it.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The place of a transaction in the ledger, from 0 in chain order. Capacity 4.29 billion; Bitcoin held about 1.4 billion in 2026.</summary>
public readonly record struct TxNum(uint Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The place of an output in the ledger, from 0 in chain order. Stored in 5 bytes: capacity 2^40 - 1; Bitcoin held about 3.6 billion in 2026.</summary>
public readonly record struct OutputNum(long Value)
{
    /// <summary>The stored form of "an output this ledger does not hold": all 40 bits set.</summary>
    public const long NotHeld = (1L << 40) - 1;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The place of an input in the ledger, from 0 in chain order, coinbase inputs left out. Stored in 5 bytes.</summary>
public readonly record struct InputNum(long Value)
{
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The number of blocks before this one on the chain; the genesis block has height 0.</summary>
public readonly record struct BlockHeight(int Value) : IComparable<BlockHeight>
{
    public int CompareTo(BlockHeight other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
