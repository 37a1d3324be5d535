// SPDX-License-Identifier: Apache-2.0 OR MIT
// Made from include/wrtmem/wrtmem.h by generate.py, and compared with it by the tests.
use core::ffi::c_void;
use std::os::raw::c_char;

pub const WRT_VERSION_MAJOR: i32 = 0;
pub const WRT_VERSION_MINOR: i32 = 1;
pub const WRT_VERSION_PATCH: i32 = 0;
pub const WRT_VERSION_STRING: &str = "0.1.0";
pub type wrt_status = i32;
pub const WRT_OK: i32 = 0;
pub const WRT_ERR_INVALID_ARGUMENT: i32 = 1;
pub const WRT_ERR_INVALID_HANDLE: i32 = 2;
pub const WRT_ERR_OUT_OF_BOUNDS: i32 = 3;
pub const WRT_ERR_MISALIGNED: i32 = 4;
pub const WRT_ERR_LIMIT: i32 = 5;
pub const WRT_ERR_BUDGET: i32 = 6;
pub const WRT_ERR_BUSY: i32 = 7;
pub const WRT_ERR_OUT_OF_MEMORY: i32 = 8;
pub const WRT_ERR_POOL_EXHAUSTED: i32 = 9;
pub const WRT_ERR_UNSUPPORTED: i32 = 10;
pub const WRT_ERR_CORRUPT: i32 = 11;
pub const WRT_ERR_FORMAT: i32 = 13;
pub const WRT_ERR_IO: i32 = 14;
pub const WRT_TIER_DEFAULT: i32 = 0;
pub const WRT_TIER_STD: i32 = 1;
pub const WRT_TIER_ALLOC: i32 = 2;
pub const WRT_TIER_STATIC: i32 = 3;
pub const WRT_VERIFY_DEFAULT: i32 = 0;
pub const WRT_VERIFY_OFF: i32 = 1;
pub const WRT_VERIFY_BASIC: i32 = 2;
pub const WRT_VERIFY_STANDARD: i32 = 3;
pub const WRT_VERIFY_SAMPLING: i32 = 4;
pub const WRT_VERIFY_FULL: i32 = 5;
pub const WRT_VERIFY_REDUNDANT: i32 = 6;
pub const WRT_MEM_GUARD: u32 = 1;
pub const WRT_MEM_SHARED: u32 = 2;
pub const WRT_MEM_STABLE: u32 = 4;
pub const WRT_MEM_COMMIT: u32 = 8;
pub const WRT_MEM_TRACK: u32 = 16;
pub const WRT_MEM_HUGE: u32 = 32;
pub const WRT_MEM_EXACT_MAX: u32 = 64;
pub const WRT_BORROW_READ: u32 = 1;
pub const WRT_BORROW_WRITE: u32 = 2;
pub const WRT_ATOMIC_ADD: i32 = 0;
pub const WRT_ATOMIC_SUB: i32 = 1;
pub const WRT_ATOMIC_AND: i32 = 2;
pub const WRT_ATOMIC_OR: i32 = 3;
pub const WRT_ATOMIC_XOR: i32 = 4;
pub const WRT_ATOMIC_XCHG: i32 = 5;
pub const WRT_FEATURE_BUILTIN: u32 = 1;
pub const WRT_FEATURE_INTEGRITY: u32 = 2;
pub const WRT_FEATURE_IMAGES: u32 = 4;
pub const WRT_FEATURE_WAIT: u32 = 8;
#[repr(C)]
pub struct wrt_mem {
    _private: [u8; 0],
}
#[repr(C)]
pub struct wrt_pool {
    _private: [u8; 0],
}
#[repr(C)]
pub struct wrt_budget {
    _private: [u8; 0],
}
#[repr(C)]
pub struct wrt_image {
    _private: [u8; 0],
}
pub type wrt_write_fn = Option<unsafe extern "C" fn(context: *mut c_void, data: *const c_void, n: usize) -> usize>;
pub type wrt_read_fn = Option<unsafe extern "C" fn(context: *mut c_void, data: *mut c_void, n: usize) -> usize>;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wrt_view {
    pub base: *mut u8,
    pub len: usize,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wrt_allocator {
    pub struct_size: u32,
    pub flags: u32,
    pub context: *mut c_void,
    pub allocate: Option<unsafe extern "C" fn(context: *mut c_void, size: usize, alignment: usize) -> *mut c_void>,
    pub reallocate: Option<unsafe extern "C" fn(context: *mut c_void, block: *mut c_void, old_size: usize, new_size: usize, alignment: usize) -> *mut c_void>,
    pub deallocate: Option<unsafe extern "C" fn(context: *mut c_void, block: *mut c_void, size: usize, alignment: usize)>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wrt_mem_config {
    pub struct_size: u32,
    pub tier: i32,
    pub initial_len: u64,
    pub max_len: u64,
    pub page_len: u64,
    pub flags: u32,
    pub verify: i32,
    pub sample_interval: u32,
    pub reserved0: u32,
    pub allocator: *const wrt_allocator,
    pub pool: *mut wrt_pool,
    pub budget: *mut wrt_budget,
    pub image: *const wrt_image,
    pub name: *const c_char,
    pub reserved1: *const c_void,
    pub reserve_len: u64,
    pub guard_len: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wrt_mem_info {
    pub struct_size: u32,
    pub tier: i32,
    pub flags: u32,
    pub verify: i32,
    pub len: u64,
    pub max_len: u64,
    pub page_len: u64,
    pub capacity: u64,
    pub committed: u64,
    pub peak_len: u64,
    pub borrows: u32,
    pub base_stable: i32,
    pub name: [c_char; 32],
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wrt_mem_stats {
    pub struct_size: u32,
    pub reserved0: u32,
    pub reads: u64,
    pub writes: u64,
    pub bytes_read: u64,
    pub bytes_written: u64,
    pub denied: u64,
    pub max_access: u64,
    pub regions: u64,
    pub resizes: u64,
    pub resize_failures: u64,
    pub verified_blocks: u64,
    pub corrupt_blocks: u64,
    pub repaired_blocks: u64,
    pub skipped_blocks: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wrt_mem_change {
    pub from: u64,
    pub to: u64,
    pub status: i32,
    pub reserved0: u32,
}
pub const WRT_MEM_CHANGES: usize = 16;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wrt_mem_history {
    pub struct_size: u32,
    pub count: u32,
    pub changes: [wrt_mem_change; WRT_MEM_CHANGES],
    pub denied_offset: u64,
    pub denied_len: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wrt_pool_info {
    pub struct_size: u32,
    pub reserved0: u32,
    pub slot_len: u64,
    pub slots: u64,
    pub used: u64,
    pub peak: u64,
    pub refused: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wrt_budget_info {
    pub struct_size: u32,
    pub reserved0: u32,
    pub limit: u64,
    pub used: u64,
    pub peak: u64,
    pub refused: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wrt_image_info {
    pub struct_size: u32,
    pub reserved0: u32,
    pub len: u64,
    pub max_len: u64,
    pub page_len: u64,
    pub stored: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct wrt_tier_info {
    pub struct_size: u32,
    pub available: i32,
    pub max_len: u64,
    pub flags: u32,
    pub features: u32,
}

extern "C" {
    #[must_use = "a status"]
    pub fn wrt_mem_create(tier: i32, initial_len: u64, max_len: u64, out: *mut *mut wrt_mem) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_create_config(config: *const wrt_mem_config, out: *mut *mut wrt_mem) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_clone(mem: *const wrt_mem, out: *mut *mut wrt_mem) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_reset(mem: *mut wrt_mem) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_destroy(mem: *mut wrt_mem) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_len(mem: *const wrt_mem, out_len: *mut u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_check(mem: *const wrt_mem, offset: u64, n: u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_read(mem: *const wrt_mem, offset: u64, dst: *mut c_void, n: usize) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_write(mem: *mut wrt_mem, offset: u64, src: *const c_void, n: usize) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_fill(mem: *mut wrt_mem, offset: u64, value: u8, n: u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_copy(dst: *mut wrt_mem, dst_offset: u64, src: *const wrt_mem, src_offset: u64, n: u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_equal(a: *const wrt_mem, b: *const wrt_mem, out_equal: *mut i32) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_resize(mem: *mut wrt_mem, new_len: u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_grow(mem: *mut wrt_mem, delta_pages: u64, out_old_pages: *mut u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_discard(mem: *mut wrt_mem, offset: u64, n: u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_view(mem: *mut wrt_mem, out_view: *mut *const wrt_view) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_borrow(mem: *mut wrt_mem, offset: u64, n: u64, access: u32, out_data: *mut *mut c_void) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_release(mem: *mut wrt_mem, data: *const c_void, n: u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_verify(mem: *mut wrt_mem, out_first_bad: *mut u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_set_verify(mem: *mut wrt_mem, level: i32) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_get_info(mem: *const wrt_mem, out: *mut wrt_mem_info) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_get_stats(mem: *const wrt_mem, out: *mut wrt_mem_stats) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_get_history(mem: *const wrt_mem, out: *mut wrt_mem_history) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_clear_stats(mem: *mut wrt_mem) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_pool_storage_len(slot_len: usize, slots: usize, out_len: *mut usize) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_pool_create(storage: *mut c_void, storage_len: usize, slot_len: usize, out: *mut *mut wrt_pool) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_pool_get_info(pool: *const wrt_pool, out: *mut wrt_pool_info) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_pool_destroy(pool: *mut wrt_pool) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_budget_create(limit: u64, parent: *mut wrt_budget, out: *mut *mut wrt_budget) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_budget_get_info(budget: *const wrt_budget, out: *mut wrt_budget_info) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_budget_destroy(budget: *mut wrt_budget) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_image_create(mem: *const wrt_mem, out: *mut *mut wrt_image) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_image_get_info(image: *const wrt_image, out: *mut wrt_image_info) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_image_save(image: *const wrt_image, write: wrt_write_fn, context: *mut c_void) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_image_load(where_: *const wrt_mem_config, read: wrt_read_fn, context: *mut c_void, out: *mut *mut wrt_image) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_image_destroy(image: *mut wrt_image) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_atomic_load(mem: *const wrt_mem, offset: u64, width: u32, out_value: *mut u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_atomic_store(mem: *mut wrt_mem, offset: u64, width: u32, value: u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_atomic_rmw(mem: *mut wrt_mem, offset: u64, width: u32, op: i32, operand: u64, out_old: *mut u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_atomic_cmpxchg(mem: *mut wrt_mem, offset: u64, width: u32, expected: u64, replacement: u64, out_old: *mut u64) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_wait(mem: *mut wrt_mem, offset: u64, width: u32, expected: u64, timeout_ns: i64, out_result: *mut i32) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_mem_notify(mem: *mut wrt_mem, offset: u64, count: u32, out_woken: *mut u32) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_fault_find(address: *const c_void, out_mem: *mut *mut wrt_mem, out_offset: *mut u64) -> wrt_status;
    pub fn wrt_version() -> u32;
    pub fn wrt_version_string() -> *const c_char;
    pub fn wrt_status_name(status: wrt_status) -> *const c_char;
    pub fn wrt_status_message(status: wrt_status) -> *const c_char;
    pub fn wrt_tier_name(tier: i32) -> *const c_char;
    #[must_use = "a status"]
    pub fn wrt_tier_get_info(tier: i32, out: *mut wrt_tier_info) -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_selftest() -> wrt_status;
    #[must_use = "a status"]
    pub fn wrt_trim() -> wrt_status;
}

/// Hands the size of each struct and the place of each member to `print_*`.
#[cfg(test)]
pub(crate) fn layout(out: &mut String) {
    crate::tests::print_struct::<wrt_view>(out, "wrt_view");
    crate::tests::print_member!(out, wrt_view, base);
    crate::tests::print_member!(out, wrt_view, len);
    crate::tests::print_struct::<wrt_allocator>(out, "wrt_allocator");
    crate::tests::print_member!(out, wrt_allocator, struct_size);
    crate::tests::print_member!(out, wrt_allocator, flags);
    crate::tests::print_member!(out, wrt_allocator, context);
    crate::tests::print_member!(out, wrt_allocator, allocate);
    crate::tests::print_member!(out, wrt_allocator, reallocate);
    crate::tests::print_member!(out, wrt_allocator, deallocate);
    crate::tests::print_struct::<wrt_mem_config>(out, "wrt_mem_config");
    crate::tests::print_member!(out, wrt_mem_config, struct_size);
    crate::tests::print_member!(out, wrt_mem_config, tier);
    crate::tests::print_member!(out, wrt_mem_config, initial_len);
    crate::tests::print_member!(out, wrt_mem_config, max_len);
    crate::tests::print_member!(out, wrt_mem_config, page_len);
    crate::tests::print_member!(out, wrt_mem_config, flags);
    crate::tests::print_member!(out, wrt_mem_config, verify);
    crate::tests::print_member!(out, wrt_mem_config, sample_interval);
    crate::tests::print_member!(out, wrt_mem_config, reserved0);
    crate::tests::print_member!(out, wrt_mem_config, allocator);
    crate::tests::print_member!(out, wrt_mem_config, pool);
    crate::tests::print_member!(out, wrt_mem_config, budget);
    crate::tests::print_member!(out, wrt_mem_config, image);
    crate::tests::print_member!(out, wrt_mem_config, name);
    crate::tests::print_member!(out, wrt_mem_config, reserved1);
    crate::tests::print_member!(out, wrt_mem_config, reserve_len);
    crate::tests::print_member!(out, wrt_mem_config, guard_len);
    crate::tests::print_struct::<wrt_mem_info>(out, "wrt_mem_info");
    crate::tests::print_member!(out, wrt_mem_info, struct_size);
    crate::tests::print_member!(out, wrt_mem_info, tier);
    crate::tests::print_member!(out, wrt_mem_info, flags);
    crate::tests::print_member!(out, wrt_mem_info, verify);
    crate::tests::print_member!(out, wrt_mem_info, len);
    crate::tests::print_member!(out, wrt_mem_info, max_len);
    crate::tests::print_member!(out, wrt_mem_info, page_len);
    crate::tests::print_member!(out, wrt_mem_info, capacity);
    crate::tests::print_member!(out, wrt_mem_info, committed);
    crate::tests::print_member!(out, wrt_mem_info, peak_len);
    crate::tests::print_member!(out, wrt_mem_info, borrows);
    crate::tests::print_member!(out, wrt_mem_info, base_stable);
    crate::tests::print_member!(out, wrt_mem_info, name);
    crate::tests::print_struct::<wrt_mem_stats>(out, "wrt_mem_stats");
    crate::tests::print_member!(out, wrt_mem_stats, struct_size);
    crate::tests::print_member!(out, wrt_mem_stats, reserved0);
    crate::tests::print_member!(out, wrt_mem_stats, reads);
    crate::tests::print_member!(out, wrt_mem_stats, writes);
    crate::tests::print_member!(out, wrt_mem_stats, bytes_read);
    crate::tests::print_member!(out, wrt_mem_stats, bytes_written);
    crate::tests::print_member!(out, wrt_mem_stats, denied);
    crate::tests::print_member!(out, wrt_mem_stats, max_access);
    crate::tests::print_member!(out, wrt_mem_stats, regions);
    crate::tests::print_member!(out, wrt_mem_stats, resizes);
    crate::tests::print_member!(out, wrt_mem_stats, resize_failures);
    crate::tests::print_member!(out, wrt_mem_stats, verified_blocks);
    crate::tests::print_member!(out, wrt_mem_stats, corrupt_blocks);
    crate::tests::print_member!(out, wrt_mem_stats, repaired_blocks);
    crate::tests::print_member!(out, wrt_mem_stats, skipped_blocks);
    crate::tests::print_struct::<wrt_mem_change>(out, "wrt_mem_change");
    crate::tests::print_member!(out, wrt_mem_change, from);
    crate::tests::print_member!(out, wrt_mem_change, to);
    crate::tests::print_member!(out, wrt_mem_change, status);
    crate::tests::print_member!(out, wrt_mem_change, reserved0);
    crate::tests::print_struct::<wrt_mem_history>(out, "wrt_mem_history");
    crate::tests::print_member!(out, wrt_mem_history, struct_size);
    crate::tests::print_member!(out, wrt_mem_history, count);
    crate::tests::print_member!(out, wrt_mem_history, changes);
    crate::tests::print_member!(out, wrt_mem_history, denied_offset);
    crate::tests::print_member!(out, wrt_mem_history, denied_len);
    crate::tests::print_struct::<wrt_pool_info>(out, "wrt_pool_info");
    crate::tests::print_member!(out, wrt_pool_info, struct_size);
    crate::tests::print_member!(out, wrt_pool_info, reserved0);
    crate::tests::print_member!(out, wrt_pool_info, slot_len);
    crate::tests::print_member!(out, wrt_pool_info, slots);
    crate::tests::print_member!(out, wrt_pool_info, used);
    crate::tests::print_member!(out, wrt_pool_info, peak);
    crate::tests::print_member!(out, wrt_pool_info, refused);
    crate::tests::print_struct::<wrt_budget_info>(out, "wrt_budget_info");
    crate::tests::print_member!(out, wrt_budget_info, struct_size);
    crate::tests::print_member!(out, wrt_budget_info, reserved0);
    crate::tests::print_member!(out, wrt_budget_info, limit);
    crate::tests::print_member!(out, wrt_budget_info, used);
    crate::tests::print_member!(out, wrt_budget_info, peak);
    crate::tests::print_member!(out, wrt_budget_info, refused);
    crate::tests::print_struct::<wrt_image_info>(out, "wrt_image_info");
    crate::tests::print_member!(out, wrt_image_info, struct_size);
    crate::tests::print_member!(out, wrt_image_info, reserved0);
    crate::tests::print_member!(out, wrt_image_info, len);
    crate::tests::print_member!(out, wrt_image_info, max_len);
    crate::tests::print_member!(out, wrt_image_info, page_len);
    crate::tests::print_member!(out, wrt_image_info, stored);
    crate::tests::print_struct::<wrt_tier_info>(out, "wrt_tier_info");
    crate::tests::print_member!(out, wrt_tier_info, struct_size);
    crate::tests::print_member!(out, wrt_tier_info, available);
    crate::tests::print_member!(out, wrt_tier_info, max_len);
    crate::tests::print_member!(out, wrt_tier_info, flags);
    crate::tests::print_member!(out, wrt_tier_info, features);
}
