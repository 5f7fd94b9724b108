namespace Haetae.Tracing.Change;

/// <summary>People choose round amounts; change seldom is one.</summary>
/// <remarks>
/// Contract: outputs whose amount is no multiple of 10 to the power of <paramref name="digits"/> satoshi. Errs: on payments converted from another currency, which are not
/// round either. Source: BlockSci, PowerOfTenChange, 6 digits.
/// </remarks>
public sealed class PowerOfTenRule(int digits = 6) : OutputRule
{
    private readonly long _unit = (long)UInt128.Parse("1" + new string('0', digits is >= 1 and <= 15 ? digits : throw new ArgumentOutOfRangeException(nameof(digits), digits, "1 to 15 digits")), System.Globalization.CultureInfo.InvariantCulture);

    public override string Name => "power-of-ten";

    protected override bool MayBeChange(ChangeTransaction transaction, ChangeOutput output) => output.Value % _unit != 0;
}
