// SPDX-License-Identifier: Apache-2.0 OR MIT
// The linear memory of WebAssembly hosts from Node.js: bytes that are checked at every access, from the operating
// system, an allocator or fixed slots. A refusal of the library is a WrtError; an argument of the wrong type a
// TypeError; nothing that is done wrong with a Memory, closing it twice included, is more than that.
'use strict';

const koffi = require('koffi');

const library = koffi.load(process.env.WRTMEM_LIBRARY ?? 'libwrtmem.so.0');

const Allocate = koffi.proto('wrt_allocate', 'uintptr_t', ['uintptr_t', 'size_t', 'size_t']);
const Deallocate = koffi.proto('wrt_deallocate', 'void', ['uintptr_t', 'uintptr_t', 'size_t', 'size_t']);
const Allocator = koffi.struct('wrt_allocator', {
  struct_size: 'uint32_t',
  flags: 'uint32_t',
  context: 'uintptr_t',
  allocate: koffi.pointer(Allocate),
  reallocate: 'uintptr_t',
  deallocate: koffi.pointer(Deallocate),
});
const Config = koffi.struct('wrt_mem_config', {
  struct_size: 'uint32_t',
  tier: 'int32_t',
  initial_len: 'uint64_t',
  max_len: 'uint64_t',
  page_len: 'uint64_t',
  flags: 'uint32_t',
  verify: 'int32_t',
  sample_interval: 'uint32_t',
  reserved0: 'uint32_t',
  allocator: koffi.pointer(Allocator),
  pool: 'uintptr_t',
  budget: 'uintptr_t',
  image: 'uintptr_t',
  name: 'uintptr_t',
  reserved1: 'uintptr_t',
  reserve_len: 'uint64_t',
  guard_len: 'uint64_t',
});

// Handles are numbers here: they are no addresses.
const native = {
  create: library.func('int32_t wrt_mem_create_config(wrt_mem_config *config, _Out_ uintptr_t *out)'),
  destroy: library.func('int32_t wrt_mem_destroy(uintptr_t mem)'),
  len: library.func('int32_t wrt_mem_len(uintptr_t mem, _Out_ uint64_t *out)'),
  check: library.func('int32_t wrt_mem_check(uintptr_t mem, uint64_t at, uint64_t n)'),
  read: library.func('int32_t wrt_mem_read(uintptr_t mem, uint64_t at, void *to, size_t n)'),
  write: library.func('int32_t wrt_mem_write(uintptr_t mem, uint64_t at, const void *from, size_t n)'),
  fill: library.func('int32_t wrt_mem_fill(uintptr_t mem, uint64_t at, uint8_t value, uint64_t n)'),
  resize: library.func('int32_t wrt_mem_resize(uintptr_t mem, uint64_t len)'),
  grow: library.func('int32_t wrt_mem_grow(uintptr_t mem, uint64_t pages, _Out_ uint64_t *out)'),
  statusName: library.func('const char *wrt_status_name(int32_t status)'),
  statusMessage: library.func('const char *wrt_status_message(int32_t status)'),
  tierName: library.func('const char *wrt_tier_name(int32_t tier)'),
  version: library.func('uint32_t wrt_version()'),
};

/** A refusal of the library: `code` is its identifier, such as 'WRT_ERR_OUT_OF_BOUNDS'. */
class WrtError extends Error {
  constructor(status) {
    const code = native.statusName(status);
    super(`${code}: ${native.statusMessage(status)}`);
    this.name = 'WrtError';
    this.code = code;
    this.status = status;
  }
}

function check(status) {
  if (status !== 0) throw new WrtError(status);
}

/** An offset or length: a whole number, or a BigInt of 64 bits. Anything else would be cut, or worse. */
function u64(value, what) {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${what} is not a whole number that is exact`);
  } else if (typeof value !== 'bigint') {
    throw new TypeError(`${what} is neither a number nor a BigInt`);
  }
  if (value < 0 || value > 0xffffffffffffffffn) throw new RangeError(`${what} does not fit 64 bits without a sign`);
  return value;
}

function bytes(value, what) {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${what} is not a Uint8Array`);
  return value;
}

function tierNumber(name) {
  if (name === undefined) return 0;
  if (typeof name !== 'string') throw new TypeError('tier is not a string');
  for (const tier of [1, 2, 3]) {
    if (native.tierName(tier) === name) return tier;
  }
  throw new WrtError(1); // WRT_ERR_INVALID_ARGUMENT
}

/** The callbacks of the C ABI over an object. No exception crosses into C: it is a refusal. */
class Callbacks {
  constructor(allocator) {
    if (typeof allocator?.allocate !== 'function' || typeof allocator?.deallocate !== 'function') {
      throw new TypeError('allocator has no allocate or no deallocate');
    }
    this.allocate = koffi.register((_, size, alignment) => {
      try {
        return u64(allocator.allocate(size, alignment), 'the block');
      } catch {
        return 0;
      }
    }, koffi.pointer(Allocate));
    this.deallocate = koffi.register((_, block, size, alignment) => {
      try {
        allocator.deallocate(block, size, alignment);
      } catch {
        // It keeps the block.
      }
    }, koffi.pointer(Deallocate));
  }
  get struct() {
    const struct_size = koffi.sizeof(Allocator);
    return { struct_size, flags: 0, context: 0, allocate: this.allocate, reallocate: 0, deallocate: this.deallocate };
  }
  drop() {
    koffi.unregister(this.allocate);
    koffi.unregister(this.deallocate);
  }
}

/** A linear memory. Each method is the function of the C ABI of the same name. */
class Memory {
  #handle = 0;
  #callbacks = null;
  #entered = false;

  /**
   * @param {{tier?: 'std'|'alloc'|'static', initialLen?: number|bigint, maxLen?: number|bigint,
   *   pageLen?: number|bigint, allocator?: object}} config Lengths in bytes. `allocator` gives blocks as addresses:
   *   allocate(size, alignment), where 0 refuses, and deallocate(block, size, alignment).
   */
  constructor({ tier, initialLen = 0, maxLen = 0, pageLen = 0, allocator } = {}) {
    const config = {
      struct_size: koffi.sizeof(Config),
      tier: tierNumber(tier),
      initial_len: u64(initialLen, 'initialLen'),
      max_len: u64(maxLen, 'maxLen'),
      page_len: u64(pageLen, 'pageLen'),
      flags: 0,
      verify: 0,
      sample_interval: 0,
      reserved0: 0,
      allocator: null,
      pool: 0,
      budget: 0,
      image: 0,
      name: 0,
      reserved1: 0,
      reserve_len: 0,
      guard_len: 0,
    };
    if (allocator !== undefined) {
      this.#callbacks = new Callbacks(allocator);
      config.allocator = this.#callbacks.struct;
    }
    const out = [0];
    try {
      check(native.create(config, out));
    } catch (error) {
      this.#callbacks?.drop();
      throw error;
    }
    this.#handle = out[0];
  }

  // An allocator that is called by this memory may use any other, but not this one.
  #call(name, ...rest) {
    if (this.#entered) throw new Error('a callback of this memory uses it');
    this.#entered = true;
    try {
      check(native[name](this.#handle, ...rest));
    } finally {
      this.#entered = false;
    }
  }

  /** Ends the memory. Each call after that, a second close too, is WRT_ERR_INVALID_HANDLE. */
  close() {
    if (this.#handle === 0) throw new WrtError(2);
    this.#call('destroy');
    this.#callbacks?.drop();
    this.#callbacks = null;
  }
  /** The length in bytes, a number. */
  get length() {
    const out = [0];
    this.#call('len', out);
    return Number(out[0]);
  }
  /** Refuses when `n` bytes at `offset` are not inside. */
  check(offset, n) {
    this.#call('check', u64(offset, 'offset'), u64(n, 'n'));
  }
  /** Copies bytes at `offset` to all of `to`, a Uint8Array. */
  read(offset, to) {
    this.#call('read', u64(offset, 'offset'), bytes(to, 'to'), to.length);
    return to;
  }
  /** Copies all of `from`, a Uint8Array, to `offset`. */
  write(offset, from) {
    this.#call('write', u64(offset, 'offset'), bytes(from, 'from'), from.length);
  }
  /** Sets `n` bytes at `offset` to `value`. */
  fill(offset, value, n) {
    if (!Number.isInteger(value)) throw new TypeError('value is not a whole number');
    if (value < 0 || value > 255) throw new RangeError('value is no byte');
    this.#call('fill', u64(offset, 'offset'), value, u64(n, 'n'));
  }
  /** Sets the length in bytes. */
  resize(length) {
    this.#call('resize', u64(length, 'length'));
  }
  /** Adds pages, and gives how many there were. */
  grow(pages) {
    const out = [0];
    this.#call('grow', u64(pages, 'pages'), out);
    return Number(out[0]);
  }
}

/** The C library's heap, as an allocator. */
const c = koffi.load(null);
const alignedAlloc = c.func('uintptr_t aligned_alloc(size_t alignment, size_t size)');
const free = c.func('void free(uintptr_t block)');
const cHeap = {
  allocate: (size, alignment) => alignedAlloc(alignment, Math.ceil(Number(size) / Number(alignment)) * Number(alignment)),
  deallocate: (block) => free(block),
};

module.exports = { Memory, WrtError, cHeap, version: native.version };
