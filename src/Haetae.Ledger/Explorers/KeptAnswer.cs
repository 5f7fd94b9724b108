namespace Haetae.Ledger.Explorers;

/// <summary>An answer of a server as it came, and where it lies.</summary>
/// <param name="Order">Its place in the index, from 0: what was asked before has a lower one.</param>
/// <param name="Request">What was asked, without keys, e.g. <c>esplora GET /tx/…</c>. One request may have been asked several times: the last one stands.</param>
/// <param name="Server">Who answered: host and port, or the name of a file.</param>
/// <param name="Status">The status of HTTP; 0 for a file.</param>
/// <param name="Sha256">Of the bytes, in hexadecimal digits; also the name of the file that holds them.</param>
/// <param name="Bytes">How many there are.</param>
public sealed record KeptAnswer(int Order, string Request, string Server, int Status, string Sha256, long Bytes);
