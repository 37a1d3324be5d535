;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; The loop of inlined.c, for wasm2c: n loads from places that a linear congruential generator gives.
(module
  (memory (export "memory") 1 1)
  (func (export "sum") (param $n i32) (result i32)
    (local $x i32) (local $sum i32)
    (loop $again
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1664525)) (i32.const 1013904223)))
      (local.set $sum (i32.add (local.get $sum) (i32.load (i32.shr_u (local.get $x) (i32.const 17)))))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $sum)))
