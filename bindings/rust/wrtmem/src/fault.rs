// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::status::{check, Result};
use std::ptr::null_mut;

/// Whose memory an address lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The handle, to be compared with `as_raw` of the memories; stays its owner's.
    pub memory: *mut wrtmem_sys::wrt_mem,
    /// Where in it; may be past its length.
    pub offset: u64,
}

/// Finds whose memory an address lies in, for signal handlers, where it may be called.
/// [`Status::OUT_OF_BOUNDS`](crate::Status::OUT_OF_BOUNDS) of an address in none.
///
/// ```
/// use wrtmem::{fault_find, Config, Status};
/// let memory = Config::new().page_len(65536).initial_len(65536).max_len(1 << 20).guard(65536).create()?;
/// let base = unsafe { (*memory.view()?).base };
/// let fault = fault_find(base.wrapping_add(65536 + 5))?; // past the length: an access would fault
/// assert_eq!((fault.memory, fault.offset), (memory.as_raw(), 65536 + 5));
/// assert_eq!(fault_find(&fault as *const _ as *const u8), Err(Status::OUT_OF_BOUNDS));
/// # Ok::<(), Status>(())
/// ```
pub fn fault_find(address: *const u8) -> Result<Fault> {
    let mut fault = Fault { memory: null_mut(), offset: 0 };
    // SAFETY: the address is compared, not looked at.
    check(unsafe { wrtmem_sys::wrt_fault_find(address as *const _, &mut fault.memory, &mut fault.offset) })?;
    Ok(fault)
}
