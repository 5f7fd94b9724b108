using System.Runtime.InteropServices;
using Haetae.Ledger;

namespace Haetae.Tracing.Accounts;

/// <summary>Everything that was walked, by purse, and the order in which the histories can be decided: payers before those they pay.</summary>
/// <remarks>
/// Where accounts pay each other in circles no such order exists: the history of each of them is cut where money comes to it from within the circle, and each
/// stretch is decided as a whole, the earlier first, with what the stretches before it left. A stretch needs only what came before its beginning, so this ends
/// and gives one answer.
/// </remarks>
internal sealed class HistoryRecord : IMoveRecorder
{
    private readonly List<Step> _steps = [];
    private readonly List<History> _histories = [];
    private readonly Dictionary<Exchange, List<int>> _givers = [];

    public int StepCount => _steps.Count;

    /// <summary>By the number of their purse.</summary>
    public IReadOnlyList<History> Histories => _histories;

    public ref readonly Step StepAt(int number) => ref CollectionsMarshal.AsSpan(_steps)[number];

    public void Open(Purse purse, UInt256 clean)
    {
        purse.Number = _histories.Count;
        _histories.Add(new History(purse) { Clean = clean });
    }

    public void Record(in Step step)
    {
        var number = _steps.Count;
        _steps.Add(step);
        if (step.From is not null)
        {
            _histories[step.From.Number].Steps.Add(number);
            if (step.Exchange is not null)
            {
                if (!_givers.TryGetValue(step.Exchange, out var givers)) _givers.Add(step.Exchange, givers = []);
                givers.Add(step.From.Number);
            }
        }

        if (step.To is not null) _histories[step.To.Number].Steps.Add(number);
    }

    /// <summary>The stretches of histories, each from a step of it up to another that is not part of it, in the order in which they are decided.</summary>
    public IEnumerable<(History History, int First, int End)> InOrder()
    {
        var circle = Circles.Find(Payments(), out var circles);
        var members = new List<int>[circles];
        for (var number = 0; number < circle.Length; number++) (members[circle[number]] ??= []).Add(number);
        for (var at = circles - 1; at >= 0; at--)
        {
            if (members[at] is [var alone]) yield return (_histories[alone], 0, _histories[alone].Steps.Count);
            else foreach (var (_, number, first, end) in Stretches(members[at], circle).OrderBy(stretch => stretch.Start)) yield return (_histories[number], first, end);
        }
    }

    private List<int>[] Payments()
    {
        var paid = new List<int>[_histories.Count];
        for (var i = 0; i < paid.Length; i++) paid[i] = [];
        foreach (ref readonly var step in CollectionsMarshal.AsSpan(_steps))
        {
            if (!step.IsFollowed) continue;
            if (step.From is not null) paid[step.From.Number].Add(step.To!.Number);
            else if (step.Exchange is not null && _givers.TryGetValue(step.Exchange, out var givers))
            {
                foreach (var giver in givers) paid[giver].Add(step.To!.Number);
            }
        }

        return paid;
    }

    private bool IsFromCircle(in Step step, int[] circle, int number)
    {
        if (step.From is not null) return circle[step.From.Number] == number;
        return step.Exchange is not null && _givers.TryGetValue(step.Exchange, out var givers) && givers.Exists(giver => circle[giver] == number);
    }

    private List<(int Start, int Number, int First, int End)> Stretches(List<int> members, int[] circle)
    {
        var stretches = new List<(int Start, int Number, int First, int End)>();
        foreach (var number in members)
        {
            var history = _histories[number];
            var first = 0;
            for (var at = 1; at < history.Steps.Count; at++)
            {
                ref readonly var step = ref StepAt(history.Steps[at]);
                if (step.To != history.Purse || !step.IsFollowed || !IsFromCircle(step, circle, circle[number])) continue;
                stretches.Add((history.Steps[first], number, first, at));
                first = at;
            }

            stretches.Add((history.Steps[first], number, first, history.Steps.Count));
        }

        return stretches;
    }
}

/// <summary>What was walked of one purse, and what it holds as far as its history is decided.</summary>
internal sealed class History(Purse purse)
{
    public Purse Purse => purse;

    /// <summary>Its steps, by number, in order.</summary>
    public List<int> Steps { get; } = [];

    public UInt256 Tainted { get; set; }

    public UInt256 Clean { get; set; }

    public long FirstTainted { get; private set; } = -1;

    public long LastTainted { get; private set; }

    public void Reached(long transfer)
    {
        if (FirstTainted < 0) FirstTainted = transfer;
        LastTainted = transfer;
    }
}
