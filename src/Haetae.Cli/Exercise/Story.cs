using System.Globalization;

namespace Haetae.Cli.Exercise;

/// <summary>What happened, in order, in sentences a person can read, and whose addresses it touched.</summary>
internal sealed class Story
{
    private readonly List<StoryStep> _steps = [];
    private readonly List<Destination> _touched = [];
    private readonly HashSet<Destination> _known = [];

    public IReadOnlyList<StoryStep> Steps => _steps;

    /// <summary>Addresses in the order they were first touched.</summary>
    public IReadOnlyList<Destination> Touched => _touched;

    public void Tell(string name, Confirmed where, string sentence) => _steps.Add(new StoryStep(name, where, sentence));

    public void Touch(Destination address)
    {
        if (_known.Add(address)) _touched.Add(address);
    }

    /// <summary>Every address a payment spends from or pays to.</summary>
    public void TouchAll(Payment payment)
    {
        foreach (var coin in payment.Inputs) Touch(coin.To);
        foreach (var (to, _) in payment.Outputs) Touch(to);
    }

    /// <summary>An amount for reading: all eight digits, no rounding.</summary>
    public static string Coins(long satoshi) =>
        string.Create(CultureInfo.InvariantCulture, $"{satoshi / 100_000_000}.{satoshi % 100_000_000:D8} BTC");
}

/// <summary>One transaction of the story.</summary>
internal sealed record StoryStep(string Name, Confirmed Where, string Sentence);
