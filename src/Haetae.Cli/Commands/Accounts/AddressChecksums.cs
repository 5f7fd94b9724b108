using System.Text.RegularExpressions;
using Haetae.Ledger.Accounts;

namespace Haetae.Cli.Commands.Accounts;

/// <summary>Warns of addresses on the command line whose letters are of both cases and break the checksum of EIP-55: read all the same, since tables exist whose case is wrong, but a digit may be mistyped.</summary>
internal static partial class AddressChecksums
{
    /// <summary>An address by itself, or as a part of a list, of a FIELD=VALUE or of a CAIP name; not one within a path.</summary>
    [GeneratedRegex(@"(?:^|[,:=\s])(0x[0-9a-fA-F]{40})(?=$|[,:=\s])", RegexOptions.CultureInvariant)]
    private static partial Regex Written { get; }

    internal static void Warn(IEnumerable<string> words, TextWriter errors)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in words.SelectMany(word => Written.Matches(word).Select(match => match.Groups[1].Value)))
        {
            var digits = text.AsSpan(2);
            if (!digits.ContainsAnyInRange('a', 'f') || !digits.ContainsAnyInRange('A', 'F')) continue; // of one case: it claims no checksum
            var right = AccountAddress.Parse(text).ToEip55();
            if (text != right && told.Add(text)) errors.WriteLine($"warning: {text} breaks the checksum of EIP-55: is a digit wrong? With the right one it is written {right}.");
        }
    }
}
