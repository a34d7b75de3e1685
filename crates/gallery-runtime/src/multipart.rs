//! Bodies of type `multipart/form-data`.

use bytes::{BufMut, Bytes, BytesMut};

use crate::style::InvalidArgument;

/// A `multipart/form-data` body with text fields and files.
///
/// The names of the parts are in the documentation of the API.
///
/// ```
/// use gallery_runtime::Multipart;
///
/// let form = Multipart::new()
///     .text("title", "Cover")
///     .file("image", "cover.png", "image/png", vec![0x89, 0x50]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Multipart {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    name: String,
    /// File name and media type.
    file: Option<(String, String)>,
    content: Bytes,
}

impl Multipart {
    /// Creates a form without parts.
    pub fn new() -> Multipart {
        Multipart::default()
    }

    /// Adds a text field.
    #[must_use]
    pub fn text(mut self, name: impl Into<String>, text: impl Into<String>) -> Multipart {
        self.parts.push(Part {
            name: name.into(),
            file: None,
            content: text.into().into(),
        });
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(
        mut self,
        name: impl Into<String>,
        file_name: impl Into<String>,
        media_type: impl Into<String>,
        content: impl Into<Bytes>,
    ) -> Multipart {
        let file = Some((file_name.into(), media_type.into()));
        self.parts.push(Part {
            name: name.into(),
            file,
            content: content.into(),
        });
        self
    }

    /// Returns the boundary and the encoded body.
    pub(crate) fn encode(&self) -> Result<(String, Bytes), InvalidArgument> {
        let boundary = self.boundary();
        let mut body = BytesMut::new();
        for part in &self.parts {
            body.put(
                format!(
                    "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
                    quoted(&part.name)
                )
                .as_bytes(),
            );
            if let Some((name, media_type)) = &part.file {
                if media_type.contains(char::is_control) {
                    return Err(InvalidArgument(format!(
                        "the part `{}` has the invalid media type {media_type:?}",
                        part.name
                    )));
                }
                body.put(
                    format!(
                        "; filename=\"{}\"\r\nContent-Type: {media_type}",
                        quoted(name)
                    )
                    .as_bytes(),
                );
            }
            body.put(&b"\r\n\r\n"[..]);
            body.put(part.content.as_ref());
            body.put(&b"\r\n"[..]);
        }
        body.put(format!("--{boundary}--\r\n").as_bytes());
        Ok((boundary, body.freeze()))
    }

    /// Returns the first numbered boundary that does not occur in the content. Deterministic, so
    /// that equal forms have equal bodies.
    fn boundary(&self) -> String {
        let is_used = |boundary: &str| {
            let contains = |content: &[u8]| {
                content
                    .windows(boundary.len())
                    .any(|window| window == boundary.as_bytes())
            };
            self.parts.iter().any(|part| contains(&part.content))
        };
        let mut number = 0_u64;
        loop {
            let boundary = format!("gallery-form-boundary-{number}");
            if !is_used(&boundary) {
                return boundary;
            }
            number += 1;
        }
    }
}

/// Percent-encodes quotes and line breaks, as browsers do.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_fields_and_files() {
        let form = Multipart::new().text("a\"b", "1").file(
            "f",
            "x\r\ny.bin",
            "image/png",
            "gallery-form-boundary-0",
        );
        let (boundary, body) = form.encode().unwrap();
        assert_eq!(boundary, "gallery-form-boundary-1");
        assert_eq!(
            String::from_utf8_lossy(&body),
            "--gallery-form-boundary-1\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n1\r\n\
             --gallery-form-boundary-1\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x%0D%0Ay.bin\"\r\n\
             Content-Type: image/png\r\n\r\ngallery-form-boundary-0\r\n--gallery-form-boundary-1--\r\n"
        );
        assert!(
            Multipart::new()
                .file("f", "x", "a/b\r\nX-Evil: 1", "")
                .encode()
                .is_err()
        );
    }
}
