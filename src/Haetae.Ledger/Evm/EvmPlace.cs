using System.Globalization;

namespace Haetae.Ledger.Evm;

/// <summary>Where something was read, for messages: put into words only when something is wrong.</summary>
/// <param name="Source">A node or a file.</param>
/// <param name="Number">A block's number or a line's; null: it is not known yet.</param>
/// <param name="Part">Which thing in it, e.g. "transaction".</param>
internal readonly record struct EvmPlace(string Source, ulong? Number = null, string? Part = null, int Index = 0, bool IsLine = false)
{
    internal EvmPlace At(string part, int index) => this with { Part = part, Index = index };

    public override string ToString()
    {
        var text = Source;
        if (Number is { } number) text += (IsLine ? ", line " : ": block ") + number.ToString(CultureInfo.InvariantCulture);
        return Part is null ? text : string.Create(CultureInfo.InvariantCulture, $"{text}, {Part} {Index}");
    }
}
