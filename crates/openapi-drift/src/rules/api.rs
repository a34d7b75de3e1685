//! Rules for endpoints, parameters, request bodies and responses, except for their schemas.

use super::table;

table! { ENDPOINTS "Endpoints" {
    ENDPOINT_ADDED "endpoint-added" <> "endpoint-removed": Safe Safe Safe docs
        "an endpoint was added",
        "the client gets a new method",
        "nothing → `GET /a`";
    ENDPOINT_REMOVED "endpoint-removed" <> "endpoint-added": Breaking Breaking Breaking docs
        "an endpoint was removed",
        "the server rejects calls to it, and the client loses the method; stop calling it",
        "`GET /a` → nothing";
    PATH_VARIABLE_RENAMED "path-variable-renamed" <> "path-variable-renamed": None None Breaking docs
        "a path variable was renamed",
        "the URL is the same, but the client's setter has a new name",
        "`/a/{id}` → `/a/{a_id}`";
    OPERATION_ID_RENAMED "operation-id-renamed" <> "operation-id-renamed": None None Breaking docs
        "an operation id changed",
        "the client's method and builder are named after it",
        "`operationId: a` → `operationId: b`";
    TAGS_CHANGED "tags-changed" <> "tags-changed": None None None docs
        "the tags of an operation changed",
        "the documentation groups it differently",
        "`tags: [a]` → `tags: [b]`";
    DEPRECATED "deprecated" <> "undeprecated": None None None docs
        "a part was deprecated",
        "it still works, but may be removed later; plan to stop using it",
        "nothing → `deprecated: true`";
    UNDEPRECATED "undeprecated" <> "deprecated": None None None docs
        "a part is no longer deprecated",
        "it is safe to use again",
        "`deprecated: true` → nothing";
    CALLBACK_ADDED "callback-added" <> "callback-removed": Risky Risky None -
        "a callback was added",
        "the server makes calls that the client may not handle",
        "nothing → `callbacks: {done: …}`";
    CALLBACK_REMOVED "callback-removed" <> "callback-added": Breaking Breaking None -
        "a callback was removed",
        "the server no longer makes this call",
        "`callbacks: {done: …}` → nothing";
}}

table! { PARAMETERS "Parameters" {
    OPTIONAL_PARAMETER_ADDED "optional-parameter-added" <> "optional-parameter-removed": Safe Safe Safe docs
        "an optional parameter was added",
        "existing calls still work, and the builder gets a setter",
        "nothing → `{in: query, name: q}`";
    OPTIONAL_PARAMETER_REMOVED "optional-parameter-removed" <> "optional-parameter-added": Risky Risky Breaking docs
        "an optional parameter was removed",
        "the server may reject or ignore it, and its setter is gone; stop sending it",
        "`{in: query, name: q}` → nothing";
    REQUIRED_PARAMETER_ADDED "required-parameter-added" <> "required-parameter-removed": Breaking Safe Safe docs
        "a required parameter was added",
        "the server rejects calls without it; old code compiles, but its calls fail before sending",
        "nothing → `{in: query, name: q, required: true}`";
    REQUIRED_PARAMETER_REMOVED "required-parameter-removed" <> "required-parameter-added": Risky Breaking Breaking docs
        "a required parameter was removed",
        "the server may reject it, and its setter is gone; stop sending it",
        "`{in: query, name: q, required: true}` → nothing";
    PARAMETER_MOVED "parameter-moved" <> "parameter-moved": Breaking Breaking None docs
        "a parameter moved to another location",
        "the server ignores it in the old location; send it in the new one",
        "`{in: query, name: q}` → `{in: header, name: q}`";
    PARAMETER_BECAME_REQUIRED "parameter-became-required" <> "parameter-became-optional": Breaking Safe None docs
        "a parameter became required",
        "the server rejects calls without it; old code compiles, but its calls fail before sending",
        "`required: false` → `required: true`";
    PARAMETER_BECAME_OPTIONAL "parameter-became-optional" <> "parameter-became-required": Safe Breaking None docs
        "a parameter became optional",
        "existing calls still work",
        "`required: true` → `required: false`";
    STYLE_CHANGED "style-changed" <> "style-changed": Breaking Breaking None -
        "a parameter is serialized in another style",
        "the server misreads arrays and objects in the old style",
        "`style: form` → `style: pipeDelimited`";
    EXPLODE_CHANGED "explode-changed" <> "explode-changed": Breaking Breaking None -
        "`explode` changed for a parameter",
        "the server misreads arrays and objects in the old format; single values are not affected",
        "`explode: true` → `explode: false`";
    RESERVED_CHARACTERS_CHANGED "reserved-characters-changed" <> "reserved-characters-changed": Risky Risky None -
        "the encoding of reserved characters changed",
        "the server may misread values that contain them",
        "nothing → `allowReserved: true`";
    EMPTY_VALUE_ALLOWED "empty-value-allowed" <> "empty-value-denied": Safe Breaking None -
        "a parameter may now be empty",
        "existing calls still work",
        "nothing → `allowEmptyValue: true`";
    EMPTY_VALUE_DENIED "empty-value-denied" <> "empty-value-allowed": Breaking Safe None -
        "a parameter may no longer be empty",
        "the server rejects calls with an empty value",
        "`allowEmptyValue: true` → nothing";
    PARAMETER_CONTENT_CHANGED "parameter-content-changed" <> "parameter-content-changed": Breaking Breaking None -
        "a parameter is serialized in another format",
        "the server misreads values in the old format",
        "`schema: {}` → `content: {application/json: {}}`";
}}

table! { BODIES "Request bodies" {
    OPTIONAL_BODY_ADDED "optional-body-added" <> "optional-body-removed": Safe Safe Safe docs
        "an optional request body was added",
        "existing calls still work, and the builder gets a setter",
        "nothing → `requestBody: {content: …}`";
    OPTIONAL_BODY_REMOVED "optional-body-removed" <> "optional-body-added": Risky Risky Breaking docs
        "an optional request body was removed",
        "the server may reject or ignore it, and its setter is gone; stop sending it",
        "`requestBody: {content: …}` → nothing";
    REQUIRED_BODY_ADDED "required-body-added" <> "required-body-removed": Breaking Safe Safe docs
        "a required request body was added",
        "the server rejects calls without it; old code compiles, but its calls fail before sending",
        "nothing → `requestBody: {required: true, …}`";
    REQUIRED_BODY_REMOVED "required-body-removed" <> "required-body-added": Risky Breaking Breaking docs
        "a required request body was removed",
        "the server may reject it, and its setter is gone; stop sending it",
        "`requestBody: {required: true, …}` → nothing";
    BODY_BECAME_REQUIRED "body-became-required" <> "body-became-optional": Breaking Safe None docs
        "the request body became required",
        "the server rejects calls without it; old code compiles, but its calls fail before sending",
        "`required: false` → `required: true`";
    BODY_BECAME_OPTIONAL "body-became-optional" <> "body-became-required": Safe Breaking None docs
        "the request body became optional",
        "existing calls still work",
        "`required: true` → `required: false`";
    MEDIA_TYPE_ADDED "media-type-added" <> "media-type-removed": Safe Risky Breaking docs
        "a media type was added",
        "the server may respond with it; if the client now prefers it, the Rust types change",
        "nothing → `application/xml: …`";
    MEDIA_TYPE_REMOVED "media-type-removed" <> "media-type-added": Breaking Breaking Breaking docs
        "a media type was removed",
        "the server rejects requests with it and no longer responds with it",
        "`application/xml: …` → nothing";
    ENCODING_CHANGED "encoding-changed" <> "encoding-changed": Breaking Breaking None -
        "the encoding of a form field changed",
        "the server misreads fields in the old encoding",
        "`encoding: {f: {contentType: a/b}}` → `encoding: {f: {contentType: a/c}}`";
}}

table! { RESPONSES "Responses" {
    SUCCESS_STATUS_ADDED "success-status-added" <> "success-status-removed": Safe Risky Breaking docs
        "a success status was added",
        "old clients may not handle it; if the shapes of successes differ, the client returns raw responses",
        "`200` → `200`, `201`";
    SUCCESS_STATUS_REMOVED "success-status-removed" <> "success-status-added": Breaking Breaking Breaking docs
        "a success status was removed",
        "clients that expect it receive another status",
        "`200`, `201` → `200`";
    ERROR_STATUS_ADDED "error-status-added" <> "error-status-removed": Safe Safe Breaking docs
        "an error status was added",
        "clients treat it like other errors; if the shapes of errors differ, the client returns raw responses",
        "`404` → `404`, `409`";
    ERROR_STATUS_REMOVED "error-status-removed" <> "error-status-added": Risky Risky Breaking docs
        "an error status was removed",
        "the server reports this error in another way",
        "`404`, `409` → `404`";
    OTHER_STATUS_ADDED "other-status-added" <> "other-status-removed": Safe Risky None docs
        "a status that is neither success nor error was added",
        "old clients may not handle it, for example a redirect",
        "`200` → `200`, `303`";
    OTHER_STATUS_REMOVED "other-status-removed" <> "other-status-added": Risky Risky None docs
        "a status that is neither success nor error was removed",
        "the server responds with another status",
        "`200`, `303` → `200`";
    DEFAULT_RESPONSE_ADDED "default-response-added" <> "default-response-removed": Safe Safe Breaking docs
        "a default response was added",
        "it documents all other statuses; if the shapes differ, the client returns raw responses",
        "`200` → `200`, `default`";
    DEFAULT_RESPONSE_REMOVED "default-response-removed" <> "default-response-added": Risky Risky Breaking docs
        "the default response was removed",
        "responses with other statuses are no longer documented and may change",
        "`200`, `default` → `200`";
    STATUS_WIDENED "status-widened" <> "status-narrowed": Safe Risky None docs
        "a status was replaced by a range",
        "old clients may not handle the other statuses of the range",
        "`200` → `2XX`";
    STATUS_NARROWED "status-narrowed" <> "status-widened": Risky Safe None docs
        "a status range was replaced by one status",
        "clients handle this status already",
        "`2XX` → `200`";
    REQUIRED_HEADER_ADDED "required-header-added" <> "required-header-removed": Breaking Safe None -
        "a required header was added",
        "a response with it is safe, because clients ignore unknown headers; a request must send it",
        "nothing → `X-A: {required: true}`";
    REQUIRED_HEADER_REMOVED "required-header-removed" <> "required-header-added": Risky Breaking None -
        "a required header was removed",
        "clients that read it no longer find it",
        "`X-A: {required: true}` → nothing";
    OPTIONAL_HEADER_ADDED "optional-header-added" <> "optional-header-removed": Safe Safe None -
        "an optional header was added",
        "clients ignore unknown headers",
        "nothing → `X-A: {}`";
    OPTIONAL_HEADER_REMOVED "optional-header-removed" <> "optional-header-added": Risky Risky None -
        "an optional header was removed",
        "clients that read it no longer find it",
        "`X-A: {}` → nothing";
    HEADER_BECAME_REQUIRED "header-became-required" <> "header-became-optional": Breaking Safe None -
        "a header became required",
        "a response always has it; a request must send it",
        "`X-A: {}` → `X-A: {required: true}`";
    HEADER_BECAME_OPTIONAL "header-became-optional" <> "header-became-required": Safe Breaking None -
        "a header became optional",
        "clients that read it may not find it",
        "`X-A: {required: true}` → `X-A: {}`";
    LINK_ADDED "link-added" <> "link-removed": Safe Safe None -
        "a link was added",
        "it documents a possible next call",
        "nothing → `links: {next: …}`";
    LINK_REMOVED "link-removed" <> "link-added": Risky Risky None -
        "a link was removed",
        "clients that follow it can no longer do so",
        "`links: {next: …}` → nothing";
    LINK_CHANGED "link-changed" <> "link-changed": Risky Risky None -
        "a link changed",
        "clients that follow it make another call",
        "`operationId: a` → `operationId: b`";
}}
