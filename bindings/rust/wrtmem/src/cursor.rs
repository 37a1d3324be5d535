// SPDX-License-Identifier: Apache-2.0 OR MIT
use crate::Memory;
use std::io::{self, Read, Seek, SeekFrom, Write};

/// A place in a memory, to read and write from: `Read`, `Write` and `Seek`. See [`Memory::cursor`].
///
/// At the end of the memory a read gives 0 bytes and a write takes none: nothing grows.
#[derive(Debug)]
pub struct Cursor<'m, 'a> {
    memory: &'m mut Memory<'a>,
    at: u64,
}

impl<'m, 'a> Cursor<'m, 'a> {
    pub(crate) fn new(memory: &'m mut Memory<'a>) -> Cursor<'m, 'a> {
        Cursor { memory, at: 0 }
    }
    /// The place.
    pub fn position(&self) -> u64 {
        self.at
    }

    fn room(&self, n: usize) -> io::Result<usize> {
        let left = self.memory.len()?.saturating_sub(self.at);
        Ok(usize::try_from(left).map_or(n, |left| left.min(n)))
    }
}

impl Read for Cursor<'_, '_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let n = self.room(to.len())?;
        if n != 0 {
            self.memory.read(self.at, &mut to[..n])?;
        }
        self.at += n as u64;
        Ok(n)
    }
}

impl Write for Cursor<'_, '_> {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        let n = self.room(from.len())?;
        if n != 0 {
            self.memory.write(self.at, &from[..n])?;
        }
        self.at += n as u64;
        Ok(n)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Cursor<'_, '_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, delta) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::Current(delta) => (self.at, delta),
            SeekFrom::End(delta) => (self.memory.len()?, delta),
        };
        let place =
            if delta < 0 { from.checked_sub(delta.unsigned_abs()) } else { from.checked_add(delta.unsigned_abs()) };
        self.at = place.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no such place"))?;
        Ok(self.at)
    }
}
