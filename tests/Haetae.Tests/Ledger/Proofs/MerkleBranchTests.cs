using Haetae.Ledger;
using Haetae.Ledger.Hashing;
using Haetae.Ledger.Proofs;

namespace Haetae.Tests.Ledger.Proofs;

public class MerkleBranchTests
{
    public static TheoryData<int> Counts => [.. Enumerable.Range(1, 40), 127, 128, 129, 1000];

    [Theory]
    [MemberData(nameof(Counts))]
    public void Every_transaction_of_a_block_is_led_to_its_root(int count)
    {
        var ids = Ids(count);
        using var hasher = new TxidHasher();
        var root = hasher.MerkleRoot(ids, out _);
        var branches = MerkleBranch.Of(ids, [.. Enumerable.Range(0, count)]);
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(root, MerkleBranch.Root(ids[i], (uint)i, branches[i], out var wrong));
            Assert.Null(wrong);
            if (count > 1) Assert.NotEqual(root, MerkleBranch.Root(ids[i], (uint)i ^ 1, branches[i], out _));
        }
    }

    [Theory]
    [InlineData(3, 2, 3)]
    [InlineData(5, 4, 5)]
    [InlineData(6, 5, 7)]
    [InlineData(7, 6, 7)]
    public void The_doubled_end_of_an_odd_row_is_no_place(int count, int position, int claimed)
    {
        var ids = Ids(count);
        var branch = MerkleBranch.Of(ids, [position])[0];
        Assert.Null(MerkleBranch.Root(ids[position], (uint)claimed, branch, out var wrong));
        Assert.Contains("CVE-2012-2459", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_position_outside_the_tree_and_a_branch_that_is_too_long_are_refused()
    {
        Assert.Null(MerkleBranch.Root(Ids(1)[0], 1, [], out var wrong));
        Assert.Contains("position 1", wrong, StringComparison.Ordinal);
        Assert.Null(MerkleBranch.Root(Ids(1)[0], 0, Ids(18), out wrong));
        Assert.Contains("18 rows", wrong, StringComparison.Ordinal);
    }

    /// <summary>Whoever gets a transaction of 64 bytes into a block whose second half is the id of another could prove that other one.</summary>
    [Fact]
    public void Nothing_is_proved_below_a_transaction_of_64_bytes()
    {
        var hidden = Ids(1)[0];
        // version 1, one input (outpoint, an empty script, sequence), one output of 5 satoshi whose script takes what is left, lock time
        byte[] forged = [1, 0, 0, 0, 1, .. new byte[32], 7, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 5, 0, 0, 0, 0, 0, 0, 0, 4, 0x51, 0x51, 0x51, 0x51, 0, 0, 0, 0];
        Assert.Equal(64, forged.Length);
        Assert.NotNull(BareTransaction.Read(forged, out _));
        var right = new Hash256(forged.AsSpan(32));
        Assert.Null(MerkleBranch.Root(right, 1, [new Hash256(forged.AsSpan(0, 32))], out var wrong));
        Assert.Contains("CVE-2017-12842", wrong, StringComparison.Ordinal);
        Assert.NotEqual(hidden, right);
    }

    private static Hash256[] Ids(int count) => [.. Enumerable.Range(0, count).Select(i => DoubleSha256.Hash(BitConverter.GetBytes(i)))];
}
