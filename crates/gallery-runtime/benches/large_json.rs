//! Compares a JSON response of 10 MB through the runtime with the same one through reqwest and
//! serde_json: CPU time of the calling thread, and peak memory of the process.
//!
//! Run with `cargo bench --package gallery-runtime --no-default-features --bench large_json`. The
//! option `--no-default-features` leaves out TLS. Linux only: CPU time and peak memory are read
//! from `/proc`.

#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;

use gallery_runtime::reqwest::{Client, header};
use gallery_runtime::{Call, Object, Operation, Transport, Untyped};
use support::{measure, medians, print, run};

mod support;

const ROUNDS: usize = 15;
const ITEMS: usize = 60_000;

static LIST: Operation = Operation::new("list", "GET", "/items").accept("application/json");

/// An item, as generated code defines it.
#[derive(Object)]
struct Item {
    #[object(name = "id")]
    id: i64,
    #[object(name = "name")]
    name: String,
    #[object(name = "tags")]
    tags: Vec<String>,
    #[object(name = "note")]
    note: Option<String>,
}

impl Item {
    fn size(&self) -> usize {
        let tags: usize = self.tags.iter().map(String::len).sum();
        let note = self.note.as_ref().map_or(0, String::len);
        self.name.len() + tags + note + usize::from(self.id > 0)
    }
}

/// Responds to all requests with the same list, without allocations.
fn server() -> String {
    let item = |id: usize| {
        format!(
            "{{\"id\":{id},\"name\":\"the name of item {id}\",\"tags\":[\"one\",\"second\",\"another tag\"],\
             \"note\":\"a note of some length, which says nothing at all about the item {id}\"}}"
        )
    };
    let items: Vec<String> = (0..ITEMS).map(item).collect();
    let body = format!("[{}]", items.join(","));
    println!("{:.1} MB of JSON", body.len() as f64 / 1e6);
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let response = Arc::new([head.into_bytes(), body.into_bytes()].concat());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let response = Arc::clone(&response);
            std::thread::spawn(move || {
                let (mut stream, mut buffer) = (stream.unwrap(), [0; 4096]);
                while stream.read(&mut buffer).unwrap() > 0 {
                    stream.write_all(&response).unwrap();
                }
            });
        }
    });
    root
}

async fn with_reqwest(http: &Client, root: &str) -> usize {
    let request = http.get(format!("{root}/items"));
    let request = request.header(header::ACCEPT, "application/json");
    let response = request.send().await.unwrap().error_for_status().unwrap();
    let bytes = response.bytes().await.unwrap();
    let items: Vec<Item> = serde_json::from_slice(&bytes).unwrap();
    items.iter().map(Item::size).sum()
}

async fn with_runtime(transport: &Transport) -> usize {
    let call = Call::new(transport, &LIST);
    let items = call.send::<Vec<Item>, Untyped>().await.unwrap();
    items.iter().map(Item::size).sum()
}

/// The peak memory of a process that makes one call, above that before the call, in MB.
fn peak(root: &str, client: &str) -> f64 {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program)
        .args([ONE_CALL, client, root])
        .output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    text.trim().parse().unwrap()
}

/// Makes one call, and prints its peak memory.
fn one_call(client: &str, root: &str) {
    let kilobytes = |name: &str| -> f64 {
        let text = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    run(root, async |http, transport| {
        let before = kilobytes("VmRSS");
        let size = match client {
            "reqwest" => with_reqwest(&http, root).await,
            _ => with_runtime(&transport).await,
        };
        assert!(size > 0);
        println!("{:.2}", (kilobytes("VmHWM") - before) / 1024.0);
    });
}

/// The argument of a process that makes one call.
const ONE_CALL: &str = "--one-call";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, option, client, root] = &arguments[..]
        && option == ONE_CALL
    {
        return one_call(client, root);
    }
    let root = server();
    run(&root, async |http, transport| {
        let (mut reqwest, mut runtime) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            reqwest.push(measure(1, || with_reqwest(&http, &root)).await);
            runtime.push(measure(1, || with_runtime(&transport)).await);
        }
        let (reqwest, runtime) = (medians(reqwest), medians(runtime));
        print(reqwest, runtime);
        println!("time {:.3} times reqwest's", runtime.0 / reqwest.0);
    });
    let lowest = |client: &str| {
        let peaks = (0..5).map(|_| peak(&root, client));
        peaks.fold(f64::MAX, f64::min)
    };
    let (reqwest, runtime) = (lowest("reqwest"), lowest("runtime"));
    println!(
        "peak memory: reqwest {reqwest:.1} MB, runtime {runtime:.1} MB, {:.3} times reqwest's",
        runtime / reqwest
    );
}
