using System.Runtime.Intrinsics.X86;

namespace Haetae.Tests.Hashing;

/// <summary><c>test.sh</c> runs the hashing and ingest tests a second time with AVX-512 switched off; that run must be what it says.</summary>
public class InstructionSetTests
{
    [Fact]
    public void A_run_with_AVX512_switched_off_has_none()
    {
        var switchedOff = Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0";
        Assert.False(switchedOff && Avx512F.IsSupported, "DOTNET_EnableAVX512=0 was not obeyed");
    }
}
