using Haetae.Ledger;
using Haetae.Ledger.Accounts;

namespace Haetae.Tracing.Accounts;

/// <summary>One asset of one account, with its history in the ledger.</summary>
internal sealed class Purse
{
    /// <summary>What to say of a purse that is not sound.</summary>
    public const string Unsound = "amounts beyond 256 bits: what this account is said to have received does not fit in them, so a row is wrong or the token is made up";

    private readonly AccountGraph _graph;
    private readonly long[] _transfers; // in and out, rising; what the account pays itself is none
    private int _next;

    private Purse(AccountGraph graph, uint account, uint asset, long[] transfers) =>
        (_graph, Account, Asset, _transfers) = (graph, account, asset, transfers);

    public uint Account { get; }

    public uint Asset { get; }

    /// <summary>What the account held before its first transfer.</summary>
    public required OpeningBalance Opening { get; init; }

    /// <summary>Whether all it ever had, added up, fits in 256 bits; a made-up token may say that it does not. Then every sum over its history fits.</summary>
    public bool IsSound { get; private init; }

    /// <summary>The balance after all transfers passed so far.</summary>
    public UInt256 Balance { get; private set; }

    /// <summary>While some of it is stolen, or was in this very transaction.</summary>
    public Holding? Open { get; set; }

    /// <summary>Kept for when taint comes again.</summary>
    public Holding? Closed { get; set; }

    /// <summary>For those who keep a row of all purses.</summary>
    public int Number { get; set; } = -1;

    public long FirstTainted { get; set; } = -1;

    public long LastTainted { get; set; }

    /// <summary>The next transfer not passed; <see cref="long.MaxValue"/> when there is none.</summary>
    public long Next => _next < _transfers.Length ? _transfers[_next] : long.MaxValue;

    /// <summary>Passes all transfers before one, adding up the balance.</summary>
    public void PassBefore(long transfer)
    {
        for (; _next < _transfers.Length && _transfers[_next] < transfer; _next++)
        {
            var amount = _graph.Amount[_transfers[_next]];
            Balance = _graph.From[_transfers[_next]] == Account ? Balance - amount : Balance + amount;
        }
    }

    /// <summary>Whether some later transfer up to a limit pays from it.</summary>
    public bool PaysBefore(long limit)
    {
        for (var i = _next; i < _transfers.Length && _transfers[i] < limit; i++)
        {
            if (_graph.From[_transfers[i]] == Account && !_graph.Amount[_transfers[i]].IsZero) return true;
        }

        return false;
    }

    /// <summary>Reads the history of an account in an asset and what it must have held before.</summary>
    public static Purse Read(IAccountView view, uint account, uint asset)
    {
        var graph = view.Graph;
        var transfers = new List<long>();
        foreach (var transfer in view.TransfersOf(account))
        {
            if (graph.Asset[transfer] == asset && graph.From[transfer] != graph.To[transfer]) transfers.Add(transfer);
        }

        var said = view.OpeningOf(account, asset);
        var isSound = TryLeastOpening(graph, account, transfers, said ?? default, out var least);
        return new Purse(graph, account, asset, [.. transfers])
        {
            Opening = new OpeningBalance(account, asset, least, said is { } known && known == least),
            Balance = least,
            IsSound = isSound,
        };
    }

    // The opening said, or so much more as keeps every later balance from falling below zero. False: with all receipts it does not fit in 256 bits.
    private static bool TryLeastOpening(AccountGraph graph, uint account, List<long> transfers, UInt256 said, out UInt256 opening)
    {
        opening = said;
        var (balance, received) = (said, UInt256.Zero);
        foreach (var transfer in transfers)
        {
            var amount = graph.Amount[transfer];
            if (graph.From[transfer] == account)
            {
                var lacking = amount > balance ? amount - balance : default;
                if (lacking > UInt256.MaxValue - opening) return false;
                opening += lacking;
                balance = lacking.IsZero ? balance - amount : default;
            }
            else
            {
                if (amount > UInt256.MaxValue - received || received + amount > UInt256.MaxValue - opening) return false;
                received += amount;
                balance += amount; // at most the opening and all receipts
            }
        }

        return received <= UInt256.MaxValue - opening;
    }
}
