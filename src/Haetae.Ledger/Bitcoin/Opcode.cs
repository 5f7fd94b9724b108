namespace Haetae.Ledger.Bitcoin;

/// <summary>The few script opcodes that the templates of output scripts are made of (Bitcoin Core, script/script.h).</summary>
internal static class Opcode
{
    public const byte Zero = 0x00;
    public const byte PushData1 = 0x4c;
    public const byte PushData2 = 0x4d;
    public const byte PushData4 = 0x4e;
    public const byte One = 0x51;
    public const byte Sixteen = 0x60;
    public const byte Return = 0x6a;
    public const byte Duplicate = 0x76;
    public const byte Equal = 0x87;
    public const byte EqualVerify = 0x88;
    public const byte Hash160 = 0xa9;
    public const byte CheckSig = 0xac;
    public const byte CheckMultiSig = 0xae;
}
