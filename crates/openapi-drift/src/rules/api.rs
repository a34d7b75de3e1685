//! Rules for endpoints, parameters, request bodies and responses, except for their schemas.

use super::table;

table! { ENDPOINTS "Endpoints" {
    ENDPOINT_ADDED "endpoint-added" <> "endpoint-removed": Safe Safe Safe docs
        "an endpoint was added",
        "added the endpoint {value}",
        calls "calls to other endpoints are not affected"
        code "the client gets a new method",
        "nothing → `GET /a`";
    ENDPOINT_REMOVED "endpoint-removed" <> "endpoint-added": Breaking Breaking Breaking docs
        "an endpoint was removed",
        "removed the endpoint {value}",
        calls "the server rejects calls to it; stop calling it"
        code "the client loses the method",
        "`GET /a` → nothing";
    PATH_VARIABLE_RENAMED "path-variable-renamed" <> "path-variable-renamed": None None None docs
        "a path variable was renamed",
        "renamed the path variable {before} to {after}",
        calls "the URL is the same",
        "`/a/{id}` → `/a/{a_id}`";
    OPERATION_ID_RENAMED "operation-id-renamed" <> "operation-id-renamed": None None Breaking docs
        "an operation id changed",
        "changed the id of the {}",
        calls "requests and responses are the same"
        code "the client's method and builder are named after it",
        "`operationId: a` → `operationId: b`";
    TAGS_CHANGED "tags-changed" <> "tags-changed": None None None docs
        "the tags of an operation changed",
        "changed the tags of the {}",
        calls "the documentation groups it differently, and a client with `tag-features` may have it in another cargo feature",
        "`tags: [a]` → `tags: [b]`";
    DEPRECATED "deprecated" <> "undeprecated": None None None docs
        "a part was deprecated",
        "deprecated the {}",
        calls "it still works, but may be removed later; plan to stop using it",
        "nothing → `deprecated: true`";
    UNDEPRECATED "undeprecated" <> "deprecated": None None None docs
        "a part is no longer deprecated",
        "the {} is no longer deprecated",
        calls "it is safe to use again",
        "`deprecated: true` → nothing";
    ENDPOINT_REMOVED_AFTER_SUNSET "endpoint-removed-after-sunset" <> "endpoint-added": Safe Safe Breaking docs
        "an endpoint was removed after its sunset",
        "removed the endpoint {value} after its sunset",
        calls "it was deprecated, and the date in `x-sunset` has come"
        code "the client loses the method",
        "`GET /a: {deprecated: true, x-sunset: 2026-01-31}` → nothing";
    PARAMETER_REMOVED_AFTER_SUNSET "parameter-removed-after-sunset" <> "optional-parameter-added": Safe Safe Breaking docs
        "a parameter was removed after its sunset",
        "removed the {} after its sunset",
        calls "it was deprecated, and the date in `x-sunset` has come"
        code "its setter is gone",
        "`{in: query, name: q, deprecated: true, x-sunset: 2026-01-31}` → nothing";
    PROPERTY_REMOVED_AFTER_SUNSET "property-removed-after-sunset" <> "optional-property-added": Safe Safe Breaking docs
        "a property was removed after its sunset",
        "removed the {} after its sunset",
        calls "it was deprecated, and the date in `x-sunset` has come"
        code "the field is gone",
        "`properties: {a: {deprecated: true, x-sunset: 2026-01-31}}` → nothing";
    HEADER_REMOVED_AFTER_SUNSET "header-removed-after-sunset" <> "optional-header-added": Safe Safe None -
        "a header was removed after its sunset",
        "removed the {} after its sunset",
        calls "it was deprecated, and the date in `x-sunset` has come",
        "`X-A: {deprecated: true, x-sunset: 2026-01-31}` → nothing";
    SUNSET_ADDED "sunset-added" <> "sunset-removed": None None None docs
        "the sunset of a deprecated part was announced",
        "announced the sunset of the {}",
        calls "it works at least until this date",
        "nothing → `x-sunset: 2026-01-31`";
    SUNSET_REMOVED "sunset-removed" <> "sunset-added": None None None docs
        "the sunset of a deprecated part was withdrawn",
        "withdrew the sunset of the {}",
        calls "it still works, and the date of its removal is unknown",
        "`x-sunset: 2026-01-31` → nothing";
    SUNSET_MOVED_EARLIER "sunset-moved-earlier" <> "sunset-moved-later": Risky Risky None docs
        "the sunset of a deprecated part moved to an earlier date",
        "moved the sunset of the {} to an earlier date",
        calls "it may be removed sooner than announced; stop using it before",
        "`x-sunset: 2026-06-30` → `x-sunset: 2026-01-31`";
    SUNSET_MOVED_LATER "sunset-moved-later" <> "sunset-moved-earlier": Safe Safe None docs
        "the sunset of a deprecated part moved to a later date",
        "moved the sunset of the {} to a later date",
        calls "it works longer than announced",
        "`x-sunset: 2026-01-31` → `x-sunset: 2026-06-30`";
    SUNSET_INVALID "sunset-invalid" <> "sunset-invalid": Risky Risky None docs
        "the sunset of a deprecated part is not a date",
        "the sunset of the {} is not a date",
        calls "it may be removed on any day; write the date as YYYY-MM-DD",
        "`x-sunset: 2026-01-31` → `x-sunset: soon`";
    CALLBACK_ADDED "callback-added" <> "callback-removed": Risky Risky None -
        "a callback was added",
        "added the {}",
        calls "the server makes calls that the client may not handle",
        "nothing → `callbacks: {done: …}`";
    CALLBACK_REMOVED "callback-removed" <> "callback-added": Breaking Breaking None -
        "a callback was removed",
        "removed the {}",
        calls "the server no longer makes this call",
        "`callbacks: {done: …}` → nothing";
}}

table! { PARAMETERS "Parameters" {
    OPTIONAL_PARAMETER_ADDED "optional-parameter-added" <> "optional-parameter-removed": Safe Safe Safe docs
        "an optional parameter was added",
        "added the optional {}",
        request "calls without it still work"
        response "the server may send it; clients that do not know it ignore it"
        code "the builder gets a setter",
        "nothing → `{in: query, name: q}`";
    OPTIONAL_PARAMETER_REMOVED "optional-parameter-removed" <> "optional-parameter-added": Risky Risky Breaking docs
        "an optional parameter was removed",
        "removed the optional {}",
        request "the server may reject or ignore it; stop sending it"
        response "clients that read it may no longer receive it"
        code "its setter is gone",
        "`{in: query, name: q}` → nothing";
    REQUIRED_PARAMETER_ADDED "required-parameter-added" <> "required-parameter-removed": Breaking Safe Breaking docs
        "a required parameter was added",
        "added the required {}",
        request "the server rejects calls without it; send it"
        response "the server always sends it; clients that do not know it ignore it"
        code "the method gets an argument",
        "nothing → `{in: query, name: q, required: true}`";
    REQUIRED_PARAMETER_REMOVED "required-parameter-removed" <> "required-parameter-added": Risky Breaking Breaking docs
        "a required parameter was removed",
        "removed the required {}",
        request "the server may reject or ignore it; stop sending it"
        response "clients that read it no longer receive it"
        code "its argument is gone",
        "`{in: query, name: q, required: true}` → nothing";
    PARAMETER_MOVED "parameter-moved" <> "parameter-moved": Breaking Breaking None docs
        "a parameter moved to another location",
        "moved the {} to another location",
        request "the server ignores it in the old location; send it in the new one"
        response "clients that read it in the old location no longer find it",
        "`{in: query, name: q}` → `{in: header, name: q}`";
    PARAMETER_BECAME_REQUIRED "parameter-became-required" <> "parameter-became-optional": Breaking Safe Breaking docs
        "a parameter became required",
        "made the {} required",
        request "the server rejects calls without it"
        response "the server always sends it"
        code "its setter becomes an argument of the method",
        "`required: false` → `required: true`";
    PARAMETER_BECAME_OPTIONAL "parameter-became-optional" <> "parameter-became-required": Safe Breaking Breaking docs
        "a parameter became optional",
        "made the {} optional",
        request "calls with it still work"
        response "clients that read it may not receive it"
        code "the method's argument becomes a setter",
        "`required: true` → `required: false`";
    STYLE_CHANGED "style-changed" <> "style-changed": Breaking Breaking None -
        "a parameter is serialized in another style",
        "changed the style of the {}",
        request "the server misreads values in the old style"
        response "clients misread values in the new style",
        "`style: form` → `style: pipeDelimited`";
    EXPLODE_CHANGED "explode-changed" <> "explode-changed": Breaking Breaking None -
        "`explode` changed for a parameter",
        "changed `explode` of the {}",
        request "the server misreads arrays and objects in the old format"
        response "clients misread arrays and objects in the new format",
        "`explode: true` → `explode: false`";
    RESERVED_CHARACTERS_CHANGED "reserved-characters-changed" <> "reserved-characters-changed": Risky Risky None -
        "the encoding of reserved characters changed",
        "changed the encoding of reserved characters in the {}",
        request "the server may misread values that contain them"
        response "clients may misread values that contain them",
        "nothing → `allowReserved: true`";
    EMPTY_VALUE_ALLOWED "empty-value-allowed" <> "empty-value-denied": Safe Breaking None -
        "a parameter may now be empty",
        "the {} may now be empty",
        request "calls with a value still work"
        response "clients that read it may receive an empty value",
        "nothing → `allowEmptyValue: true`";
    EMPTY_VALUE_DENIED "empty-value-denied" <> "empty-value-allowed": Breaking Safe None -
        "a parameter may no longer be empty",
        "the {} may no longer be empty",
        request "the server rejects calls with an empty value"
        response "clients no longer receive an empty value",
        "`allowEmptyValue: true` → nothing";
    PARAMETER_CONTENT_CHANGED "parameter-content-changed" <> "parameter-content-changed": Breaking Breaking None -
        "a parameter is serialized in another format",
        "changed the format of the {}",
        request "the server misreads values in the old format"
        response "clients misread values in the new format",
        "`schema: {}` → `content: {application/json: {}}`";
    PARAMETER_TEXT_CHANGED "parameter-text-changed" <> "parameter-text-changed": Breaking Breaking Breaking -
        "a parameter becomes text, or is no longer text",
        "changed the format of the {}",
        request "the server misreads values in the old format"
        response "clients misread values in the new format"
        code "the Rust type of the value changes",
        "`content: {application/json: {}}` → `content: {application/xml: {}}`";
}}

table! { BODIES "Request bodies" {
    OPTIONAL_BODY_ADDED "optional-body-added" <> "optional-body-removed": Safe Safe Safe docs
        "an optional request body was added",
        "added an optional {}",
        request "calls without it still work"
        response "the server may send it; clients that do not know it ignore it"
        code "the builder gets a setter",
        "nothing → `requestBody: {content: …}`";
    OPTIONAL_BODY_REMOVED "optional-body-removed" <> "optional-body-added": Risky Risky Breaking docs
        "an optional request body was removed",
        "removed the optional {}",
        request "the server may reject or ignore it; stop sending it"
        response "clients that read it may no longer receive it"
        code "its setter is gone",
        "`requestBody: {content: …}` → nothing";
    REQUIRED_BODY_ADDED "required-body-added" <> "required-body-removed": Breaking Safe Breaking docs
        "a required request body was added",
        "added a required {}",
        request "the server rejects calls without it; send it"
        response "the server always sends it; clients that do not know it ignore it"
        code "the method gets an argument",
        "nothing → `requestBody: {required: true, …}`";
    REQUIRED_BODY_REMOVED "required-body-removed" <> "required-body-added": Risky Breaking Breaking docs
        "a required request body was removed",
        "removed the required {}",
        request "the server may reject or ignore it; stop sending it"
        response "clients that read it no longer receive it"
        code "its argument is gone",
        "`requestBody: {required: true, …}` → nothing";
    BODY_BECAME_REQUIRED "body-became-required" <> "body-became-optional": Breaking Safe Breaking docs
        "the request body became required",
        "made the {} required",
        request "the server rejects calls without it"
        response "the server always sends it"
        code "its setter becomes an argument of the method",
        "`required: false` → `required: true`";
    BODY_BECAME_OPTIONAL "body-became-optional" <> "body-became-required": Safe Breaking Breaking docs
        "the request body became optional",
        "made the {} optional",
        request "calls with it still work"
        response "clients that read it may not receive it"
        code "the method's argument becomes a setter",
        "`required: true` → `required: false`";
    MEDIA_TYPE_ADDED "media-type-added" <> "media-type-removed": Safe Risky Breaking docs
        "a media type was added",
        "added the media type {value} to the {}",
        request "the server accepts one more format"
        response "the server may respond in a format that old clients cannot parse"
        code "the Rust type of the body changes",
        "nothing → `application/xml: …`";
    MEDIA_TYPE_REMOVED "media-type-removed" <> "media-type-added": Breaking Breaking Breaking docs
        "a media type was removed",
        "removed the media type {value} from the {}",
        request "the server rejects this format; send another one"
        response "clients that expect this format no longer receive it"
        code "the Rust type of the body changes",
        "`application/xml: …` → nothing";
    ENCODING_CHANGED "encoding-changed" <> "encoding-changed": Breaking Breaking None -
        "the encoding of a form field changed",
        "changed the encoding of the {}",
        request "the server misreads fields in the old encoding"
        response "clients misread fields in the new encoding",
        "`encoding: {f: {contentType: a/b}}` → `encoding: {f: {contentType: a/c}}`";
}}

table! { RESPONSES "Responses" {
    SUCCESS_STATUS_ADDED "success-status-added" <> "success-status-removed": Safe Risky Breaking docs
        "a success status was added",
        "added the success status {value}",
        request "the other side accepts one more status"
        response "old clients may not handle this status"
        code "the Rust type of successes changes",
        "`200` → `200`, `201`";
    SUCCESS_STATUS_REMOVED "success-status-removed" <> "success-status-added": Breaking Breaking Breaking docs
        "a success status was removed",
        "removed the success status {value}",
        request "the other side rejects this status"
        response "clients that expect it receive another status"
        code "the Rust type of successes changes",
        "`200`, `201` → `200`";
    ERROR_STATUS_ADDED "error-status-added" <> "error-status-removed": Safe Safe Breaking docs
        "an error status was added",
        "added the error status {value}",
        request "the other side accepts one more error"
        response "clients handle it like other errors"
        code "the Rust type of errors changes",
        "`404` → `404`, `409`";
    ERROR_STATUS_REMOVED "error-status-removed" <> "error-status-added": Risky Risky Breaking docs
        "an error status was removed",
        "removed the error status {value}",
        request "the other side may handle this error in another way"
        response "the server may report this error in another way"
        code "the Rust type of errors changes",
        "`404`, `409` → `404`";
    OTHER_STATUS_ADDED "other-status-added" <> "other-status-removed": Safe Risky None docs
        "a status that is neither success nor error was added",
        "added the status {value}",
        request "the other side accepts one more status"
        response "old clients may not handle it, for example a redirect",
        "`200` → `200`, `303`";
    OTHER_STATUS_REMOVED "other-status-removed" <> "other-status-added": Risky Risky None docs
        "a status that is neither success nor error was removed",
        "removed the status {value}",
        request "the other side may not accept this status"
        response "the server may respond with another status",
        "`200`, `303` → `200`";
    DEFAULT_RESPONSE_ADDED "default-response-added" <> "default-response-removed": Safe Safe Breaking docs
        "a default response was added",
        "added the {value} response",
        request "the other side accepts all other statuses"
        response "it documents statuses that the server could return before"
        code "the Rust types of responses change",
        "`200` → `200`, `default`";
    DEFAULT_RESPONSE_REMOVED "default-response-removed" <> "default-response-added": Risky Risky Breaking docs
        "the default response was removed",
        "removed the {value} response",
        request "the other side may not accept other statuses"
        response "responses with other statuses are no longer documented and may change"
        code "the Rust types of responses change",
        "`200`, `default` → `200`";
    STATUS_WIDENED "status-widened" <> "status-narrowed": Safe Risky None docs
        "a status was replaced by a range",
        "replaced the status {before} by the range {after}",
        request "the other side accepts more statuses"
        response "old clients may not handle the other statuses of the range",
        "`200` → `2XX`";
    STATUS_NARROWED "status-narrowed" <> "status-widened": Risky Safe None docs
        "a status range was replaced by one status",
        "replaced the status range {before} by {after}",
        request "the other side may not accept other statuses of the range"
        response "clients handle this status already",
        "`2XX` → `200`";
    REQUIRED_HEADER_ADDED "required-header-added" <> "required-header-removed": Breaking Safe None -
        "a required header was added",
        "added the required {}",
        request "the server rejects requests without it; send it"
        response "clients ignore unknown headers",
        "nothing → `X-A: {required: true}`";
    REQUIRED_HEADER_REMOVED "required-header-removed" <> "required-header-added": Risky Breaking None -
        "a required header was removed",
        "removed the required {}",
        request "the server may reject or ignore it; stop sending it"
        response "clients that read it no longer find it",
        "`X-A: {required: true}` → nothing";
    OPTIONAL_HEADER_ADDED "optional-header-added" <> "optional-header-removed": Safe Safe None -
        "an optional header was added",
        "added the optional {}",
        request "requests without it still work"
        response "clients ignore unknown headers",
        "nothing → `X-A: {}`";
    OPTIONAL_HEADER_REMOVED "optional-header-removed" <> "optional-header-added": Risky Risky None -
        "an optional header was removed",
        "removed the optional {}",
        request "the server may reject or ignore it; stop sending it"
        response "clients that read it may no longer find it",
        "`X-A: {}` → nothing";
    HEADER_BECAME_REQUIRED "header-became-required" <> "header-became-optional": Breaking Safe None -
        "a header became required",
        "made the {} required",
        request "the server rejects requests without it; send it"
        response "the server always sends it",
        "`X-A: {}` → `X-A: {required: true}`";
    HEADER_BECAME_OPTIONAL "header-became-optional" <> "header-became-required": Safe Breaking None -
        "a header became optional",
        "made the {} optional",
        request "requests with it still work"
        response "clients that read it may not find it",
        "`X-A: {required: true}` → `X-A: {}`";
    LINK_ADDED "link-added" <> "link-removed": Safe Safe None -
        "a link was added",
        "added the link {key}",
        calls "it documents a possible next call",
        "nothing → `links: {next: …}`";
    LINK_REMOVED "link-removed" <> "link-added": Risky Risky None -
        "a link was removed",
        "removed the link {key}",
        calls "clients that follow it may have to find the next call in another way",
        "`links: {next: …}` → nothing";
    LINK_CHANGED "link-changed" <> "link-changed": Risky Risky None -
        "a link changed",
        "changed {key} of the {}",
        calls "clients that follow it may make another call",
        "`operationId: a` → `operationId: b`";
}}
