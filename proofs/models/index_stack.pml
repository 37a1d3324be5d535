/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the library does not do: free slots as a stack of indices under compare-and-swap. The property is that of
 * id_set.pml, no slot belongs to two threads, and it does not hold: between the look at the head's successor and the swap
 * another thread may take two and give one back (ABA). A tag beside the index only makes it rarer, TAGS being how many
 * there are before the first comes again.
 */
#ifndef TAGS
#define TAGS 1
#endif
#ifndef ROUNDS
#define ROUNDS 2
#endif
#define SLOTS 3
#define NONE 3

byte head, tag;
byte next[SLOTS];
byte owner[SLOTS];

inline pop(result) {
  do
  :: d_step { h = head; t = tag };
    if
    :: h == NONE -> result = NONE; break
    :: else -> skip
    fi;
    n = next[h];
    d_step {
      swapped = head == h && tag == t;
      if
      :: swapped -> head = n; tag = (tag + 1) % TAGS; result = h; assert(owner[h] == 0); owner[h] = 1
      :: else -> skip
      fi
    };
    if
    :: swapped -> break
    :: else -> skip
    fi
  od
}

inline push(slot) {
  owner[slot] = 0;
  do
  :: d_step { h = head; t = tag };
    next[slot] = h;
    d_step {
      swapped = head == h && tag == t;
      if
      :: swapped -> head = slot; tag = (tag + 1) % TAGS
      :: else -> skip
      fi
    };
    if
    :: swapped -> break
    :: else -> skip
    fi
  od
}

proctype thread() {
  byte h, t, n, a, b, round;
  bit swapped;
  do
  :: round < ROUNDS ->
    pop(a);
    pop(b);
    if
    :: a != NONE -> push(a)
    :: else -> skip
    fi;
    if
    :: b != NONE -> push(b)
    :: else -> skip
    fi;
    round++
  :: else -> break
  od
}

init {
  d_step { next[0] = 1; next[1] = 2; next[2] = NONE };
  atomic { run thread(); run thread() }
}
