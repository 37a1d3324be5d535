// SPDX-License-Identifier: Apache-2.0 OR MIT

// A memory on the tier that is named: go run ./example std|alloc|static
package main

import (
	"fmt"
	"os"

	"wrtmem"
)

func run(tier string) error {
	memory, err := wrtmem.New(wrtmem.Config{Tier: tier, InitialLen: 100, MaxLen: 4096})
	if err != nil {
		return err
	}
	if err := memory.Write(95, []byte("hello")); err != nil {
		return err
	}
	text := make([]byte, 5)
	if err := memory.Read(95, text); err != nil {
		return err
	}
	fmt.Printf("%s: %s\n", memory.Tier(), text)
	fmt.Println("out of bounds:", memory.Write(96, []byte("hello")))
	if err := memory.Close(); err != nil {
		return err
	}
	fmt.Println("stale handle:", memory.Read(0, text))
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: example std|alloc|static")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
