; SPDX-License-Identifier: Apache-2.0 OR MIT
;
; The two axioms of cpp/core/kernel/id_set.h about a word with every bit set, proved with bit vectors, for words of 64
; and of 32 bits: the negation of each has no model. `proofs/run` expects "unsat" four times.
(set-logic BV)

; wrt_k_full_if: a word whose every bit (word & (1 << i)) is set is FULL.
(push 1)
(declare-const word (_ BitVec 64))
(assert (forall ((i (_ BitVec 64)))
  (=> (bvult i (_ bv64 64)) (not (= (bvand word (bvshl (_ bv1 64) i)) (_ bv0 64))))))
(assert (not (= word (bvnot (_ bv0 64)))))
(check-sat)
(pop 1)
(push 1)
(declare-const word (_ BitVec 32))
(assert (forall ((i (_ BitVec 32)))
  (=> (bvult i (_ bv32 32)) (not (= (bvand word (bvshl (_ bv1 32) i)) (_ bv0 32))))))
(assert (not (= word (bvnot (_ bv0 32)))))
(check-sat)
(pop 1)

; wrt_k_full_then: every bit of FULL is set.
(push 1)
(declare-const i (_ BitVec 64))
(assert (bvult i (_ bv64 64)))
(assert (= (bvand (bvnot (_ bv0 64)) (bvshl (_ bv1 64) i)) (_ bv0 64)))
(check-sat)
(pop 1)
(push 1)
(declare-const i (_ BitVec 32))
(assert (bvult i (_ bv32 32)))
(assert (= (bvand (bvnot (_ bv0 32)) (bvshl (_ bv1 32) i)) (_ bv0 32)))
(check-sat)
(pop 1)
