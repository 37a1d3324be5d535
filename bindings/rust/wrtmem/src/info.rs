// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::config::Tier;
use crate::status::{check, Result};
use std::os::raw::c_char;

/// What a memory is at the moment: `wrt_mem_info` of the C ABI, with its name as text.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct MemoryInfo {
    pub tier: Tier,
    pub flags: u32,
    pub verify: i32,
    pub len: u64,
    pub max_len: u64,
    pub page_len: u64,
    pub capacity: u64,
    pub committed: u64,
    pub peak_len: u64,
    pub borrows: u32,
    pub base_stable: bool,
    pub name: String,
}

/// One change of length, or a refused one. Lengths in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Change {
    pub from: u64,
    /// The length asked for; `u64::MAX` when it is more than 64 bits hold.
    pub to: u64,
    pub result: Result<()>,
}

/// What a memory remembers for a report: `wrt_mem_history` of the C ABI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The last changes of length, at most 16, the oldest first.
    pub changes: Vec<Change>,
    /// Where the last access that was out of bounds began. `denied` of the statistics says whether there was one.
    pub denied_offset: u64,
    /// Its length.
    pub denied_len: u64,
}

/// Where a memory's bytes are: `wrt_view` of the C ABI.
pub type View = wrtmem_sys::wrt_view;
/// What happened to a memory: `wrt_mem_stats` of the C ABI.
pub type MemoryStats = wrtmem_sys::wrt_mem_stats;
/// What a pool is at the moment: `wrt_pool_info` of the C ABI.
pub type PoolInfo = wrtmem_sys::wrt_pool_info;
/// What a budget is at the moment: `wrt_budget_info` of the C ABI.
pub type BudgetInfo = wrtmem_sys::wrt_budget_info;
/// What an image is: `wrt_image_info` of the C ABI.
pub type ImageInfo = wrtmem_sys::wrt_image_info;
/// What this build offers of a tier: `wrt_tier_info` of the C ABI.
pub type TierInfo = wrtmem_sys::wrt_tier_info;

/// # Safety
/// `T` is an out-struct of the C ABI, which begins with its size, and of which all bytes may be zero.
pub(crate) unsafe fn filled<T>(call: impl FnOnce(*mut T) -> i32) -> Result<T> {
    let mut out = std::mem::MaybeUninit::<T>::zeroed();
    *(out.as_mut_ptr() as *mut u32) = std::mem::size_of::<T>() as u32;
    check(call(out.as_mut_ptr()))?;
    Ok(out.assume_init())
}

impl From<wrtmem_sys::wrt_mem_info> for MemoryInfo {
    fn from(info: wrtmem_sys::wrt_mem_info) -> MemoryInfo {
        let name: Vec<u8> = info.name.iter().take_while(|&&c| c != 0).map(|&c: &c_char| c as u8).collect();
        MemoryInfo {
            tier: Tier::of(info.tier),
            flags: info.flags,
            verify: info.verify,
            len: info.len,
            max_len: info.max_len,
            page_len: info.page_len,
            capacity: info.capacity,
            committed: info.committed,
            peak_len: info.peak_len,
            borrows: info.borrows,
            base_stable: info.base_stable != 0,
            name: String::from_utf8_lossy(&name).into_owned(),
        }
    }
}

impl From<wrtmem_sys::wrt_mem_history> for History {
    fn from(history: wrtmem_sys::wrt_mem_history) -> History {
        let change =
            |one: &wrtmem_sys::wrt_mem_change| Change { from: one.from, to: one.to, result: check(one.status) };
        History {
            changes: history.changes.iter().take(history.count as usize).map(change).collect(),
            denied_offset: history.denied_offset,
            denied_len: history.denied_len,
        }
    }
}

impl Tier {
    /// What this build of the library offers of the tier.
    pub fn info(self) -> Result<TierInfo> {
        // SAFETY: an out-struct of the C ABI.
        unsafe { filled(|out| wrtmem_sys::wrt_tier_get_info(self as i32, out)) }
    }
}
