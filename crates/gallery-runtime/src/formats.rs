//! The types of strings and numbers with a format, such as `date-time`.
//!
//! A value keeps its text as it was received, so that an invalid value makes neither a response nor
//! a page of results unreadable. Its methods parse the text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use crate::file::File;
use crate::text::Text;

macro_rules! formats {
    ($($(#[$attribute:meta])* $name:ident,)*) => {
        $(
            $(#[$attribute])*
            #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
            #[serde(transparent)]
            pub struct $name(String);

            impl $name {
                /// Returns the text.
                pub fn as_str(&self) -> &str {
                    &self.0
                }

                /// Returns the text.
                pub fn into_string(self) -> String {
                    self.0
                }

                /// Parses the text.
                ///
                /// # Errors
                ///
                /// Fails if the text is not a `T`.
                pub fn parse<T: FromStr>(&self) -> Result<T, T::Err> {
                    self.0.parse()
                }
            }

            impl From<&str> for $name {
                fn from(text: &str) -> Self {
                    $name(text.to_owned())
                }
            }

            impl From<String> for $name {
                fn from(text: String) -> Self {
                    $name(text)
                }
            }

            impl AsRef<str> for $name {
                fn as_ref(&self) -> &str {
                    &self.0
                }
            }

            impl PartialEq<str> for $name {
                fn eq(&self, other: &str) -> bool {
                    self.0 == other
                }
            }

            impl PartialEq<&str> for $name {
                fn eq(&self, other: &&str) -> bool {
                    self.0 == *other
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.0)
                }
            }

            impl Text for $name {}
        )*
    };
}

formats! {
    /// A point in time (`date-time`), such as `2026-11-29T12:00:00Z`.
    ///
    /// The features `jiff` and `chrono` convert it from and to their types.
    DateTime,
    /// A calendar date (`date`), such as `2026-11-29`.
    ///
    /// The features `jiff` and `chrono` convert it from and to their types.
    Date,
    /// A time of day (`time`), such as `12:00:00Z`.
    Time,
    /// A period (`duration`), such as `P1DT12H`.
    Duration,
    /// A UUID (`uuid`).
    ///
    /// The feature `uuid` converts it from and to `uuid::Uuid`.
    Uuid,
    /// A URI (`uri`).
    Uri,
    /// An IPv4 address (`ipv4`).
    Ipv4,
    /// An IPv6 address (`ipv6`).
    Ipv6,
    /// A decimal number (`decimal`), as a string.
    Decimal,
    /// Bytes in Base64 (`byte`).
    Base64,
}

impl Base64 {
    /// Encodes bytes.
    pub fn encode(bytes: impl AsRef<[u8]>) -> Base64 {
        use base64::Engine as _;
        Base64(base64::engine::general_purpose::STANDARD.encode(bytes))
    }

    /// Decodes the bytes.
    ///
    /// # Errors
    ///
    /// Fails if the text is not Base64.
    pub fn decode(&self) -> Result<Vec<u8>, base64::DecodeError> {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.decode(&self.0)
    }
}

macro_rules! conversions {
    ($feature:literal: $($name:ident and $type:ty as $format:expr,)*) => {
        $(
            #[cfg(feature = $feature)]
            impl From<$type> for $name {
                fn from(value: $type) -> Self {
                    $name(($format)(&value))
                }
            }

            #[cfg(feature = $feature)]
            impl TryFrom<&$name> for $type {
                type Error = <$type as FromStr>::Err;

                fn try_from(text: &$name) -> Result<$type, Self::Error> {
                    text.parse()
                }
            }
        )*
    };
}

conversions! {
    "jiff":
    DateTime and jiff::Timestamp as ToString::to_string,
    Date and jiff::civil::Date as ToString::to_string,
    Time and jiff::civil::Time as ToString::to_string,
    Duration and jiff::Span as ToString::to_string,
}

conversions! {
    "chrono":
    DateTime and chrono::DateTime<chrono::Utc> as chrono::DateTime::to_rfc3339,
    Date and chrono::NaiveDate as ToString::to_string,
    Time and chrono::NaiveTime as ToString::to_string,
}

conversions! {
    "uuid":
    Uuid and uuid::Uuid as ToString::to_string,
}

/// A password (`password`). `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Password(String);

impl Password {
    /// Returns the password.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the password.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl From<&str> for Password {
    fn from(text: &str) -> Self {
        Password(text.to_owned())
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Password(text)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Text for Password {}

/// A point in time (`unix-time`): the number of seconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize,
)]
#[serde(transparent)]
pub struct UnixTime(i64);

impl UnixTime {
    /// Returns the number of seconds.
    pub fn seconds(self) -> i64 {
        self.0
    }
}

impl Text for UnixTime {}

impl From<i64> for UnixTime {
    fn from(seconds: i64) -> Self {
        UnixTime(seconds)
    }
}

impl From<UnixTime> for i64 {
    fn from(time: UnixTime) -> i64 {
        time.0
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for UnixTime {
    fn from(time: jiff::Timestamp) -> Self {
        UnixTime(time.as_second())
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<UnixTime> for jiff::Timestamp {
    type Error = jiff::Error;

    fn try_from(time: UnixTime) -> Result<jiff::Timestamp, jiff::Error> {
        jiff::Timestamp::from_second(time.0)
    }
}

#[cfg(feature = "chrono")]
impl From<chrono::DateTime<chrono::Utc>> for UnixTime {
    fn from(time: chrono::DateTime<chrono::Utc>) -> Self {
        UnixTime(time.timestamp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_text_that_is_not_of_the_format() {
        let time: DateTime = serde_json::from_str("\"yesterday\"").unwrap();
        assert_eq!(time, "yesterday");
        assert_eq!(serde_json::to_string(&time).unwrap(), "\"yesterday\"");
        assert!(time.parse::<u8>().is_err());
        let address = Ipv4::from("10.0.0.1");
        let parsed: std::net::Ipv4Addr = address.parse().unwrap();
        assert_eq!(parsed.to_string(), "10.0.0.1");
    }

    #[test]
    fn does_not_show_passwords() {
        let password = Password::from("p455word");
        assert_eq!(format!("{:?}", Some(&password)), "Some(Password(…))");
        assert_eq!(serde_json::to_string(&password).unwrap(), "\"p455word\"");
    }

    #[test]
    fn encodes_and_decodes_base64() {
        let text = Base64::encode(b"\xff\x00");
        assert_eq!(text, "/wA=");
        assert_eq!(text.decode().unwrap(), b"\xff\x00");
        assert!(Base64::from("?").decode().is_err());
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn converts_from_and_to_jiff() {
        let time: jiff::Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
        let text = DateTime::from(time);
        assert_eq!(text, "2026-11-29T12:00:00Z");
        assert_eq!(jiff::Timestamp::try_from(&text).unwrap(), time);
        assert!(jiff::Timestamp::try_from(&DateTime::from("soon")).is_err());
        let seconds = UnixTime::from(time);
        assert_eq!(jiff::Timestamp::try_from(seconds).unwrap(), time);
    }

    #[cfg(feature = "chrono")]
    #[test]
    fn converts_from_and_to_chrono() {
        let text = DateTime::from("2026-11-29T12:00:00Z");
        let time = chrono::DateTime::<chrono::Utc>::try_from(&text).unwrap();
        assert_eq!(DateTime::from(time), "2026-11-29T12:00:00+00:00");
        let date = chrono::NaiveDate::try_from(&Date::from("2026-11-29")).unwrap();
        assert_eq!(Date::from(date), "2026-11-29");
    }

    #[cfg(feature = "uuid")]
    #[test]
    fn converts_from_and_to_uuid() {
        let id = uuid::Uuid::from_u128(7);
        let text = Uuid::from(id);
        assert_eq!(uuid::Uuid::try_from(&text).unwrap(), id);
    }
}
