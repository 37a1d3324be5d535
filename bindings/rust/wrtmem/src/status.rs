// SPDX-License-Identifier: Apache-2.0 OR MIT
use std::ffi::CStr;
use std::os::raw::c_char;
use std::{error, fmt, io};

/// Why a call was refused: a number of the C ABI other than `WRT_OK`.
///
/// ```
/// let refused = wrtmem::Config::new().max_len(10).create().unwrap().resize(11).unwrap_err();
/// assert_eq!(refused, wrtmem::Status::LIMIT);
/// assert_eq!(refused.name(), "WRT_ERR_LIMIT");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status(i32);

/// What a call gives.
pub type Result<T> = std::result::Result<T, Status>;

macro_rules! statuses {
    ($($(#[$text:meta])* $name:ident = $number:ident;)*) => {
        impl Status {
            $($(#[$text])* pub const $name: Status = Status(wrtmem_sys::$number);)*
        }
    };
}
statuses! {
    /// Contradictory or unknown settings.
    INVALID_ARGUMENT = WRT_ERR_INVALID_ARGUMENT;
    /// Never issued, of another kind, or already destroyed; from safe code, never.
    INVALID_HANDLE = WRT_ERR_INVALID_HANDLE;
    /// The range is not inside the length.
    OUT_OF_BOUNDS = WRT_ERR_OUT_OF_BOUNDS;
    /// Not a multiple of the page length, or of an atomic access's width.
    MISALIGNED = WRT_ERR_MISALIGNED;
    /// Beyond the maximum, or what the tier can address.
    LIMIT = WRT_ERR_LIMIT;
    /// Refused by a budget.
    BUDGET = WRT_ERR_BUDGET;
    /// Something is still borrowed or in use.
    BUSY = WRT_ERR_BUSY;
    /// The operating system or the allocator refused.
    OUT_OF_MEMORY = WRT_ERR_OUT_OF_MEMORY;
    /// No free slot, no free handle, or no room to note a borrow.
    POOL_EXHAUSTED = WRT_ERR_POOL_EXHAUSTED;
    /// This tier, build, host or release does not offer it.
    UNSUPPORTED = WRT_ERR_UNSUPPORTED;
    /// An integrity check failed.
    CORRUPT = WRT_ERR_CORRUPT;
    /// A saved image is not one, is cut short, or its checksum is wrong.
    FORMAT = WRT_ERR_FORMAT;
    /// The stream failed, or panicked.
    IO = WRT_ERR_IO;
}

impl Status {
    /// The number of the C ABI.
    pub fn code(self) -> i32 {
        self.0
    }
    /// The identifier, such as "WRT_ERR_BUSY".
    pub fn name(self) -> &'static str {
        // SAFETY: the text is the library's and constant.
        unsafe { text(wrtmem_sys::wrt_status_name(self.0)) }
    }
    /// A sentence that says what it means.
    pub fn message(self) -> &'static str {
        // SAFETY: as above.
        unsafe { text(wrtmem_sys::wrt_status_message(self.0)) }
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}
impl error::Error for Status {}

impl From<Status> for io::Error {
    fn from(status: Status) -> io::Error {
        let kind = match status {
            Status::OUT_OF_BOUNDS => io::ErrorKind::UnexpectedEof,
            Status::INVALID_ARGUMENT | Status::MISALIGNED => io::ErrorKind::InvalidInput,
            Status::OUT_OF_MEMORY => io::ErrorKind::OutOfMemory,
            Status::UNSUPPORTED => io::ErrorKind::Unsupported,
            Status::CORRUPT | Status::FORMAT => io::ErrorKind::InvalidData,
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, status)
    }
}

pub(crate) fn check(status: i32) -> Result<()> {
    if status == wrtmem_sys::WRT_OK {
        Ok(())
    } else {
        Err(Status(status))
    }
}

/// # Safety
/// A text of the library's that is constant.
pub(crate) unsafe fn text(constant: *const c_char) -> &'static str {
    CStr::from_ptr(constant).to_str().unwrap_or("")
}
