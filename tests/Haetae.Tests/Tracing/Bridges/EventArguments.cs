using System.Text;
using Haetae.Ledger;
using Haetae.Ledger.Accounts;
using Haetae.Ledger.Chains;
using Haetae.Ledger.Hashing;
using Haetae.Tracing.Bridges;
using Haetae.Tracing.Bridges.Abi;

namespace Haetae.Tests.Tracing.Bridges;

/// <summary>Values for an event by what protocols call them: the same crossing told by both ends.</summary>
internal static class EventArguments
{
    private const int Nonce = 77, Amount = 1_000;

    internal static (object[] Indexed, object[] Values) Of(
        BridgeProtocol table, BridgeEvent main, BridgeEvent side, ChainName here, ChainName there, ChainName start, AccountAddress speaker, Hash256 sourceId, AccountAddress token, AccountAddress payer, AccountAddress receiver)
    {
        var end = here == start ? there : here;
        object Value(AbiParameter parameter, string path)
        {
            if (parameter.Kind == AbiKind.Tuple) return parameter.Fields.Select(field => Value(field, path + "." + field.Name)).ToArray();
            if (path.StartsWith("receipt.mainchain.", StringComparison.Ordinal) || path.StartsWith("receipt.ronin.", StringComparison.Ordinal))
                return parameter.Name switch { "chainId" => path.Contains("ronin", StringComparison.Ordinal) ? 2020 : 1, "tokenAddr" => token, _ => (path.Contains("ronin", StringComparison.Ordinal) ? 2020 : 1) == NumberOf(table, start) ? payer : receiver };
            return path switch
            {
                "receipt.id" => Nonce,
                "receipt.kind" => start == ChainName.Ethereum ? 0 : 1,
                "receipt.info.quantity" => Amount,
                "payload" when table.Name == "stargate" => Packed(NumberOf(table, start), NumberOf(table, end), speaker),
                "payload" => (byte[])[1, .. new byte[66], .. new byte[12], .. receiver.ToArray(), .. Big(NumberOf(table, end), 2), .. new byte[32]],
                "srcAddress" => speaker.ToArray(),
                "message" => Message(table, start, end, speaker, token, payer, receiver),
                "messageBody" => table.Version == "v1" ? BodyV1(token, payer, receiver) : BodyV2(token, payer, receiver, fee: 3),
                "txhash" => sourceId,
                "kappa" => Keccak256.HashData(Encoding.ASCII.GetBytes("0x" + sourceId)),
                "txId" or "fromChainTxHash" => "0x0badcafe",
                "sender" when table.Name is "wormhole" => speaker,
                "sender" when table.Name is "cctp" => speaker,
                "emitterAddress" => speaker,
                "proxyOrAssetContract" => speaker,
                _ => parameter.Name switch
                {
                    "nonce" or "sequence" or "depositId" or "withdrawId" or "transferId" or "srcTransferId" or "refId" or "messageId" or "orderId" => Nonce,
                    "amount" or "inputAmount" or "outputAmount" or "updatedOutputAmount" or "giveAmount" or "takeAmount" or "value" or "quantity" or "tokenNumber" => Amount,
                    "destinationChainId" or "dstChainId" or "mintChainId" or "toChainId" or "toChainID" or "takeChainId" or "destinationDomain" or "chainId" => NumberOf(table, end),
                    "originChainId" or "srcChainId" or "refChainId" or "fromChainID" or "giveChainId" or "sourceDomain" or "emitterChainId" => NumberOf(table, start),
                    "inputToken" or "outputToken" or "token" or "tokenAddress" or "burnToken" or "mintToken" or "fromAssetHash" or "toAssetHash" => token,
                    "giveTokenAddress" or "takeTokenAddress" => token.ToArray(),
                    "makerSrc" => payer.ToArray(),
                    "receiverDst" => receiver.ToArray(),
                    "toAddress" when parameter.Kind == AbiKind.Bytes => receiver.ToArray(),
                    "recipient" or "receiver" or "owner" or "to" or "account" or "mintAccount" or "mintRecipient" or "updatedRecipient" or "toAddress" => receiver,
                    "depositor" or "sender" or "from" or "fromAddress" => payer,
                    _ => parameter.Kind == AbiKind.Word ? 0 : "0x",
                },
            };
        }

        var parameters = side.Signature.Parameters;
        return ([.. parameters.Where(one => one.IsIndexed).Select(one => Value(one, one.Name))], [.. parameters.Where(one => !one.IsIndexed).Select(one => Value(one, one.Name))]);
    }

    private static int NumberOf(BridgeProtocol table, ChainName chain) => Enumerable.Range(0, 200_000).First(number => table.Chains.NameOf((ulong)number) == chain.Caip2);

    private static byte[] Big(int value, int size) => [.. Enumerable.Range(0, size).Select(i => (byte)((long)value >> (8 * (size - 1 - i))))];

    private static byte[] Packed(int from, int to, AccountAddress sender) => [.. Big(Nonce, 8), .. Big(from, 2), .. sender.ToArray(), .. Big(to, 2), .. new byte[20]];

    private static byte[] Word(AccountAddress address) => [.. new byte[12], .. address.ToArray()];

    private static byte[] BodyV1(AccountAddress token, AccountAddress payer, AccountAddress receiver) => [.. Big(0, 4), .. Word(token), .. Word(receiver), .. Big(Amount, 32), .. Word(payer)];

    // The fee taken and the last block differ between the ends: they are no part of the key.
    private static byte[] BodyV2(AccountAddress token, AccountAddress payer, AccountAddress receiver, int fee) =>
        [.. Big(1, 4), .. Word(token), .. Word(receiver), .. Big(Amount, 32), .. Word(payer), .. Big(5, 32), .. Big(fee, 32), .. Big(fee, 32)];

    private static byte[] Message(BridgeProtocol table, ChainName from, ChainName to, AccountAddress speaker, AccountAddress token, AccountAddress payer, AccountAddress receiver) =>
        [.. Big(1, 4), .. Big(NumberOf(table, from), 4), .. Big(NumberOf(table, to), 4), .. new byte[32], .. Word(speaker), .. Word(speaker), .. new byte[32], .. new byte[8], .. BodyV2(token, payer, receiver, fee: 0)];
}
