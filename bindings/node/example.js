// SPDX-License-Identifier: Apache-2.0 OR MIT
// A memory on the tier that is named: node example.js std|alloc|static
'use strict';

const { Memory, WrtError } = require('./wrtmem.js');

function refusal(call) {
  try {
    call();
  } catch (error) {
    if (error instanceof WrtError) return error.message;
    throw error;
  }
  return 'none';
}

const tier = process.argv[2];
const memory = new Memory({ tier, initialLen: 100, maxLen: 4096 });
memory.write(95, Buffer.from('hello'));
console.log(`${tier}: ${Buffer.from(memory.read(95, new Uint8Array(5)))}`);
console.log(`out of bounds: ${refusal(() => memory.write(96, Buffer.from('hello')))}`);
memory.close();
console.log(`stale handle: ${refusal(() => memory.read(0, new Uint8Array(5)))}`);
