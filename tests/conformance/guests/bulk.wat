;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; fill, copy, init and drop, with an active and two passive segments.
(module
  (memory (export "memory") 1 2)
  (data $active (i32.const 16) "active")
  (data $passive "0123456789")
  (data $other "another")
  (data $nothing "")
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init") (param i32 i32 i32) (memory.init $passive (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init_other") (param i32 i32 i32) (memory.init $other (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init_active") (param i32 i32 i32) (memory.init $active (local.get 0) (local.get 1) (local.get 2)))
  (func (export "init_nothing") (param i32 i32 i32) (memory.init $nothing (local.get 0) (local.get 1) (local.get 2)))
  (func (export "drop") (data.drop $passive))
  (func (export "drop_active") (data.drop $active))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))
