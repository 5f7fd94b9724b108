namespace Haetae.Cli.Exercise;

/// <summary>Someone who can own coins, and is told of each coin paid to them.</summary>
internal interface ICoinHolder
{
    string Name { get; }

    /// <summary>What this holder is, in plain words: "person", "hot wallet", "deposit address".</summary>
    string Role { get; }

    void Receive(Coin coin);
}

/// <summary>One address: an output script and the one who can spend it.</summary>
/// <param name="customer">For a deposit address, whose account it credits.</param>
internal sealed class Destination(byte[] script, ScriptKind kind, ICoinHolder holder, string? customer)
{
    public byte[] Script { get; } = script;

    public ScriptKind Kind { get; } = kind;

    public ICoinHolder Holder { get; } = holder;

    public string? Customer { get; } = customer;
}

/// <summary>An output of a transaction in the chain.</summary>
/// <param name="Amount">In satoshi.</param>
internal sealed record Coin(Ledger.Hash256 TxId, int Index, long Amount, Destination To)
{
    /// <summary>The outpoint as text, "txid:vout".</summary>
    public string Outpoint => $"{TxId}:{Index}";

    // Two coins are the same only if they are the same object: the chain makes each once.
    public bool Equals(Coin? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => HashCode.Combine(TxId, Index);
}

/// <summary>Holds coins for the one who planned them, step by step; nobody else spends from it.</summary>
internal sealed class Vault(string name, string role) : ICoinHolder
{
    public string Name => name;

    public string Role => role;

    public void Receive(Coin coin) { }
}
