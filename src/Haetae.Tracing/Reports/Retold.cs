using System.Collections;

namespace Haetae.Tracing.Reports;

/// <summary>A list of numbers read as a list of words: each item is made when it is asked for, and none is kept.</summary>
/// <remarks>A trace can have millions of ends. In the ledger's numbers one takes 16 bytes, in words some 500.</remarks>
internal sealed class Retold<TNumbers, TWords>(IReadOnlyList<TNumbers> numbers, Func<TNumbers, TWords> words) : IReadOnlyList<TWords>
{
    public int Count => numbers.Count;

    public TWords this[int index] => words(numbers[index]);

    public IEnumerator<TWords> GetEnumerator()
    {
        foreach (var item in numbers) yield return words(item);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
