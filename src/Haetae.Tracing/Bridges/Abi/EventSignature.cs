using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Hashing;

namespace Haetae.Tracing.Bridges.Abi;

/// <summary>An event as people write it, e.g. <c>Relay(bytes32 transferId, address indexed to, (uint256 id, bytes data) order)</c>.</summary>
public sealed record EventSignature
{
    /// <summary>More characters than any event that bridges emit.</summary>
    public const int MostCharacters = 2_000;

    private EventSignature(string name, IReadOnlyList<AbiParameter> parameters)
    {
        (Name, Parameters) = (name, parameters);
        Canonical = $"{name}({string.Join(',', parameters.Select(parameter => parameter.Type))})";
        var hash = Keccak256.HashData(Encoding.ASCII.GetBytes(Canonical));
        hash.AsSpan().Reverse(); // topics are kept as nodes print them
        Topic = new Hash256(hash);
    }

    public string Name { get; }

    public IReadOnlyList<AbiParameter> Parameters { get; }

    /// <summary>What is hashed: the name and the types.</summary>
    public string Canonical { get; }

    /// <summary>The first topic of every such event: the Keccak-256 of <see cref="Canonical"/>.</summary>
    public Hash256 Topic { get; }

    /// <summary>Topics beside the first.</summary>
    public int IndexedCount => Parameters.Count(parameter => parameter.IsIndexed);

    /// <exception cref="FormatException">It is none, or holds what is not read here.</exception>
    public static EventSignature Parse(string text)
    {
        if (text.Length > MostCharacters) throw new FormatException($"An event's signature has at most {MostCharacters} characters, this one {text.Length}.");
        var reader = new SignatureReader(text.StartsWith("event ", StringComparison.Ordinal) ? text[6..] : text);
        var (name, parameters) = reader.Event();
        return parameters.Count(parameter => parameter.IsIndexed) > 3 ? throw new FormatException($"'{name}' has more than three indexed parameters.") : new EventSignature(name, parameters);
    }
}
