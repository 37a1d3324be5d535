// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A server on the loopback address: each request, a line, is answered by an instance of its own, whose memory is a slot
//! that others had before. It answers so many requests and ends; it also ends when nobody comes for ten seconds.
//!
//!     server REQUESTS        listens; the address is printed
//!     server REQUESTS ask    and makes the requests itself, on eight threads

use std::io::{BufRead, BufReader, Error, ErrorKind, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use wasmtime::{Config, Engine, Instance, Module, Store};
use wrtmem_wasmtime::Memories;

const WORKERS: usize = 4;
const CLIENTS: usize = 8;
const LONGEST: u64 = 200_000;
const PATIENCE: Duration = Duration::from_secs(10);

/// Capitals of the line at 1024; before it writes anything it looks whether somebody else's bytes are there.
const GUEST: &str = r#"(module
  (memory (export "memory") 1 8)
  (func (export "room") (param $n i32) (result i32) (local $i i32)
    (loop $look
      (if (i64.ne (i64.load (local.get $i)) (i64.const 0)) (then (unreachable)))
      (local.set $i (i32.add (local.get $i) (i32.const 8)))
      (br_if $look (i32.lt_u (local.get $i) (i32.const 65536))))
    (memory.grow (i32.div_u (i32.add (local.get $n) (i32.const 1024)) (i32.const 65536))))
  (func (export "capitals") (param $n i32) (local $i i32) (local $c i32)
    (local.set $i (i32.const 1024))
    (local.set $n (i32.add (local.get $n) (i32.const 1024)))
    (block $done (loop $next
      (br_if $done (i32.ge_u (local.get $i) (local.get $n)))
      (local.set $c (i32.load8_u (local.get $i)))
      (if (i32.lt_u (i32.sub (local.get $c) (i32.const 97)) (i32.const 26))
        (then (i32.store8 (local.get $i) (i32.sub (local.get $c) (i32.const 32)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $next)))))"#;

/// What the guest makes of a line.
fn answer(module: &Module, line: &[u8]) -> wasmtime::Result<Vec<u8>> {
    let mut store = Store::new(module.engine(), ());
    let instance = Instance::new(&mut store, module, &[])?;
    let n = line.len() as i32;
    if instance.get_typed_func::<i32, i32>(&mut store, "room")?.call(&mut store, n)? == -1 {
        return Ok(b"too long".to_vec());
    }
    let memory = instance.get_memory(&mut store, "memory").expect("the guest's memory");
    memory.write(&mut store, 1024, line)?;
    instance.get_typed_func::<i32, ()>(&mut store, "capitals")?.call(&mut store, n)?;
    Ok(memory.data(&store)[1024..1024 + line.len()].to_vec())
}

fn line_of(stream: &TcpStream) -> std::io::Result<Vec<u8>> {
    let mut line = Vec::new();
    BufReader::new(std::io::Read::take(stream, LONGEST)).read_until(b'\n', &mut line)?;
    match line.pop() {
        Some(b'\n') => Ok(line),
        _ => Err(Error::new(ErrorKind::InvalidData, "no whole line")),
    }
}

/// The next caller, if one comes in time.
fn caller(listener: &TcpListener) -> std::io::Result<TcpStream> {
    let start = Instant::now();
    loop {
        match listener.accept() {
            Err(error) if error.kind() == ErrorKind::WouldBlock && start.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(1));
            }
            accepted => return accepted.map(|(stream, _)| stream),
        }
    }
}

fn serve_one(module: &Module, listener: &TcpListener) -> wasmtime::Result<()> {
    let mut stream = caller(listener)?;
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut text = answer(module, &line_of(&stream)?)?;
    text.push(b'\n');
    stream.write_all(&text)?;
    Ok(())
}

fn ask(address: SocketAddr, number: usize) -> wasmtime::Result<()> {
    let line = format!("request {number} ").repeat(1 + number % 9_000);
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(line.as_bytes())?;
    stream.write_all(b"\n")?;
    let answer = line_of(&stream)?;
    assert_eq!(answer, line.to_uppercase().into_bytes(), "request {number}");
    Ok(())
}

/// Runs `each` for the numbers below `count`, on so many threads; gives how many went wrong.
fn on_threads(threads: usize, count: usize, each: &(dyn Fn(usize) -> wasmtime::Result<()> + Sync)) -> usize {
    let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    break;
                }
                if let Err(error) = each(number) {
                    eprintln!("{error}");
                    failed.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    failed.into_inner()
}

fn main() -> wasmtime::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let requests: usize = arguments.get(1).and_then(|text| text.parse().ok()).unwrap_or(100);
    let asks = arguments.get(2).is_some_and(|word| word == "ask");

    let memories = Memories::slots(8 << 16, WORKERS)?;
    let mut config = Config::new();
    memories.install(&mut config);
    let module = Module::new(&Engine::new(&config)?, GUEST)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    println!("listening on {address}");

    let failed = std::thread::scope(|scope| {
        let asked = asks.then(|| scope.spawn(move || on_threads(CLIENTS, requests, &|number| ask(address, number))));
        let failed = on_threads(WORKERS, requests, &|_| serve_one(&module, &listener));
        failed + asked.map_or(0, |thread| thread.join().unwrap_or(requests))
    });
    let pool = memories.pool_info().expect("a pool");
    println!(
        "{requests} requests, {failed} failed; {} slots, at most {} in use, now {}",
        pool.slots, pool.peak, pool.used
    );
    std::process::exit(i32::from(failed != 0))
}
