//! Enums of responses by status.

/// Declares an enum of responses, with a variant for each documented status.
///
/// ```
/// use gallery_runtime::Untyped;
///
/// gallery_runtime::response_enum! {
///     /// The errors of an operation.
///     pub enum GetBookError {
///         404 => NotFound,
///         422 => UnprocessableEntity(Vec<String>),
///         500..=599 => ServerError(Untyped),
///     }
/// }
/// ```
#[macro_export]
macro_rules! response_enum {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $(
                $(#[$variant_attribute:meta])*
                $status:pat => $variant:ident $(($kind:ty))?,
            )*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_attribute])* $variant $(($kind))?,)*
        }

        impl $crate::FromBody for $name {
            fn from_body(body: $crate::Body<'_>) -> Result<Self, $crate::BodyError> {
                #[allow(unreachable_patterns)]
                match body.status() {
                    $($status => $crate::response_enum!(@read body $name $variant $($kind)?),)*
                    _ => Err(body.undocumented()),
                }
            }
        }

        /// Serializes the body only.
        impl $crate::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> Result<S::Ok, S::Error>
            where
                S: $crate::serde::Serializer,
            {
                match self {
                    $($crate::response_enum!(@pattern value $name $variant $($kind)?) =>
                        $crate::response_enum!(@write value serializer $($kind)?),)*
                }
            }
        }
    };
    (@read $body:ident $name:ident $variant:ident) => {
        Ok($name::$variant)
    };
    (@read $body:ident $name:ident $variant:ident $kind:ty) => {
        <$kind as $crate::FromBody>::from_body($body).map($name::$variant)
    };
    (@pattern $value:ident $name:ident $variant:ident) => {
        $name::$variant
    };
    (@pattern $value:ident $name:ident $variant:ident $kind:ty) => {
        $name::$variant($value)
    };
    (@write $value:ident $serializer:ident) => {
        $serializer.serialize_unit()
    };
    (@write $value:ident $serializer:ident $kind:ty) => {
        $crate::serde::Serialize::serialize($value, $serializer)
    };
}
