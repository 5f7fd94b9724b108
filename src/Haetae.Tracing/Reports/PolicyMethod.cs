namespace Haetae.Tracing.Reports;

/// <summary>What a policy is called and, in one sentence, how it reckons and what it takes for granted.</summary>
public sealed record PolicyMethod(string Title, string Statement)
{
    public static PolicyMethod Of(string policy) => policy switch
    {
        "fifo" => new("FIFO", "First in, first out: the coins of a transaction's inputs leave through its outputs in the order they came in, the fee last; it assumes that the order of inputs and outputs carries the ownership, though the payer chose that order."),
        "lifo" => new("LIFO", "Last in, first out: outputs are filled from the last input backwards, the fee from what is left at the front; it assumes the reverse of FIFO and, like it, depends on an order the payer chose."),
        "haircut" => new("Haircut", "Pro rata: every output and the fee carry stolen money in the proportion in which it went into the transaction; it assumes that mixed money cannot be told apart, so small shares spread widely."),
        "haircut-blocksci" => new("Haircut (BlockSci)", "Pro rata in the floating-point arithmetic of BlockSci, rounding loss counted as fee; it is here for comparison only and assumes that losing single satoshis does not matter."),
        "poison" => new("Poison", "Every output of a transaction with any stolen input counts as wholly tainted; it assumes nothing about shares, so its figures only say what was reached and can add up to more than was stolen."),
        "tiho" => new("TIHO", "Taint in, highest out: stolen money fills the largest output first; it assumes that the thief keeps the big part and pays with the small one."),
        "tilo" => new("TILO", "Taint in, lowest out: stolen money fills the smallest output first; it assumes the mirror image of TIHO."),
        "dirty-first" => new("Dirty first", "Outputs take stolen money before clean money, in their order; it assumes that whoever pays spends the stolen money first."),
        "clean-first" => new("Clean first", "Outputs take clean money before stolen money, in their order; it assumes that a wrongdoer spends his own money first and keeps the stolen money last."),
        _ => new(policy, $"No statement of method is kept for the policy \"{policy}\": ask whoever made this trace how it reckons."),
    };

    /// <summary>What happens to the stolen share of a fee, in one sentence.</summary>
    public static string FeeRule(string rule) => rule switch
    {
        "drop" => "The stolen share of a fee is counted as lost to fees and not followed to the miner.",
        "coinbase-append" => "The stolen share of a fee is followed to the miner, whose reward is filled with new coins first and fees after.",
        "coinbase-fees-first" => "The stolen share of a fee is followed to the miner, whose reward is filled with fees first and new coins after.",
        _ => $"Fee rule \"{rule}\".",
    };
}
