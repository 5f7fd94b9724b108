using System.Numerics;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Tracing.Policies;

namespace Haetae.Tests.Evm;

/// <summary>What accounts hold, each a line of stolen and clean parts, moved by hand under one rule: the small reckoning that a trace is held against.</summary>
internal sealed class Reckoning(Policy policy)
{
    private readonly record struct Part(BigInteger Amount, bool IsStolen);

    private readonly Dictionary<(AccountAddress, AssetName), List<Part>> _held = [];
    private readonly HashSet<(AccountAddress, AssetName)> _reached = [];

    /// <summary>What was paid for execution from stolen money.</summary>
    internal BigInteger StolenFees { get; private set; }

    /// <summary>Everything held so far, by holder and asset.</summary>
    internal IEnumerable<(AccountAddress Who, AssetName Asset)> Held => _held.Keys;

    internal BigInteger Balance(AccountAddress who, AssetName asset) => Sum(Line(who, asset));

    internal BigInteger Stolen(AccountAddress who, AssetName asset) => Sum(Line(who, asset).Where(part => part.IsStolen));

    internal void Open(AccountAddress who, AssetName asset, BigInteger clean) => Put(who, asset, [new Part(clean, false)]);

    /// <summary>Something arrives of which a part is stolen: that part came first.</summary>
    internal void Arrive(AccountAddress who, AssetName asset, BigInteger amount, BigInteger stolen) => Put(who, asset, [new Part(stolen, true), new Part(amount - stolen, false)]);

    /// <summary>A payment.</summary>
    /// <returns>The stolen part of it.</returns>
    internal BigInteger Pay(AccountAddress from, AccountAddress to, AssetName asset, BigInteger amount)
    {
        var parts = Take(from, asset, amount);
        Put(to, asset, parts);
        return Sum(parts.Where(part => part.IsStolen));
    }

    /// <summary>The tip, then what is burnt: both come after all else.</summary>
    internal void PayFee(AccountAddress from, AssetName asset, BigInteger tip, BigInteger burnt)
    {
        foreach (var amount in new[] { tip, burnt }) StolenFees += Sum(Take(from, asset, amount).Where(part => part.IsStolen));
    }

    /// <summary>What was received consists of what was given, part for part, in the ratio of the two.</summary>
    /// <returns>The stolen parts of what was given and of what was received.</returns>
    internal (BigInteger Given, BigInteger Received) Exchange(AccountAddress who, AssetName asset, BigInteger given, AssetName other, BigInteger received)
    {
        var parts = Take(who, asset, given);
        var stolen = Sum(parts.Where(part => part.IsStolen));
        var became = ((2 * stolen * received) + given) / (2 * given); // to the nearest unit, a half to what is stolen
        Put(who, other, [.. Scale(parts, true, stolen, became).Concat(Scale(parts, false, given - stolen, received - became)).OrderBy(one => one.At).Select(one => one.Part)]);
        return (stolen, became);
    }

    private static IEnumerable<(int At, Part Part)> Scale(List<Part> parts, bool stolen, BigInteger before, BigInteger after)
    {
        var own = parts.Index().Where(one => one.Item.IsStolen == stolen).ToList();
        var missing = (int)(after - own.Aggregate(BigInteger.Zero, (sum, one) => sum + (one.Item.Amount * after / before)));
        var more = own.OrderByDescending(one => one.Item.Amount * after % before).ThenBy(one => one.Index).Take(missing).Select(one => one.Index).ToHashSet();
        return own.Select(one => (one.Index, new Part((one.Item.Amount * after / before) + (more.Contains(one.Index) ? 1 : 0), stolen)));
    }

    private List<Part> Line(AccountAddress who, AssetName asset) => _held.TryGetValue((who, asset), out var line) ? line : _held[(who, asset)] = [];

    private void Put(AccountAddress who, AssetName asset, List<Part> parts)
    {
        var line = Line(who, asset);
        foreach (var part in parts.Where(part => !part.Amount.IsZero))
        {
            if (line.Count > 0 && line[^1].IsStolen == part.IsStolen) line[^1] = part with { Amount = line[^1].Amount + part.Amount };
            else line.Add(part);
        }

        if (policy != Policy.Poison || (!_reached.Contains((who, asset)) && !parts.Any(part => part is { IsStolen: true, Amount.IsZero: false }))) return;
        _reached.Add((who, asset));
        _held[(who, asset)] = [new Part(Sum(line), true)];
    }

    private List<Part> Take(AccountAddress who, AssetName asset, BigInteger amount)
    {
        var line = Line(who, asset);
        Assert.True(Sum(line) >= amount, $"{who} has {Sum(line)} of {asset} and pays {amount}");
        if (policy is not (Policy.Fifo or Policy.Lifo)) return TakeShare(who, asset, line, amount);
        var stays = Sum(line) - amount;
        var (front, back) = Cut(line, policy == Policy.Fifo ? amount : stays);
        _held[(who, asset)] = policy == Policy.Fifo ? back : front;
        return policy == Policy.Fifo ? front : back;
    }

    private List<Part> TakeShare(AccountAddress who, AssetName asset, List<Part> line, BigInteger amount)
    {
        var (balance, stolen) = (Sum(line), Sum(line.Where(part => part.IsStolen)));
        if (amount.IsZero) return [];
        var moved = policy switch
        {
            Policy.Haircut => stolen * amount / balance,
            Policy.DirtyFirst => BigInteger.Min(stolen, amount),
            Policy.CleanFirst => BigInteger.Max(0, amount - (balance - stolen)),
            Policy.Poison => _reached.Contains((who, asset)) ? amount : 0,
            _ => throw new ArgumentOutOfRangeException(nameof(who), policy, null),
        };
        _held[(who, asset)] = Plain(stolen - moved, balance - amount - (stolen - moved));
        return Plain(moved, amount - moved);
    }

    private static List<Part> Plain(BigInteger stolen, BigInteger clean) => [.. new[] { new Part(stolen, true), new Part(clean, false) }.Where(part => !part.Amount.IsZero)];

    private static (List<Part> Front, List<Part> Back) Cut(List<Part> line, BigInteger at)
    {
        List<Part> front = [], back = [];
        foreach (var part in line)
        {
            var before = BigInteger.Min(part.Amount, at);
            at -= before;
            if (!before.IsZero) front.Add(part with { Amount = before });
            if (before != part.Amount) back.Add(part with { Amount = part.Amount - before });
        }

        return (front, back);
    }

    private static BigInteger Sum(IEnumerable<Part> parts) => parts.Aggregate(BigInteger.Zero, (sum, part) => sum + part.Amount);
}
