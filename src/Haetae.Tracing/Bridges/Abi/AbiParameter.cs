namespace Haetae.Tracing.Bridges.Abi;

/// <summary>How a parameter lies in an event's data.</summary>
public enum AbiKind
{
    /// <summary>One word of 32 bytes: numbers, addresses, flags, fixed bytes.</summary>
    Word,

    /// <summary><c>bytes</c> or <c>string</c>: an offset, there a length and the bytes.</summary>
    Bytes,

    /// <summary>Fields one after the other; behind an offset when one of them is of variable length.</summary>
    Tuple,

    /// <summary>An array: its place is known, its items are not read.</summary>
    Array,
}

/// <summary>A parameter of an event as its signature declares it.</summary>
/// <param name="Name">Empty when the signature names none.</param>
/// <param name="Type">As it stands in what is hashed: <c>uint256</c>, <c>(address,bytes)</c>.</param>
/// <param name="IsIndexed">Whether it stands in a topic instead of the data.</param>
/// <param name="Fields">Those of a tuple; empty otherwise.</param>
/// <remarks>Source: Solidity, "Contract ABI Specification".</remarks>
public sealed record AbiParameter(string Name, string Type, AbiKind Kind, bool IsIndexed, IReadOnlyList<AbiParameter> Fields)
{
    /// <summary>Whether its place in the data holds an offset only.</summary>
    public bool IsDynamic => Kind is AbiKind.Bytes or AbiKind.Array || Fields.Any(one => one.IsDynamic);

    /// <summary>Words that it takes where its siblings stand.</summary>
    public int Words => Kind == AbiKind.Tuple && !IsDynamic ? Fields.Sum(one => one.Words) : 1;
}
