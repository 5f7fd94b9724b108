using System.Buffers.Binary;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Bridges.Abi;

/// <summary>Finds an event's values by the names in its signature. Nothing is copied but topics: a value is a stretch of the event's own data.</summary>
/// <remarks>The data is hostile: every offset and length is held against what is there, and what does not fit is no value.</remarks>
public readonly struct EventValues
{
    private const int WordSize = 32;

    // A bare null would become an empty stretch: a null array converts to one.
    private static readonly ReadOnlyMemory<byte>? None = null;

    private readonly EventSignature _signature;
    private readonly ChainEvent _event;

    private EventValues(EventSignature signature, ChainEvent one) => (_signature, _event) = (signature, one);

    /// <summary>Whether an event is of a signature: its first topic and the number of topics.</summary>
    public static bool TryRead(EventSignature signature, ChainEvent one, out EventValues values)
    {
        values = new EventValues(signature, one);
        return one.Topics.Count == signature.IndexedCount + 1 && one.Topics[0] == signature.Topic;
    }

    /// <summary>The value of a parameter, or of a field of a tuple (<c>order.giveAmount</c>): 32 bytes of a word, or the bytes of text. Null: not there.</summary>
    public ReadOnlyMemory<byte>? Find(string path)
    {
        var names = path.Split('.');
        var topic = 0;
        var head = 0;
        foreach (var parameter in _signature.Parameters)
        {
            if (parameter.IsIndexed) topic++;
            if (parameter.Name == names[0]) return parameter.IsIndexed ? Topic(parameter, names, topic) : Value(parameter, _event.Data, head, names.AsSpan(1));
            if (!parameter.IsIndexed) head += parameter.Words * WordSize;
        }

        return null;
    }

    // Of an indexed text only the hash is kept (Solidity, "Events"): that is not its value.
    private ReadOnlyMemory<byte>? Topic(AbiParameter parameter, string[] names, int topic)
    {
        if (names.Length > 1 || parameter.Kind != AbiKind.Word) return null;
        var bytes = _event.Topics[topic].ToArray();
        Array.Reverse(bytes);
        return bytes;
    }

    private static ReadOnlyMemory<byte>? Value(AbiParameter parameter, ReadOnlyMemory<byte> region, int head, ReadOnlySpan<string> names)
    {
        if (head + WordSize > region.Length) return null;
        if (parameter.Kind == AbiKind.Word) return names.IsEmpty ? region.Slice(head, WordSize) : None;
        var start = head;
        if (parameter.IsDynamic)
        {
            if (Small(region.Span[head..]) is not { } offset || offset > region.Length) return null;
            (region, start) = (region[offset..], 0);
        }

        return parameter.Kind switch
        {
            AbiKind.Bytes when names.IsEmpty => Text(region),
            AbiKind.Tuple when !names.IsEmpty => Field(parameter, region, start, names),
            _ => null,
        };
    }

    private static ReadOnlyMemory<byte>? Field(AbiParameter tuple, ReadOnlyMemory<byte> region, int head, ReadOnlySpan<string> names)
    {
        foreach (var field in tuple.Fields)
        {
            if (field.Name == names[0]) return Value(field, region, head, names[1..]);
            head += field.Words * WordSize;
        }

        return null;
    }

    private static ReadOnlyMemory<byte>? Text(ReadOnlyMemory<byte> region) =>
        region.Length >= WordSize && Small(region.Span) is { } length && length <= region.Length - WordSize ? region.Slice(WordSize, length) : None;

    // A word as a place in memory; null when no data could be so large.
    private static int? Small(ReadOnlySpan<byte> word) =>
        word[..28].IndexOfAnyExcept((byte)0) < 0 && BinaryPrimitives.ReadUInt32BigEndian(word[28..]) is <= int.MaxValue and var value ? (int)value : null;
}
