//! What a call through the runtime costs more than the same call written by hand with reqwest: CPU time of the calling thread, and
//! allocations, those that grow included. Both go to one server on loopback, batch by batch in turn, over one connection each.
//!
//! `cargo bench --package gallery-runtime --no-default-features --bench call`; `--no-default-features` leaves out TLS, which nothing
//! here uses. CPU time is read from `/proc`, so that this runs on Linux alone.

#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::alloc::System;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use gallery_runtime::reqwest::{Client, Method, header, redirect};
use gallery_runtime::{
    Bytes, ClientBuilder, Error, OperationInfo, ResponseValue, Style, Transport, Untyped,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const ROUNDS: usize = 60;
const CALLS: usize = 200;
const TEAM: &str = "4xp9fdt77pncbef59f4k1qe83o";

/// Answers everything with the same JSON, and allocates nothing meanwhile.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            std::thread::spawn(move || {
                let (mut stream, mut buffer) = (stream.unwrap(), [0; 4096]);
                stream.set_nodelay(true).unwrap();
                // A request without a body comes in one piece.
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

async fn by_hand(http: &Client, root: &str, page: &str) -> Bytes {
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

/// As a generated client has it.
async fn through(transport: &Transport, page: &str) -> Result<ResponseValue<Untyped>, Error> {
    let mut request = transport.request(Method::GET);
    request.literal("/teams/");
    request.path("team_id", Style::Simple, false, &TEAM.to_owned())?;
    request.literal("/members");
    request.query("page", Style::Form, true, &Some(page.to_owned()))?;
    request.query("per_page", Style::Form, true, &Some("60".to_owned()))?;
    request.accept("application/json")?;
    let info = OperationInfo::new("get_team_members", "/teams/{team_id}/members");
    let response = transport.send(request.build()?, &info).await?;
    match response.status().as_u16() {
        200..=299 => ResponseValue::untyped(response).await,
        400..=599 => Err(Error::documented(
            ResponseValue::untyped_error(response).await,
        )),
        _ => Err(Error::undocumented(response).await),
    }
}

/// Nanoseconds that this thread has run.
fn cpu_time() -> u64 {
    // The clock of a thread stands still until it is scheduled again.
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

/// Nanoseconds and allocations of one batch.
async fn measured<F: Future>(call: impl Fn() -> F) -> (f64, f64) {
    let (begun, region) = (cpu_time(), Region::new(ALLOCATOR));
    for _ in 0..CALLS {
        call().await;
    }
    let change = region.change();
    let allocations = change.allocations + change.reallocations;
    (
        (cpu_time() - begun) as f64 / CALLS as f64,
        allocations as f64 / CALLS as f64,
    )
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let root = server();
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        let transport = ClientBuilder::<Transport>::new(&root, &[]).build().unwrap();
        let (mut hand, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            hand.push(measured(|| by_hand(&http, &root, "0")).await);
            ours.push(measured(|| async { through(&transport, "0").await.unwrap() }).await);
        }
        let [hand, ours] = [hand, ours].map(|all| {
            let (times, allocations): (Vec<f64>, Vec<f64>) = all.into_iter().unzip();
            (median(times) / 1000.0, median(allocations))
        });
        println!(
            "by hand          {:6.1} µs  {:5.1} allocations",
            hand.0, hand.1
        );
        println!(
            "through runtime  {:6.1} µs  {:5.1} allocations",
            ours.0, ours.1
        );
        println!(
            "difference       {:6.1} µs  {:5.1} allocations",
            ours.0 - hand.0,
            ours.1 - hand.1
        );
    });
}
