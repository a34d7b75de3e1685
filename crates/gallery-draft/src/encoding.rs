//! Encodings of form fields. The model reads and writes some of their keywords wrongly.

use openapiv3::{QueryStyle, RequestBody};
use serde_json::Value;

/// A member that the model writes, and that is not valid.
const NULL_MEDIA_TYPE: &str = "\"contentType\": null";

/// The keywords whose values are data.
const DATA: &[&str] = &["default", "enum", "example", "examples", "value"];

/// Corrects `explode` of the form fields of a body. `written` is the body as written.
///
/// The model reads a missing `explode` as false, but the default style, `form`, explodes. The model
/// also omits a false `explode` when it is written, so that it becomes an extension.
pub fn explode_forms(body: &mut RequestBody, written: &Value) {
    for (media_type, media) in &mut body.content {
        let written = &written["content"][media_type]["encoding"];
        for (field, encoding) in &mut media.encoding {
            let is_form = matches!(encoding.style, None | Some(QueryStyle::Form));
            if is_form && written[field].get("explode").is_none() {
                encoding.explode = true;
            }
            if !encoding.explode {
                let explode = ("explode".to_owned(), false.into());
                encoding.extensions.extend([explode]);
            }
        }
    }
}

/// Removes null as the media type of form fields from an indented JSON document. The model writes
/// a missing media type so.
///
/// # Errors
///
/// The text is not JSON.
pub fn without_null_media_types(text: String) -> Result<String, serde_json::Error> {
    if !text.contains(NULL_MEDIA_TYPE) {
        return Ok(text);
    }
    // This model of JSON keeps the order of members.
    let mut document: serde_yaml::Value = serde_json::from_str(&text)?;
    let mut values = vec![&mut document];
    while let Some(value) = values.pop() {
        match value {
            serde_yaml::Value::Sequence(items) => values.extend(items),
            serde_yaml::Value::Mapping(members) => {
                for (key, value) in members {
                    let key = key.as_str().unwrap_or_default();
                    if key == "encoding" {
                        remove_null_media_types(value);
                    }
                    if !DATA.contains(&key) && !key.starts_with("x-") {
                        values.push(value);
                    }
                }
            }
            _ => {}
        }
    }
    serde_json::to_string_pretty(&document)
}

fn remove_null_media_types(encodings: &mut serde_yaml::Value) {
    let encodings = encodings.as_mapping_mut().into_iter().flatten();
    for encoding in encodings.filter_map(|(_, value)| value.as_mapping_mut()) {
        if encoding
            .get("contentType")
            .is_some_and(serde_yaml::Value::is_null)
        {
            encoding.shift_remove("contentType");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_that_are_null_are_removed_from_encodings_only() {
        let text = r#"{
  "z": {
    "encoding": {
      "a": {
        "contentType": null,
        "style": "form"
      },
      "b": {
        "contentType": "text/plain"
      }
    },
    "example": {
      "encoding": {
        "a": {
          "contentType": null
        }
      },
      "number": 1e300
    }
  },
  "a": 18446744073709551615
}"#;
        let lines: Vec<&str> = text.lines().collect();
        let expected = [&lines[..4], &lines[5..]].concat().join("\n");
        assert_eq!(
            without_null_media_types(text.to_owned()).unwrap(),
            expected.replace("1e300", "1e+300")
        );
    }
}
