//! Bodies of requests, in memory, from files and from streams.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncRead;

use crate::transport_error::BoxError;

pub(crate) use outgoing::Outgoing;
use read::Chunks;

mod activity;
mod body;
mod outgoing;
mod read;

/// The body of a request, or a part of one: bytes, a file that is read while it is sent, or a
/// stream.
///
/// A body that is read while it is sent does not grow in memory. The timeout of a call then limits
/// the time in which no byte is taken, and starts anew with the response. Middleware sees such a
/// request without its body.
///
/// ```
/// use gallery_runtime::Upload;
///
/// let from_memory = Upload::from(vec![0x89, 0x50]);
/// let from_disk = Upload::file("cover.png").on_progress(|progress| {
///     println!("{} of {:?} bytes", progress.sent, progress.total);
/// });
/// let from_a_reader = Upload::reader(tokio::io::empty(), Some(0));
/// ```
#[derive(Clone)]
pub struct Upload {
    source: Source,
    report: Option<Report>,
}

type Report = Arc<dyn Fn(Progress) + Send + Sync>;

type BoxStream = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    /// A file, which is opened when it is sent.
    File(PathBuf),
    /// A stream, which is taken when it is sent, and its length.
    Stream(Arc<Mutex<Option<BoxStream>>>, Option<u64>),
    /// Bodies that are sent one after another.
    Parts(Arc<[Upload]>),
}

/// The progress of an [`Upload`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of bytes that were handed to the connection. It starts at 0 with each attempt.
    pub sent: u64,
    /// The number of bytes of the whole body, if it is known.
    pub total: Option<u64>,
}

impl Upload {
    fn new(source: Source) -> Upload {
        Upload {
            source,
            report: None,
        }
    }

    /// Creates a body from a file. The file is opened when it is sent, and opened again when the
    /// request is repeated.
    ///
    /// A file that cannot be read ends the call with [`Error::Upload`](crate::Error::Upload).
    pub fn file(path: impl Into<PathBuf>) -> Upload {
        Upload::new(Source::File(path.into()))
    }

    /// Creates a body from a stream of bytes.
    ///
    /// `size` is the number of bytes. Without it, the body is sent in chunks, which some servers
    /// refuse. A stream of another length ends the call with
    /// [`Error::Upload`](crate::Error::Upload).
    ///
    /// A stream can be sent only once, so the call is not retried, and no redirect is followed.
    pub fn stream<E: Into<BoxError>>(
        stream: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
        size: Option<u64>,
    ) -> Upload {
        let stream: BoxStream = Box::pin(read::Boxed(Box::pin(stream)));
        Upload::new(Source::Stream(Arc::new(Mutex::new(Some(stream))), size))
    }

    /// Creates a body from a reader, as [`stream`](Upload::stream) does.
    pub fn reader(reader: impl AsyncRead + Send + 'static, size: Option<u64>) -> Upload {
        let chunks: BoxStream = Box::pin(Chunks::new(reader));
        Upload::new(Source::Stream(Arc::new(Mutex::new(Some(chunks))), size))
    }

    pub(crate) fn parts(parts: Vec<Upload>) -> Upload {
        Upload::new(Source::Parts(parts.into()))
    }

    /// Calls `report` whenever bytes were handed to the connection.
    #[must_use]
    pub fn on_progress(self, report: impl Fn(Progress) + Send + Sync + 'static) -> Upload {
        Upload {
            report: Some(Arc::new(report)),
            ..self
        }
    }

    /// Returns the bytes of a body in memory whose progress is not reported.
    pub(crate) fn in_memory(&self) -> Option<&Bytes> {
        match &self.source {
            Source::Bytes(bytes) if self.report.is_none() => Some(bytes),
            _ => None,
        }
    }

    /// Returns whether the body can be sent more than once.
    pub(crate) fn is_repeatable(&self) -> bool {
        match &self.source {
            Source::Bytes(_) | Source::File(_) => true,
            Source::Stream(..) => false,
            Source::Parts(parts) => parts.iter().all(Upload::is_repeatable),
        }
    }
}

macro_rules! contents {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Upload {
            fn from(content: $kind) -> Upload {
                Upload::new(Source::Bytes(content.into()))
            }
        })*
    };
}

contents!(
    Bytes,
    Vec<u8>,
    Box<[u8]>,
    String,
    &'static str,
    &'static [u8]
);

impl Default for Upload {
    /// Creates an empty body.
    fn default() -> Upload {
        Bytes::new().into()
    }
}

/// Compares the bytes in memory, the paths of files, and the identities of streams.
impl PartialEq for Upload {
    fn eq(&self, other: &Upload) -> bool {
        match (&self.source, &other.source) {
            (Source::Bytes(one), Source::Bytes(other)) => one == other,
            (Source::File(one), Source::File(other)) => one == other,
            (Source::Stream(one, _), Source::Stream(other, _)) => Arc::ptr_eq(one, other),
            (Source::Parts(one), Source::Parts(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for Upload {}

impl Hash for Upload {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.source {
            Source::Bytes(bytes) => bytes.hash(state),
            Source::File(path) => path.hash(state),
            Source::Stream(stream, _) => Arc::as_ptr(stream).hash(state),
            Source::Parts(parts) => parts.hash(state),
        }
    }
}

/// Shows no content.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Bytes(bytes) => write!(f, "Upload({} bytes)", bytes.len()),
            Source::File(path) => write!(f, "Upload({path:?})"),
            Source::Stream(_, Some(size)) => write!(f, "Upload(stream of {size} bytes)"),
            Source::Stream(_, None) => f.write_str("Upload(stream)"),
            Source::Parts(parts) => f.debug_tuple("Upload").field(parts).finish(),
        }
    }
}
