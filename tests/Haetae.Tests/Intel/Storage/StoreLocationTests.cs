using Haetae.Cli.Commands;
using Haetae.Intel.Storage;
using Haetae.Tests.Intel.Tags;

namespace Haetae.Tests.Intel.Storage;

/// <summary>How a store is named, and that its password is not said again.</summary>
public class StoreLocationTests
{
    [Theory]
    [InlineData("postgres://ann@db.example/cases", "PostgreSQL database 'cases' on db.example:5432")]
    [InlineData("postgresql://ann:hush@db.example:6000/my%20cases?sslmode=verify-full&connect_timeout=3", "PostgreSQL database 'my cases' on db.example:6000")]
    [InlineData("postgres://ann:hush@[::1]:6000/cases", "PostgreSQL database 'cases' on ::1:6000")]
    [InlineData("postgres:///cases?host=/var/run/postgresql&user=ann", "PostgreSQL database 'cases' on /var/run/postgresql")]
    [InlineData("postgres://ann@db.example", "PostgreSQL database 'ann' on db.example:5432")]
    [InlineData("Host=db.example;Username=ann;Password=hush;Database=cases", "PostgreSQL database 'cases' on db.example:5432")]
    public void A_server_is_named_by_its_place_alone(string text, string name) => Assert.Equal(name, StoreLocation.Parse(text).ToString());

    [Theory]
    [InlineData("cases.db")]
    [InlineData("postgres://")]
    [InlineData("postgres://ann:hu;sh@a.example,b.example/cases")]
    [InlineData("postgres://ann:hush@db.example/cases/more")]
    [InlineData("postgres://ann:hush@db.example/cases?hush=1")]
    [InlineData("postgres://ann:hush@db.example/cases?sslmode=hush")]
    [InlineData("Username=ann;Password=hush")]
    [InlineData("Host=h;Password=pre;hush=1")]
    [InlineData("Host=h;Password=pre;hush")]
    [InlineData("Host=h;Port=hush")]
    public void What_is_no_store_is_wrong_use_and_not_repeated(string text)
    {
        var wrong = Assert.Throws<FormatException>(() => StoreLocation.Parse(text));
        Assert.DoesNotContain("hush", wrong.ToString(), StringComparison.Ordinal);
        Assert.Contains("postgres", wrong.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_program_ends_with_2_for_what_is_no_store()
    {
        using var home = new TagFolder();
        var (exit, output, errors) = await home.Run("tags", "list", "--store", "Host=h;Password=pre;hush=1");
        Assert.Equal((ExitCode.WrongUse, ""), (exit, output));
        Assert.StartsWith("haetae: --store: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", errors, StringComparison.Ordinal);
    }
}
