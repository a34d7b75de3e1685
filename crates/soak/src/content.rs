//! The content of the API. Both processes derive it from the seed, so that clients can compare each
//! response with the content that the server has sent.

use fastrand::Rng;
use typed_client::types::{Book, Mark};

/// The most readers on a page.
pub(crate) const READERS_PER_PAGE: usize = 4;

/// The most marks on a page.
pub(crate) const MARKS_PER_PAGE: usize = 3;

/// Returns random numbers that depend on nothing but the seed and a name.
pub(crate) fn random(seed: u64, name: &str) -> Rng {
    // FNV-1a.
    let bytes = seed.to_le_bytes().into_iter().chain(name.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Rng::with_seed(hash)
}

/// Returns the book with an ID. A few books are larger than the buffers of a connection.
pub(crate) fn book(seed: u64, id: &str) -> Book {
    let mut random = random(seed, &format!("book {id}"));
    let length = size(&mut random);
    Book {
        title: Some(text(&mut random, length)),
        pages: Some(random.i32(1..2000)),
        tags: Some(
            (0..random.usize(..5))
                .map(|_| text(&mut random, 9))
                .collect(),
        ),
        ..Book::new(id, random.i64(..1 << 50))
    }
}

/// Returns the names of the readers in a list.
pub(crate) fn readers(seed: u64, list: &str) -> Vec<String> {
    let mut random = random(seed, &format!("readers {list}"));
    (0..random.usize(..20))
        .map(|_| text(&mut random, 30))
        .collect()
}

/// Returns the marks in a list.
pub(crate) fn marks(seed: u64, list: &str) -> Vec<Mark> {
    let mut random = random(seed, &format!("marks {list}"));
    let count = random.i64(..12);
    let mark = |id| Mark {
        text: Some(text(&mut random, 50)),
        ..Mark::new(id)
    };
    (0..count).map(mark).collect()
}

/// Returns the image with an ID.
pub(crate) fn cover(seed: u64, id: &str) -> Vec<u8> {
    let mut random = random(seed, &format!("cover {id}"));
    let mut bytes = vec![0; size(&mut random)];
    random.fill(&mut bytes);
    bytes
}

fn size(random: &mut Rng) -> usize {
    match random.u8(..16) {
        0 => random.usize(100_000..300_000),
        1..4 => random.usize(5_000..30_000),
        _ => random.usize(1..800),
    }
}

fn text(random: &mut Rng, length: usize) -> String {
    (0..length).map(|_| random.alphanumeric()).collect()
}
