/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "compat.h"

#include <errno.h>

static int refused(void) {
  errno = ENOSYS;
  return -1;
}

int chown(const char *path, uid_t owner, gid_t group) {
  (void)path, (void)owner, (void)group;
  return refused();
}

int fchown(int fd, uid_t owner, gid_t group) {
  (void)fd, (void)owner, (void)group;
  return refused();
}

int chmod(const char *path, mode_t mode) {
  (void)path, (void)mode;
  return refused();
}

int fchmod(int fd, mode_t mode) {
  (void)fd, (void)mode;
  return refused();
}

mode_t umask(mode_t mask) {
  (void)mask;
  return 0;
}

int system(const char *command) {
  if (command == NULL) return 0; /* there is no shell */
  return refused();
}

char *tmpnam(char *name) {
  (void)name;
  return NULL;
}

FILE *tmpfile(void) {
  (void)refused();
  return NULL;
}
