;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; Reaches wherever it is told to, with the widest offsets that an instruction can have.
(module
  (memory (export "memory") 1 100)
  (data (i32.const 65532) "last")
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "load64") (param i32) (result i64) (i64.load (local.get 0)))
  (func (export "store64") (param i32 i64) (i64.store (local.get 0) (local.get 1)))
  (func (export "far_load64") (param i32) (result i64) (i64.load offset=0xffffffff (local.get 0)))
  (func (export "far_store8") (param i32 i32) (i32.store8 offset=0xffffffff (local.get 0) (local.get 1)))
  (func (export "near_load32") (param i32) (result i32) (i32.load offset=65532 (local.get 0)))
  (func (export "sum") (param i32 i32) (result i32) (local i32)
    (block (loop
      (br_if 1 (i32.ge_u (local.get 0) (local.get 1)))
      (local.set 2 (i32.add (local.get 2) (i32.load8_u (local.get 0))))
      (local.set 0 (i32.add (local.get 0) (i32.const 1)))
      (br 0)))
    (local.get 2)))
