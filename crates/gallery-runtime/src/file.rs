//! Files in `multipart/form-data` bodies.

use bytes::Bytes;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::upload::Upload;

/// A file in a `multipart/form-data` body (`binary`).
///
/// ```
/// use gallery_runtime::formats::File;
///
/// use gallery_runtime::Upload;
///
/// let cover = File::new("cover.png", "image/png", vec![0x89, 0x50]);
/// let video = File::new("ad.mp4", "video/mp4", Upload::file("/tmp/ad.mp4"));
/// let plain = File::from("no name");
/// assert_eq!(plain.media_type, "application/octet-stream");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct File {
    /// The file name. By default `file`, because servers recognize files by their names.
    pub name: String,
    /// The media type. By default `application/octet-stream`.
    pub media_type: String,
    /// The content.
    pub content: Upload,
}

impl File {
    /// Creates a file.
    pub fn new(
        name: impl Into<String>,
        media_type: impl Into<String>,
        content: impl Into<Upload>,
    ) -> File {
        File {
            name: name.into(),
            media_type: media_type.into(),
            content: content.into(),
        }
    }
}

macro_rules! contents {
    ($($kind:ty),*) => {
        $(impl From<$kind> for File {
            /// Creates a file with the default name and media type.
            fn from(content: $kind) -> File {
                File::new("file", "application/octet-stream", content)
            }
        })*
    };
}

contents!(Upload, Bytes, Vec<u8>, String, &'static str, &'static [u8]);

/// Writes the content as text. Bytes that are not UTF-8 are replaced. Fails for content that is not
/// in memory.
impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let content = self.content.in_memory().ok_or_else(|| {
            S::Error::custom("the content of a file that is not in memory cannot be written")
        })?;
        serializer.serialize_str(&String::from_utf8_lossy(content))
    }
}

/// Reads the content as text, or an object with `name`, `type` and `content`.
impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<File, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Content(String),
            Whole {
                name: String,
                #[serde(rename = "type")]
                media_type: String,
                content: String,
            },
        }
        Ok(match Form::deserialize(deserializer)? {
            Form::Content(content) => File::from(content),
            Form::Whole {
                name,
                media_type,
                content,
            } => File::new(name, media_type, content),
        })
    }
}
