/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/**
 * @file wrtmem.h
 * @brief The linear memory of WebAssembly hosts: the whole C ABI of libwrtmem.
 *
 * A *memory* is a resizable array of bytes that starts at offset 0 and ends at its length. Where the bytes
 * come from is its *tier*: the operating system (STD), an allocator of the caller's (ALLOC) or fixed slots in
 * storage of the caller's (STATIC). What a memory does is the same on all three.
 *
 * **Argument order.** The handle first, then inputs, then outputs. A length follows the pointer that it
 * measures. Offsets and lengths inside a memory are `uint64_t`; lengths of host buffers are `size_t`.
 * Everything called `len`, `n`, `offset` or `_len` is in bytes, unless its comment says otherwise.
 *
 * **Ten rules that hold for every function.**
 *
 * 1. *A status, always.* Every call that can fail returns a `wrt_status`; results leave through out-pointers.
 *    Nothing else crosses the boundary: no exception, no longjmp, no abort, no errno, no output on stderr.
 * 2. *Nothing half done.* A call that fails leaves the memory's bytes, its length and every out-pointer as
 *    they were. The one exception is wrt_mem_verify(), which says where the first bad block is.
 * 3. *The same answer on every tier.* The same calls give the same codes and the same bytes on all tiers, as
 *    long as each has room. Only #WRT_ERR_OUT_OF_MEMORY, #WRT_ERR_POOL_EXHAUSTED, #WRT_ERR_LIMIT and
 *    #WRT_ERR_UNSUPPORTED may differ, where a tier's own limit says so.
 * 4. *A fixed order of checks.* Handle, control block, arguments, handles inside arguments, unsupported, page
 *    multiple or alignment, bounds, limit, budget, busy, resource, block integrity. The first check that fails
 *    gives the code. Pointers must not be NULL unless their comment allows it.
 * 5. *A bad handle is an answer, not a crash.* Handles are opaque tokens that neither side dereferences. NULL,
 *    a random number, a pointer to something else, a handle of another kind and a destroyed handle are all
 *    #WRT_ERR_INVALID_HANDLE. A destroyed handle stays recognised for at least the next 65,535 reuses of its
 *    slot in the handle table (255 on 32-bit targets).
 * 6. *Bounds are never off.* A range is inside when `offset <= len && n <= len - offset`, computed in 64 bits,
 *    at every verification level. `n == 0` is valid for `offset <= len`, and its buffer may be NULL.
 * 7. *New bytes are zero*: at creation, at every growth, and after a shrink that is followed by a growth. What
 *    another memory held, or a former length, cannot be read through this header.
 * 8. *No hidden heap.* The library never calls `malloc` or `new` for itself. Bytes come from the tier and from
 *    nowhere else. On the STATIC tier no system call is made once the pool exists.
 * 9. *Threads.* Different memories may be used at the same time, and any thread may use any memory. One memory
 *    at a time needs the caller's own lock, for `const` calls too: they may count. No lock of the library is
 *    held while a callback runs; a callback may use other memories, never the one in progress. Safe in signal
 *    handlers: wrt_fault_find(), the version and the names. A child made by `fork` has its own copies and may
 *    go on, if no other thread was inside the library.
 * 10. *Structs know their size.* Each struct but `wrt_view` begins with `struct_size`, which the caller sets to
 *    its own `sizeof`. Of an in-struct that is larger than the library's, the unknown tail must be zero; one
 *    that is smaller than the first release's, or ends inside a member, is #WRT_ERR_INVALID_ARGUMENT. Of an
 *    out-struct only the caller's size is written, and `struct_size` becomes the number of bytes filled in;
 *    an unknown tail is zeroed. No `struct_size` is above 65,536, nor below 4: #WRT_ERR_INVALID_ARGUMENT. A zero
 *    member means "the default". No struct has implicit padding.
 *
 * **How to read a comment.** One sentence; "Fails iff" with the codes in the order of the checks, so that the
 * first line that applies is the answer; who owns what; which threads; the cost, with *n* the length of the
 * range and *len* the memory's; the first version. "Threads: one at a time" is rule 9: any thread, but no two
 * inside the same object at once. #WRT_ERR_CORRUPT "of the control block" is found at level BASIC and above: a
 * field of the library's own record of that memory was overwritten. "Of a block" is found from #WRT_VERIFY_STANDARD
 * on, where the level looks: bytes of the memory were written past the library.
 *
 * **Shared memories.** Where a function says "Threads: one at a time", a memory with #WRT_MEM_SHARED may be used by any
 * number of threads at once; only its wrt_mem_destroy() may not run beside another call. Bytes then move as the
 * WebAssembly threads proposal has it: each is one that was there, and aligned 2, 4 and (on 64-bit hosts) 8 bytes that
 * are moved alone are not torn.
 */
#ifndef WRTMEM_WRTMEM_H
#define WRTMEM_WRTMEM_H

#include <stddef.h>
#include <stdint.h>

/** Major version of this header. */
#define WRT_VERSION_MAJOR 0
/** Minor version of this header. */
#define WRT_VERSION_MINOR 1
/** Patch version of this header. */
#define WRT_VERSION_PATCH 0
/** Version of this header as text; wrt_version_string() gives the library's. */
#define WRT_VERSION_STRING "0.1.0"

/** Marks what the library exports; define it beforehand to change how. */
#ifndef WRT_API
#if defined(__GNUC__) && !defined(_WIN32)
#define WRT_API __attribute__((visibility("default")))
#else
#define WRT_API
#endif
#endif

/** Marks results that must be looked at, so that the compiler warns when they are not. */
#if defined(__GNUC__)
#define WRT_MUST_USE __attribute__((warn_unused_result))
#else
#define WRT_MUST_USE
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup status Status codes
 * @{
 */

/** How a call ended: #WRT_OK or one of the WRT_ERR_ numbers. Numbers never change; 12 is left free. */
typedef int32_t wrt_status;

/** The numbers of wrt_status. */
enum {
  WRT_OK = 0,                   /**< Done. */
  WRT_ERR_INVALID_ARGUMENT = 1, /**< NULL where a pointer is needed; an unknown tier, flag or level; a malformed or
                                   contradictory struct. */
  WRT_ERR_INVALID_HANDLE = 2,   /**< Never issued, of another kind, or already destroyed. */
  WRT_ERR_OUT_OF_BOUNDS = 3,    /**< The range is not inside `[0, len)`. */
  WRT_ERR_MISALIGNED = 4,       /**< Not a multiple of the memory's page length, or an atomic access that is not on its
                                   natural alignment. */
  WRT_ERR_LIMIT = 5,            /**< Beyond the memory's `max_len`, or what the tier can address. */
  WRT_ERR_BUDGET = 6,           /**< Refused by a budget. */
  WRT_ERR_BUSY = 7,             /**< Something is still borrowed or in use. */
  WRT_ERR_OUT_OF_MEMORY = 8,    /**< The operating system or the caller's allocator refused. */
  WRT_ERR_POOL_EXHAUSTED = 9,   /**< No free slot in the pool, no free handle, or no room to note a borrow. */
  WRT_ERR_UNSUPPORTED = 10,     /**< Valid, but this tier, build, host or release does not offer it. */
  WRT_ERR_CORRUPT = 11,         /**< An integrity check failed. */
  WRT_ERR_FORMAT = 13,          /**< A saved image is not one, is cut short, or its checksum is wrong. */
  WRT_ERR_IO = 14               /**< The caller's stream callback failed. */
};

/** @} */

/**
 * @defgroup constants Tiers, levels, flags
 * @{
 */

/** Where a memory's bytes come from. */
enum {
  WRT_TIER_DEFAULT = 0, /**< STATIC when a pool is given, ALLOC when an allocator is, else the first of STD, ALLOC,
                           STATIC that this build has. */
  WRT_TIER_STD = 1,     /**< From the operating system: address space reserved once, so that growth moves nothing. */
  WRT_TIER_ALLOC = 2,   /**< From the caller's allocator, or from the C library's `malloc` family. */
  WRT_TIER_STATIC = 3   /**< From one fixed slot of a pool in the caller's storage, or of the pool that is built in. */
};

/** How much a memory checks of itself; each level does what the one before it does, and more. */
enum {
  WRT_VERIFY_DEFAULT = 0,  /**< Means BASIC. */
  WRT_VERIFY_OFF = 1,      /**< Nothing but the bounds check, which is never off. */
  WRT_VERIFY_BASIC = 2,    /**< Also the control block, against redundant copies of its own fields. */
  WRT_VERIFY_STANDARD = 3, /**< Also a CRC-32C of each block, kept by every write; verify and clone check it. */
  WRT_VERIFY_SAMPLING = 4, /**< Also the touched blocks of every Nth access. */
  WRT_VERIFY_FULL = 5,     /**< Also the touched blocks of every access, before it happens. */
  WRT_VERIFY_REDUNDANT = 6 /**< Also a second copy, from which bad blocks are repaired. */
};

/** What a memory is created with; bits of `flags`. */
enum {
  WRT_MEM_GUARD = 1,     /**< STD: every byte past the length, up to reservation and guard, faults. `page_len` is a
                            multiple of the OS page. */
  WRT_MEM_SHARED = 2,    /**< For many threads at once: needs a maximum, only grows, never moves; levels below
                            #WRT_VERIFY_STANDARD. Not without an operating system or compare-and-swap of 64 bits. */
  WRT_MEM_STABLE = 4,    /**< The base never moves while the memory lives. */
  WRT_MEM_COMMIT = 8,    /**< Creation and growth return only when the bytes are really there, as far as the host can
                            tell; they stay, discarded or not, while they are inside the length. */
  WRT_MEM_TRACK = 16,    /**< Count accesses, for wrt_mem_get_stats(). */
  WRT_MEM_HUGE = 32,     /**< Prefer huge pages, where the tier and the host have them. */
  WRT_MEM_EXACT_MAX = 64 /**< Take `max_len` as written, 0 too, which otherwise means the tier's default. */
};

/** What a borrow is for; bits of `access`. */
enum {
  WRT_BORROW_READ = 1, /**< The caller reads the bytes. */
  WRT_BORROW_WRITE = 2 /**< The caller writes the bytes; no other borrow may overlap. */
};

/** What wrt_mem_atomic_rmw() does with the old value and the operand. */
enum {
  WRT_ATOMIC_ADD = 0, /**< old + operand, cut to the width. */
  WRT_ATOMIC_SUB = 1, /**< old - operand, cut to the width. */
  WRT_ATOMIC_AND = 2, /**< old & operand. */
  WRT_ATOMIC_OR = 3,  /**< old | operand. */
  WRT_ATOMIC_XOR = 4, /**< old ^ operand. */
  WRT_ATOMIC_XCHG = 5 /**< operand. */
};

/** What a tier can do besides its flags; bits of wrt_tier_info::features. */
enum {
  WRT_FEATURE_BUILTIN = 1,   /**< A memory needs no allocator and no pool of the caller's. */
  WRT_FEATURE_INTEGRITY = 2, /**< Levels #WRT_VERIFY_STANDARD and above. */
  WRT_FEATURE_IMAGES = 4,    /**< Images. */
  WRT_FEATURE_WAIT = 8       /**< wrt_mem_wait() on SHARED memories. */
};

/** @} */

/**
 * @defgroup types Types
 * @{
 */

/** A memory. A handle: an opaque token, never dereferenced, never 0 nor all ones. */
typedef struct wrt_mem wrt_mem;
/** A pool of slots for the STATIC tier. A handle. */
typedef struct wrt_pool wrt_pool;
/** A bound over the lengths of many memories. A handle. */
typedef struct wrt_budget wrt_budget;
/** Frozen contents. A handle. */
typedef struct wrt_image wrt_image;

/** Takes `n` bytes of an image that is saved; returns how many it took, and anything but `n` is #WRT_ERR_IO. */
typedef size_t (*wrt_write_fn)(void *context, const void *data, size_t n);

/**
 * Gives up to `n` bytes of an image that is loaded; returns how many it gave. 0 is the end of the stream;
 * `(size_t)-1`, or more than `n`, is #WRT_ERR_IO.
 */
typedef size_t (*wrt_read_fn)(void *context, void *data, size_t n);

/**
 * Where a memory's bytes are now, for generated code that checks bounds itself.
 *
 * The library keeps both members current. `len` is the current length, never more. inline.h reads it safely.
 * This struct has no `struct_size`: its layout is frozen.
 */
typedef struct wrt_view {
  uint8_t *base; /**< First byte; never NULL, aligned to 16 bytes at least. May change when the length changes. */
  size_t len;    /**< Bytes behind `base` that belong to the guest. */
} wrt_view;

/**
 * The caller's own allocator, for the ALLOC tier.
 *
 * `size` is never 0 and `alignment` is a power of two. Blocks may hold anything: the library clears them. The
 * functions may be called by every thread that uses a memory of theirs, at the same time when those are several.
 */
typedef struct wrt_allocator {
  uint32_t struct_size; /**< `sizeof(wrt_allocator)`. */
  uint32_t flags;       /**< 0. */
  void *context;        /**< First argument of each call; the library does not look at it. May be NULL. */
  /** Gives a block of `size` bytes whose address is a multiple of `alignment`, or NULL to refuse. Needed. */
  void *(*allocate)(void *context, size_t size, size_t alignment);
  /** Makes a block larger or smaller, contents kept, or gives NULL to refuse: `block` is valid still. May be NULL. */
  void *(*reallocate)(void *context, void *block, size_t old_size, size_t new_size, size_t alignment);
  /** Takes a block back, with the size and alignment that it was last given out with. Needed. */
  void (*deallocate)(void *context, void *block, size_t size, size_t alignment);
} wrt_allocator;

/**
 * How a memory is made. Start from #WRT_MEM_CONFIG_INIT and set what differs; zero members mean the default.
 *
 * Nothing of it is referenced after the call, save the allocator's context, the pool, the budget and where the image's
 * bytes came from, which must outlive the memory.
 */
typedef struct wrt_mem_config {
  uint32_t struct_size;           /**< `sizeof(wrt_mem_config)`. */
  int32_t tier;                   /**< A WRT_TIER_ number. */
  uint64_t initial_len;           /**< Length at creation, in bytes; a multiple of `page_len`. */
  uint64_t max_len;               /**< Greatest length, in bytes; a multiple of `page_len`. 0: STD 4 GiB or what the
                                     target can address if less, STATIC the slot, cut to a multiple of `page_len`; ALLOC
                                     an error, it must be stated. See #WRT_MEM_EXACT_MAX. */
  uint64_t page_len;              /**< What every length is a multiple of, in bytes; a power of two. 0 means 1;
                                     WebAssembly's is 65536. */
  uint32_t flags;                 /**< WRT_MEM_ bits. */
  int32_t verify;                 /**< A WRT_VERIFY_ number. */
  uint32_t sample_interval;       /**< SAMPLING: every so many accesses; 0 means 16. */
  uint32_t reserved0;             /**< 0. */
  const wrt_allocator *allocator; /**< ALLOC only; copied. NULL means the C library's `malloc` family where the build
                                     has one. */
  wrt_pool *pool;                 /**< STATIC only. NULL means the pool that is built in. */
  wrt_budget *budget;             /**< Charged with the memory's length. NULL: none. */
  const wrt_image *image;         /**< First contents and length, and what wrt_mem_reset() goes back to; zero
                                     `initial_len`, `max_len` and `page_len` then mean the image's. NULL: zeros. */
  const char *name;               /**< For reports, NUL-terminated; copied, cut at 31 bytes. NULL: none. */
  const void *reserved1;          /**< NULL. */
  uint64_t reserve_len;           /**< STD only: address space to hold, in bytes; 0 means `max_len`. */
  uint64_t guard_len;             /**< STD with GUARD only: bytes behind the reservation that fault; 0 means none. */
} wrt_mem_config;

/** First value of a wrt_mem_config: its size, and the default of everything. */
#define WRT_MEM_CONFIG_INIT \
  { sizeof(wrt_mem_config), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/** What a memory is at the moment; from wrt_mem_get_info(). */
typedef struct wrt_mem_info {
  uint32_t struct_size; /**< In: the caller's `sizeof`. Out: the bytes filled in. */
  int32_t tier;         /**< A WRT_TIER_ number; never DEFAULT. */
  uint32_t flags;       /**< The WRT_MEM_ bits that it was created with. */
  int32_t verify;       /**< The WRT_VERIFY_ number in force; never DEFAULT. */
  uint64_t len;         /**< Length, in bytes. */
  uint64_t max_len;     /**< Greatest length, in bytes. */
  uint64_t page_len;    /**< What every length is a multiple of, in bytes. */
  uint64_t capacity;    /**< Length that growth reaches without moving the base, in bytes. */
  uint64_t committed;   /**< Bytes obtained from the tier. */
  uint64_t peak_len;    /**< Greatest length so far, in bytes. */
  uint32_t borrows;     /**< Borrows that are out. */
  int32_t base_stable;  /**< 1 when the base can never move, else 0. */
  char name[32];        /**< The name it was given, NUL-terminated; empty when none. */
} wrt_mem_info;

/**
 * What happened to a memory since it was created or wrt_mem_clear_stats(); from wrt_mem_get_stats().
 *
 * A copy is one read of its source and one write of its destination; a fill is a write; a comparison is a read
 * of each side; a borrow is a read, a write or both; an atomic read-modify-write is both. Check and discard are
 * neither. Accesses through a view are not seen.
 */
typedef struct wrt_mem_stats {
  uint32_t struct_size;     /**< In: the caller's `sizeof`. Out: the bytes filled in. */
  uint32_t reserved0;       /**< 0. */
  uint64_t reads;           /**< Reads. With TRACK, else 0. */
  uint64_t writes;          /**< Writes. With TRACK, else 0. */
  uint64_t bytes_read;      /**< Bytes read. With TRACK, else 0. */
  uint64_t bytes_written;   /**< Bytes written. With TRACK, else 0. */
  uint64_t denied;          /**< Refused ranges of any access or check. With TRACK, else 0. */
  uint64_t max_access;      /**< Longest single access, in bytes. With TRACK, else 0. */
  uint64_t regions;         /**< Distinct regions of 64 KiB that were accessed. With TRACK, else 0. */
  uint64_t resizes;         /**< Changes of length by resize and grow. */
  uint64_t resize_failures; /**< Refused changes of length. */
  uint64_t verified_blocks; /**< Blocks whose check value was compared. */
  uint64_t corrupt_blocks;  /**< Blocks found bad, in all their copies. */
  uint64_t repaired_blocks; /**< Copies of blocks mended from the other copy. */
  uint64_t skipped_blocks;  /**< Blocks passed over by a verification, since a write-borrow was out on them. */
} wrt_mem_stats;

/** One change of length, or a refused one. Lengths in bytes. */
typedef struct wrt_mem_change {
  uint64_t from;      /**< The length before. */
  uint64_t to;        /**< The length asked for; UINT64_MAX when pages times page length overflow. */
  int32_t status;     /**< WRT_OK, or why it was refused. */
  uint32_t reserved0; /**< 0. */
} wrt_mem_change;

/** How many changes of length a history keeps. */
#define WRT_MEM_CHANGES 16

/** What a memory created with #WRT_MEM_TRACK remembers for a report; from wrt_mem_get_history(). */
typedef struct wrt_mem_history {
  uint32_t struct_size;                    /**< The caller's sizeof; then the bytes filled in. */
  uint32_t count;                          /**< How many of `changes` are filled in. */
  wrt_mem_change changes[WRT_MEM_CHANGES]; /**< The last changes by resize and grow, the oldest first. */
  uint64_t denied_offset;                  /**< Offset of the last access that was out of bounds. */
  uint64_t denied_len; /**< Its length. Look at `denied` of the statistics for whether there was one. */
} wrt_mem_history;

/** What a pool is at the moment; from wrt_pool_get_info(). */
typedef struct wrt_pool_info {
  uint32_t struct_size; /**< In: the caller's `sizeof`. Out: the bytes filled in. */
  uint32_t reserved0;   /**< 0. */
  uint64_t slot_len;    /**< Greatest length of a memory in one slot, in bytes. */
  uint64_t slots;       /**< Slots in all. */
  uint64_t used;        /**< Slots in use. */
  uint64_t peak;        /**< Most slots in use at once so far. */
  uint64_t refused;     /**< Memories refused because no slot was free. */
} wrt_pool_info;

/** What a budget is at the moment; from wrt_budget_get_info(). */
typedef struct wrt_budget_info {
  uint32_t struct_size; /**< In: the caller's `sizeof`. Out: the bytes filled in. */
  uint32_t reserved0;   /**< 0. */
  uint64_t limit;       /**< Most that it grants, in bytes. */
  uint64_t used;        /**< Granted now, budgets under it included, in bytes. */
  uint64_t peak;        /**< Most granted at once so far, in bytes. */
  uint64_t refused;     /**< Charges that it refused. */
} wrt_budget_info;

/** What an image is; from wrt_image_get_info(). */
typedef struct wrt_image_info {
  uint32_t struct_size; /**< In: the caller's `sizeof`. Out: the bytes filled in. */
  uint32_t reserved0;   /**< 0. */
  uint64_t len;         /**< Length of the contents, in bytes. */
  uint64_t max_len;     /**< `max_len` of the memory that it was made from, or wrt_image_load()'s, in bytes. */
  uint64_t page_len;    /**< `page_len` of the memory that it was made from, in bytes. */
  uint64_t stored;      /**< Bytes of the contents that are kept: 4,096 at a time, but what is all zero. */
} wrt_image_info;

/** What this build offers of a tier; from wrt_tier_get_info(). */
typedef struct wrt_tier_info {
  uint32_t struct_size; /**< In: the caller's `sizeof`. Out: the bytes filled in. */
  int32_t available;    /**< 1 when memories of this tier can be made, else 0. */
  uint64_t max_len;     /**< Greatest `max_len` of a memory of this tier, in bytes. */
  uint32_t flags;       /**< The WRT_MEM_ bits that it offers. */
  uint32_t features;    /**< Its WRT_FEATURE_ bits. */
} wrt_tier_info;

/** @} */

/**
 * @defgroup life Life
 * @{
 */

/**
 * Creates a memory of `initial_len` zero bytes that can grow to `max_len`, both in bytes, with pages of one byte.
 *
 * The same as wrt_mem_create_config() with these three and the default of everything else.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_ARGUMENT: `tier` is unknown; `out` is NULL; `max_len` is 0 on ALLOC
 * - #WRT_ERR_UNSUPPORTED: this build lacks the tier
 * - #WRT_ERR_LIMIT: `initial_len` is above `max_len`; `max_len` is above what the tier or the slot can hold
 * - #WRT_ERR_OUT_OF_MEMORY: the operating system or the allocator refused; with a pool never
 * - #WRT_ERR_POOL_EXHAUSTED: no free handle; no free slot (STATIC)
 *
 * Owns: the caller gets `*out` and gives it to wrt_mem_destroy().
 * Threads: any, at the same time.
 * Cost: O(1) on STD and STATIC, O(initial_len) on ALLOC. May make system calls on STD; none on STATIC.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_create(int32_t tier, uint64_t initial_len, uint64_t max_len, wrt_mem **out);

/**
 * Creates a memory as `config` says.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_ARGUMENT: a pointer is NULL; `struct_size` or the unknown tail is bad (rule 10); an unknown tier,
 *   flag or level; a reserved member is not 0; `page_len` is not a power of two; ALLOC or SHARED without a maximum; a
 *   pool with another tier than STATIC, an allocator with another than ALLOC; a malformed allocator; `reserve_len` or
 *   `guard_len` on another tier than STD; `guard_len` without GUARD; `reserve_len` below `initial_len`, or below
 *   `max_len` with GUARD, SHARED or STABLE
 * - #WRT_ERR_INVALID_HANDLE: the pool, the budget or the image is not one
 * - #WRT_ERR_CORRUPT: of the image's control block
 * - #WRT_ERR_INVALID_ARGUMENT: with an image, an `initial_len` that is neither 0 nor the image's; `reserve_len` below
 *   what zero members mean with an image
 * - #WRT_ERR_UNSUPPORTED: this build lacks the tier, or the tier the flag; SHARED with #WRT_VERIFY_STANDARD or above
 * - #WRT_ERR_MISALIGNED: `initial_len` or `max_len` is not a multiple of `page_len`, or with GUARD `page_len`
 *   not one of the OS page
 * - #WRT_ERR_LIMIT: `initial_len` is above `max_len`; `max_len` is above what the tier or the slot can hold; a sum
 *   overflows; TRACK with more than 1 TiB of `max_len`
 * - #WRT_ERR_BUDGET: the budget, or one above it, cannot grant `initial_len`
 * - #WRT_ERR_OUT_OF_MEMORY: the operating system or the allocator refused; with a pool never
 * - #WRT_ERR_POOL_EXHAUSTED: no free handle; no free slot, of which REDUNDANT takes two (STATIC)
 * - #WRT_ERR_CORRUPT: of a block of the image (an image from STANDARD on)
 *
 * Owns: the caller gets `*out` and gives it to wrt_mem_destroy(). `config` is the caller's and not kept; the
 * allocator's context, the pool and the budget must outlive the memory. The image may be destroyed before.
 * Threads: any, at the same time.
 * Cost: as wrt_mem_create(); ALLOC with STABLE costs O(max_len). From an image O(1) where its pages are shared, else
 * O(len); a level from STANDARD on, of the memory or of the image, costs O(len) then. TRACK adds one bit for each
 * 64 KiB of `max_len`, and STANDARD and above 4 bytes for each block.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_create_config(const wrt_mem_config *config, wrt_mem **out);

/**
 * Creates a memory with the same tier, configuration, length and bytes as `mem`, and fresh statistics.
 *
 * The new memory resets to what `mem` resets to. It charges the same budget and comes from the same pool or
 * allocator.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `out` is NULL
 * - #WRT_ERR_BUDGET: the budget cannot grant the length once more
 * - #WRT_ERR_BUSY: a write-borrow of `mem` is out
 * - #WRT_ERR_OUT_OF_MEMORY: the operating system or the allocator refused; with a pool never
 * - #WRT_ERR_POOL_EXHAUSTED: no free handle; no free slot, of which REDUNDANT takes two (STATIC)
 * - #WRT_ERR_CORRUPT: of a block (STANDARD and above)
 *
 * Owns: the caller gets `*out` and gives it to wrt_mem_destroy().
 * Threads: one at a time on `mem`.
 * Cost: O(len). May make system calls on STD; none on STATIC.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_clone(const wrt_mem *mem, wrt_mem **out);

/**
 * Takes a memory back to what it was at creation: its image, or `initial_len` bytes, all zero.
 *
 * What is discarded is not checked, at no level.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block, or of its image's
 * - #WRT_ERR_UNSUPPORTED: the memory is SHARED
 * - #WRT_ERR_BUDGET: it must grow for that, and the budget refuses
 * - #WRT_ERR_BUSY: anything is borrowed
 * - #WRT_ERR_OUT_OF_MEMORY: it must grow for that, and the operating system or the allocator refuses
 * - #WRT_ERR_CORRUPT: of a block of its image (an image from STANDARD on)
 *
 * Owns: nothing changes hands. Pointers into the bytes end; a view stays current.
 * Threads: one at a time.
 * Cost: O(len), or O(what was written) to an image whose pages are shared. May make system calls on STD; none on
 * STATIC.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_reset(wrt_mem *mem);

/**
 * Destroys a memory; NULL is #WRT_OK and does nothing.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not NULL and not a memory
 * - #WRT_ERR_CORRUPT: of the control block. The handle is dead nevertheless and the budget has its charge back; the
 *   bytes are set aside, never used again, and do not keep the pool busy
 * - #WRT_ERR_BUSY: anything is borrowed, or a thread waits on it; the memory lives on
 *
 * Owns: the library takes `mem` back. Views and pointers into the bytes end.
 * Threads: one at a time; no other call on `mem` may be under way.
 * Cost: O(1) on STD and ALLOC; on STATIC O(len), or O(slot) once bytes were viewed or borrowed. May make system calls
 * on STD; none on STATIC.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_destroy(wrt_mem *mem);

/** @} */

/**
 * @defgroup access Access by copy
 * @{
 */

/**
 * Gives the memory's length in bytes.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `out_len` is NULL
 *
 * Owns: nothing changes hands.
 * Threads: one at a time.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_len(const wrt_mem *mem, uint64_t *out_len);

/**
 * Says whether the `n` bytes at `offset` are inside.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside
 *
 * Owns: nothing changes hands.
 * Threads: one at a time.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_check(const wrt_mem *mem, uint64_t offset, uint64_t n);

/**
 * Copies the `n` bytes at `offset` to `dst`.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `dst` is NULL and `n` is not 0
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside
 * - #WRT_ERR_CORRUPT: of a touched block (SAMPLING and above)
 *
 * Owns: `dst` is the caller's, of `n` bytes, and not kept.
 * Threads: one at a time.
 * Cost: O(n), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_read(const wrt_mem *mem, uint64_t offset, void *dst, size_t n);

/**
 * Copies the `n` bytes at `src` to `offset`.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `src` is NULL and `n` is not 0
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside
 * - #WRT_ERR_CORRUPT: of a block touched in part (SAMPLING and above)
 *
 * Owns: `src` is the caller's, of `n` bytes, and not kept.
 * Threads: one at a time.
 * Cost: O(n), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_write(wrt_mem *mem, uint64_t offset, const void *src, size_t n);

/**
 * Sets the `n` bytes at `offset` to `value`.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside
 * - #WRT_ERR_CORRUPT: of a block touched in part (SAMPLING and above)
 *
 * Owns: nothing changes hands.
 * Threads: one at a time.
 * Cost: O(n), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_fill(wrt_mem *mem, uint64_t offset, uint8_t value, uint64_t n);

/**
 * Copies `n` bytes from one memory to another, or within one, where the ranges may overlap as in `memmove`.
 *
 * Both handles and then both ranges are checked before the first byte moves.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE, #WRT_ERR_CORRUPT: `dst` is not a memory; its control block
 * - #WRT_ERR_INVALID_HANDLE, #WRT_ERR_CORRUPT: `src` is not a memory; its control block
 * - #WRT_ERR_OUT_OF_BOUNDS: either range is not inside its memory
 * - #WRT_ERR_CORRUPT: of a block read, or written in part (SAMPLING and above)
 *
 * Owns: nothing changes hands.
 * Threads: one at a time on each of the two.
 * Cost: O(n), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_copy(wrt_mem *dst, uint64_t dst_offset, const wrt_mem *src, uint64_t src_offset,
                                             uint64_t n);

/**
 * Says whether two memories, of any tiers, have the same length and the same bytes: 1 for yes, 0 for no.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE, #WRT_ERR_CORRUPT: `a` is not a memory; its control block
 * - #WRT_ERR_INVALID_HANDLE, #WRT_ERR_CORRUPT: `b` is not a memory; its control block
 * - #WRT_ERR_INVALID_ARGUMENT: `out_equal` is NULL
 * - #WRT_ERR_CORRUPT: of a block, when the lengths are equal (SAMPLING and above)
 *
 * Owns: nothing changes hands.
 * Threads: one at a time on each of the two.
 * Cost: O(1) when the lengths differ, else O(len); no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_equal(const wrt_mem *a, const wrt_mem *b, int32_t *out_equal);

/** @} */

/**
 * @defgroup length Length
 * @{
 */

/**
 * Sets the memory's length to `new_len` bytes; new bytes are zero, and what is cut off is scrubbed at once.
 *
 * To the same length it is #WRT_OK and does nothing, whatever is borrowed. Shrinking never fails for memory.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_UNSUPPORTED: the memory is SHARED, and `new_len` is below its length
 * - #WRT_ERR_MISALIGNED: `new_len` is not a multiple of the memory's `page_len`
 * - #WRT_ERR_LIMIT: `new_len` is above `max_len`
 * - #WRT_ERR_BUDGET: the budget, or one above it, cannot grant the growth
 * - #WRT_ERR_BUSY: anything is borrowed, zero-length borrows included; growth of a STABLE or
 *   GUARD memory is allowed
 * - #WRT_ERR_OUT_OF_MEMORY: the operating system or the allocator refused the growth (STD, ALLOC)
 *
 * Owns: nothing changes hands. Unless the memory is STABLE, GUARD or SHARED, pointers into the bytes end; a view stays
 * current.
 * Threads: one at a time.
 * Cost: growth within the capacity O(1) on STATIC and STD, O(growth) on ALLOC; beyond it O(len), on ALLOC so seldom
 * that many small growths cost O(growth) in all. Shrinking O(what is cut off). May make system calls on STD.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_resize(wrt_mem *mem, uint64_t new_len);

/**
 * Grows by `delta_pages` pages of the memory's `page_len` and gives the old length in such pages, as WebAssembly's
 * `memory.grow` does.
 *
 * A delta of 0 always succeeds, whatever is borrowed.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `out_old_pages` is NULL
 * - #WRT_ERR_LIMIT: the new length overflows or is above `max_len`
 * - #WRT_ERR_BUDGET: the budget, or one above it, cannot grant the growth
 * - #WRT_ERR_BUSY: anything is borrowed, zero-length borrows included, and the memory is not STABLE, GUARD or
 *   SHARED
 * - #WRT_ERR_OUT_OF_MEMORY: the operating system or the allocator refused (STD, ALLOC)
 *
 * Owns: nothing changes hands. Unless the memory is STABLE, GUARD or SHARED, pointers into the bytes end; a view stays
 * current.
 * Threads: one at a time.
 * Cost: as growth by wrt_mem_resize().
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_grow(wrt_mem *mem, uint64_t delta_pages, uint64_t *out_old_pages);

/**
 * Makes the `n` bytes at `offset` zero and gives whole host pages among them back, where the tier can.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside
 * - #WRT_ERR_CORRUPT: of a block touched in part (SAMPLING and above)
 *
 * Owns: nothing changes hands. The length stays.
 * Threads: one at a time.
 * Cost: O(n). May make system calls on STD; none on ALLOC and STATIC.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_discard(wrt_mem *mem, uint64_t offset, uint64_t n);

/** @} */

/**
 * @defgroup nocopy Access without a copy
 * @{
 */

/**
 * Gives the address of the memory's live descriptor, the same at every call.
 *
 * Generated code reads `base` and `len` there before each access and checks bounds itself; inline.h does it.
 * Accesses through a view are not counted.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `out_view` is NULL
 * - #WRT_ERR_UNSUPPORTED: the level is #WRT_VERIFY_STANDARD or above, where every write must be seen
 *
 * Owns: the view is the library's, read-only to the caller, and ends with the memory.
 * Threads: one at a time. Reading the view while another thread changes the length needs the caller's own lock.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_view(wrt_mem *mem, const wrt_view **out_view);

/**
 * Lends the `n` bytes at `offset` as a pointer, never NULL, until wrt_mem_release() with that pointer and length.
 *
 * `access` is #WRT_BORROW_READ, #WRT_BORROW_WRITE or both. While anything is borrowed, zero-length borrows included,
 * destroy, reset, set_verify and every change of length are #WRT_ERR_BUSY, save growth of a memory that is STABLE or
 * GUARD; while a write-borrow is out, clone and wrt_image_create() are too. Other accesses are not refused. From
 * #WRT_VERIFY_STANDARD on the blocks of a write-borrow are open: not checked until the release.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `access` is 0 or has unknown bits; `out_data` is NULL
 * - #WRT_ERR_UNSUPPORTED: the memory is SHARED
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside
 * - #WRT_ERR_BUSY: it overlaps a borrow that is out, and at least one of the two is for writing
 * - #WRT_ERR_POOL_EXHAUSTED: too many borrows are out: at least 64 fit on hosts, at least 4 without an OS
 * - #WRT_ERR_CORRUPT: of a touched block (SAMPLING and above)
 *
 * Owns: the caller may use exactly `n` bytes at `*out_data` until the release, in the way that `access` says.
 * Threads: one at a time.
 * Cost: O(borrows that are out), and O(n) from SAMPLING on; no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_borrow(wrt_mem *mem, uint64_t offset, uint64_t n, uint32_t access,
                                               void **out_data);

/**
 * Ends the borrow that gave `data` for `n` bytes; of several such borrows, one.
 *
 * From #WRT_VERIFY_STANDARD on, the release of a write-borrow seals its blocks from what is there.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: no such borrow is out
 *
 * Owns: the caller gives `data` back.
 * Threads: one at a time.
 * Cost: O(borrows that are out), and O(n) for a write-borrow from STANDARD on; no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_release(wrt_mem *mem, const void *data, uint64_t n);

/** @} */

/**
 * @defgroup integrity Integrity, and what happened
 * @{
 */

/**
 * Checks the control block, and from #WRT_VERIFY_STANDARD on every block of `[0, len)`, bytes never touched included.
 *
 * Blocks that a write-borrow holds open are passed over, and counted in `skipped_blocks`. At #WRT_VERIFY_REDUNDANT a
 * block that is bad in one copy is repaired from the other.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block, or of a block, at REDUNDANT in both its copies; then `*out_first_bad`
 *   becomes the offset in bytes of the first one
 *
 * Owns: nothing changes hands. `out_first_bad` may be NULL.
 * Threads: one at a time.
 * Cost: O(1) at OFF and BASIC, O(len) above; no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_verify(wrt_mem *mem, uint64_t *out_first_bad);

/**
 * Changes the memory's verification level, between any two; #WRT_VERIFY_DEFAULT means BASIC.
 *
 * It completes or changes nothing. Upwards, what was kept is checked first; downwards it never fails for integrity.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `level` is unknown
 * - #WRT_ERR_UNSUPPORTED: `level` is #WRT_VERIFY_STANDARD or above, and a view was given or the memory is
 *   SHARED
 * - #WRT_ERR_BUSY: anything is borrowed
 * - #WRT_ERR_OUT_OF_MEMORY: the operating system or the allocator refused room for check values or the second copy
 * - #WRT_ERR_POOL_EXHAUSTED: no free slot for the second copy (STATIC)
 * - #WRT_ERR_CORRUPT: of a block, upwards
 *
 * Owns: nothing changes hands.
 * Threads: one at a time.
 * Cost: O(1) between OFF and BASIC, else O(len). May make system calls on STD; none on STATIC.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_set_verify(wrt_mem *mem, int32_t level);

/**
 * Says what the memory is at the moment.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `out` is NULL, or its `struct_size` is bad (rule 10)
 *
 * Owns: `out` is the caller's, with `struct_size` set, and not kept.
 * Threads: one at a time.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_get_info(const wrt_mem *mem, wrt_mem_info *out);

/**
 * Says what happened to the memory so far.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `out` is NULL, or its `struct_size` is bad (rule 10)
 *
 * Owns: `out` is the caller's, with `struct_size` set, and not kept.
 * Threads: one at a time.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_get_stats(const wrt_mem *mem, wrt_mem_stats *out);

/**
 * Gives the last changes of length and the last denied access of a memory created with #WRT_MEM_TRACK.
 *
 * Without TRACK there is nothing to tell: every member is 0. wrt_mem_clear_stats() empties it.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `out` is NULL, or its `struct_size` is bad (rule 10)
 *
 * Owns: `out` is the caller's, with `struct_size` set, and not kept.
 * Threads: one at a time.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_get_history(const wrt_mem *mem, wrt_mem_history *out);

/**
 * Sets every number of wrt_mem_get_stats() back to 0, the regions too.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 *
 * Owns: nothing changes hands.
 * Threads: one at a time.
 * Cost: O(1), with TRACK O(max_len / 512 KiB) at most; no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_clear_stats(wrt_mem *mem);

/** @} */

/**
 * @defgroup pools Pools, for the STATIC tier
 * @{
 */

/** @cond a cast that warns in neither language */
#ifdef __cplusplus
#define WRT_SIZE_(number) static_cast<size_t>(number)
#else
#define WRT_SIZE_(number) ((size_t)(number))
#endif
/** @endcond */

/**
 * An upper bound of what wrt_pool_storage_len() gives, as a constant expression for arrays of static storage.
 *
 * `slot_len` is in bytes. Both arguments are evaluated more than once. Within one SONAME no later release needs more.
 */
#define WRT_POOL_STORAGE_LEN(slot_len, slots)                                                                         \
  (WRT_SIZE_(slots) * (WRT_SIZE_(slot_len) + WRT_SIZE_(slot_len) / 16 + WRT_SIZE_(slot_len) / 128 + WRT_SIZE_(320)) + \
   WRT_SIZE_(1024))

/**
 * Gives the bytes of storage that `slots` slots of `slot_len` bytes take, at any alignment, overheads included.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_ARGUMENT: `slot_len` or `slots` is 0; `out_len` is NULL
 * - #WRT_ERR_LIMIT: more than a pool can have, or than can be addressed
 *
 * Owns: nothing changes hands.
 * Threads: any, at the same time.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_pool_storage_len(size_t slot_len, size_t slots, size_t *out_len);

/**
 * Makes a pool of as many slots of `slot_len` bytes as `storage_len` bytes of storage hold.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_ARGUMENT: `storage` or `out` is NULL; `slot_len` is 0; the storage is too small for one slot
 * - #WRT_ERR_OUT_OF_MEMORY: the operating system refused room for handles
 * - #WRT_ERR_POOL_EXHAUSTED: fewer free handles than the pool and its slots need
 *
 * Owns: the caller gets `*out` and gives it to wrt_pool_destroy(). `storage` stays the caller's; the pool alone uses
 * it, until destroyed. It may have any alignment and any contents.
 * Threads: any, at the same time.
 * Cost: O(storage_len). May make system calls, so that later calls need none.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_pool_create(void *storage, size_t storage_len, size_t slot_len, wrt_pool **out);

/**
 * Says what the pool is at the moment.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `pool` is not a pool
 * - #WRT_ERR_INVALID_ARGUMENT: `out` is NULL, or its `struct_size` is bad (rule 10)
 *
 * Owns: `out` is the caller's, with `struct_size` set, and not kept.
 * Threads: any, at the same time.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_pool_get_info(const wrt_pool *pool, wrt_pool_info *out);

/**
 * Destroys a pool; NULL is #WRT_OK and does nothing.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `pool` is not NULL and not a pool
 * - #WRT_ERR_BUSY: a slot is in use; the pool lives on
 *
 * Owns: the library takes `pool` back, and the caller has the storage for itself again.
 * Threads: any; no other call on `pool` may be under way.
 * Cost: O(slots), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_pool_destroy(wrt_pool *pool);

/** @} */

/**
 * @defgroup budgets Budgets: one bound over many memories, and budgets within budgets
 * @{
 */

/**
 * Makes a budget that grants at most `limit` bytes of length at once.
 *
 * With a parent, each charge must be granted by the parent too, and by all above it. What counts is a memory's
 * length, not what it reserves or commits.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_ARGUMENT: `out` is NULL
 * - #WRT_ERR_INVALID_HANDLE: `parent` is not NULL and not a budget
 * - #WRT_ERR_OUT_OF_MEMORY: the operating system refused room for handles
 * - #WRT_ERR_POOL_EXHAUSTED: no free handle
 *
 * Owns: the caller gets `*out` and gives it to wrt_budget_destroy(). `parent` must outlive it.
 * Threads: any, at the same time.
 * Cost: O(1). May make a system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_budget_create(uint64_t limit, wrt_budget *parent, wrt_budget **out);

/**
 * Says what the budget is at the moment.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `budget` is not a budget
 * - #WRT_ERR_INVALID_ARGUMENT: `out` is NULL, or its `struct_size` is bad (rule 10)
 *
 * Owns: `out` is the caller's, with `struct_size` set, and not kept.
 * Threads: any, at the same time.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_budget_get_info(const wrt_budget *budget, wrt_budget_info *out);

/**
 * Destroys a budget; NULL is #WRT_OK and does nothing.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `budget` is not NULL and not a budget
 * - #WRT_ERR_BUSY: a memory or a budget under it lives; the budget lives on
 *
 * Owns: the library takes `budget` back.
 * Threads: any; no other call on `budget` may be under way.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_budget_destroy(wrt_budget *budget);

/** @} */

/**
 * @defgroup images Images: frozen contents, to start memories from and to go back to
 *
 * An image is the bytes and the length of a memory at one moment. It never changes. Any number of memories can start
 * as it (wrt_mem_config::image), on any tier, and wrt_mem_reset() takes them back to it. On STD, where the host has
 * files in memory, memories share its pages until they write; elsewhere what is not zero is copied.
 *
 * From #WRT_VERIFY_STANDARD on an image has check values of its own, at the level of the memory that it was made from
 * or of `where`: its blocks are checked each time when a memory starts as it, goes back to it, or it is saved.
 *
 * Images are not charged to a budget. The pool or the allocator's context that an image comes from must outlive it and
 * the memories made from it. On STATIC it occupies a slot, at REDUNDANT two. A build with `WRTMEM_STATIC_ONLY` has no
 * images.
 * @{
 */

/**
 * Freezes the bytes and the length of `mem`.
 *
 * The image comes from where `mem` does, and has its `max_len` and `page_len`. Of a SHARED memory it has each byte with
 * some value that it had during the call.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `out` is NULL
 * - #WRT_ERR_UNSUPPORTED: this build has no images
 * - #WRT_ERR_BUSY: a write-borrow of `mem` is out
 * - #WRT_ERR_OUT_OF_MEMORY: the operating system or the allocator refused; with a pool never
 * - #WRT_ERR_POOL_EXHAUSTED: no free handle; no free slot, of which REDUNDANT takes two (STATIC)
 * - #WRT_ERR_CORRUPT: of a block of `mem` (STANDARD and above)
 *
 * Owns: the caller gets `*out` and gives it to wrt_image_destroy().
 * Threads: one at a time on `mem`.
 * Cost: O(len). May make system calls on STD, where it keeps a file number; none on STATIC.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_image_create(const wrt_mem *mem, wrt_image **out);

/**
 * Says what the image is.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `image` is not an image
 * - #WRT_ERR_CORRUPT: of the image's control block
 * - #WRT_ERR_INVALID_ARGUMENT: `out` is NULL, or its `struct_size` is bad (rule 10)
 *
 * Owns: `out` is the caller's, with `struct_size` set, and not kept.
 * Threads: any, at the same time.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_image_get_info(const wrt_image *image, wrt_image_info *out);

/**
 * Writes the image through `write`, in a form that any machine and tier can load: docs/image-format.md.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `image` is not an image
 * - #WRT_ERR_CORRUPT: of the image's control block
 * - #WRT_ERR_INVALID_ARGUMENT: `write` is NULL
 * - #WRT_ERR_CORRUPT: of a block of the image (STANDARD and above); then nothing was written
 * - #WRT_ERR_IO: `write` took another number of bytes than it was given; it is not called again
 *
 * Owns: `context` is the caller's and handed to `write` alone; the data is valid during that call.
 * Threads: any, at the same time; no lock is held during `write`.
 * Cost: O(len). May make system calls on STD; none on STATIC, but those of `write`.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_image_save(const wrt_image *image, wrt_write_fn write, void *context);

/**
 * Makes an image from what `read` gives: nothing past the image's end is asked for.
 *
 * `where` says by its tier, allocator, pool, `max_len` and level where and how the bytes are kept; NULL means the
 * default tier. It is checked as wrt_mem_create_config() does, before anything is read; what else it says does not
 * matter. The image's `max_len` is the stored one, or that of `where` (as creation resolves it, cut to a multiple of
 * the stored `page_len`) if that is less.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_ARGUMENT: `read` or `out` is NULL; `where` is malformed, as wrt_mem_create_config() says
 * - #WRT_ERR_INVALID_HANDLE: the pool, the budget or the image in `where` is not one
 * - #WRT_ERR_CORRUPT: of the control block of an image in `where`
 * - #WRT_ERR_UNSUPPORTED: this build has no images, or it lacks the tier, or the tier a flag in `where`
 * - #WRT_ERR_MISALIGNED: lengths in `where`, as wrt_mem_create_config() says
 * - #WRT_ERR_LIMIT: lengths in `where`, as wrt_mem_create_config() says; the stored length is above its maximum
 * - #WRT_ERR_OUT_OF_MEMORY: the operating system or the allocator refused; with a pool never
 * - #WRT_ERR_POOL_EXHAUSTED: no free handle; no free slot, of which REDUNDANT takes two (STATIC)
 * - #WRT_ERR_FORMAT: what `read` gives is no image, is cut short, or a check value is wrong
 * - #WRT_ERR_IO: `read` said `(size_t)-1`, or more than it was asked for
 *
 * FORMAT and IO come when the stream has come so far: of its first 48 bytes before the stored length counts for
 * anything. A call that fails leaves nothing behind.
 *
 * Owns: the caller gets `*out` and gives it to wrt_image_destroy(). `context` is the caller's.
 * Threads: any, at the same time; no lock is held during `read`.
 * Cost: O(len) on ALLOC, else O(what is stored). May make system calls on STD, where it keeps a file number; none on
 * STATIC, but those of `read`.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_image_load(const wrt_mem_config *where, wrt_read_fn read, void *context,
                                               wrt_image **out);

/**
 * Gives up the caller's reference to an image; NULL is #WRT_OK and does nothing.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `image` is not NULL and not an image
 * - #WRT_ERR_CORRUPT: of the image's control block. The handle is dead nevertheless; the bytes are set aside, never
 * used again, and do not keep the pool busy once no memory refers to the image
 *
 * Owns: the library takes `image` back. Memories made from it keep what they need.
 * Threads: any; no other call on `image` may be under way.
 * Cost: O(1) on STD and ALLOC, O(len) on STATIC. May make system calls on STD; none on STATIC.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_image_destroy(wrt_image *image);

/** @} */

/**
 * @defgroup threads Atomic access
 *
 * Sequentially consistent and little-endian. A width is in bytes: 1, 2, 4 or 8. Values are cut to the width.
 * Load, store, read-modify-write and compare-exchange work on every memory.
 * @{
 */

/**
 * Loads the `width` bytes at `offset` as one value, zero-extended.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `width` is not 1, 2, 4 or 8; `out_value` is NULL
 * - #WRT_ERR_MISALIGNED: `offset` is not a multiple of `width`
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside
 * - #WRT_ERR_CORRUPT: of a touched block (SAMPLING and above)
 *
 * Owns: nothing changes hands.
 * Threads: one at a time; on a SHARED memory any.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_atomic_load(const wrt_mem *mem, uint64_t offset, uint32_t width,
                                                    uint64_t *out_value);

/**
 * Stores `value` to the `width` bytes at `offset` at once.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `width` is not 1, 2, 4 or 8
 * - #WRT_ERR_MISALIGNED: `offset` is not a multiple of `width`
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside
 * - #WRT_ERR_CORRUPT: of a touched block (SAMPLING and above)
 *
 * Owns: nothing changes hands.
 * Threads: one at a time; on a SHARED memory any.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_atomic_store(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t value);

/**
 * Combines the `width` bytes at `offset` with `operand` by `op`, a WRT_ATOMIC_ number, and gives the old value.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `width` is not 1, 2, 4 or 8; `op` is unknown; `out_old` is NULL
 * - #WRT_ERR_MISALIGNED: `offset` is not a multiple of `width`
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside
 * - #WRT_ERR_CORRUPT: of a touched block (SAMPLING and above)
 *
 * Owns: nothing changes hands.
 * Threads: one at a time; on a SHARED memory any.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_atomic_rmw(wrt_mem *mem, uint64_t offset, uint32_t width, int32_t op,
                                                   uint64_t operand, uint64_t *out_old);

/**
 * Stores `replacement` to the `width` bytes at `offset` if they hold `expected`, and gives the old value either way.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `width` is not 1, 2, 4 or 8; `out_old` is NULL
 * - #WRT_ERR_MISALIGNED: `offset` is not a multiple of `width`
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside
 * - #WRT_ERR_CORRUPT: of a touched block (SAMPLING and above)
 *
 * Owns: nothing changes hands.
 * Threads: one at a time; on a SHARED memory any.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_atomic_cmpxchg(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t expected,
                                                       uint64_t replacement, uint64_t *out_old);

/**
 * Sleeps until woken, if the `width` bytes at `offset` hold `expected`.
 *
 * `width` is 4 or 8. `timeout_ns` is in nanoseconds, and negative means for ever. The result is 0 for woken, 1 for
 * not equal, 2 for timed out.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `width` is not 4 or 8; `out_result` is NULL
 * - #WRT_ERR_UNSUPPORTED: the memory is not SHARED
 * - #WRT_ERR_MISALIGNED: `offset` is not a multiple of `width`
 * - #WRT_ERR_OUT_OF_BOUNDS: the range is not inside
 *
 * Owns: nothing changes hands. While a thread waits, wrt_mem_destroy() is #WRT_ERR_BUSY.
 * Threads: one at a time; on a SHARED memory any.
 * Cost: O(threads that wait), and the time waited; system calls to sleep.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_wait(wrt_mem *mem, uint64_t offset, uint32_t width, uint64_t expected,
                                             int64_t timeout_ns, int32_t *out_result);

/**
 * Wakes up to `count` threads that wait at `offset`, and says how many; none can on a memory that is not SHARED.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_HANDLE: `mem` is not a memory
 * - #WRT_ERR_CORRUPT: of the control block
 * - #WRT_ERR_INVALID_ARGUMENT: `out_woken` is NULL
 * - #WRT_ERR_MISALIGNED: `offset` is not a multiple of 4
 * - #WRT_ERR_OUT_OF_BOUNDS: the 4 bytes at `offset` are not inside
 *
 * Owns: nothing changes hands.
 * Threads: one at a time; on a SHARED memory any.
 * Cost: O(threads that wait); a system call for each that is woken.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_mem_notify(wrt_mem *mem, uint64_t offset, uint32_t count, uint32_t *out_woken);

/** @} */

/**
 * @defgroup library The library
 * @{
 */

/**
 * Says whose memory an address lies in, and at which offset; for handlers of faults.
 *
 * Every address of what a memory holds is found, past its length too: the offset may be above the length.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_ARGUMENT: a pointer is NULL, the address included
 * - #WRT_ERR_OUT_OF_BOUNDS: the address belongs to no memory
 *
 * Owns: `address` is not dereferenced. The handle stays its owner's.
 * Threads: any, at the same time, signal handlers too; the memory that is found must not be destroyed meanwhile.
 * Cost: O(most handles that were ever live at once), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_fault_find(const void *address, wrt_mem **out_mem, uint64_t *out_offset);

/**
 * Gives the library's version: `major << 16 | minor << 8 | patch`.
 *
 * Fails iff: never.
 *
 * Owns: nothing changes hands.
 * Threads: any, at the same time, signal handlers too.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API uint32_t wrt_version(void);

/**
 * Gives the library's version as text, such as "0.1.0".
 *
 * Fails iff: never.
 *
 * Owns: the text is the library's and constant.
 * Threads: any, at the same time, signal handlers too.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API const char *wrt_version_string(void);

/**
 * Gives the identifier of a status, such as "WRT_ERR_BUSY", and a fixed text for an unknown number; never NULL.
 *
 * Fails iff: never.
 *
 * Owns: the text is the library's and constant.
 * Threads: any, at the same time, signal handlers too.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API const char *wrt_status_name(wrt_status status);

/**
 * Gives a sentence that says what a status means, and a fixed text for an unknown number; never NULL.
 *
 * Fails iff: never.
 *
 * Owns: the text is the library's and constant.
 * Threads: any, at the same time, signal handlers too.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API const char *wrt_status_message(wrt_status status);

/**
 * Gives the name of a tier: "default", "std", "alloc", "static", or "unknown" for any other number; never NULL.
 *
 * Fails iff: never.
 *
 * Owns: the text is the library's and constant.
 * Threads: any, at the same time, signal handlers too.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API const char *wrt_tier_name(int32_t tier);

/**
 * Says what this build offers of a tier; of one that it lacks, that it is not available.
 *
 * Fails iff:
 * - #WRT_ERR_INVALID_ARGUMENT: `tier` is unknown; `out` is NULL, or its `struct_size` is bad (rule 10)
 *
 * Owns: `out` is the caller's, with `struct_size` set, and not kept.
 * Threads: any, at the same time.
 * Cost: O(1), no system call.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_tier_get_info(int32_t tier, wrt_tier_info *out);

/**
 * Tries what this build offers and says whether it works: a power-on self-test.
 *
 * Fails iff:
 * - #WRT_ERR_CORRUPT: something answered otherwise than it must
 *
 * Owns: nothing changes hands; the caller's memories are not touched.
 * Threads: any, at the same time.
 * Cost: O(1). May make system calls.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_selftest(void);

/**
 * Gives address space and pages that the library keeps for later memories back to the system.
 *
 * Fails iff: never.
 *
 * Owns: nothing changes hands; the caller's memories are not touched.
 * Threads: any, at the same time.
 * Cost: O(what is kept). May make system calls.
 * @since 0.1.0
 */
WRT_API WRT_MUST_USE wrt_status wrt_trim(void);

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* WRTMEM_WRTMEM_H */
