;; SPDX-License-Identifier: Apache-2.0 OR MIT
;; Has two memories.
(module
  (memory (export "first") 1 2)
  (memory (export "second") 1 3))
