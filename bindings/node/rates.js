// SPDX-License-Identifier: Apache-2.0 OR MIT
// Nanoseconds a call, the tenth of a hundred rounds that interleave: a bare call, then the library's.
'use strict';

const { Memory, version } = require('./wrtmem.js');

const CALLS = 10000;
const memory = new Memory({ initialLen: 65536, maxLen: 65536 });
const buffer = new Uint8Array(8);
const sides = {
  bare: () => version(),
  check: (i) => memory.check(i, 8),
  read: (i) => memory.read(i, buffer),
  write: (i) => memory.write(i, buffer),
};
const times = {};
for (let round = 0; round < 100; round++) {
  for (const [name, call] of Object.entries(sides)) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < CALLS; i++) call(i);
    (times[name] ??= []).push(Number(process.hrtime.bigint() - start) / CALLS);
  }
}
for (const [name, all] of Object.entries(times)) {
  console.log(`Node.js ${name} ${all.sort((a, b) => a - b)[10].toFixed(1)}`);
}
