using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;

namespace Haetae.Tests.Ledger.Accounts.Storage;

/// <summary>Made transfers, the same for the same seed, told to any sink: a few accounts in many, nobody, wide amounts, several assets, events, gas prices, blocks.</summary>
internal sealed class RandomTransfers(int seed, int accounts = 500)
{
    private readonly Random _random = new(seed);
    private readonly AccountAddress[] _addresses = Addresses(seed, accounts);
    private uint _time = 1_600_000_000;
    private uint _block = 100;
    private long _id;

    internal static readonly ChainName Chain = ChainName.Ethereum;

    internal uint NextBlock => _block + 1;

    private static AccountAddress[] Addresses(int seed, int accounts)
    {
        var random = new Random(seed ^ 0x5eed);
        var addresses = new AccountAddress[accounts];
        Span<byte> bytes = stackalloc byte[20];
        for (var i = 0; i < accounts; i++)
        {
            random.NextBytes(bytes);
            if (i % 7 == 0) bytes[4..].Clear(); // alike in all but the first bytes
            addresses[i] = new AccountAddress(bytes);
        }

        return addresses;
    }

    internal static Hash256 IdOf(int seed, long number)
    {
        Span<byte> bytes = stackalloc byte[32];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes, number ^ (long)seed << 40);
        return new Hash256(System.Security.Cryptography.SHA256.HashData(bytes));
    }

    /// <summary>Tells blocks with some transactions each.</summary>
    internal void Tell(int blocks, params IAccountSink[] sinks)
    {
        for (var b = 0; b < blocks; b++)
        {
            _time += (uint)_random.Next(0, 15);
            _block++;
            foreach (var sink in sinks) sink.AddBlock(_block, IdOf(seed, -_block), IdOf(seed, -_block + 1), _time);
            for (var left = _random.Next(0, 6); left > 0; left--) TellTransaction(sinks);
        }
    }

    private void TellTransaction(IAccountSink[] sinks)
    {
        var (id, marks) = (IdOf(seed, _id++), _random.Next(20) == 0 ? TxMarks.Failed : TxMarks.None);
        foreach (var sink in sinks) sink.AddTransaction(id, _time, _block, marks);
        for (var left = _random.Next(0, 5); left > 0; left--)
        {
            AccountAddress? from = _random.Next(30) == 0 ? null : Somebody(), to = _random.Next(30) == 0 ? null : _random.Next(20) == 0 ? from : Somebody();
            var asset = _random.Next(3) == 0 ? AssetName.Token(Chain, _addresses[_random.Next(20)]) : AssetName.Native(Chain);
            UInt256 amount = _random.Next(50) == 0 ? new UInt256((UInt128)_random.NextInt64(), UInt128.MaxValue) : (UInt256)(ulong)_random.NextInt64();
            var kind = (TransferKind)_random.Next(12);
            foreach (var sink in sinks) sink.AddTransfer(from, to, asset, amount, kind);
        }

        if (_random.Next(4) != 0) return;
        var topics = new Hash256[_random.Next(0, 5)];
        for (var t = 0; t < topics.Length; t++) topics[t] = IdOf(seed, _random.NextInt64());
        var data = new byte[_random.Next(0, 100)];
        _random.NextBytes(data);
        foreach (var sink in sinks) sink.AddEvent(_addresses[3], topics, data);
        // usual prices, none, nothing, and such as take 2, 3 and 4 words
        UInt256? price = (_id % 8) switch
        {
            0 => null,
            1 => UInt256.Zero,
            2 => UInt256.MaxValue,
            3 => new UInt256(0, (UInt128)(ulong)_id << 64),
            4 => new UInt256((UInt128)(ulong)_id, 7),
            _ => (UInt256)(ulong)(20_000_000_000 + _id),
        };
        if (price is not { } told) return;
        foreach (var sink in sinks) sink.AddGasPrice(told);
    }

    private AccountAddress Somebody() => _addresses[_random.Next(3) == 0 ? _random.Next(3) : _random.Next(_addresses.Length)];
}

/// <summary>Compares two views item by item: the slow, obvious way.</summary>
internal static class SameView
{
    internal static void Holds(IAccountView expected, IAccountView actual)
    {
        Assert.Equal(expected.Chain, actual.Chain);
        Assert.Equal(expected.AccountCount, actual.AccountCount);
        Assert.Equal(expected.Assets, actual.Assets);
        var (mine, its) = (expected.Graph, actual.Graph);
        Assert.Equal(mine.TransactionCount, its.TransactionCount);
        Assert.Equal(mine.TransferCount, its.TransferCount);
        for (uint tx = 0; tx < mine.TransactionCount; tx++)
        {
            Assert.Equal((mine.TxId[tx], mine.TxTime[tx], mine.TxBlock[tx], mine.Marks[tx], mine.TxFirstTransfer[tx]), (its.TxId[tx], its.TxTime[tx], its.TxBlock[tx], its.Marks[tx], its.TxFirstTransfer[tx]));
            Assert.Equal(tx, actual.FindTransaction(mine.TxId[tx]));
            Assert.Equal(Said(expected.EventsOf(tx)), Said(actual.EventsOf(tx)));
            Assert.Equal(expected.GasPriceOf(tx), actual.GasPriceOf(tx));
        }

        Assert.Equal(mine.TransferCount, its.TxFirstTransfer[its.TransactionCount]);
        for (long t = 0; t < mine.TransferCount; t++)
            Assert.Equal((mine.From[t], mine.To[t], mine.Asset[t], mine.Kind[t], mine.Amount[t]), (its.From[t], its.To[t], its.Asset[t], its.Kind[t], its.Amount[t]));
        for (uint account = 0; account < expected.AccountCount; account++)
        {
            Assert.Equal(expected.AddressOf(account), actual.AddressOf(account));
            Assert.Equal(account, actual.FindAccount(expected.AddressOf(account)));
            Assert.Equal(expected.TransfersOf(account).ToArray(), actual.TransfersOf(account).ToArray());
        }

        Assert.Equal(Said(expected.Events), Said(actual.Events));
    }

    private static List<string> Said(IEnumerable<ChainEvent> events) =>
        [.. events.Select(one => $"{one.Transaction} {one.Emitter} {string.Join(' ', one.Topics)} {Convert.ToHexString(one.Data)}")];
}
