//! Compares the cost of a call through the runtime with the same call made with plain reqwest: CPU
//! time of the calling thread, and allocations including reallocations.
//!
//! Run with `cargo bench --package gallery-runtime --no-default-features --bench call`. The option
//! `--no-default-features` leaves out TLS. Linux only, because CPU time is read from `/proc`.

#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use gallery_runtime::reqwest::{Client, header};
use gallery_runtime::{
    Bytes, Call, Error, Operation, Parameter, ResponseValue, Transport, Untyped,
};
use support::{measure, medians, print, run};

mod support;

const ROUNDS: usize = 60;
const CALLS: usize = 200;
const TEAM: &str = "4xp9fdt77pncbef59f4k1qe83o";

/// Responds to all requests with the same JSON, without allocations.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || {
                let (mut stream, mut buffer) = (stream.unwrap(), [0; 4096]);
                stream.set_nodelay(true).unwrap();
                // Requests without a body arrive in one read.
                while stream.read(&mut buffer).unwrap() > 0 {
                    stream
                        .write_all(
                            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n[{\"user_id\":1}]",
                        )
                        .unwrap();
                }
            });
        }
    });
    root
}

async fn with_reqwest(http: &Client, root: &str, page: &str) -> Bytes {
    let url = format!("{root}/teams/{TEAM}/members?page={page}&per_page=60");
    let request = http
        .get(url)
        .header(header::ACCEPT, "application/json")
        .timeout(Duration::from_secs(60));
    request
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap()
        .bytes()
        .await
        .unwrap()
}

static GET_TEAM_MEMBERS: Operation =
    Operation::new("get_team_members", "GET", "/teams/{team_id}/members")
        .parameters(&[
            Parameter::path("team_id"),
            Parameter::query("page"),
            Parameter::query("per_page"),
        ])
        .accept("application/json");

/// Makes the call as generated code does.
async fn with_runtime(transport: &Transport, page: &str) -> Result<ResponseValue<Untyped>, Error> {
    let mut call = Call::new(transport, &GET_TEAM_MEMBERS);
    call.set(0, TEAM);
    call.set(1, &Some(page));
    call.set(2, &Some("60"));
    call.send().await
}

fn main() {
    let root = server();
    run(&root, async |http, transport| {
        let (mut reqwest, mut runtime) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            reqwest.push(measure(CALLS, || with_reqwest(&http, &root, "0")).await);
            runtime.push(
                measure(CALLS, || async {
                    with_runtime(&transport, "0").await.unwrap()
                })
                .await,
            );
        }
        print(medians(reqwest), medians(runtime));
    });
}
