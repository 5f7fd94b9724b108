// Compiles the contracts of a folder with the solc that lies in another, and prints their bytecode as JSON: { "Name": "hex" }.
'use strict';
const fs = require('fs');
const path = require('path');
const [modules, folder] = process.argv.slice(2);
const solc = require(path.join(modules, 'node_modules', 'solc'));
const sources = {};
for (const name of fs.readdirSync(folder).sort()) if (name.endsWith('.sol')) sources[name] = { content: fs.readFileSync(path.join(folder, name), 'utf8') };
const input = { language: 'Solidity', sources, settings: { evmVersion: 'cancun', optimizer: { enabled: true, runs: 200 }, outputSelection: { '*': { '*': ['evm.bytecode.object'] } } } };
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: file => ({ contents: sources[path.basename(file)].content }) }));
for (const error of output.errors || []) if (error.severity === 'error') { console.error(error.formattedMessage); process.exitCode = 1; }
const made = {};
for (const file of Object.keys(output.contracts || {})) for (const name of Object.keys(output.contracts[file])) made[name] = output.contracts[file][name].evm.bytecode.object;
if (!process.exitCode) console.log(JSON.stringify(made));
