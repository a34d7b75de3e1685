//! The text of scalars, without a JSON value in between.

use std::fmt;

use serde::ser::{self, Impossible, Serialize, Serializer};

/// Calls `with` with the text of a string, a Boolean, an integer or a constant variant, or with
/// `None` for null. Returns `None` for all other values, without a call.
///
/// Most arguments are scalars. The generic part of their encoding is only this function, so that it
/// takes little time to compile for each type.
pub(crate) fn with_scalar<T: Serialize + ?Sized, R>(
    value: &T,
    with: impl FnOnce(Option<&str>) -> R,
) -> Option<R> {
    let (mut with, mut result) = (Some(with), None);
    let mut visit = |text: Option<&str>| result = with.take().map(|with| with(text));
    value.serialize(Scalar(&mut visit)).ok()?;
    result
}

/// Calls a function with the text of a scalar.
struct Scalar<'a>(&'a mut dyn FnMut(Option<&str>));

/// The value is not a scalar.
#[derive(Debug)]
struct NotScalar;

impl fmt::Display for NotScalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a scalar")
    }
}

impl std::error::Error for NotScalar {}

impl ser::Error for NotScalar {
    fn custom<T: fmt::Display>(_: T) -> NotScalar {
        NotScalar
    }
}

macro_rules! integers {
    ($($method:ident: $type:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<(), NotScalar> {
            (self.0)(Some(&value.to_string()));
            Ok(())
        })*
    };
}

macro_rules! not_scalar {
    ($($method:ident($($type:ty),*) -> $ok:ty,)*) => {
        $(fn $method(self, $(_: $type),*) -> Result<$ok, NotScalar> {
            Err(NotScalar)
        })*
    };
}

impl Serializer for Scalar<'_> {
    type Ok = ();
    type Error = NotScalar;
    type SerializeSeq = Impossible<(), NotScalar>;
    type SerializeTuple = Impossible<(), NotScalar>;
    type SerializeTupleStruct = Impossible<(), NotScalar>;
    type SerializeTupleVariant = Impossible<(), NotScalar>;
    type SerializeMap = Impossible<(), NotScalar>;
    type SerializeStruct = Impossible<(), NotScalar>;
    type SerializeStructVariant = Impossible<(), NotScalar>;

    integers! {
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
    }

    // Numbers that JSON may not represent are left to the JSON serializer.
    not_scalar! {
        serialize_i128(i128) -> (),
        serialize_u128(u128) -> (),
        serialize_f32(f32) -> (),
        serialize_f64(f64) -> (),
        serialize_bytes(&[u8]) -> (),
        serialize_seq(Option<usize>) -> Self::SerializeSeq,
        serialize_tuple(usize) -> Self::SerializeTuple,
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct,
        serialize_tuple_variant(&'static str, u32, &'static str, usize)
            -> Self::SerializeTupleVariant,
        serialize_map(Option<usize>) -> Self::SerializeMap,
        serialize_struct(&'static str, usize) -> Self::SerializeStruct,
        serialize_struct_variant(&'static str, u32, &'static str, usize)
            -> Self::SerializeStructVariant,
    }

    fn serialize_bool(self, value: bool) -> Result<(), NotScalar> {
        (self.0)(Some(if value { "true" } else { "false" }));
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), NotScalar> {
        (self.0)(Some(value.encode_utf8(&mut [0; 4])));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), NotScalar> {
        (self.0)(Some(value));
        Ok(())
    }

    fn serialize_none(self) -> Result<(), NotScalar> {
        (self.0)(None);
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), NotScalar> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), NotScalar> {
        (self.0)(None);
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), NotScalar> {
        (self.0)(None);
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), NotScalar> {
        (self.0)(Some(variant));
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), NotScalar> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), NotScalar> {
        Err(NotScalar)
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;

    fn text<T: Serialize>(value: T) -> Option<Option<String>> {
        with_scalar(&value, |text| text.map(str::to_owned))
    }

    #[test]
    fn texts_are_those_of_json() {
        #[derive(Serialize)]
        enum Size {
            Large,
            Other(u8),
        }
        #[derive(Serialize)]
        struct Id(u64);
        #[derive(Serialize)]
        struct Nothing;

        let json = |text: &str| Some(Some(text.to_owned()));
        assert_eq!(text("a b"), json("a b"));
        assert_eq!(text(Some("a")), json("a"));
        assert_eq!(text('é'), json("é"));
        assert_eq!(text(true), json("true"));
        assert_eq!(text(i8::MIN), json("-128"));
        assert_eq!(text(u64::MAX), json("18446744073709551615"));
        assert_eq!(text(Id(7)), json("7"));
        assert_eq!(text(Size::Large), json("Large"));
        assert_eq!(text(serde_json::json!("b")), json("b"));
        for null in [text(None::<u8>), text(()), text(Nothing)] {
            assert_eq!(null, Some(None));
        }
        for other in [text(1.5), text([1]), text(Size::Other(1)), text(1_u128)] {
            assert_eq!(other, None);
        }
        assert_eq!(text(serde_json::json!({"a": 1})), None);
    }

    #[test]
    fn a_value_that_fails_has_no_text() {
        struct Failing;

        impl Serialize for Failing {
            fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(ser::Error::custom("fails"))
            }
        }

        assert_eq!(text(Failing), None);
    }
}
