// A bcoin node on regtest, all in memory. Prints its RPC port; then each line on stdin is a command:
//   mine N       N blocks, paying an anyone-can-spend script
//   spend        a block whose one transaction spends the oldest coinbase of ours
//   reorg D N    takes back D blocks and mines N others
//   blocks       prints the best chain's blocks in hex
'use strict';
process.env.NODE_BACKEND = 'js';
const Module = require('module');
const path = require('path');
const load = Module._load;
Module._load = function (name, ...rest) { return name === 'leveldown' ? {} : load.call(this, name, ...rest); };
const { FullNode, MTX, Coin, Script, Address } = require(path.join(process.argv[2], 'node_modules', 'bcoin'));
const anyone = Script.fromRaw('51', 'hex');
const address = Address.fromScripthash(anyone.hash160());
const own = [];
let mark = 0;
const node = new FullNode({ network: 'regtest', memory: true, apiKey: 'secret-word', httpPort: Number(process.argv[3]), port: 48444, listen: false, logLevel: 'none' });

async function mine(count, transactions = []) {
  for (let i = 0; i < count; i++) {
    const job = await node.miner.createJob(node.chain.tip, address);
    job.attempt.coinbaseFlags = Buffer.from(`branch ${mark}`);
    for (const tx of transactions) job.addTX(tx.toTX(), tx.view);
    job.refresh();
    const block = await job.mineAsync();
    if (!await node.chain.add(block)) throw new Error('block refused');
    own.push(block.txs[0]);
  }
}

async function spend() {
  const tx = own.shift();
  const mtx = new MTX();
  mtx.addCoin(Coin.fromTX(tx, 0, 1));
  mtx.addOutput({ script: anyone, value: tx.outputs[0].value - 1000 });
  mtx.inputs[0].script.pushData(anyone.toRaw());
  mtx.inputs[0].script.compile();
  await mine(1, [mtx]);
}

async function reorganise(depth, count) {
  const entry = await node.chain.getEntryByHeight(node.chain.height - depth + 1);
  mark++;
  await node.chain.reset(entry.height - 1);
  await node.mempool.reset();
  await mine(count);
}

(async () => {
  await node.open();
  console.log('ready');
  const lines = require('readline').createInterface({ input: process.stdin });
  for await (const line of lines) {
    const [verb, a, b] = line.split(' ');
    if (verb === 'mine') await mine(Number(a));
    else if (verb === 'spend') await spend();
    else if (verb === 'reorg') await reorganise(Number(a), Number(b));
    else if (verb === 'blocks') {
      for (let h = 0; h <= node.chain.height; h++) console.log((await node.chain.getBlock((await node.chain.getEntryByHeight(h)).hash)).toRaw().toString('hex'));
    }
    console.log('done');
  }
  process.exit(0);
})().catch(wrong => { console.log('failed ' + wrong.stack); process.exit(1); });
