// SPDX-License-Identifier: Apache-2.0 OR MIT
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const { after, test } = require('node:test');
const { Memory, WrtError, cHeap } = require('./wrtmem.js');

const TIERS = ['std', 'alloc', 'static'];
const rows = [];
let failed = false;

after(() => {
  const folder = process.env.WRT_LANGUAGES;
  if (folder && !failed) fs.writeFileSync(path.join(folder, 'node.json'), `${JSON.stringify(rows, null, 2)}\n`);
});

function ran(tier, what, body) {
  test(`${tier}: ${what}`, () => {
    failed = true;
    body();
    failed = false;
    rows.push({ tier, what, result: 'passed' });
  });
}

function everyTier(what, body) {
  for (const tier of TIERS) {
    ran(tier, what, () => {
      const memory = new Memory({ tier, initialLen: 100, maxLen: 4096 });
      try {
        body(memory, tier);
      } finally {
        try {
          memory.close();
        } catch (error) {
          assert.equal(error.code, 'WRT_ERR_INVALID_HANDLE');
        }
      }
    });
  }
}

function refuses(code, call) {
  assert.throws(call, (error) => error instanceof WrtError && error.code === code && error.message.startsWith(code));
}

everyTier('make, write, read, grow', (memory, tier) => {
  memory.write(95, Buffer.from('hello'));
  assert.equal(Buffer.from(memory.read(95n, new Uint8Array(5))).toString(), 'hello');
  assert.equal(memory.grow(28), 100);
  memory.fill(100, 7, 28);
  assert.equal(memory.length, 128);
  assert.deepEqual([...memory.read(99, new Uint8Array(2))], ['o'.charCodeAt(0), 7]);
  refuses('WRT_ERR_LIMIT', () => memory.grow(2 ** 40));
  const other = new Memory({ tier, maxLen: 10 });
  assert.equal(other.length, 0);
  other.close();
});

everyTier('use after close', (memory) => {
  memory.close();
  for (const call of [
    () => memory.read(0, new Uint8Array(1)),
    () => memory.write(0, new Uint8Array(1)),
    () => memory.fill(0, 1, 1),
    () => memory.check(0, 1),
    () => memory.resize(10),
    () => memory.grow(0),
    () => memory.length,
  ]) {
    refuses('WRT_ERR_INVALID_HANDLE', call);
  }
  const other = new Memory({ initialLen: 10, maxLen: 10 });
  refuses('WRT_ERR_INVALID_HANDLE', () => memory.check(0, 1));
  other.close();
});

everyTier('close twice', (memory) => {
  memory.close();
  refuses('WRT_ERR_INVALID_HANDLE', () => memory.close());
});

everyTier('out of bounds, huge offsets', (memory) => {
  for (const at of [100, 2 ** 32, Number.MAX_SAFE_INTEGER, 1n << 63n, (1n << 64n) - 4n, (1n << 64n) - 1n]) {
    refuses('WRT_ERR_OUT_OF_BOUNDS', () => memory.read(at, new Uint8Array(4)));
    refuses('WRT_ERR_OUT_OF_BOUNDS', () => memory.write(at, new Uint8Array(4)));
    refuses('WRT_ERR_OUT_OF_BOUNDS', () => memory.fill(at, 1, 4));
    refuses('WRT_ERR_OUT_OF_BOUNDS', () => memory.fill(1, 1, at));
    refuses('WRT_ERR_OUT_OF_BOUNDS', () => memory.check(at, (1n << 64n) - 1n));
  }
  memory.read(100, new Uint8Array(0));
  refuses('WRT_ERR_OUT_OF_BOUNDS', () => memory.read(101, new Uint8Array(0)));
  refuses('WRT_ERR_LIMIT', () => memory.resize((1n << 64n) - 1n));
  assert.throws(() => memory.read(1n << 64n, new Uint8Array(1)), RangeError);
  assert.throws(() => memory.read(-1, new Uint8Array(1)), RangeError);
});

everyTier('wrong types and kinds', (memory, tier) => {
  for (const wrong of ['0', null, undefined, {}, [], 1.5, NaN, Infinity, 2 ** 53, true, () => 0, Symbol('0')]) {
    assert.throws(() => memory.read(wrong, new Uint8Array(1)), TypeError);
    assert.throws(() => memory.write(wrong, new Uint8Array(1)), TypeError);
    assert.throws(() => memory.fill(wrong, 1, 1), TypeError);
    assert.throws(() => memory.fill(0, 1, wrong), TypeError);
    assert.throws(() => memory.resize(wrong), TypeError);
    assert.throws(() => memory.grow(wrong), TypeError);
    assert.throws(() => memory.read(0, wrong), TypeError);
    assert.throws(() => memory.write(0, wrong), TypeError);
    if (wrong !== undefined) assert.throws(() => new Memory({ tier, maxLen: wrong }), TypeError);
    if (wrong !== undefined) assert.throws(() => new Memory({ maxLen: 10, allocator: wrong }), TypeError);
  }
  assert.throws(() => memory.fill(0, 256, 1), RangeError);
  assert.throws(() => memory.fill(0, '1', 1), TypeError);
  assert.throws(() => memory.read(0, new Float64Array(1)), TypeError);
  assert.throws(() => memory.read(0, new ArrayBuffer(1)), TypeError);
  assert.throws(() => new Memory({ tier: 1 }), TypeError);
  assert.throws(() => new Memory(null), TypeError);
  refuses('WRT_ERR_INVALID_ARGUMENT', () => new Memory({ tier: 'heap' }));
  refuses('WRT_ERR_INVALID_ARGUMENT', () => new Memory({ tier, pageLen: 3 }));
  assert.throws(() => Memory.prototype.read.call({}, 0, new Uint8Array(1)), TypeError);
  memory.check(0, 100);
});

ran('alloc', 'a callback that fails', () => {
  const fails = [
    () => {
      throw new Error("an allocator's own");
    },
    () => 0,
    () => 'no address',
    () => undefined,
    () => -1,
    () => 1n << 70n,
  ];
  for (const allocate of fails) {
    refuses('WRT_ERR_OUT_OF_MEMORY', () => new Memory({ initialLen: 10, maxLen: 100, allocator: { ...cHeap, allocate } }));
  }
  let calls = 0;
  const blocks = new Set();
  const allocator = {
    allocate(size, alignment) {
      calls += 1;
      if (calls > 1) throw new Error('not again');
      const block = cHeap.allocate(size, alignment);
      blocks.add(block);
      return block;
    },
    deallocate(block) {
      blocks.delete(block);
      cHeap.deallocate(block);
      throw new Error('after the work');
    },
  };
  const memory = new Memory({ initialLen: 10, maxLen: 100, allocator });
  memory.write(0, Buffer.from('kept'));
  refuses('WRT_ERR_OUT_OF_MEMORY', () => memory.resize(50));
  assert.equal(Buffer.from(memory.read(0, new Uint8Array(4))).toString(), 'kept');
  memory.close();
  assert.equal(blocks.size, 0);
});

ran('alloc', 'a callback that uses its memory', () => {
  let memory;
  let inside;
  const allocator = {
    allocate(size, alignment) {
      try {
        memory?.close();
      } catch (error) {
        inside = error;
      }
      return cHeap.allocate(size, alignment);
    },
    deallocate: cHeap.deallocate,
  };
  memory = new Memory({ initialLen: 10, maxLen: 100, allocator });
  memory.resize(50);
  assert.match(inside.message, /callback/);
  assert.equal(memory.length, 50);
  memory.close();
});
