//! The structure of documents: the kinds of objects, and the fields with their children.

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An OpenAPI 3 document.
    Root,
    /// The components.
    Components,
    /// A path item.
    PathItem,
    /// An operation.
    Operation,
    /// A map of expressions to path items.
    Callback,
    /// A parameter.
    Parameter,
    /// A header.
    Header,
    /// A body.
    RequestBody,
    /// A media type.
    MediaType,
    /// The encoding of a property.
    Encoding,
    /// A response.
    Response,
    /// A link.
    Link,
    /// An example.
    Example,
    /// A server.
    Server,
    /// A tag.
    Tag,
    /// A security scheme.
    SecurityScheme,
    /// A schema. In OpenAPI 3.1, it can be a boolean.
    Schema,
    /// A schema that can be a boolean in OpenAPI 3.0 as well.
    SchemaOrBoolean,
    /// A Swagger 2.0 document.
    Swagger,
    /// A path item of Swagger 2.0.
    SwaggerPathItem,
    /// An operation of Swagger 2.0.
    SwaggerOperation,
    /// A parameter of Swagger 2.0.
    SwaggerParameter,
    /// A response of Swagger 2.0.
    SwaggerResponse,
    /// A header of Swagger 2.0.
    SwaggerHeader,
}

impl Kind {
    /// Returns true for schemas.
    pub(crate) fn is_schema(self) -> bool {
        matches!(self, Kind::Schema | Kind::SchemaOrBoolean)
    }
}

/// The children in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// The value is the child.
    One,
    /// The value is a list of children.
    List,
    /// The value is a child or a list of children.
    OneOrList,
    /// The value is a map to children.
    Map,
    /// The value is a map to children, but for extensions.
    Patterned,
    /// The object itself is a map to children, but for extensions.
    Own,
}

type Field = (&'static str, Shape, Kind);

/// Returns the fields of an object that have children, in the order in which they are visited.
pub(crate) fn fields(kind: Kind) -> &'static [Field] {
    use Shape::{List, Map, One, OneOrList, Own, Patterned};
    match kind {
        Kind::Root => &[
            ("$defs", Map, Kind::Schema),
            ("definitions", Map, Kind::Schema),
            ("components", One, Kind::Components),
            ("paths", Patterned, Kind::PathItem),
            ("webhooks", Map, Kind::PathItem),
            ("servers", List, Kind::Server),
            ("tags", List, Kind::Tag),
        ],
        Kind::Components => &[
            ("schemas", Map, Kind::Schema),
            // Before the parts that refer to them.
            ("mediaTypes", Map, Kind::MediaType),
            ("responses", Map, Kind::Response),
            ("parameters", Map, Kind::Parameter),
            ("examples", Map, Kind::Example),
            ("requestBodies", Map, Kind::RequestBody),
            ("headers", Map, Kind::Header),
            ("securitySchemes", Map, Kind::SecurityScheme),
            ("links", Map, Kind::Link),
            ("callbacks", Map, Kind::Callback),
            ("pathItems", Map, Kind::PathItem),
        ],
        Kind::PathItem => &[
            ("get", One, Kind::Operation),
            ("put", One, Kind::Operation),
            ("post", One, Kind::Operation),
            ("delete", One, Kind::Operation),
            ("options", One, Kind::Operation),
            ("head", One, Kind::Operation),
            ("patch", One, Kind::Operation),
            ("trace", One, Kind::Operation),
            ("query", One, Kind::Operation),
            ("additionalOperations", Map, Kind::Operation),
            ("parameters", List, Kind::Parameter),
            ("servers", List, Kind::Server),
        ],
        Kind::Operation => &[
            ("parameters", List, Kind::Parameter),
            ("requestBody", One, Kind::RequestBody),
            ("responses", Patterned, Kind::Response),
            ("callbacks", Map, Kind::Callback),
            ("servers", List, Kind::Server),
        ],
        Kind::Callback => &[("", Own, Kind::PathItem)],
        Kind::Parameter | Kind::Header => &[
            ("schema", One, Kind::Schema),
            ("content", Map, Kind::MediaType),
            ("examples", Map, Kind::Example),
        ],
        Kind::RequestBody => &[("content", Map, Kind::MediaType)],
        Kind::MediaType => &[
            ("schema", One, Kind::Schema),
            ("itemSchema", One, Kind::Schema),
            ("encoding", Map, Kind::Encoding),
            ("prefixEncoding", List, Kind::Encoding),
            ("itemEncoding", One, Kind::Encoding),
            ("examples", Map, Kind::Example),
        ],
        Kind::Encoding => &[
            ("headers", Map, Kind::Header),
            ("encoding", Map, Kind::Encoding),
            ("prefixEncoding", List, Kind::Encoding),
            ("itemEncoding", One, Kind::Encoding),
        ],
        Kind::Response => &[
            ("headers", Map, Kind::Header),
            ("content", Map, Kind::MediaType),
            ("links", Map, Kind::Link),
        ],
        Kind::Link => &[("server", One, Kind::Server)],
        Kind::Schema | Kind::SchemaOrBoolean => &[
            ("$defs", Map, Kind::Schema),
            ("definitions", Map, Kind::Schema),
            ("properties", Map, Kind::Schema),
            ("patternProperties", Map, Kind::Schema),
            ("additionalProperties", One, Kind::SchemaOrBoolean),
            ("propertyNames", One, Kind::Schema),
            ("dependentSchemas", Map, Kind::Schema),
            ("unevaluatedProperties", One, Kind::SchemaOrBoolean),
            ("prefixItems", List, Kind::Schema),
            ("items", OneOrList, Kind::Schema),
            ("additionalItems", One, Kind::SchemaOrBoolean),
            ("unevaluatedItems", One, Kind::SchemaOrBoolean),
            ("contains", One, Kind::Schema),
            ("contentSchema", One, Kind::Schema),
            ("allOf", List, Kind::Schema),
            ("anyOf", List, Kind::Schema),
            ("oneOf", List, Kind::Schema),
            ("not", One, Kind::Schema),
            ("if", One, Kind::Schema),
            ("then", One, Kind::Schema),
            ("else", One, Kind::Schema),
        ],
        Kind::Swagger => &[
            ("$defs", Map, Kind::Schema),
            ("definitions", Map, Kind::Schema),
            ("parameters", Map, Kind::SwaggerParameter),
            ("responses", Map, Kind::SwaggerResponse),
            ("paths", Patterned, Kind::SwaggerPathItem),
        ],
        Kind::SwaggerPathItem => &[
            ("get", One, Kind::SwaggerOperation),
            ("put", One, Kind::SwaggerOperation),
            ("post", One, Kind::SwaggerOperation),
            ("delete", One, Kind::SwaggerOperation),
            ("options", One, Kind::SwaggerOperation),
            ("head", One, Kind::SwaggerOperation),
            ("patch", One, Kind::SwaggerOperation),
            ("parameters", List, Kind::SwaggerParameter),
        ],
        Kind::SwaggerOperation => &[
            ("parameters", List, Kind::SwaggerParameter),
            ("responses", Patterned, Kind::SwaggerResponse),
        ],
        Kind::SwaggerParameter => &[("schema", One, Kind::Schema), ("items", One, Kind::Schema)],
        Kind::SwaggerResponse => &[
            ("schema", One, Kind::Schema),
            ("headers", Map, Kind::SwaggerHeader),
        ],
        Kind::SwaggerHeader => &[("items", One, Kind::Schema)],
        Kind::Example | Kind::Server | Kind::Tag | Kind::SecurityScheme => &[],
    }
}
