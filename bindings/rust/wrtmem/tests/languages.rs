// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What every language has to show on every tier. With `WRT_LANGUAGES`, what ran is written to rust.json in that folder.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use wrtmem::{Budget, Config, Memory, Status, Tier};
use wrtmem_sys as sys;

const TIERS: [(&str, Tier); 3] = [("std", Tier::Std), ("alloc", Tier::Alloc), ("static", Tier::Static)];

fn made(name: &str) -> Memory<'static> {
    let tier = TIERS.iter().find(|(known, _)| *known == name).expect("a tier").1;
    let mut config = Config::new().tier(tier).initial_len(100).max_len(4096);
    if tier == Tier::Alloc {
        config = config.allocator(&System);
    }
    config.create().unwrap()
}

fn makes_writes_reads_and_grows(tier: &str) {
    let mut memory = made(tier);
    let mut text = [0; 5];
    memory.write(95, b"hello").unwrap();
    memory.read(95, &mut text).unwrap();
    assert_eq!(&text, b"hello");
    assert_eq!(memory.grow(28), Ok(100));
    memory.fill(100, 7, 28).unwrap();
    assert_eq!(memory.borrow(127, 1).unwrap()[0], 7);
    assert_eq!(memory.grow(1 << 40), Err(Status::LIMIT));
}

// Safe code cannot name a memory that is gone, nor drop one twice: what is left is the handle of the C ABI.
fn a_closed_memory_is_an_invalid_handle(tier: &str) {
    let memory = made(tier);
    let stale = memory.as_raw();
    drop(memory);
    let _other = made(tier);
    let mut len = 0;
    unsafe {
        assert_eq!(sys::wrt_mem_len(stale, &mut len), sys::WRT_ERR_INVALID_HANDLE);
        assert_eq!(sys::wrt_mem_fill(stale, 0, 1, 1), sys::WRT_ERR_INVALID_HANDLE);
    }
}

fn closing_twice_is_an_invalid_handle(tier: &str) {
    let raw = made(tier).into_raw();
    unsafe {
        assert_eq!(sys::wrt_mem_destroy(raw), sys::WRT_OK);
        drop(Memory::from_raw(raw));
        assert_eq!(sys::wrt_mem_destroy(raw), sys::WRT_ERR_INVALID_HANDLE);
    }
}

fn what_is_too_large_is_out_of_bounds(tier: &str) {
    let mut memory = made(tier);
    for at in [100, 1 << 32, 1 << 63, u64::MAX - 3, u64::MAX] {
        assert_eq!(memory.read(at, &mut [0; 4]), Err(Status::OUT_OF_BOUNDS));
        assert_eq!(memory.write(at, &[0; 4]), Err(Status::OUT_OF_BOUNDS));
        assert_eq!(memory.fill(at, 1, 4), Err(Status::OUT_OF_BOUNDS));
        assert_eq!(memory.fill(1, 1, at), Err(Status::OUT_OF_BOUNDS));
        assert_eq!(memory.check(at, u64::MAX), Err(Status::OUT_OF_BOUNDS));
    }
    assert_eq!(memory.resize(u64::MAX), Err(Status::LIMIT));
}

fn what_is_of_the_wrong_kind_is_invalid(tier: &str) {
    let memory = made(tier);
    let budget = Budget::new(10).unwrap();
    unsafe {
        assert_eq!(sys::wrt_mem_resize(budget.as_raw() as *mut _, 1), sys::WRT_ERR_INVALID_HANDLE);
        assert_eq!(sys::wrt_budget_destroy(memory.as_raw() as *mut _), sys::WRT_ERR_INVALID_HANDLE);
        assert_eq!(sys::wrt_mem_resize(&budget as *const _ as *mut _, 1), sys::WRT_ERR_INVALID_HANDLE);
    }
    assert_eq!(Config::new().page_len(3).create().unwrap_err(), Status::INVALID_ARGUMENT);
    assert_eq!(memory.len(), Ok(100));
}

struct PanicsLater(AtomicUsize);

unsafe impl GlobalAlloc for PanicsLater {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        assert!(self.0.fetch_add(1, Ordering::SeqCst) == 0, "not again");
        System.alloc(layout)
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        System.dealloc(block, layout);
    }
}

fn an_allocator_that_panics_is_out_of_memory() {
    let heap = PanicsLater(AtomicUsize::new(0));
    let mut memory = Config::new().allocator(&heap).initial_len(10).max_len(100).create().unwrap();
    assert_eq!(memory.resize(50), Err(Status::OUT_OF_MEMORY));
    assert_eq!(memory.len(), Ok(10));
}

type Test = fn(&str);

#[test]
fn every_tier_does_what_every_language_has_to_show() {
    let tests: [(&str, Test); 5] = [
        ("make, write, read, grow", makes_writes_reads_and_grows),
        ("use after close", a_closed_memory_is_an_invalid_handle),
        ("close twice", closing_twice_is_an_invalid_handle),
        ("out of bounds, huge offsets", what_is_too_large_is_out_of_bounds),
        ("wrong types and kinds", what_is_of_the_wrong_kind_is_invalid),
    ];
    let mut rows = Vec::new();
    let row = |tier: &str, what: &str| format!(r#"  {{"tier": "{tier}", "what": "{what}", "result": "passed"}}"#);
    for (tier, _) in TIERS {
        for (what, test) in tests {
            test(tier);
            rows.push(row(tier, what));
        }
    }
    an_allocator_that_panics_is_out_of_memory();
    rows.push(row("alloc", "a callback that fails"));
    if let Some(folder) = std::env::var_os("WRT_LANGUAGES") {
        let text = format!("[\n{}\n]\n", rows.join(",\n"));
        std::fs::write(std::path::Path::new(&folder).join("rust.json"), text).unwrap();
    }
}
