using System.Diagnostics;
using System.Globalization;

namespace Haetae.Cli.Commands;

/// <summary>Progress on stderr: a line redrawn in place on a terminal, a line every ten seconds elsewhere; nothing in the first two seconds.</summary>
internal sealed class ProgressLine(TextWriter errors, bool terminal)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private double _next = 2;
    private bool _drawn;
    private string _stage = "";
    private double _stageStart;

    internal static ProgressLine OnConsole() => new(Console.Error, !Console.IsErrorRedirected);

    /// <param name="share">0 to 1 of the stage; below 0: nobody knows.</param>
    /// <param name="done">What is done so far, with its unit, for people.</param>
    internal void Show(string stage, double share, string done, long count = 0, string unit = "")
    {
        lock (_gate)
        {
            var now = _watch.Elapsed.TotalSeconds;
            if (stage != _stage) (_stage, _stageStart) = (stage, now);
            if (now < _next) return;
            _next = now + (terminal ? 0.2 : 10);
            var spent = now - _stageStart;
            var rate = count > 0 && spent > 0 ? string.Create(CultureInfo.InvariantCulture, $", {count / now:#,0} {unit}/s") : "";
            var left = share is > 0.01 and < 1 && spent > 0.5 ? string.Create(CultureInfo.InvariantCulture, $", {spent / share * (1 - share):0} s left") : "";
            var line = string.Create(CultureInfo.InvariantCulture, $"{stage}: {(share < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %, "))}{done}{rate}{left}");
            if (terminal) errors.Write($"\r{line.PadRight(100)[..Math.Max(line.Length, 100)]}");
            else errors.WriteLine(line);
            _drawn = true;
        }
    }

    internal void Clear()
    {
        lock (_gate)
            if (_drawn && terminal) errors.Write($"\r{new string(' ', 110)}\r");
    }
}
