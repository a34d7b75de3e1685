//! Bodies of type `multipart/form-data`.

use bytes::{BufMut, BytesMut};
use serde::Serialize;
use serde_json::Value;

use crate::file::File;
use crate::platform::random_bits;
use crate::style::InvalidArgument;
use crate::upload::Upload;

/// A `multipart/form-data` body with fields and files.
///
/// Operations whose document has no properties of the body need it. The names of the parts are then
/// in the documentation of the API. For other operations, the body has a type of its own.
///
/// ```
/// use gallery_runtime::Multipart;
///
/// use gallery_runtime::Upload;
///
/// let form = Multipart::new()
///     .text("title", "Cover")
///     .file("image", "cover.png", "image/png", vec![0x89, 0x50])
///     .file("video", "ad.mp4", "video/mp4", Upload::file("/tmp/ad.mp4"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Multipart {
    parts: Vec<Part>,
    /// The first value that cannot be sent.
    error: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    name: String,
    file_name: Option<String>,
    media_type: Option<String>,
    content: Upload,
}

impl Multipart {
    /// Creates a form without parts.
    pub fn new() -> Multipart {
        Multipart::default()
    }

    /// Adds a text field.
    #[must_use]
    pub fn text(self, name: impl Into<String>, text: impl Into<String>) -> Multipart {
        self.part(name.into(), None, None, text.into())
    }

    /// Adds files with the same field name.
    #[must_use]
    pub fn files<'f>(self, name: &str, files: impl IntoIterator<Item = &'f File>) -> Multipart {
        files.into_iter().fold(self, |form, file| {
            let (file_name, media_type) = (file.name.clone(), file.media_type.clone());
            form.file(name, file_name, media_type, file.content.clone())
        })
    }

    /// Adds a field: text for a string, a number and a Boolean, a field for each item of a list,
    /// and JSON for an object. Adds nothing for null.
    #[must_use]
    pub fn value<T: Serialize>(mut self, name: &str, value: &T) -> Multipart {
        match crate::json::to_value(value) {
            Ok(Value::Array(items)) => items
                .into_iter()
                .fold(self, |form, item| form.item(name, item)),
            Ok(value) => self.item(name, value),
            Err(error) => {
                let message = format!("the part `{name}` is not valid: {error}");
                self.error.get_or_insert(message);
                self
            }
        }
    }

    /// Adds a field for each entry of a map.
    #[must_use]
    pub fn values<'v, K, V>(self, values: impl IntoIterator<Item = (&'v K, &'v V)>) -> Multipart
    where
        K: AsRef<str> + 'v,
        V: Serialize + 'v,
    {
        let values = values.into_iter();
        values.fold(self, |form, (name, value)| form.value(name.as_ref(), value))
    }

    fn item(self, name: &str, item: Value) -> Multipart {
        let name = name.to_owned();
        match item {
            Value::Null => self,
            Value::String(text) => self.part(name, None, None, text),
            Value::Bool(_) | Value::Number(_) => self.part(name, None, None, item.to_string()),
            Value::Array(_) | Value::Object(_) => {
                let json = Some("application/json".to_owned());
                self.part(name, None, json, item.to_string())
            }
        }
    }

    fn part(
        mut self,
        name: String,
        file_name: Option<String>,
        media_type: Option<String>,
        content: impl Into<Upload>,
    ) -> Multipart {
        self.parts.push(Part {
            name,
            file_name,
            media_type,
            content: content.into(),
        });
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(
        self,
        name: impl Into<String>,
        file_name: impl Into<String>,
        media_type: impl Into<String>,
        content: impl Into<Upload>,
    ) -> Multipart {
        let (file_name, media_type) = (Some(file_name.into()), Some(media_type.into()));
        self.part(name.into(), file_name, media_type, content)
    }

    /// Returns the boundary and the encoded body. It is in memory if all parts are.
    pub(crate) fn encode(&self) -> Result<(String, Upload), InvalidArgument> {
        if let Some(error) = &self.error {
            return Err(InvalidArgument(error.clone()));
        }
        let boundary = self.boundary();
        // Bytes that were not moved to `uploads`.
        let mut text = BytesMut::new();
        let mut uploads = Vec::new();
        for part in &self.parts {
            part.write_head(&boundary, &mut text)?;
            if let Some(bytes) = part.content.in_memory() {
                text.put(bytes.as_ref());
            } else {
                uploads.push(text.split().freeze().into());
                uploads.push(part.content.clone());
            }
            text.put(&b"\r\n"[..]);
        }
        text.put(format!("--{boundary}--\r\n").as_bytes());
        let text = text.freeze().into();
        if uploads.is_empty() {
            return Ok((boundary, text));
        }
        uploads.push(text);
        Ok((boundary, Upload::parts(uploads)))
    }

    /// Returns a boundary that does not occur in the content.
    ///
    /// If all parts are in memory, it is the first numbered one, so that equal forms have equal
    /// bodies. Else, it is random.
    fn boundary(&self) -> String {
        let contents = || self.parts.iter().map(|part| part.content.in_memory());
        let is_in_memory = contents().all(|content| content.is_some());
        let is_used = |boundary: &str| {
            contents().flatten().any(|content| {
                let mut windows = content.windows(boundary.len());
                windows.any(|window| window == boundary.as_bytes())
            })
        };
        let mut number = 0_u128;
        loop {
            if !is_in_memory {
                number = u128::from(random_bits()) << 64 | u128::from(random_bits());
            }
            let boundary = format!("gallery-form-boundary-{number:x}");
            if !is_used(&boundary) {
                return boundary;
            }
            number += 1;
        }
    }
}

impl Part {
    /// Writes the boundary and the headers.
    fn write_head(&self, boundary: &str, text: &mut BytesMut) -> Result<(), InvalidArgument> {
        let name = quoted(&self.name);
        let disposition = "Content-Disposition: form-data";
        text.put(format!("--{boundary}\r\n{disposition}; name=\"{name}\"").as_bytes());
        if let Some(name) = &self.file_name {
            text.put(format!("; filename=\"{}\"", quoted(name)).as_bytes());
        }
        if let Some(media_type) = &self.media_type {
            if media_type.contains(char::is_control) {
                return Err(InvalidArgument(format!(
                    "the part `{}` has the invalid media type {media_type:?}",
                    self.name
                )));
            }
            text.put(format!("\r\nContent-Type: {media_type}").as_bytes());
        }
        text.put(&b"\r\n\r\n"[..]);
        Ok(())
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

    fn encoded(form: &Multipart) -> (String, bytes::Bytes) {
        let (boundary, body) = form.encode().unwrap();
        (boundary, body.in_memory().unwrap().clone())
    }

    #[test]
    fn encodes_fields_and_files() {
        let form = Multipart::new().text("a\"b", "1").file(
            "f",
            "x\r\ny.bin",
            "image/png",
            "gallery-form-boundary-0",
        );
        let (boundary, body) = encoded(&form);
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

    /// Returns the parts of a form: the lines before the content, and the content.
    fn parts(form: &Multipart) -> Vec<String> {
        let (boundary, body) = encoded(form);
        let text = String::from_utf8(body.to_vec()).unwrap();
        let boundary = format!("--{boundary}");
        text.split(&boundary)
            .map(|part| part.trim_matches(['\r', '\n']))
            .filter(|part| part.starts_with("Content"))
            .map(|part| part.replace("Content-Disposition: form-data; ", ""))
            .collect()
    }

    #[test]
    fn values_are_text_or_json_and_lists_are_repeated() {
        let entries = std::collections::BTreeMap::from([("f", 1.5)]);
        let form = Multipart::new()
            .value("a", &"text")
            .value("b", &Some(true))
            .value("c", &None::<i64>)
            .value("d", &[1, 2])
            .value("e", &serde_json::json!([{"k": null}, [3]]))
            .values(&entries);
        assert_eq!(
            parts(&form),
            [
                "name=\"a\"\r\n\r\ntext",
                "name=\"b\"\r\n\r\ntrue",
                "name=\"d\"\r\n\r\n1",
                "name=\"d\"\r\n\r\n2",
                "name=\"e\"\r\nContent-Type: application/json\r\n\r\n{\"k\":null}",
                "name=\"e\"\r\nContent-Type: application/json\r\n\r\n[3]",
                "name=\"f\"\r\n\r\n1.5",
            ]
        );
        let error = Multipart::new().value("a", &[1.0, f64::NAN]).encode();
        assert!(
            error
                .unwrap_err()
                .0
                .starts_with("the part `a` is not valid: `/1`: ")
        );
    }

    #[test]
    fn files_have_names_and_media_types() {
        let files = [File::new("x", "image/png", "1"), File::from("2")];
        let form = Multipart::new()
            .files("f", &files)
            .files("g", &None::<File>);
        assert_eq!(
            parts(&form),
            [
                "name=\"f\"; filename=\"x\"\r\nContent-Type: image/png\r\n\r\n1",
                "name=\"f\"; filename=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\n2",
            ]
        );
        let file: File = serde_json::from_str("\"2\"").unwrap();
        assert_eq!(file, files[1]);
        let whole = r#"{"name": "x", "type": "image/png", "content": "1"}"#;
        assert_eq!(serde_json::from_str::<File>(whole).unwrap(), files[0]);
        assert_eq!(serde_json::to_string(&files[0]).unwrap(), "\"1\"");
    }
}
