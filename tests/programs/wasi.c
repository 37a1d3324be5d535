/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "wasi.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Every address that the guest gives goes through the library: what does not lie inside is FAULT. */

typedef struct Z_wasi_snapshot_preview1_instance_t wasi;

enum {
  SUCCESS = 0,
  BADF = 8,
  EXIST = 20,
  FAULT = 21,
  INVAL = 28,
  IO = 29,
  ISDIR = 31,
  NOENT = 44,
  NOTCAPABLE = 76,
  SPIPE = 70,
  NFILE = 41
};
enum { DIRECTORY_FD = 3, FDS = 32, PATH_LEN = 256 };
enum { UNKNOWN = 0, CHARACTER_DEVICE = 2, DIRECTORY = 3, REGULAR_FILE = 4 };
#define RIGHT_READ (UINT64_C(1) << 1)
#define RIGHT_SEEK (UINT64_C(1) << 2)
#define RIGHT_TELL (UINT64_C(1) << 5)
#define RIGHT_WRITE (UINT64_C(1) << 6)

/* The host's descriptor behind each of the guest's, plus one; 0: free. */
static int fds[FDS] = {1, 2, 3};

int wasi_open_directory(const char *path) {
  const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  fds[DIRECTORY_FD] = fd + 1;
  return fd < 0 ? -1 : 0;
}

/* ---- helpers */

static int host_fd(uint32_t fd) { return fd < FDS ? fds[fd] - 1 : -1; }

static uint32_t code_of_errno(void) {
  switch (errno) {
    case EBADF:
      return BADF;
    case EEXIST:
      return EXIST;
    case EINVAL:
      return INVAL;
    case EISDIR:
      return ISDIR;
    case ENOENT:
      return NOENT;
    case ESPIPE:
      return SPIPE;
    default:
      return IO;
  }
}

static uint32_t put(wasi *w, uint32_t at, const void *bytes, size_t n) {
  return wrt_mem_write(w->mem, at, bytes, n) == WRT_OK ? SUCCESS : FAULT;
}

static uint32_t put32(wasi *w, uint32_t at, uint32_t value) { return put(w, at, &value, sizeof value); }

static uint32_t put64(wasi *w, uint32_t at, uint64_t value) { return put(w, at, &value, sizeof value); }

/* A path inside the directory, or the reason why not. */
static uint32_t take_path(wasi *w, uint32_t dir, uint32_t at, uint32_t n, char path[PATH_LEN]) {
  if (dir != DIRECTORY_FD) return BADF;
  if (n >= PATH_LEN) return INVAL;
  if (wrt_mem_read(w->mem, at, path, n) != WRT_OK) return FAULT;
  path[n] = '\0';
  if (path[0] == '/' || strstr(path, "..") != NULL) return NOTCAPABLE;
  return SUCCESS;
}

/* ---- arguments, the end, time */

static uint32_t put_strings(wasi *w, int count, char **strings, uint32_t table, uint32_t bytes) {
  for (int i = 0; i < count; ++i) {
    const uint32_t n = (uint32_t)strlen(strings[i]) + 1;
    if (put32(w, table + 4 * (uint32_t)i, bytes) != SUCCESS || put(w, bytes, strings[i], n) != SUCCESS) return FAULT;
    bytes += n;
  }
  return SUCCESS;
}

uint32_t Z_wasi_snapshot_preview1Z_args_get(wasi *w, uint32_t table, uint32_t bytes) {
  return put_strings(w, w->argc, w->argv, table, bytes);
}

uint32_t Z_wasi_snapshot_preview1Z_args_sizes_get(wasi *w, uint32_t count, uint32_t len) {
  uint32_t all = 0;
  for (int i = 0; i < w->argc; ++i) all += (uint32_t)strlen(w->argv[i]) + 1;
  return put32(w, count, (uint32_t)w->argc) | put32(w, len, all);
}

/* The environment is empty. */
uint32_t Z_wasi_snapshot_preview1Z_environ_get(wasi *w, uint32_t table, uint32_t bytes) {
  return put_strings(w, 0, NULL, table, bytes);
}

uint32_t Z_wasi_snapshot_preview1Z_environ_sizes_get(wasi *w, uint32_t count, uint32_t len) {
  return put32(w, count, 0) | put32(w, len, 0);
}

void Z_wasi_snapshot_preview1Z_proc_exit(wasi *w, uint32_t code) {
  w->exit_code = code;
  longjmp(w->exit, 1);
}

/* 0 is the time of day, 1 is monotonic, 2 the process's. */
uint32_t Z_wasi_snapshot_preview1Z_clock_time_get(wasi *w, uint32_t id, uint64_t precision, uint32_t out) {
  static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID};
  (void)precision;
  struct timespec now;
  if (id > 2 || clock_gettime(clocks[id], &now) != 0) return INVAL;
  return put64(w, out, (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec);
}

/* ---- streams and files */

/* One system call for each piece, straight from or into the guest's memory. */
static uint32_t transfer(wasi *w, uint32_t fd, uint32_t iovs, uint32_t count, uint32_t out, int writing) {
  const int host = host_fd(fd);
  if (host < 0) return BADF;
  uint32_t all = 0;
  for (uint32_t i = 0; i < count; ++i) {
    uint32_t piece[2]; /* where, how long */
    if (wrt_mem_read(w->mem, (uint64_t)iovs + (uint64_t)i * 8, piece, sizeof piece) != WRT_OK) return FAULT;
    void *data = NULL;
    const uint32_t access = writing ? WRT_BORROW_READ : WRT_BORROW_WRITE;
    if (wrt_mem_borrow(w->mem, piece[0], piece[1], access, &data) != WRT_OK) return FAULT;
    const ssize_t n = writing ? write(host, data, piece[1]) : read(host, data, piece[1]);
    if (wrt_mem_release(w->mem, data, piece[1]) != WRT_OK) return FAULT;
    if (n < 0) return code_of_errno();
    all += (uint32_t)n;
    if ((uint32_t)n < piece[1]) break;
  }
  return put32(w, out, all);
}

uint32_t Z_wasi_snapshot_preview1Z_fd_write(wasi *w, uint32_t fd, uint32_t iovs, uint32_t count, uint32_t out) {
  return transfer(w, fd, iovs, count, out, 1);
}

uint32_t Z_wasi_snapshot_preview1Z_fd_read(wasi *w, uint32_t fd, uint32_t iovs, uint32_t count, uint32_t out) {
  return transfer(w, fd, iovs, count, out, 0);
}

uint32_t Z_wasi_snapshot_preview1Z_fd_close(wasi *w, uint32_t fd) {
  (void)w;
  const int host = host_fd(fd);
  if (host < 0) return BADF;
  fds[fd] = 0;
  return close(host) == 0 ? SUCCESS : code_of_errno();
}

uint32_t Z_wasi_snapshot_preview1Z_fd_renumber(wasi *w, uint32_t from, uint32_t to) {
  if (host_fd(from) < 0 || host_fd(to) < 0) return BADF;
  if (from == to) return SUCCESS;
  (void)Z_wasi_snapshot_preview1Z_fd_close(w, to);
  fds[to] = fds[from];
  fds[from] = 0;
  return SUCCESS;
}

uint32_t Z_wasi_snapshot_preview1Z_fd_seek(wasi *w, uint32_t fd, uint64_t offset, uint32_t whence, uint32_t out) {
  static const int whences[] = {SEEK_SET, SEEK_CUR, SEEK_END};
  if (host_fd(fd) < 0) return BADF;
  if (whence > 2) return INVAL;
  const off_t at = lseek(host_fd(fd), (off_t)offset, whences[whence]);
  return at < 0 ? code_of_errno() : put64(w, out, (uint64_t)at);
}

uint32_t Z_wasi_snapshot_preview1Z_fd_tell(wasi *w, uint32_t fd, uint32_t out) {
  return Z_wasi_snapshot_preview1Z_fd_seek(w, fd, 0, 1, out);
}

static uint8_t type_of(const struct stat *stat) {
  if (S_ISDIR(stat->st_mode)) return DIRECTORY;
  if (S_ISREG(stat->st_mode)) return REGULAR_FILE;
  return S_ISCHR(stat->st_mode) ? CHARACTER_DEVICE : UNKNOWN;
}

uint32_t Z_wasi_snapshot_preview1Z_fd_fdstat_get(wasi *w, uint32_t fd, uint32_t out) {
  struct stat stat;
  if (host_fd(fd) < 0 || fstat(host_fd(fd), &stat) != 0) return BADF;
  uint8_t record[24] = {type_of(&stat)};
  uint64_t rights = UINT64_MAX;
  if (record[0] == CHARACTER_DEVICE) rights &= ~(RIGHT_SEEK | RIGHT_TELL);
  memcpy(record + 8, &rights, sizeof rights);
  memcpy(record + 16, &rights, sizeof rights);
  return put(w, out, record, sizeof record);
}

/* Only APPEND means anything here, and it is given when a file is opened. */
uint32_t Z_wasi_snapshot_preview1Z_fd_fdstat_set_flags(wasi *w, uint32_t fd, uint32_t flags) {
  (void)w;
  if (host_fd(fd) < 0) return BADF;
  return flags == 0 ? SUCCESS : INVAL;
}

uint32_t Z_wasi_snapshot_preview1Z_fd_prestat_get(wasi *w, uint32_t fd, uint32_t out) {
  if (fd != DIRECTORY_FD || host_fd(fd) < 0) return BADF;
  return put32(w, out, 0) | put32(w, out + 4, 1);
}

uint32_t Z_wasi_snapshot_preview1Z_fd_prestat_dir_name(wasi *w, uint32_t fd, uint32_t out, uint32_t n) {
  if (fd != DIRECTORY_FD || n != 1) return BADF;
  return put(w, out, ".", 1);
}

static uint32_t free_fd(void) {
  uint32_t fd = DIRECTORY_FD + 1;
  while (fd < FDS && fds[fd] != 0) ++fd;
  return fd;
}

uint32_t Z_wasi_snapshot_preview1Z_path_open(wasi *w, uint32_t dir, uint32_t lookup, uint32_t at, uint32_t n,
                                             uint32_t how, uint64_t rights, uint64_t inheriting, uint32_t flags,
                                             uint32_t out) {
  (void)lookup;
  (void)inheriting;
  char path[PATH_LEN];
  const uint32_t code = take_path(w, dir, at, n, path);
  if (code != SUCCESS) return code;
  const uint32_t fd = free_fd();
  if (fd == FDS) return NFILE;

  int mode = (rights & RIGHT_WRITE) == 0 ? O_RDONLY : (rights & RIGHT_READ) == 0 ? O_WRONLY : O_RDWR;
  if (how & 1) mode |= O_CREAT;
  if (how & 2) mode |= O_DIRECTORY;
  if (how & 4) mode |= O_EXCL;
  if (how & 8) mode |= O_TRUNC;
  if (flags & 1) mode |= O_APPEND;
  const int host = openat(host_fd(dir), path, mode | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (host < 0) return code_of_errno();
  fds[fd] = host + 1;
  return put32(w, out, fd);
}

static uint64_t nanoseconds(const struct timespec *time) {
  return (uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_nsec;
}

uint32_t Z_wasi_snapshot_preview1Z_path_filestat_get(wasi *w, uint32_t dir, uint32_t lookup, uint32_t at, uint32_t n,
                                                     uint32_t out) {
  (void)lookup;
  char path[PATH_LEN];
  const uint32_t code = take_path(w, dir, at, n, path);
  if (code != SUCCESS) return code;
  struct stat stat;
  if (fstatat(host_fd(dir), path, &stat, AT_SYMLINK_NOFOLLOW) != 0) return code_of_errno();
  const uint64_t record[8] = {(uint64_t)stat.st_dev,      (uint64_t)stat.st_ino,     type_of(&stat),
                              (uint64_t)stat.st_nlink,    (uint64_t)stat.st_size,    nanoseconds(&stat.st_atim),
                              nanoseconds(&stat.st_mtim), nanoseconds(&stat.st_ctim)};
  return put(w, out, record, sizeof record);
}

static struct timespec moment(uint64_t time, int given, int now) {
  if (now) return (struct timespec){0, UTIME_NOW};
  if (!given) return (struct timespec){0, UTIME_OMIT};
  return (struct timespec){(time_t)(time / 1000000000u), (long)(time % 1000000000u)};
}

uint32_t Z_wasi_snapshot_preview1Z_path_filestat_set_times(wasi *w, uint32_t dir, uint32_t lookup, uint32_t at,
                                                           uint32_t n, uint64_t accessed, uint64_t modified,
                                                           uint32_t which) {
  (void)lookup;
  char path[PATH_LEN];
  const uint32_t code = take_path(w, dir, at, n, path);
  if (code != SUCCESS) return code;
  const struct timespec times[2] = {moment(accessed, which & 1, which & 2), moment(modified, which & 4, which & 8)};
  return utimensat(host_fd(dir), path, times, AT_SYMLINK_NOFOLLOW) == 0 ? SUCCESS : code_of_errno();
}

static uint32_t remove_path(wasi *w, uint32_t dir, uint32_t at, uint32_t n, int flags) {
  char path[PATH_LEN];
  const uint32_t code = take_path(w, dir, at, n, path);
  if (code != SUCCESS) return code;
  return unlinkat(host_fd(dir), path, flags) == 0 ? SUCCESS : code_of_errno();
}

uint32_t Z_wasi_snapshot_preview1Z_path_unlink_file(wasi *w, uint32_t dir, uint32_t at, uint32_t n) {
  return remove_path(w, dir, at, n, 0);
}

uint32_t Z_wasi_snapshot_preview1Z_path_remove_directory(wasi *w, uint32_t dir, uint32_t at, uint32_t n) {
  return remove_path(w, dir, at, n, AT_REMOVEDIR);
}

uint32_t Z_wasi_snapshot_preview1Z_path_rename(wasi *w, uint32_t from_dir, uint32_t from, uint32_t from_len,
                                               uint32_t to_dir, uint32_t to, uint32_t to_len) {
  char old[PATH_LEN], new[PATH_LEN];
  uint32_t code = take_path(w, from_dir, from, from_len, old);
  if (code == SUCCESS) code = take_path(w, to_dir, to, to_len, new);
  if (code != SUCCESS) return code;
  return renameat(host_fd(from_dir), old, host_fd(to_dir), new) == 0 ? SUCCESS : code_of_errno();
}
