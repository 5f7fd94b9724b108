using Haetae.Intel;

namespace Haetae.Cli.Demo;

/// <summary>Files of the folder <c>cases/</c>, carried in the program as they stand in the repository.</summary>
internal static class CarriedFile
{
    internal static byte[] Bytes(string name)
    {
        using var stream = typeof(CarriedFile).Assembly.GetManifestResourceStream(name) ?? throw new IntelException($"This program was built without the file {name}.");
        using var whole = new MemoryStream();
        stream.CopyTo(whole);
        return whole.ToArray();
    }
}
