using System.Reflection;
using System.Runtime.ExceptionServices;
using Haetae.Tests.Intel.Tags;
using Xunit.Sdk;

namespace Haetae.Tests.Intel.Storage;

/// <summary>
/// The one suite of the store, a second time: every test of every class that keeps its facts in a <see cref="TagFolder"/>, with a
/// PostgreSQL database in the place of the file. A test that is added there is run here as well.
/// </summary>
[Collection(PostgresTests.Name)]
public sealed class OnPostgresTests(PostgresServer server)
{
    public static TheoryData<string, int> Suite
    {
        get
        {
            var suite = new TheoryData<string, int>();
            foreach (var (name, test) in Tests)
                for (var row = 0; row < Rows(test).Count; row++) suite.Add(name, row);
            return suite;
        }
    }

    private static Dictionary<string, MethodInfo> Tests { get; } = typeof(OnPostgresTests).Assembly.GetTypes()
        .Where(type => type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Any(field => field.FieldType == typeof(TagFolder)) && type.GetConstructor([]) is not null)
        .SelectMany(type => type.GetMethods())
        .Where(test => test.GetCustomAttribute<FactAttribute>() is { Skip: null } && test.GetCustomAttribute<NotOnPostgresAttribute>() is null)
        .ToDictionary(test => $"{test.DeclaringType!.Name}.{test.Name}");

    /// <param name="test">Its class and name.</param>
    /// <param name="row">Which row of its table of data, from 0.</param>
    [PostgresTheory]
    [MemberData(nameof(Suite))]
    public async Task It_holds_on_PostgreSQL(string test, int row)
    {
        var stores = 0;
        TagFolder.NewStore.Value = () => server.EmptyDatabase(stores++);
        var method = Tests[test];
        var suite = Activator.CreateInstance(method.DeclaringType!)!;
        using (suite as IDisposable)
        {
            try
            {
                if (method.Invoke(suite, Rows(method)[row]) is Task running) await running;
            }
            catch (TargetInvocationException wrong)
            {
                ExceptionDispatchInfo.Throw(wrong.InnerException!);
            }
        }
    }

    [Fact]
    public void The_suite_is_found() => Assert.True(Suite.Count() > 60);

    private static List<object?[]> Rows(MethodInfo test)
    {
        var tables = test.GetCustomAttributes<DataAttribute>().ToList();
        return tables.Count == 0 ? [[]] : [.. tables.SelectMany(table => table.GetData(test)).Select(row => test.ResolveMethodArguments(row))];
    }
}

/// <summary>Marks a test that would prove nothing more on a server.</summary>
/// <param name="reason">Why: it is about the database file, or about reading and not about storing.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NotOnPostgresAttribute(string reason) : Attribute
{
    public string Reason => reason;
}
