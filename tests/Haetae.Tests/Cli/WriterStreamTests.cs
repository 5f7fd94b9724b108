using System.Text;
using Haetae.Cli.Commands;

namespace Haetae.Tests.Cli;

public class WriterStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100_000)]
    public void Text_arrives_whole_wherever_its_bytes_are_cut(int piece)
    {
        var text = string.Concat(Enumerable.Repeat("a…é\ud83d\ude00", 9_000));
        using var output = new StringWriter();
        using var stream = new WriterStream(output);
        foreach (var bytes in Encoding.UTF8.GetBytes(text).Chunk(piece)) stream.Write(bytes);
        Assert.Equal(text, output.ToString());
    }
}
