//! Rules for security and servers.

use super::table;

table! { SECURITY "Security" {
    SECURITY_REQUIRED "security-required" <> "security-lifted": Breaking Breaking None -
        "a call now requires credentials",
        "the server rejects calls without them; configure credentials",
        "`security: []` → `security: [{key: []}]`";
    SECURITY_LIFTED "security-lifted" <> "security-required": Safe Safe None -
        "a call no longer requires credentials",
        "calls with credentials still work",
        "`security: [{key: []}]` → `security: []`";
    SECURITY_ALTERNATIVE_ADDED "security-alternative-added" <> "security-alternative-removed": Safe Safe None -
        "a call accepts additional credentials",
        "existing credentials still work",
        "`[{key: []}]` → `[{key: []}, {token: []}]`";
    SECURITY_ALTERNATIVE_REMOVED "security-alternative-removed" <> "security-alternative-added": Breaking Breaking None -
        "a call no longer accepts some credentials",
        "the server rejects them; use an accepted security scheme",
        "`[{key: []}, {token: []}]` → `[{key: []}]`";
    SECURITY_ALTERNATIVE_CHANGED "security-alternative-changed" <> "security-alternative-changed": Breaking Breaking None -
        "a call requires different credentials",
        "the server rejects the old ones; configure the new security scheme",
        "`[{key: []}]` → `[{token: []}]`";
    SECURITY_ALTERNATIVE_EXTENDED "security-alternative-extended" <> "security-alternative-reduced": Breaking Breaking None -
        "a call requires further credentials",
        "the server rejects calls without them; configure the new security scheme",
        "`[{key: []}]` → `[{key: [], token: []}]`";
    SECURITY_ALTERNATIVE_REDUCED "security-alternative-reduced" <> "security-alternative-extended": Safe Safe None -
        "a call requires fewer credentials",
        "the server accepts calls with all of the old ones",
        "`[{key: [], token: []}]` → `[{key: []}]`";
    SECURITY_SCOPE_ADDED "security-scope-added" <> "security-scope-removed": Breaking Breaking None -
        "an additional scope is required",
        "the server rejects tokens without it; request a token with this scope",
        "`[{token: []}]` → `[{token: [write]}]`";
    SECURITY_SCOPE_REMOVED "security-scope-removed" <> "security-scope-added": Safe Safe None -
        "a scope is no longer required",
        "tokens with this scope still work",
        "`[{token: [write]}]` → `[{token: []}]`";
    SECURITY_SCHEME_ADDED "security-scheme-added" <> "security-scheme-removed": Safe Safe None -
        "a security scheme was added",
        "no call uses it unless another difference says so",
        "nothing → `securitySchemes: {key: …}`";
    SECURITY_SCHEME_REMOVED "security-scheme-removed" <> "security-scheme-added": Risky Risky None -
        "a security scheme was removed",
        "calls that still refer to it have an undefined scheme",
        "`securitySchemes: {key: …}` → nothing";
    SECURITY_SCHEME_CHANGED "security-scheme-changed" <> "security-scheme-changed": Breaking Breaking None -
        "a security scheme changed",
        "the server does not find credentials sent in the old way",
        "`{type: apiKey, in: header}` → `{type: apiKey, in: query}`";
    BEARER_FORMAT_CHANGED "bearer-format-changed" <> "bearer-format-changed": Risky Risky None -
        "the format of bearer tokens changed",
        "the server may reject tokens issued before",
        "`bearerFormat: JWT` → nothing";
    OAUTH_FLOW_ADDED "oauth-flow-added" <> "oauth-flow-removed": Safe Safe None -
        "an OAuth flow was added",
        "the existing flows still work",
        "nothing → `flows: {implicit: …}`";
    OAUTH_FLOW_REMOVED "oauth-flow-removed" <> "oauth-flow-added": Breaking Breaking None -
        "an OAuth flow was removed",
        "clients that use it cannot get a token; use another flow",
        "`flows: {implicit: …}` → nothing";
    OAUTH_URL_CHANGED "oauth-url-changed" <> "oauth-url-changed": Breaking Breaking None -
        "an OAuth URL changed",
        "clients that use the old URL cannot get a token",
        "`tokenUrl: /a` → `tokenUrl: /b`";
    OAUTH_SCOPE_ADDED "oauth-scope-added" <> "oauth-scope-removed": Safe Safe None -
        "an OAuth scope was defined",
        "no call requires it unless another difference says so",
        "`scopes: {}` → `scopes: {write: …}`";
    OAUTH_SCOPE_REMOVED "oauth-scope-removed" <> "oauth-scope-added": Breaking Breaking None -
        "an OAuth scope was removed",
        "clients that request it cannot get a token",
        "`scopes: {write: …}` → `scopes: {}`";
}}

table! { SERVERS "Servers" {
    SERVER_ADDED "server-added" <> "server-removed": Safe Safe None docs
        "a server was added",
        "the existing servers still work",
        "`[/a]` → `[/a, /b]`";
    SERVER_REMOVED "server-removed" <> "server-added": Breaking Breaking None docs
        "a server was removed",
        "calls to it may fail; use another server",
        "`[/a, /b]` → `[/a]`";
    SERVER_CHANGED "server-changed" <> "server-changed": Breaking Breaking None docs
        "the URL of a server changed",
        "calls to the old URL may fail; update the base URL",
        "`[/a]` → `[/b]`";
    SERVER_ORDER_CHANGED "server-order-changed" <> "server-order-changed": Risky Risky None docs
        "the first server changed",
        "clients that use the first server call another one",
        "`[/a, /b]` → `[/b, /a]`";
    SERVER_DEFAULT_CHANGED "server-default-changed" <> "server-default-changed": Risky Risky None docs
        "the default of a server variable changed",
        "clients that use the default call another server",
        "`default: a` → `default: b`";
    SERVER_VALUE_ADDED "server-value-added" <> "server-value-removed": Safe Safe None docs
        "a value was added to a server variable",
        "calls with the other values still work",
        "`enum: [a]` → `enum: [a, b]`";
    SERVER_VALUE_REMOVED "server-value-removed" <> "server-value-added": Breaking Breaking None docs
        "a value was removed from a server variable",
        "calls to servers with this value may fail",
        "`enum: [a, b]` → `enum: [a]`";
}}
