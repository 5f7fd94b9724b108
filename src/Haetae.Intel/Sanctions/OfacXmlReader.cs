using System.Globalization;
using System.Xml;
using Haetae.Intel.Files;
using Haetae.Intel.Tags;

namespace Haetae.Intel.Sanctions;

/// <summary>Reads OFAC's <c>sdn_advanced.xml</c> in one pass: addresses, the names they stand under, programmes and the entry's date.</summary>
/// <remarks>
/// Elements are told by their local names: the namespace has changed before. People and groups come first and their entries on the lists
/// after them, so those with addresses (some hundreds) are held until the end. The date is the entry's, not the address's: it says "not before".
/// </remarks>
internal sealed class OfacXmlReader(string fileName, ISanctionSink sink, Action tell)
{
    private const int MaximumText = 8 * 1024;
    private const int MaximumHeld = 1_000_000;
    private const string AddressFeature = "Digital Currency Address - ";

    private readonly Dictionary<string, string> _assets = [];
    private readonly Dictionary<string, Party> _parties = [];
    private string? _sdnList;
    private string? _programmeType;
    private DateOnly _issued;
    private int _held;
    private int _profiles;

    /// <exception cref="XmlException">It is not XML, or has a document type.</exception>
    /// <exception cref="UnknownFormException">It is another XML file.</exception>
    internal void Read(TextReader text)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 1L << 32, IgnoreComments = true, IgnoreWhitespace = true };
        using var xml = XmlReader.Create(text, settings);
        if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "Sanctions") throw new UnknownFormException("its first element is not 'Sanctions', as in OFAC's sdn_advanced.xml");
        DateOnly? issued = null;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element) continue;
            switch (xml.LocalName)
            {
                case "DateOfIssue": issued = DateBelow(xml); break;
                case "FeatureType": FeatureType(xml); break;
                case "List" when xml.GetAttribute("ID") is { } id: if (Text(xml) == "SDN List") _sdnList = id; break;
                case "SanctionsType" when xml.GetAttribute("ID") is { } id: if (Text(xml) == "Program") _programmeType = id; break;
                case "Profile":
                    Profile(xml);
                    if (++_profiles % 256 == 0) tell();
                    break;
                case "SanctionsEntry": Entry(xml); break;
                default: break;
            }
        }

        _issued = issued ?? throw new PackRowException("it has no 'DateOfIssue', or that is no day");
        foreach (var party in _parties.Values) Tell(party);
    }

    private void FeatureType(XmlReader xml)
    {
        if (xml.GetAttribute("ID") is { } id && Text(xml) is { } name && name.StartsWith(AddressFeature, StringComparison.Ordinal)) _assets[id] = name[AddressFeature.Length..].Trim();
    }

    private void Profile(XmlReader profile)
    {
        var party = new Party();
        var id = profile.GetAttribute("ID");
        string? asset = null;
        var (primaryIdentity, primaryAlias) = (false, false);
        Within(profile, xml =>
        {
            switch (xml.LocalName)
            {
                case "Identity": primaryIdentity = xml.GetAttribute("Primary") == "true"; break;
                case "Alias": primaryAlias = primaryIdentity && xml.GetAttribute("Primary") == "true" && party.Name.Count == 0; break;
                case "NamePartValue" when primaryAlias && party.Name.Count < 32: party.Name.Add(Text(xml) ?? "…"); break;
                case "NamePartGroups": primaryAlias = false; break;
                case "Feature": asset = xml.GetAttribute("FeatureTypeID") is { } type ? _assets.GetValueOrDefault(type) : null; break;
                case "VersionDetail" when asset is not null:
                    if (++_held > MaximumHeld) throw new PackRowException(string.Create(CultureInfo.InvariantCulture, $"more than {MaximumHeld:#,0} addresses"));
                    var line = LineOf(xml);
                    if (Text(xml) is { } written) party.Addresses.Add((asset, written, line));
                    else sink.RejectSanction(line, string.Create(CultureInfo.InvariantCulture, $"an address of more than {MaximumText} characters"));
                    break;
                default: break;
            }
        });
        if (id is not null && party.Addresses.Count > 0) _parties[id] = party;
    }

    private void Entry(XmlReader entry)
    {
        var ofList = entry.GetAttribute("ListID") == _sdnList;
        if (!ofList || entry.GetAttribute("ProfileID") is not { } profile || !_parties.TryGetValue(profile, out var party)) return;
        party.IsListed = true;
        var (ofEvent, ofProgramme) = (false, false);
        Within(entry, xml =>
        {
            switch (xml.LocalName)
            {
                case "EntryEvent": ofEvent = true; break;
                case "Date" when ofEvent:
                    var line = LineOf(xml);
                    var day = DateBelow(xml);
                    if (day is null) sink.Note(line, $"the date of an entry is no day; the addresses of profile {TagProblem.Quoted(profile)} are kept without 'not before'");
                    if (day is null) party.IsUndated = true;
                    else if (party.Since is null || day < party.Since) party.Since = day;
                    ofEvent = false;
                    break;
                case "SanctionsMeasure": (ofEvent, ofProgramme) = (false, xml.GetAttribute("SanctionsTypeID") == _programmeType); break;
                case "Comment" when ofProgramme && !xml.IsEmptyElement && party.Programmes.Count < 100: party.Programmes.Add(Text(xml) ?? "…"); break;
                default: break;
            }
        });
    }

    private void Tell(Party party)
    {
        var name = party.Name.Count == 0 ? null : string.Join(' ', party.Name);
        var programmes = party.Programmes.Count == 0 ? null : string.Join("; ", party.Programmes);
        var source = string.Create(CultureInfo.InvariantCulture, $"{fileName} of {_issued:yyyy-MM-dd}");
        foreach (var (asset, written, line) in party.Addresses)
        {
            try
            {
                if (!party.IsListed) throw new PackRowException($"'{TagProblem.Quoted(written)}' stands under '{TagProblem.Quoted(name ?? "")}', which has no entry on the SDN list");
                var address = ListedAddress.Of(written, line, sink);
                sink.Take(
                    new SanctionFact(address.Subject, address.Written, asset, SanctionChange.Listed, party.IsUndated ? null : party.Since, _issued, SanctionBasis.List, source, name, programmes), address.Mended);
            }
            catch (PackRowException wrong)
            {
                sink.RejectSanction(line, wrong.Message);
            }
        }
    }

    /// <summary>Every element below this one.</summary>
    private static void Within(XmlReader xml, Action<XmlReader> take)
    {
        if (xml.IsEmptyElement) return;
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
            if (xml.NodeType == XmlNodeType.Element) take(xml);
    }

    /// <summary>The day an element holds; null when it is none.</summary>
    private static DateOnly? DateBelow(XmlReader date)
    {
        int year = 0, month = 0, day = 0;
        Within(date, xml =>
        {
            switch (xml.LocalName)
            {
                case "Year": year = Number(xml); break;
                case "Month": month = Number(xml); break;
                case "Day": day = Number(xml); break;
                default: break;
            }
        });
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return null;
        return new DateOnly(year, month, day);
    }

    private static int Number(XmlReader xml) => int.TryParse(Text(xml), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>The text of an element, of a length that is bounded before it is held; null when it is longer.</summary>
    private static string? Text(XmlReader xml)
    {
        if (xml.IsEmptyElement) return "";
        var depth = xml.Depth;
        var letters = new char[256];
        var (length, isLonger) = (0, false);
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA)) continue;
            int taken;
            while ((taken = xml.ReadValueChunk(letters, length, letters.Length - length)) > 0)
            {
                length += taken;
                if (length > MaximumText) (isLonger, length) = (true, 0); // read on to its end, and forget it
                if (length == letters.Length) Array.Resize(ref letters, length * 2);
            }
        }

        return isLonger ? null : new string(letters, 0, length);
    }

    private static long LineOf(XmlReader xml) => xml is IXmlLineInfo place ? place.LineNumber : 0;

    private sealed class Party
    {
        public List<string> Name { get; } = [];

        public List<(string Asset, string Written, long Line)> Addresses { get; } = [];

        public SortedSet<string> Programmes { get; } = new(StringComparer.Ordinal);

        public DateOnly? Since { get; set; }

        public bool IsListed { get; set; }

        /// <summary>One of its entries has a date that is none: it may have been the earliest.</summary>
        public bool IsUndated { get; set; }
    }
}
