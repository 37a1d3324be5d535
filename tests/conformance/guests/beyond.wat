;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; Lives in the host's memory. Its second segment does not fit into one page; its start function says that it ran.
(module
  (import "env" "memory" (memory 1))
  (data (i32.const 8) "kept")
  (data (i32.const 65534) "does not fit")
  (data (i32.const 24) "never")
  (func $ran (i32.store8 (i32.const 0) (i32.const 1)))
  (start $ran))
