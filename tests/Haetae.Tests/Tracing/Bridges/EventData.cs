using System.Numerics;
using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Tracing.Bridges.Abi;

namespace Haetae.Tests.Tracing.Bridges;

/// <summary>Writes an event's data plainly, as the contract ABI says: heads, then tails. Numbers, addresses, text ("0x.." stands for bytes), lists for tuples.</summary>
internal static class EventData
{
    internal static ChainEvent Of(EventSignature signature, AccountAddress emitter, object[] indexed, params object[] values) =>
        new(0, emitter, [signature.Topic, .. indexed.Select(Topic)], Tuple([.. signature.Parameters.Where(parameter => !parameter.IsIndexed)], values));

    internal static Hash256 Topic(object value)
    {
        var word = Word(value);
        Array.Reverse(word);
        return new Hash256(word);
    }

    private static byte[] Tuple(IReadOnlyList<AbiParameter> parameters, object[] values)
    {
        if (parameters.Count != values.Length) throw new ArgumentException($"{parameters.Count} values are declared, {values.Length} given.");
        var heads = new List<byte>();
        var tails = new List<byte>();
        var start = 32 * parameters.Sum(parameter => parameter.Words);
        foreach (var (parameter, value) in parameters.Zip(values))
        {
            var encoded = parameter.Kind switch
            {
                AbiKind.Tuple => Tuple(parameter.Fields, (object[])value),
                AbiKind.Bytes or AbiKind.Array => Text(value),
                _ => Word(value),
            };
            if (!parameter.IsDynamic)
            {
                heads.AddRange(encoded);
                continue;
            }

            heads.AddRange(Word(start + tails.Count));
            tails.AddRange(encoded);
        }

        return [.. heads, .. tails];
    }

    private static byte[] Text(object value)
    {
        var bytes = value switch
        {
            byte[] raw => raw,
            AccountAddress address => address.ToArray(),
            string text when text.StartsWith("0x", StringComparison.Ordinal) => Convert.FromHexString(text[2..]),
            _ => Encoding.ASCII.GetBytes((string)value),
        };
        return [.. Word(bytes.Length), .. bytes, .. new byte[(32 - bytes.Length % 32) % 32]];
    }

    private static byte[] Word(object value)
    {
        byte[] bytes = value switch
        {
            AccountAddress address => address.ToArray(),
            Hash256 hash => [.. hash.ToArray().Reverse()],
            UInt256 number => ((BigInteger)number).ToByteArray(true, true),
            int number => new BigInteger(number).ToByteArray(true, true),
            long number => new BigInteger(number).ToByteArray(true, true),
            byte[] raw => raw,
            string text => Encoding.ASCII.GetBytes(text),
            _ => throw new NotSupportedException(value.GetType().Name),
        };
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
