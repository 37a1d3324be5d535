// SPDX-License-Identifier: Apache-2.0 OR MIT

//go:build wrong

// Each line marked "refused" must not compile; check counts them.
package main

import "wrtmem"

func main() {
	memory, _ := wrtmem.New(wrtmem.Config{Tier: 1})     // refused
	_ = memory.Write("0", []byte("x"))                  // refused
	_ = memory.Write(-1, []byte("x"))                   // refused
	_ = memory.Write(0, 5)                              // refused
	_ = memory.Fill(0, 256, 1)                          // refused
	_ = memory.Resize(1.5)                              // refused
	_, _ = wrtmem.New(wrtmem.Config{Allocator: memory}) // refused
}
