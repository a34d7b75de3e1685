//! A body of type `multipart/form-data`: texts and files under the names that an API's documentation gives them.

use bytes::{BufMut, Bytes, BytesMut};

use crate::style::InvalidArgument;

/// The parts of a form. An API's document describes them at most in prose, so that their names are the caller's to write.
///
/// ```
/// use gallery_runtime::Multipart;
///
/// let form = Multipart::new().text("title", "Cover").file("image", "cover.png", "image/png", vec![0x89, 0x50]);
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
    /// A form without parts.
    pub fn new() -> Multipart {
        Multipart::default()
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, name: impl Into<String>, text: impl Into<String>) -> Multipart {
        self.parts.push(Part {
            name: name.into(),
            file: None,
            content: text.into().into(),
        });
        self
    }

    /// Adds a file with its name and media type.
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

    /// The boundary and the body.
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
                        "{media_type:?} of the part `{}` is no media type",
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

    /// The first of the numbered boundaries that no part has in it. The same form always gets the same one.
    fn boundary(&self) -> String {
        let taken = |boundary: &str| {
            let has_it = |content: &[u8]| {
                content
                    .windows(boundary.len())
                    .any(|window| window == boundary.as_bytes())
            };
            self.parts.iter().any(|part| has_it(&part.content))
        };
        let mut number = 0_u64;
        loop {
            let boundary = format!("gallery-form-boundary-{number}");
            if !taken(&boundary) {
                return boundary;
            }
            number += 1;
        }
    }
}

/// As browsers do: what would end the quotes or the line is percent-encoded.
fn quoted(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_as_it_goes_out() {
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
