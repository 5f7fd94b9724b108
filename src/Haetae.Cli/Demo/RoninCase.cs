using Haetae.Intel;
using Haetae.Intel.Cases;
using Haetae.Intel.Cases.Accounts;

namespace Haetae.Cli.Demo;

/// <summary>The built-in case of the Ronin bridge: <c>cases/ronin-2022.json</c>, carried in the program.</summary>
internal static class RoninCase
{
    internal const string FileName = "ronin-2022.json";

    /// <summary>The bytes as they stand in the repository.</summary>
    internal static byte[] Bytes() => CarriedFile.Bytes(FileName);

    internal static (CaseDocument Document, AccountPart Accounts) Read()
    {
        var document = CaseJson.Read(Bytes());
        return (document, document.Accounts ?? throw new IntelException($"{FileName} holds no rows."));
    }
}
