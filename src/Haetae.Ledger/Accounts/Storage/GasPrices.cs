namespace Haetae.Ledger.Accounts.Storage;

/// <summary>Gas prices as stored: in 64-bit words, the least significant first, each beside the number of its transaction.</summary>
/// <remarks>
/// A price of up to 18.4 coins for a single unit of gas takes one word, so a row of 12 bytes; a wider one, which a chain can say all the same,
/// takes further rows of the same transaction, without zeros at its end. The columns are drawn in docs/ledger-format.md.
/// </remarks>
internal static class GasPrices
{
    /// <summary>Words of 256 bits.</summary>
    internal const int MostWords = 4;

    internal static void Put(AccountBatch batch, uint transaction, UInt256 price)
    {
        Span<ulong> words = [(ulong)price.Lower, (ulong)(price.Lower >> 64), (ulong)price.Upper, (ulong)(price.Upper >> 64)];
        var count = Math.Max(1, words.LastIndexOfAnyExcept(0UL) + 1);
        foreach (var word in words[..count])
        {
            batch.GasTx.Add(transaction);
            batch.GasWord.Add(word);
        }
    }

    internal static UInt256 Of(ReadOnlySpan<ulong> words)
    {
        Span<ulong> all = stackalloc ulong[MostWords];
        all.Clear();
        words.CopyTo(all);
        return new UInt256(new UInt128(all[3], all[2]), new UInt128(all[1], all[0]));
    }
}
