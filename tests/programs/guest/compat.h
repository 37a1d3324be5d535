/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef WRTMEM_TESTS_PROGRAMS_COMPAT_H
#define WRTMEM_TESTS_PROGRAMS_COMPAT_H

/* What the programs refer to and a sandbox does not have: owners, modes, other processes, temporary names. All of them
 * fail, in compat.c. */

#include <stdio.h>
#include <sys/types.h>

#define L_tmpnam 20

int chown(const char *path, uid_t owner, gid_t group);
int fchown(int fd, uid_t owner, gid_t group);
int chmod(const char *path, mode_t mode);
int fchmod(int fd, mode_t mode);
mode_t umask(mode_t mask);
int system(const char *command);
char *tmpnam(char *name);
FILE *tmpfile(void);

#endif /* WRTMEM_TESTS_PROGRAMS_COMPAT_H */
