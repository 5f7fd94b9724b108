using Haetae.Ledger.Bitcoin;

namespace Haetae.Tests.Ledger.Bitcoin;

public class ScriptTests
{
    private const string Key = "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798";
    private const string Twenty = "751e76e8199196d454941c45d1b3a323f1433bd6";
    private static readonly string s_longKey = "04" + new string('5', 128);
    private static readonly string s_hybridKey = "07" + new string('5', 128);
    private static readonly string s_thirtyTwo = new('a', 64);

    public static TheoryData<string, string, ScriptKind> Cases => new()
    {
        { "nothing", "", ScriptKind.NonStandard },
        { "compressed key", $"21{Key}ac", ScriptKind.PubKey },
        { "uncompressed key", $"41{s_longKey}ac", ScriptKind.PubKey },
        { "hybrid key", $"41{s_hybridKey}ac", ScriptKind.PubKey },
        { "33 bytes that begin as a long key does", $"2104{Key[2..]}ac", ScriptKind.NonStandard },
        { "65 bytes that begin as a short key does", $"4102{s_longKey[2..]}ac", ScriptKind.NonStandard },
        { "key pushed the long way", $"4c21{Key}ac", ScriptKind.NonStandard },
        { "key hash", $"76a914{Twenty}88ac", ScriptKind.PubKeyHash },
        { "key hash and one more operation", $"76a914{Twenty}88ac61", ScriptKind.NonStandard },
        { "script hash", $"a914{Twenty}87", ScriptKind.ScriptHash },
        { "script hash pushed the long way", $"a94c14{Twenty}87", ScriptKind.NonStandard },
        { "version 0, 20 bytes", $"0014{Twenty}", ScriptKind.WitnessV0KeyHash },
        { "version 0, 32 bytes", $"0020{s_thirtyTwo}", ScriptKind.WitnessV0ScriptHash },
        { "version 0, 21 bytes", $"0015{Twenty}00", ScriptKind.NonStandard },
        { "version 0, 2 bytes", "00024e73", ScriptKind.NonStandard },
        { "version 1, 32 bytes", $"5120{s_thirtyTwo}", ScriptKind.WitnessV1Taproot },
        { "version 1, 20 bytes", $"5114{Twenty}", ScriptKind.WitnessUnknown },
        { "anchor", "51024e73", ScriptKind.Anchor },
        { "version 1, 2 other bytes", "51024e74", ScriptKind.WitnessUnknown },
        { "version 2 with the anchor's bytes", "52024e73", ScriptKind.WitnessUnknown },
        { "version 16, 2 bytes", "6002751e", ScriptKind.WitnessUnknown },
        { "version 16, 40 bytes", $"6028{Twenty}{Twenty}", ScriptKind.WitnessUnknown },
        { "version 16, 41 bytes", $"6029{Twenty}{Twenty}00", ScriptKind.NonStandard },
        { "version 16, 1 byte", "600175", ScriptKind.NonStandard },
        { "version 1, a push shorter than the rest", $"511f{s_thirtyTwo}", ScriptKind.NonStandard },
        { "OP_1NEGATE as a version", "4f02751e", ScriptKind.NonStandard },
        { "OP_RETURN alone", "6a", ScriptKind.NullData },
        { "OP_RETURN and pushes", "6a0401020304004f60", ScriptKind.NullData },
        { "OP_RETURN and a long push", $"6a4c20{s_thirtyTwo}", ScriptKind.NullData },
        { "OP_RETURN and OP_RESERVED", "6a50", ScriptKind.NullData },
        { "OP_RETURN and a push past the end", "6a05010203", ScriptKind.NonStandard },
        { "OP_RETURN and OP_PUSHDATA1 without a length", "6a4c", ScriptKind.NonStandard },
        { "OP_RETURN and OP_PUSHDATA2 with half a length", "6a4d01", ScriptKind.NonStandard },
        { "OP_RETURN and a push of 4 GiB", "6a4effffffff00", ScriptKind.NonStandard },
        { "OP_RETURN and an operation", "6a61", ScriptKind.NonStandard },
        { "OP_RETURN not first", "616a", ScriptKind.NonStandard },
    };

    public static TheoryData<string, string, ScriptKind> MultiSigCases => new()
    {
        { "1 of 1", $"5121{Key}51ae", ScriptKind.MultiSig },
        { "1 of 2, short and long key", $"5121{Key}41{s_longKey}52ae", ScriptKind.MultiSig },
        { "2 of 2", $"5221{Key}21{Key}52ae", ScriptKind.MultiSig },
        { "2 of 1", $"5221{Key}51ae", ScriptKind.NonStandard },
        { "0 of 1", $"0021{Key}51ae", ScriptKind.NonStandard },
        { "more keys than said", $"5121{Key}21{Key}51ae", ScriptKind.NonStandard },
        { "fewer keys than said", $"5121{Key}52ae", ScriptKind.NonStandard },
        { "no key", "5151ae", ScriptKind.NonStandard },
        { "a key of no valid shape", $"512109{Key[2..]}51ae", ScriptKind.NonStandard },
        { "a key pushed the long way", $"514c21{Key}51ae", ScriptKind.MultiSig },
        { "1 of 16", $"51{Keys(16)}60ae", ScriptKind.MultiSig },
        { "1 of 17", $"51{Keys(17)}0111ae", ScriptKind.MultiSig },
        { "20 of 20", $"0114{Keys(20)}0114ae", ScriptKind.MultiSig },
        { "1 of 21", $"51{Keys(21)}0115ae", ScriptKind.NonStandard },
        { "1 of 16, written as a byte", $"51{Keys(16)}0110ae", ScriptKind.NonStandard },
        { "1 of 17, pushed the long way", $"51{Keys(17)}4c0111ae", ScriptKind.NonStandard },
        { "cut inside a key", $"5121{Key[..40]}ae", ScriptKind.NonStandard },
        { "something before the end", $"5121{Key}5161ae", ScriptKind.NonStandard },
        { "ended twice", $"5121{Key}51aeae", ScriptKind.NonStandard },
        { "OP_CHECKMULTISIG alone", "ae", ScriptKind.NonStandard },
        { "a last byte that belongs to a cut key", $"5121{Key}21{Key[..62]}ae", ScriptKind.NonStandard },
        { "a last byte that is key data", $"5121{Key}21{Key[..64]}ae", ScriptKind.NonStandard },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    [MemberData(nameof(MultiSigCases))]
    public void A_script_is_of_the_kind_Core_calls_it(string what, string hex, ScriptKind expected) =>
        Assert.True(expected == Script.Classify(Convert.FromHexString(hex)), $"{what} should be {expected}: {hex}");

    [Theory]
    [InlineData("", false)]
    [InlineData("6a", true)]
    [InlineData("6a61", true)]
    [InlineData("616a", false)]
    [InlineData("51", false)]
    public void What_begins_with_OP_RETURN_is_never_spent(string hex, bool expected) =>
        Assert.Equal(expected, Script.IsUnspendable(Convert.FromHexString(hex)));

    [Theory]
    [InlineData(10_000, false)]
    [InlineData(10_001, true)]
    public void A_script_over_10_000_bytes_is_never_spent(int length, bool expected) =>
        Assert.Equal(expected, Script.IsUnspendable(new byte[length]));

    [Fact]
    public void A_kind_has_the_name_Core_prints()
    {
        string[] expected =
        [
            "nonstandard", "pubkey", "pubkeyhash", "scripthash", "witness_v0_keyhash", "witness_v0_scripthash", "witness_v1_taproot",
            "witness_unknown", "anchor", "multisig", "nulldata",
        ];
        Assert.Equal(expected, Enum.GetValues<ScriptKind>().Select(kind => kind.CoreName()));
    }

    [Fact]
    public void Classifying_allocates_nothing()
    {
        var script = Convert.FromHexString($"0114{Keys(20)}0114ae");
        Script.Classify(script);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Script.Classify(script);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Random_bytes_never_make_the_classifier_fail()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        byte[] openings = [0x51, 0x6a, 0x00, 0xa9, 0x76, 0x4c, 0x4d, 0x4e];
        for (var round = 0; round < 20_000; round++)
        {
            var script = new byte[random.Next(1, 80)];
            random.NextBytes(script);
            script[0] = openings[random.Next(openings.Length)];
            if (round % 2 == 0) script[^1] = 0xae;
            var failure = Record.Exception(() => Script.Classify(script));
            Assert.True(failure is null, $"seed {seed}, {Convert.ToHexStringLower(script)}: {failure}");
        }
    }

    private static string Keys(int count) => string.Concat(Enumerable.Repeat("21" + Key, count));
}
