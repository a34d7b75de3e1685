//! Compares a stream of pages with pages requested by hand with reqwest and `serde_json`: CPU time
//! of the calling thread, and allocations including reallocations, of one page with 200 items.
//!
//! Run with `cargo bench --package gallery-runtime --no-default-features --bench pages`. Linux
//! only, because CPU time is read from `/proc`.

#![expect(clippy::unwrap_used, reason = "a benchmark")]

use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use gallery_runtime::reqwest::{Client, header};
use gallery_runtime::{
    Call, Operation, Pagination, PaginationStream, Parameter, Transport, Untyped,
};
use support::{measure, medians, print, run};

mod support;

const ROUNDS: usize = 30;
const WALKS: usize = 4;
const PAGES: usize = 25;
const ITEMS: usize = 200;

#[derive(Clone, Debug, PartialEq, serde::Deserialize)]
#[allow(dead_code, reason = "the fields are only decoded")]
struct Member {
    team_id: String,
    user_id: String,
    roles: String,
    delete_at: i64,
    scheme_user: bool,
}

/// Returns the responses of all pages, of which the last one is short.
fn pages() -> Vec<Vec<u8>> {
    let page = |page: usize| {
        let count = if page + 1 == PAGES { ITEMS - 1 } else { ITEMS };
        let items: Vec<String> = (0..count)
            .map(|item| {
                let id = page * ITEMS + item;
                format!(
                    r#"{{"team_id":"4xp9fdt77pncbef59f4k1qe83o","user_id":"user{id:022}","roles":"team_user","delete_at":0,"scheme_user":true}}"#
                )
            })
            .collect();
        let body = format!("[{}]", items.join(","));
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        (head + &body).into_bytes()
    };
    (0..PAGES).map(page).collect()
}

/// Serves the pages by their number, without allocations.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let pages = Arc::new(pages());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let pages = Arc::clone(&pages);
            std::thread::spawn(move || {
                let (mut stream, mut buffer) = (stream.unwrap(), [0; 4096]);
                stream.set_nodelay(true).unwrap();
                loop {
                    // Requests without a body arrive in one read.
                    let length = stream.read(&mut buffer).unwrap();
                    let text = &buffer[..length];
                    let Some(at) = text.windows(5).position(|part| part == b"page=") else {
                        return;
                    };
                    let digits = text[at + 5..]
                        .iter()
                        .take_while(|byte| byte.is_ascii_digit());
                    let number = digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
                    stream.write_all(&pages[number]).unwrap();
                }
            });
        }
    });
    root
}

/// Returns the number of items.
async fn by_hand(http: &Client, root: &str) -> usize {
    let mut count = 0;
    for page in 0.. {
        let request = http
            .get(format!("{root}/members?page={page}&per_page={ITEMS}"))
            .header(header::ACCEPT, "application/json")
            .timeout(Duration::from_secs(60));
        let response = request.send().await.unwrap().error_for_status().unwrap();
        let bytes = response.bytes().await.unwrap();
        let members: Vec<Member> = serde_json::from_slice(&bytes).unwrap();
        let is_last = members.len() < ITEMS;
        for member in members {
            black_box(&member);
            count += 1;
        }
        if is_last {
            break;
        }
    }
    count
}

static LIST: Operation = Operation::new("get_members", "GET", "/members")
    .parameters(&[Parameter::query("page"), Parameter::query("per_page")])
    .pages(Pagination::number(0, 0).size(1, 60).max(200))
    .accept("application/json");

async fn with_runtime(transport: &Transport) -> usize {
    let mut call = Call::new(transport, &LIST);
    call.set(1, &Some(ITEMS));
    let mut stream: PaginationStream<Member, Untyped> = call.stream();
    let mut count = 0;
    while let Some(member) = stream.next().await {
        black_box(&member.unwrap());
        count += 1;
    }
    count
}

fn main() {
    let root = server();
    run(&root, async |http, transport| {
        let all = PAGES * ITEMS - 1;
        assert_eq!(by_hand(&http, &root).await, all);
        assert_eq!(with_runtime(&transport).await, all);
        let (mut hand, mut stream) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            hand.push(measure(WALKS, || by_hand(&http, &root)).await);
            stream.push(measure(WALKS, || with_runtime(&transport)).await);
        }
        let per_page =
            |(time, allocations): (f64, f64)| (time / PAGES as f64, allocations / PAGES as f64);
        print(per_page(medians(hand)), per_page(medians(stream)));
    });
}
