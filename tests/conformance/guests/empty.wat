;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; A memory of no pages, which may grow to one.
(module
  (memory (export "memory") 0 1)
  (data $two "ab")
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32) (memory.init $two (local.get 0) (local.get 1) (local.get 2))))
