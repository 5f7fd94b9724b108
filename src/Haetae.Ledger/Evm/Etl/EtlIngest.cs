using Haetae.Ledger.Accounts;

namespace Haetae.Ledger.Evm.Etl;

/// <summary>Takes a folder of ethereum-etl's tables into a ledger.</summary>
public static class EtlIngest
{
    /// <summary>Adds every block that the ledger does not hold yet.</summary>
    /// <param name="progress">Is told each block.</param>
    /// <returns>How many blocks were added.</returns>
    /// <exception cref="LedgerException">A row is not as it must be, tables contradict each other, or the ledger ends elsewhere.</exception>
    public static ulong Take(EtlTables tables, IAccountChain ledger, Action<EvmIngestStep>? progress, CancellationToken cancel)
    {
        var source = new EtlSource(tables);
        var held = ledger.LastBlock;
        if (held is null && ledger.TransactionCount > 0)
            throw new LedgerException("The ledger holds rows without blocks already, so it cannot be told what of the folder is in it. Name another folder with --ledger.");
        if (held is not null && !tables.Has(EtlKind.Blocks))
            throw new LedgerException($"'{tables.Folder}' has no table of blocks, so it cannot be told whether its rows follow the ledger's block {held.Value.Number}. Name another folder with --ledger.");
        foreach (var note in source.Missing) ledger.AddNote(note);
        var transfers = new EvmTransfers(ledger) { Untraced = tables.Has(EtlKind.Traces) ? "the table of traces does not hold all transactions" : "there is no table of traces" };
        ulong added = 0;
        ulong? last = held?.Number;
        foreach (var block in source.Blocks())
        {
            cancel.ThrowIfCancellationRequested();
            if (held is { } end && block.Number <= end.Number)
            {
                if (block.Block is { } told && ledger.HashOfBlock((uint)block.Number) is { } known && known != told.Hash)
                    throw new LedgerException($"{tables.Folder}: block {block.Number} is 0x{told.Hash}, and the ledger holds 0x{known}: they are of different branches. Name another folder with --ledger.");
                continue;
            }

            if (last is { } before && block.Number == before + 1 && ledger.LastBlock is { } tip && tip.Number == before && block.Block is { } next && next.ParentHash != tip.Hash)
                throw new LedgerException($"{tables.Folder}: block {block.Number} does not follow the ledger's block {tip.Number}: they are of different branches. Name another folder with --ledger.");
            if (last is { } previous && block.Number != previous + 1 && tables.Has(EtlKind.Blocks)) ledger.AddNote("Between some blocks others are missing: the tables have gaps.");
            last = block.Number;
            transfers.Add(block);
            added++;
            progress?.Invoke(new EvmIngestStep(0, block.Number, ledger.TransactionCount, ledger.TransferCount));
        }

        ledger.Checkpoint(cancel);
        return added;
    }
}
