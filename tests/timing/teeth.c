/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* What the reader of longest paths has to refuse, one function each. */
int tooth_loop(volatile int *p, int n);
int tooth_call(int (*f)(int), int n);
int tooth_recursion(volatile int *p, int n);
int tooth_unnamed(volatile int *p);
int tooth_retry(volatile int *p);
int tooth_none(int n);
int unnamed(volatile int *p);

int tooth_loop(volatile int *p, int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) sum += *p;
  return sum;
}

int tooth_call(int (*f)(int), int n) { return f(n) + 1; }

__attribute__((noinline, optimize("no-optimize-sibling-calls"))) int tooth_recursion(volatile int *p, int n) {
  return n == 0 ? *p : tooth_recursion(p, n - 1) + *p;
}

__attribute__((noinline)) int unnamed(volatile int *p) { return *p; }
int tooth_unnamed(volatile int *p) { return unnamed(p) + 1; }

int tooth_retry(volatile int *p) {
  while (*p != 0) {
  }
  return 1;
}

int tooth_none(int n) { return n + 1; }

int main(void) { return 0; }
