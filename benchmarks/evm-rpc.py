#!/usr/bin/env python3
"""How much longer an ingest from an EVM node takes than the node takes to answer the same requests.

  benchmarks/evm-rpc.py ANVIL HAETAE [BLOCKS [TRANSACTIONS]]      default: 300 blocks of 100 transactions

ANVIL is anvil's program, HAETAE the built haetae.dll. Fills a chain with payments, then in turns three times: the requests of an ingest with
their answers thrown away (four at a time), and the ingest itself with its start-up. Prints seconds and the ratio of the medians.
"""
import concurrent.futures, http.client, json, shutil, socket, statistics, subprocess, sys, tempfile, time

anvil, haetae = sys.argv[1], sys.argv[2]
blocks = int(sys.argv[3]) if len(sys.argv) > 3 else 300
each = int(sys.argv[4]) if len(sys.argv) > 4 else 100
with socket.socket() as one:
    one.bind(("127.0.0.1", 0))
    port = one.getsockname()[1]


def post(body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    connection.request("POST", "/", body, {"Content-Type": "application/json"})
    return connection.getresponse().read()


def ask(method, *parameters):
    return json.loads(post(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})))["result"]


def batch(method, parameters):
    return len(post(json.dumps([{"jsonrpc": "2.0", "id": i, "method": method, "params": one} for i, one in enumerate(parameters)])))


node = subprocess.Popen([anvil, "--host", "127.0.0.1", "--port", str(port), "--no-mining", "--silent", "--gas-limit", "30000000"])
try:
    for _ in range(500):
        try:
            accounts = ask("eth_accounts")
            break
        except OSError:
            time.sleep(0.02)
    for block in range(blocks):
        calls = [[{"from": accounts[i % 10], "to": "0x%040x" % (1000 + (block * each + i) % 5000), "value": hex(1 + i), "gas": "0x5208", "nonce": hex(block * (each // 10) + i // 10)}] for i in range(each)]
        batch("eth_sendTransaction", calls)
        ask("evm_mine")
    height = int(ask("eth_blockNumber"), 16)

    def step(first):
        numbers = [hex(n) for n in range(first, min(first + 32, height + 1))]
        return (batch("eth_getBlockByNumber", [[n, True] for n in numbers]) + batch("eth_getBlockReceipts", [[n] for n in numbers])
                + batch("debug_traceBlockByNumber", [[n, {"tracer": "callTracer", "tracerConfig": {"withLog": True}}] for n in numbers if n != "0x0"]))

    alone, whole = [], []
    for turn in range(3):
        began = time.time()
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            size = sum(pool.map(step, range(0, height + 1, 32)))
        alone.append(time.time() - began)
        folder = tempfile.mkdtemp()
        began = time.time()
        told = json.loads(subprocess.run(["dotnet", haetae, "ingest", "evm", "--rpc", f"http://127.0.0.1:{port}", "--ledger", folder, "--json"], check=True, capture_output=True).stdout)
        whole.append(time.time() - began)
        shutil.rmtree(folder)
    print(f"{height} blocks, {told['transactions']} transactions, {told['transfers']} transfers, {size / 1e6:.0f} MB of answers")
    print("node alone: " + ", ".join(f"{one:.2f}" for one in alone) + " s; ingest: " + ", ".join(f"{one:.2f}" for one in whole) + " s")
    print(f"ratio of the medians: {statistics.median(whole) / statistics.median(alone):.2f}")
finally:
    node.kill()
