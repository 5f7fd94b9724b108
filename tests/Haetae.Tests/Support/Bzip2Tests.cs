namespace Haetae.Tests.Support;

/// <summary>Tests that need a program are skipped without it, and run with it.</summary>
public sealed class Bzip2Tests
{
    [Fact]
    public void A_program_is_found_on_the_path_or_not()
    {
        var folder = Directory.CreateTempSubdirectory("haetae-path").FullName;
        try
        {
            Assert.False(Bzip2.Found(""));
            Assert.False(Bzip2.Found(folder));
            File.WriteAllText(Path.Combine(folder, "bzip2"), "");
            Assert.True(Bzip2.Found($"/nowhere{Path.PathSeparator}{folder}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
