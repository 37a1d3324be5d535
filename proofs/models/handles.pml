/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The handle table of capi/table.cpp under threads: handles are issued, looked up, pinned (cpp/core/pin.hpp) and ended by
 * threads that hold stale ones as well as live ones. Each atomic operation is one step. Who owns an entry is the set of
 * ids' matter (id_set.pml), here one bit.
 *
 *   ENTRIES      places in the table; few, so that each is reused at once
 *   THREADS      threads, each of which does ROUNDS calls, any call with any handle that was ever seen
 *   GENERATIONS  how many generations there are before the first comes again
 *
 * What is checked, with each handle marked by how often its entry had been in use when it was issued: who pins an object
 * has the object of that handle, and it is not destroyed before it is unpinned; of all destroys of one handle exactly
 * one succeeds, and only that of the live object; a handle that was destroyed is never good again, for GENERATIONS - 1
 * reuses of its entry; at the end nothing is pinned and what is live can be found.
 *
 * Broken on purpose:
 *   BREAK_GENERATION  a pin is taken whatever generation the word names
 *   BREAK_CLOSE       closing looks and writes in two steps
 *   BREAK_REUSE       a new handle has its predecessor's generation
 *   BREAK_RETIRE      a memory's handle is ended by a look and a store
 *   BREAK_ORDER       the entry is given back before its handle is ended
 *   BREAK_DROP        an object is destroyed whether it is pinned or not
 *   GENERATIONS=3     with three reuses: the bound is the bound
 */
#ifndef ENTRIES
#define ENTRIES 1
#endif
#ifndef THREADS
#define THREADS 2
#endif
#ifndef ROUNDS
#define ROUNDS 3
#endif
#ifndef GENERATIONS
#define GENERATIONS 16
#endif
#define HANDLES 2 /* that threads remember together, the last ones issued */

#define OBJECT 1 /* a pool or a budget */
#define MEMORY 2
#define NEXT(generation) (((generation) + 1) % GENERATIONS)

/* A handle is its kind, its entry and its generation; `use` says which use of the entry it means, and nobody reads it
   but the assertions. */
typedef Handle {
  byte kind;
  byte entry;
  byte generation;
  byte use;
}

typedef Entry {
  byte kind; /* Entry::token: kind 0 is no handle */
  byte token_generation;
  byte generation;
  byte pin_generation; /* PinCount::state, one word: generation, closed, pins */
  bit closed;
  byte pins;
  bit taken; /* from the set of ids */
  byte use;  /* for the assertions: how often it was issued, whether that object is live, and who is inside */
  bit live;
  byte inside;
}

#ifdef BREAK_DROP
#define UNPINNED(pins) true
#else
#define UNPINNED(pins) (pins == 0)
#endif

Entry entry[ENTRIES];
Handle seen[HANDLES];

/* find: token == what the entry says */
#define IS_LIVE(h) (entry[h.entry].kind == h.kind && entry[h.entry].token_generation == h.generation)
#define SAME_OBJECT(h) (entry[h.entry].use == h.use && entry[h.entry].live)

/* claim_entry */
inline claim_entry() {
  if
  :: atomic { !entry[0].taken -> entry[0].taken = 1; mine.entry = 0; got = 1 }
#if ENTRIES > 1
  :: atomic { !entry[1].taken -> entry[1].taken = 1; mine.entry = 1; got = 1 }
  :: atomic { entry[0].taken && entry[1].taken -> got = 0 }
#else
  :: atomic { entry[0].taken -> got = 0 }
#endif
  fi
}

/* wrt_budget_create, wrt_pool_create, create_memory */
inline create(of_kind) {
  claim_entry();
  if
  :: got ->
    d_step {
      mine.kind = of_kind;
#ifndef BREAK_REUSE
      entry[mine.entry].generation = NEXT(entry[mine.entry].generation);
#endif
      mine.generation = entry[mine.entry].generation;
      entry[mine.entry].use++;
      mine.use = entry[mine.entry].use;
      assert(!entry[mine.entry].live && entry[mine.entry].inside == 0)
    };
    if
    :: of_kind == OBJECT ->
      d_step {
        entry[mine.entry].pin_generation = mine.generation;
        entry[mine.entry].closed = 0;
        entry[mine.entry].pins = 0
      }
    :: else -> skip
    fi;
    d_step {
      entry[mine.entry].kind = of_kind;
      entry[mine.entry].token_generation = mine.generation;
      entry[mine.entry].live = 1
    };
    /* The handle goes round. */
    d_step {
      seen[1].kind = seen[0].kind; seen[1].entry = seen[0].entry;
      seen[1].generation = seen[0].generation; seen[1].use = seen[0].use;
      seen[0].kind = mine.kind; seen[0].entry = mine.entry;
      seen[0].generation = mine.generation; seen[0].use = mine.use
    }
  :: else -> skip
  fi
}

/* pin, some work, unpin */
inline use_object() {
  d_step { got = mine.kind == OBJECT && IS_LIVE(mine) };
  if
  :: got ->
    do /* PinCount::take */
    :: d_step {
         w_generation = entry[mine.entry].pin_generation;
         w_closed = entry[mine.entry].closed;
         w_pins = entry[mine.entry].pins
       };
       if
#ifdef BREAK_GENERATION
       :: w_closed -> got = 0; break
#else
       :: w_closed || w_generation != mine.generation -> got = 0; break
#endif
       :: else -> skip
       fi;
       d_step {
         got = entry[mine.entry].pin_generation == w_generation && entry[mine.entry].closed == w_closed &&
               entry[mine.entry].pins == w_pins;
         if
         :: got -> entry[mine.entry].pins = w_pins + 1
         :: else -> skip
         fi
       };
       if
       :: got -> break
       :: else -> skip
       fi
    od;
    if
    :: got ->
      d_step { assert(SAME_OBJECT(mine)); entry[mine.entry].inside++ };
      d_step { assert(SAME_OBJECT(mine)); entry[mine.entry].inside-- };
      entry[mine.entry].pins-- /* PinCount::drop */
    :: else -> skip
    fi
  :: else -> skip
  fi
}

inline end_object() {
  d_step {
    assert(SAME_OBJECT(mine));
    assert(entry[mine.entry].inside == 0);
    entry[mine.entry].live = 0
  }
}

/* close_object, then release_entry */
inline destroy_object() {
  d_step { got = mine.kind == OBJECT && IS_LIVE(mine) };
  if
  :: got ->
#ifdef BREAK_CLOSE
    d_step {
      got = entry[mine.entry].pin_generation == mine.generation && !entry[mine.entry].closed &&
            entry[mine.entry].pins == 0
    };
    if
    :: got -> entry[mine.entry].closed = 1
    :: else -> skip
    fi;
#else
    d_step { /* PinCount::close */
      got = entry[mine.entry].pin_generation == mine.generation && !entry[mine.entry].closed &&
            UNPINNED(entry[mine.entry].pins);
      if
      :: got -> entry[mine.entry].closed = 1
      :: else -> skip
      fi
    };
#endif
    if
    :: got ->
      end_object();
#ifdef BREAK_ORDER
      entry[mine.entry].taken = 0;
      entry[mine.entry].kind = 0
#else
      entry[mine.entry].kind = 0;
      entry[mine.entry].taken = 0
#endif
    :: else -> skip /* BUSY or INVALID_HANDLE */
    fi
  :: else -> skip
  fi
}

/* wrt_mem_destroy: retired first, and back again when something is borrowed */
inline destroy_memory() {
  d_step { got = mine.kind == MEMORY && IS_LIVE(mine) };
  if
  :: got ->
#ifdef BREAK_RETIRE
    d_step { got = IS_LIVE(mine) };
    if
    :: got -> entry[mine.entry].kind = 0
    :: else -> skip
    fi;
#else
    d_step {
      got = IS_LIVE(mine);
      if
      :: got -> entry[mine.entry].kind = 0
      :: else -> skip
      fi
    };
#endif
    if
    :: got ->
      assert(SAME_OBJECT(mine));
      if
      :: entry[mine.entry].kind = MEMORY /* BUSY */
      :: end_object(); entry[mine.entry].taken = 0
      fi
    :: else -> skip
    fi
  :: else -> skip
  fi
}

proctype thread() {
  Handle mine;
  byte round, w_generation, w_pins;
  bit got, w_closed;
  do
  :: round < ROUNDS ->
    if
    :: create(OBJECT)
    :: create(MEMORY)
    :: d_step { mine.kind = seen[0].kind; mine.entry = seen[0].entry; mine.generation = seen[0].generation; mine.use = seen[0].use }
      if :: use_object() :: destroy_object() :: destroy_memory() fi
    :: d_step { mine.kind = seen[1].kind; mine.entry = seen[1].entry; mine.generation = seen[1].generation; mine.use = seen[1].use }
      if :: use_object() :: destroy_object() :: destroy_memory() fi
    fi;
    d_step {
      mine.kind = 0; mine.entry = 0; mine.generation = 0; mine.use = 0; w_generation = 0; w_pins = 0; got = 0; w_closed = 0;
      round++
    }
  :: else -> break
  od
}

init {
  byte i;
  atomic {
    do
    :: i < THREADS -> run thread(); i++
    :: else -> break
    od
  }
  (_nr_pr == 1);
  d_step {
    i = 0;
    do
    :: i < ENTRIES ->
      assert(entry[i].inside == 0);
      assert(entry[i].kind != OBJECT || entry[i].pins == 0);
      assert((entry[i].kind != 0) == entry[i].live);
      assert(entry[i].taken == entry[i].live);
      i++
    :: else -> break
    od
  }
}
