/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* The guest: counts and sorts the words of a text. It is compiled to WebAssembly and knows nothing of its host.
 * A word is a run of ASCII letters, in lower case. Its malloc grows the linear memory as words arrive. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))

struct word {
  struct word *next; /* in its bucket */
  uint32_t hash, count, len;
  char text[];
};

/* What the host reads: offsets in this memory, lengths, numbers. */
struct row {
  uint32_t text, len, count;
};
struct report {
  uint32_t rows, row_count, bytes, words;
};

static struct word **buckets;
static uint32_t bucket_count, distinct;

static char *pending; /* letters of the word that is being read: it may go on in the next piece of text */
static uint32_t pending_len, pending_room;

static char *buffer;
static uint32_t buffer_len;

static struct report report;
static int lying;

/* ---- the table of words */

static uint32_t hash_of(const char *text, uint32_t len) {
  uint32_t hash = 2166136261u;
  for (uint32_t i = 0; i < len; ++i) hash = (hash ^ (uint8_t)text[i]) * 16777619u;
  return hash;
}

static int more_buckets(void) {
  const uint32_t count = bucket_count == 0 ? 256 : bucket_count * 2;
  struct word **larger = calloc(count, sizeof *larger);
  if (larger == NULL) return -1;
  for (uint32_t i = 0; i < bucket_count; ++i) {
    for (struct word *word = buckets[i], *next; word != NULL; word = next) {
      next = word->next;
      word->next = larger[word->hash % count];
      larger[word->hash % count] = word;
    }
  }
  free(buckets);
  buckets = larger;
  bucket_count = count;
  return 0;
}

static struct word *find(const char *text, uint32_t len, uint32_t hash) {
  for (struct word *word = buckets[hash % bucket_count]; word != NULL; word = word->next) {
    if (word->hash == hash && word->len == len && memcmp(word->text, text, len) == 0) return word;
  }
  return NULL;
}

static struct word *insert(const char *text, uint32_t len, uint32_t hash) {
  struct word *word = malloc(sizeof *word + len);
  if (word == NULL) return NULL;
  *word = (struct word){buckets[hash % bucket_count], hash, 0, len};
  memcpy(word->text, text, len);
  buckets[hash % bucket_count] = word;
  ++distinct;
  return word;
}

static int count_word(const char *text, uint32_t len) {
  if (distinct >= bucket_count && more_buckets() != 0) return -1;
  const uint32_t hash = hash_of(text, len);
  struct word *word = find(text, len, hash);
  if (word == NULL) word = insert(text, len, hash);
  if (word == NULL) return -1;
  ++word->count;
  ++report.words;
  return 0;
}

/* ---- the text */

static int keep_letter(char letter) {
  if (pending_len == pending_room) {
    const uint32_t room = pending_room == 0 ? 64 : pending_room * 2;
    char *larger = realloc(pending, room);
    if (larger == NULL) return -1;
    pending = larger;
    pending_room = room;
  }
  pending[pending_len++] = letter;
  return 0;
}

static int end_word(void) {
  if (pending_len == 0) return 0;
  const uint32_t len = pending_len;
  pending_len = 0;
  return count_word(pending, len);
}

static int take(char c) {
  if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
  return c >= 'a' && c <= 'z' ? keep_letter(c) : end_word();
}

/* ---- the order: most frequent first, then by letter */

static int compare(const void *left, const void *right) {
  const struct row *a = left, *b = right;
  if (a->count != b->count) return a->count > b->count ? -1 : 1;
  const uint32_t shorter = a->len < b->len ? a->len : b->len;
  const int order = memcmp((const char *)a->text, (const char *)b->text, shorter);
  if (order != 0) return order;
  return a->len < b->len ? -1 : a->len > b->len;
}

static struct row *sorted_rows(void) {
  struct row *rows = malloc((distinct + 1) * sizeof *rows);
  if (rows == NULL) return NULL;
  uint32_t n = 0;
  for (uint32_t i = 0; i < bucket_count; ++i) {
    for (const struct word *word = buckets[i]; word != NULL; word = word->next)
      rows[n++] = (struct row){(uint32_t)word->text, word->len, word->count};
  }
  qsort(rows, n, sizeof *rows, compare);
  return rows;
}

/* ---- what the host calls */

/* Where to write the next piece of text, up to len bytes; 0: no memory. */
EXPORT("get_buffer") char *get_buffer(uint32_t len) {
  buffer = malloc(len);
  buffer_len = buffer == NULL ? 0 : len;
  return buffer;
}

/* Counts the words in the first len bytes of the buffer; not 0: no memory. */
EXPORT("ingest") int ingest(uint32_t len) {
  if (len > buffer_len) return -1;
  for (uint32_t i = 0; i < len; ++i) {
    if (take(buffer[i]) != 0) return -1;
  }
  report.bytes += len;
  return 0;
}

/* Sorts; gives a struct report; 0: no memory. */
EXPORT("finish") const struct report *finish(void) {
  if (end_word() != 0) return NULL;
  struct row *rows = sorted_rows();
  if (rows == NULL) return NULL;
  if (lying && distinct > 0) rows[0].len = UINT32_MAX - rows[0].text;
  report.rows = (uint32_t)rows;
  report.row_count = distinct;
  return &report;
}

/* What a broken or hostile guest might do. */
static volatile char *past_the_end(void) { return (volatile char *)(__builtin_wasm_memory_size(0) * 65536); }

EXPORT("read_outside") int read_outside(void) { return *past_the_end(); }

EXPORT("write_outside") void write_outside(void) { *past_the_end() = 'x'; }

EXPORT("lie") void lie(void) { lying = 1; }
