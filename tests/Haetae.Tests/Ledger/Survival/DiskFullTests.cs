using System.Diagnostics;

namespace Haetae.Tests.Ledger.Survival;

/// <summary>Needs root on Linux for a file system of its own; skipped, and said so, elsewhere.</summary>
public sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") Skip = "a small file system can only be mounted by root on Linux";
        else if (!MayMount()) Skip = "this machine does not let root mount a tmpfs (a container?)";
    }

    private static bool MayMount()
    {
        var folder = Directory.CreateTempSubdirectory("haetae-mount-").FullName;
        var mounted = DiskFullTests.Shell("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder);
        if (mounted) DiskFullTests.Shell("umount", folder);
        Directory.Delete(folder);
        return mounted;
    }
}

public sealed class DiskFullTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    internal static bool Shell(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    [MountFact]
    public void A_full_disk_stops_the_ingest_and_room_lets_it_go_on_to_the_same_bytes()
    {
        var chain = _bench.Chain(31, 20_000);
        var whole = _bench.Path_("whole");
        Workbench.Ingest(chain, whole, checkpoint: 300_000);
        var size = Directory.EnumerateFiles(whole).Sum(path => new FileInfo(path).Length);
        var disk = Directory.CreateDirectory(_bench.Path_("disk")).FullName;
        Assert.True(Shell("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk));
        try
        {
            var ledger = Path.Combine(disk, "ledger");
            string[] ingest = ["ingest", "bitcoin", "--blocks", chain, "--ledger", ledger, "--checkpoint-bytes", "300000", "--threads", "2"];
            // in turn: no room for the spender column's first step, for the columns, for the indexes
            const long step = 16L << 20;
            foreach (var room in new[] { 256 << 10, step / 2, step + size / 4, step + size / 2, step + size * 3 / 4 })
            {
                Assert.True(Shell("mount", "-o", $"remount,size={room}", disk));
                var (code, _, errors) = Workbench.Run(ingest);
                Assert.True(code == 1, $"room {room}: exit code {code}: {errors}");
                Assert.Contains(disk, errors, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal); // a message, no stack
            }

            Assert.True(Shell("mount", "-o", "remount,size=256m", disk));
            var last = Workbench.Run(ingest);
            Assert.True(last.Code == 0, last.Errors);
            Assert.Equal("", Workbench.Difference(whole, ledger));
        }
        finally
        {
            Shell("umount", disk);
        }
    }
}
