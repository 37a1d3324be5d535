/* SPDX-License-Identifier: Apache-2.0 OR MIT */

/* SQLite's operating system, natively and as a guest: databases in memory, a clock that stands still, and the same
 * random numbers every time, so that both print the same. */

#include <string.h>

#include "sqlite3.h"

static int refuse_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
  (void)vfs, (void)name, (void)flags, (void)out_flags;
  file->pMethods = NULL;
  return SQLITE_CANTOPEN;
}

static int refuse_delete(sqlite3_vfs *vfs, const char *name, int sync) {
  (void)vfs, (void)name, (void)sync;
  return SQLITE_IOERR_DELETE;
}

static int nothing_there(sqlite3_vfs *vfs, const char *name, int flags, int *out) {
  (void)vfs, (void)name, (void)flags;
  *out = 0;
  return SQLITE_OK;
}

static int full_name(sqlite3_vfs *vfs, const char *name, int n, char *out) {
  (void)vfs;
  sqlite3_snprintf(n, out, "%s", name);
  return SQLITE_OK;
}

static int randomness(sqlite3_vfs *vfs, int n, char *out) {
  (void)vfs;
  memset(out, 0x5A, (size_t)n);
  return n;
}

static int no_sleep(sqlite3_vfs *vfs, int microseconds) {
  (void)vfs;
  return microseconds;
}

/* Noon on 1 January 2000, in days and in milliseconds. */
static int noon(sqlite3_vfs *vfs, double *out) {
  (void)vfs;
  *out = 2451545.0;
  return SQLITE_OK;
}

static int noon64(sqlite3_vfs *vfs, sqlite3_int64 *out) {
  (void)vfs;
  *out = (sqlite3_int64)2451545 * 86400000;
  return SQLITE_OK;
}

static int no_error(sqlite3_vfs *vfs, int n, char *out) {
  (void)vfs, (void)n, (void)out;
  return 0;
}

int sqlite3_os_init(void) {
  static sqlite3_vfs vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = (int)sizeof(sqlite3_file);
  vfs.mxPathname = 256;
  vfs.zName = "none";
  vfs.xOpen = refuse_open;
  vfs.xDelete = refuse_delete;
  vfs.xAccess = nothing_there;
  vfs.xFullPathname = full_name;
  vfs.xRandomness = randomness;
  vfs.xSleep = no_sleep;
  vfs.xCurrentTime = noon;
  vfs.xGetLastError = no_error;
  vfs.xCurrentTimeInt64 = noon64;
  return sqlite3_vfs_register(&vfs, 1);
}

int sqlite3_os_end(void) { return SQLITE_OK; }
