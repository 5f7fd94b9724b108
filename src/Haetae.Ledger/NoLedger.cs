namespace Haetae.Ledger;

/// <summary>What to say where a folder holds no ledger: nobody knows which kind was meant, so every way to one is named.</summary>
internal static class NoLedger
{
    internal static LedgerException In(string folder) => new($"There is no ledger in '{folder}'. {Ways(folder)}") { NothingThere = true };

    /// <summary>An ingest began, and was refused or stopped before anything was safe.</summary>
    internal static LedgerException Yet(string folder) =>
        new($"There is no ledger in '{folder}' yet: an ingest into it is not finished, and nothing is safe so far. Wait for it, or run the same 'haetae ingest' again. {Ways(folder)}") { NothingThere = true };

    private static string Ways(string folder) =>
        $"""
        Make one with --ledger {folder} behind one of:
          haetae ingest bitcoin --blocks DIR    a Bitcoin node's block files (or --rpc URL)
          haetae ingest evm --rpc URL           a node of Ethereum or its like (or --etl DIR)
          haetae ingest tron --url URL          a TRON node
          haetae ingest csv FILE                any table of transfers (jsonl FILE for JSON lines)
          haetae fetch ADDRESS                  only what a case needs, from an explorer (--esplora or --etherscan URL)
        """.ReplaceLineEndings("\n");
}
