// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What may be shared, what goes when, and that bad use is an error and not a crash.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Seek, SeekFrom};
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};
use wrtmem::{Borrow, BorrowMut, Budget, Config, Cursor, Image, Memory, Pool, SharedMemory, Status, Tier, Verify};
use wrtmem_sys as sys;

// ---- threads

trait Otherwise {
    const HAS: bool = false;
}
impl<T: ?Sized> Otherwise for T {}

/// Whether a type has a trait: a constant of the type's own is found before one of a trait.
macro_rules! has {
    ($type:ty: $trait:path) => {{
        struct Asked<T: ?Sized>(std::marker::PhantomData<T>);
        #[allow(dead_code)]
        impl<T: ?Sized + $trait> Asked<T> {
            const HAS: bool = true;
        }
        <Asked<$type>>::HAS
    }};
}
macro_rules! send_and_sync {
    ($type:ty) => {
        (has!($type: Send), has!($type: Sync))
    };
}

#[test]
fn send_and_sync_are_there_exactly_where_they_are_true() {
    assert_eq!(send_and_sync!(Memory<'static>), (true, false));
    assert_eq!(send_and_sync!(SharedMemory<'static>), (true, true));
    assert_eq!(send_and_sync!(Pool<'static>), (true, true));
    assert_eq!(send_and_sync!(Budget<'static>), (true, true));
    assert_eq!(send_and_sync!(Image<'static>), (true, true));
    assert_eq!(send_and_sync!(Config<'static>), (true, true));
    assert_eq!(send_and_sync!(Borrow<'static>), (false, false));
    assert_eq!(send_and_sync!(BorrowMut<'static>), (false, false));
    assert_eq!(send_and_sync!(Cursor<'static, 'static>), (true, false));
    assert_eq!(send_and_sync!(Status), (true, true));
}

#[test]
fn memories_of_one_pool_and_budget_are_used_by_many_threads() {
    const THREADS: u64 = 4;
    let mut storage = vec![0; Pool::storage_len(4096, THREADS as usize).unwrap()];
    let pool = Pool::new(&mut storage, 4096).unwrap();
    let budget = Budget::new(THREADS * 4096).unwrap();
    std::thread::scope(|scope| {
        for number in 0..THREADS as u8 {
            let (pool, budget) = (&pool, &budget);
            scope.spawn(move || {
                for _ in 0..50 {
                    let mut memory = Config::new().pool(pool).budget(budget).initial_len(64).create().unwrap();
                    memory.fill(0, number, 64).unwrap();
                    memory.resize(4096).unwrap();
                    let mut memory = std::thread::scope(|inner| {
                        let sent = inner.spawn(move || {
                            memory.write(64, &[number; 4032]).unwrap();
                            memory
                        });
                        sent.join().unwrap()
                    });
                    assert!(memory.borrow(0, 4096).unwrap().iter().all(|&byte| byte == number));
                    memory.resize(0).unwrap();
                }
            });
        }
    });
    assert_eq!(pool.info().unwrap().used, 0);
    assert_eq!(budget.info().unwrap().used, 0);
}

// ---- allocators

#[derive(Default)]
struct Counting {
    out: AtomicIsize,
    calls: AtomicUsize,
    refuses: bool,
    panics: bool,
}

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.calls.fetch_add(1, Ordering::SeqCst);
        assert!(!self.panics, "an allocator's own");
        if self.refuses {
            return std::ptr::null_mut();
        }
        self.out.fetch_add(layout.size() as isize, Ordering::SeqCst);
        System.alloc(layout)
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        self.out.fetch_sub(layout.size() as isize, Ordering::SeqCst);
        System.dealloc(block, layout)
    }
}

#[test]
fn an_allocator_gets_every_byte_back() {
    let heap = Counting::default();
    {
        let mut memory = Config::new().allocator(&heap).initial_len(10).max_len(100_000).create().unwrap();
        memory.write(0, b"0123456789").unwrap();
        for len in [5000, 40_000, 100_000, 3] {
            memory.resize(len).unwrap();
        }
        assert_eq!(&*memory.borrow(0, 3).unwrap(), b"012");
        let _twin = memory.try_clone().unwrap();
        assert!(heap.out.load(Ordering::SeqCst) > 0);
    }
    assert_eq!(heap.out.load(Ordering::SeqCst), 0);
    assert!(heap.calls.load(Ordering::SeqCst) > 2);
}

#[test]
fn an_allocator_that_refuses_or_panics_is_out_of_memory() {
    for panics in [false, true] {
        let heap = Counting { refuses: !panics, panics, ..Counting::default() };
        let refused = Config::new().allocator(&heap).initial_len(10).max_len(100).create();
        assert_eq!(refused.unwrap_err(), Status::OUT_OF_MEMORY);
        assert!(heap.calls.load(Ordering::SeqCst) > 0);
    }
}

// ---- what is leaked

#[test]
fn a_borrow_that_is_leaked_keeps_the_memory_busy_and_nothing_worse() {
    let mut memory = Config::new().initial_len(100).max_len(1000).create().unwrap();
    std::mem::forget(memory.borrow(0, 10).unwrap());
    assert_eq!(memory.resize(200), Err(Status::BUSY));
    assert_eq!(memory.borrow_mut(5, 1).unwrap_err(), Status::BUSY);
    assert_eq!(memory.borrow_mut(10, 1).unwrap().len(), 1);
    assert_eq!(memory.write(0, b"x"), Ok(()));
    let raw = memory.as_raw();
    let lent = memory.borrow(0, 0).unwrap();
    drop(lent);
    drop(memory);
    // Still there, as the leaked borrow has a right to its bytes; given back, it goes.
    let mut again = std::ptr::null_mut();
    unsafe {
        assert_eq!(sys::wrt_mem_borrow(raw, 0, 10, sys::WRT_BORROW_READ, &mut again), sys::WRT_OK);
        assert_eq!(sys::wrt_mem_release(raw, again, 10), sys::WRT_OK);
        assert_eq!(sys::wrt_mem_release(raw, again, 10), sys::WRT_OK);
        assert_eq!(sys::wrt_mem_destroy(raw), sys::WRT_OK);
    }
}

// ---- raw handles

#[test]
fn a_handle_that_was_closed_is_an_error_to_every_call() {
    let memory = Config::new().initial_len(100).max_len(1000).create().unwrap();
    let raw = memory.as_raw();
    drop(memory);
    let mut bytes = [0_u8; 4];
    let mut n = 0;
    unsafe {
        assert_eq!(sys::wrt_mem_read(raw, 0, bytes.as_mut_ptr() as *mut _, 4), sys::WRT_ERR_INVALID_HANDLE);
        assert_eq!(sys::wrt_mem_write(raw, 0, bytes.as_ptr() as *const _, 4), sys::WRT_ERR_INVALID_HANDLE);
        assert_eq!(sys::wrt_mem_len(raw, &mut n), sys::WRT_ERR_INVALID_HANDLE);
        assert_eq!(sys::wrt_mem_resize(raw, 0), sys::WRT_ERR_INVALID_HANDLE);
        assert_eq!(sys::wrt_mem_destroy(raw), sys::WRT_ERR_INVALID_HANDLE);
        let wrong_kind = Budget::new(1).unwrap();
        assert_eq!(sys::wrt_mem_resize(wrong_kind.as_raw() as *mut _, 0), sys::WRT_ERR_INVALID_HANDLE);
    }
}

#[test]
fn a_handle_that_was_taken_out_is_the_callers() {
    let raw = Config::new().initial_len(7).max_len(7).create().unwrap().into_raw();
    let memory = unsafe { Memory::from_raw(raw) };
    assert_eq!(memory.len(), Ok(7));
    assert!(!format!("{memory:?}").is_empty());
}

// ---- ranges and settings

#[test]
fn huge_offsets_and_lengths_are_errors() {
    let mut memory = Config::new().initial_len(100).max_len(1000).create().unwrap();
    for at in [101, 1 << 32, 1 << 63, u64::MAX - 1, u64::MAX] {
        assert_eq!(memory.read(at, &mut []), Err(Status::OUT_OF_BOUNDS));
        assert_eq!(memory.read(at, &mut [0; 3]), Err(Status::OUT_OF_BOUNDS));
        assert_eq!(memory.write(at, &[0; 3]), Err(Status::OUT_OF_BOUNDS));
        assert_eq!(memory.fill(0, 1, at), Err(Status::OUT_OF_BOUNDS));
        assert_eq!(memory.copy_within(at, 0, 1), Err(Status::OUT_OF_BOUNDS));
        assert_eq!(memory.discard(1, at), Err(Status::OUT_OF_BOUNDS));
        assert_eq!(memory.borrow(at, 0).unwrap_err(), Status::OUT_OF_BOUNDS);
        assert_eq!(memory.borrow_mut(1, at).unwrap_err(), Status::OUT_OF_BOUNDS);
    }
    assert_eq!(memory.resize(u64::MAX), Err(Status::LIMIT));
    assert_eq!(memory.grow(u64::MAX), Err(Status::LIMIT));
    assert_eq!(memory.atomic_load::<u64>(96), Err(Status::OUT_OF_BOUNDS));
    assert_eq!(memory.atomic_load::<u64>(4), Err(Status::MISALIGNED));
    let mut cursor = memory.cursor();
    assert!(cursor.seek(SeekFrom::Current(-1)).is_err());
    assert_eq!(cursor.seek(SeekFrom::Start(u64::MAX)).unwrap(), u64::MAX);
    assert!(cursor.seek(SeekFrom::Current(1)).is_err());
    assert_eq!(cursor.position(), u64::MAX);
    assert_eq!(memory.len(), Ok(100));
}

#[test]
fn settings_that_cannot_be_are_errors() {
    assert_eq!(Config::new().page_len(3).create().unwrap_err(), Status::INVALID_ARGUMENT);
    assert_eq!(Config::new().page_len(64).initial_len(65).max_len(128).create().unwrap_err(), Status::MISALIGNED);
    assert_eq!(Config::new().initial_len(2).max_len(1).create().unwrap_err(), Status::LIMIT);
    assert_eq!(Config::new().wasm_pages(0, u64::MAX).create().unwrap_err(), Status::LIMIT);
    assert_eq!(Config::new().tier(Tier::Alloc).create().unwrap_err(), Status::INVALID_ARGUMENT);
    assert_eq!(Config::new().tier(Tier::Std).allocator(&System).create().unwrap_err(), Status::INVALID_ARGUMENT);
    assert_eq!(Config::new().wasm_pages(0, 0).create().unwrap().grow(1), Err(Status::LIMIT));
    assert_eq!(Pool::new(&mut [0; 3], 100).unwrap_err().code(), sys::WRT_ERR_INVALID_ARGUMENT);
    assert_eq!(Pool::storage_len(usize::MAX, 2), Err(Status::LIMIT));
}

#[test]
fn a_name_is_cut_at_31_bytes_and_at_a_nul() {
    let name = |name: &str| Config::new().max_len(1).name(name).create().unwrap().info().unwrap().name;
    assert_eq!(name("guest"), "guest");
    assert_eq!(name(""), "");
    assert_eq!(name(&"x".repeat(50)), "x".repeat(31));
    assert_eq!(name("a\0b"), "a");
}

#[test]
fn a_pool_can_lie_in_storage_that_was_never_written() {
    let mut storage = vec![MaybeUninit::uninit(); Pool::storage_len(100, 2).unwrap()];
    let pool = Pool::in_uninit(&mut storage, 100).unwrap();
    let memory = Config::new().pool(&pool).initial_len(100).create().unwrap();
    assert!(memory.borrow(0, 100).unwrap().iter().all(|&byte| byte == 0));
    assert_eq!(pool.info().unwrap().used, 1);
}

#[test]
fn what_is_counted_is_told() {
    let mut memory = Config::new().initial_len(100).max_len(100).track().create().unwrap();
    memory.write(0, b"abc").unwrap();
    assert!(memory.read(99, &mut [0; 2]).is_err());
    let stats = memory.stats().unwrap();
    assert_eq!((stats.writes, stats.bytes_written, stats.denied), (1, 3, 1));
    memory.clear_stats().unwrap();
    assert_eq!(memory.stats().unwrap().writes, 0);
    memory.set_verify(Verify::Full).unwrap();
    assert_eq!(memory.info().unwrap().verify, Verify::Full as i32);
    assert_eq!(Tier::Std.info().unwrap().available, 1);
}

#[test]
fn a_status_has_a_name_a_sentence_and_a_kind() {
    assert_eq!(Status::BUSY.code(), sys::WRT_ERR_BUSY);
    assert_eq!(format!("{:?}", Status::BUSY), "WRT_ERR_BUSY");
    assert!(Status::BUSY.to_string().len() > 10);
    let error: std::io::Error = Status::CORRUPT.into();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    assert!(wrtmem::selftest().is_ok());
    wrtmem::trim();
    assert_eq!(wrtmem::version(), sys::WRT_VERSION_STRING);
}

// ---- images, where the library has them

#[test]
fn images_are_there_or_unsupported() {
    let mut memory = Config::new().initial_len(1000).max_len(2000).create().unwrap();
    memory.write(900, b"frozen").unwrap();
    let image = match memory.freeze() {
        Err(status) => {
            assert_eq!(status, Status::UNSUPPORTED);
            assert_eq!(Tier::Std.info().unwrap().features & sys::WRT_FEATURE_IMAGES, 0);
            assert_eq!(Config::new().load_image(&b""[..]).unwrap_err(), Status::UNSUPPORTED);
            return;
        }
        Ok(image) => image,
    };
    assert_eq!(image.info().unwrap().len, 1000);
    let twin = Config::new().image(&image).create().unwrap();
    assert_eq!(twin.equal(&memory), Ok(true));
    let mut saved = Vec::new();
    image.save(&mut saved).unwrap();
    let loaded = Config::new().load_image(&saved[..]).unwrap();
    assert_eq!(Config::new().image(&loaded).create().unwrap().equal(&memory), Ok(true));

    for cut in 0..saved.len() {
        assert_eq!(Config::new().load_image(&saved[..cut]).unwrap_err(), Status::FORMAT);
    }
    struct Panics;
    impl std::io::Write for Panics {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            panic!("a writer's")
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    impl std::io::Read for Panics {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("a reader's")
        }
    }
    assert_eq!(image.save(Panics), Err(Status::IO));
    assert_eq!(Config::new().load_image(Panics).unwrap_err(), Status::IO);
}
