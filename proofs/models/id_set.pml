/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The set of ids of cpp/core/kernel.h under threads, step by step: each atomic operation is one step, and between two of
 * them any other thread may run. Words have two bits, so that 4 ids take two levels and 5 to 8 ids take three.
 *
 *   IDS       how many ids: 1 to 8
 *   THREADS   how many threads, each of which claims and releases ROUNDS times
 *   KEEP      how many ids a thread holds at once: 1 or 2
 *   START     which ids are in use from the start, as a number; any without it
 *   POOL      1: as SlotPool::claim, a count promises an id before the set is searched
 *
 * What is checked: no id belongs to two threads; what a thread releases was in use; a claim fails only when other
 * threads have claimed meanwhile or all are in use, and never with a promise; nothing runs in circles (no cycle of
 * states); and at rest each summary says exactly what is below.
 *
 * Broken on purpose, to see that the checks can fail:
 *   BREAK_CLAIM     the bit is read and written in two steps
 *   BREAK_RECHECK   a summary is written without a second look at what is below
 *   BREAK_LEVELS    one summary is kept, those above it are not
 *   BREAK_RELEASE   the summaries are left alone when an id comes back
 *   BREAK_PROMISE   the count is given back before the id is
 */
#ifndef IDS
#define IDS 4
#endif
#ifndef THREADS
#define THREADS 2
#endif
#ifndef ROUNDS
#define ROUNDS 2
#endif
#ifndef KEEP
#define KEEP 1
#endif
#ifndef POOL
#define POOL 1
#endif

/* Any ids may be in use from the start, unless START says which. */
#ifdef START
#define MAY_BE_FREE(i) ((START >> i) & 1) == 0
#define MAY_BE_USED(i) ((START >> i) & 1) == 1
#else
#define MAY_BE_FREE(i) true
#define MAY_BE_USED(i) true
#endif

#define FULL 3
#define NONE 255
/* The shape: words at levels 0, 1 and 2. */
#if IDS <= 2
#define WORDS0 1
#define WORDS1 0
#define LEVELS 1
#elif IDS <= 4
#define WORDS0 2
#define WORDS1 1
#define LEVELS 2
#else
#define WORDS1 2
#define LEVELS 3
#if IDS <= 6
#define WORDS0 3
#else
#define WORDS0 4
#endif
#endif
#define ONES(i) ((word[i] & 1) + word[i] / 2)
#if IDS <= 2
#define IN_USE (ONES(0) - (IDS & 1))
#elif IDS <= 4
#define IN_USE (ONES(0) + ONES(1) - (IDS & 1))
#elif IDS <= 6
#define IN_USE (ONES(0) + ONES(1) + ONES(2) - (IDS & 1))
#else
#define IN_USE (ONES(0) + ONES(1) + ONES(2) + ONES(3) - (IDS & 1))
#endif
#define AT(level) ((level) == 0 -> 0 : ((level) == 1 -> WORDS0 : WORDS0 + WORDS1))
#define BIT(i) (1 << ((i) & 1))
#define LOWEST_ZERO(w) ((w) & 1)

byte word[8];
byte owner[8]; /* 0: nobody, 9: from the start and for good, else the thread */
byte count;    /* SlotPool::claims */
byte used;     /* how many ids stay in use for good */

/* wrt_k_set_settle */
inline settle(from_level, from_item) {
  s_level = from_level;
  s_item = from_item;
  do
  :: s_level + 1 < LEVELS ->
    moved = 0;
    do
    :: w = word[AT(s_level) + s_item];
      d_step {
        old = word[AT(s_level + 1) + s_item / 2];
        if
        :: w == FULL ->
          word[AT(s_level + 1) + s_item / 2] = old | BIT(s_item);
          moved = moved || (old != FULL && (old | BIT(s_item)) == FULL)
        :: else ->
          word[AT(s_level + 1) + s_item / 2] = old & (FULL - BIT(s_item));
          moved = moved || old == FULL
        fi
      };
#ifdef BREAK_RECHECK
      break
#else
      d_step { now = (word[AT(s_level) + s_item] == FULL) == (w == FULL) };
      if
      :: now -> break
      :: else -> skip
      fi
#endif
    od;
#ifdef BREAK_LEVELS
    break;
#endif
    if
    :: !moved -> break
    :: else -> s_item = s_item / 2; s_level++
    fi
  :: else -> break
  od
}

/* wrt_k_set_find: the id in f_item, or NONE */
inline find() {
  f_level = LEVELS;
  f_item = 0;
  do
  :: f_level == 0 -> break
  :: else ->
    w = word[AT(f_level - 1) + f_item];
    if
    :: w != FULL -> f_item = f_item * 2 + LOWEST_ZERO(w); f_level--
    :: w == FULL && f_level == LEVELS -> /* wrt_k_set_scan */
      f_item = NONE;
      s_item = 0;
      do
      :: s_item < WORDS0 ->
        w = word[s_item];
        if
        :: w != FULL -> f_item = s_item * 2 + LOWEST_ZERO(w); break
        :: else -> s_item++
        fi
      :: else -> break
      od;
      break
    :: else -> settle(f_level - 1, f_item); f_level = LEVELS; f_item = 0
    fi
  od
}

/* wrt_k_set_claim: the id in f_item, or NONE */
inline claim() {
  do
  :: find();
    if
    :: f_item == NONE -> break
    :: else -> skip
    fi;
#ifdef BREAK_CLAIM
    old = word[f_item / 2];
    word[f_item / 2] = old | BIT(f_item);
#else
    d_step { old = word[f_item / 2]; word[f_item / 2] = old | BIT(f_item) }
#endif
    if
    :: (old & BIT(f_item)) != 0 -> skip
    :: else ->
      id = f_item;
      if
      :: (old | BIT(id)) == FULL -> settle(0, id / 2)
      :: else -> skip
      fi;
      f_item = id;
      break
    fi
  od
}

/* wrt_k_set_release */
inline release(which) {
  d_step { old = word[which / 2]; word[which / 2] = old & (FULL - BIT(which)); assert((old & BIT(which)) != 0) };
#ifndef BREAK_RELEASE
  if
  :: old == FULL -> settle(0, which / 2)
  :: else -> skip
  fi
#endif
}

proctype thread(byte me) {
  byte held[KEEP];
  byte k, round, f_level, f_item, s_level, s_item, w, old, id;
  bool moved, now;
  do
  :: round < ROUNDS ->
    k = 0;
    do
    :: k < KEEP ->
      held[k] = NONE;
#if POOL
      if
      :: d_step { count < IDS -> assert(IN_USE <= count); count++ } /* an id is free for each promise */
        do
        :: claim(); if :: f_item != NONE -> break :: else -> skip fi
        od
      :: d_step { count >= IDS -> f_item = NONE }
      fi;
#else
      claim();
#endif
      skip;
      d_step {
        if
        :: f_item != NONE -> assert(owner[f_item] == 0); owner[f_item] = me; held[k] = f_item
        :: else -> skip
        fi;
        f_item = 0; f_level = 0; s_item = 0; s_level = 0; w = 0; old = 0; id = 0; moved = 0; now = 0; /* fewer states */
        k++
      }
    :: else -> break
    od;
    k = 0;
    do
    :: k < KEEP ->
      if
      :: held[k] != NONE && round + 1 == ROUNDS -> d_step { owner[held[k]] = 9; used++ } /* kept for good */
      :: held[k] != NONE ->
        d_step { assert(owner[held[k]] == me); owner[held[k]] = 0 };
#ifdef BREAK_PROMISE
        count--;
        release(held[k]);
        skip
#else
        release(held[k]);
        count = count - POOL
#endif
      :: else -> skip
      fi;
      d_step { s_item = 0; s_level = 0; w = 0; old = 0; moved = 0; now = 0; held[k] = NONE; k++ }
    :: else -> break
    od;
    round++
  :: else -> break
  od
}

/* One bit of a summary against the word below it, as wrt_k_set_holds. */
inline check_summary(level, words) {
  i = 0;
  do
  :: i < words ->
    assert((word[AT(level) + i] == FULL) == ((word[AT(level + 1) + i / 2] & BIT(i)) != 0));
    i++
  :: else -> break
  od
}

/* The bits of a level that stand for nothing. */
inline close_end(level, items) {
  if
  :: (items & 1) != 0 -> word[AT(level) + items / 2] = 2
  :: else -> skip
  fi
}

init {
  byte i;
  atomic {
    d_step {
      close_end(0, IDS);
      if :: LEVELS > 1 -> close_end(1, WORDS0) :: else -> skip fi;
      if :: LEVELS > 2 -> close_end(2, WORDS1) :: else -> skip fi
    };
    do
    :: i < IDS ->
      if
      :: MAY_BE_FREE(i) -> skip
      :: MAY_BE_USED(i) -> word[i / 2] = word[i / 2] | BIT(i); owner[i] = 9; used++
      fi;
      i++
    :: else -> break
    od;
    count = used * POOL;
    i = 0;
    do
    :: LEVELS > 1 && i < WORDS0 ->
      if :: word[i] == FULL -> word[AT(1) + i / 2] = word[AT(1) + i / 2] | BIT(i) :: else -> skip fi; i++
    :: else -> break
    od;
    i = 0;
    do
    :: LEVELS > 2 && i < WORDS1 ->
      if :: word[AT(1) + i] == FULL -> word[AT(2) + i / 2] = word[AT(2) + i / 2] | BIT(i) :: else -> skip fi; i++
    :: else -> break
    od;
    i = 1;
    do
    :: i <= THREADS -> run thread(i); i++
    :: else -> break
    od
  }
  (_nr_pr == 1);
  d_step {
    assert(count == used * POOL);
    i = 0;
    do
    :: i < IDS -> assert(((word[i / 2] & BIT(i)) != 0) == (owner[i] == 9)); i++
    :: else -> break
    od;
    if :: LEVELS > 1 -> check_summary(0, WORDS0) :: else -> skip fi;
    if :: LEVELS > 2 -> check_summary(1, WORDS1) :: else -> skip fi
  }
}
