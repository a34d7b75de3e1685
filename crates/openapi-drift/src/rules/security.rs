//! Rules about credentials, and about where an API answers.

use super::table;

table! { SECURITY "Security" {
    SECURITY_REQUIRED "security-required" <> "security-lifted": Breaking Breaking None -
        "a call needs credentials now", "calls without them are refused", "`security: []` → `security: [{key: []}]`";
    SECURITY_LIFTED "security-lifted" <> "security-required": Safe Safe None -
        "a call needs no credentials any more", "calls with them are as before", "`security: [{key: []}]` → `security: []`";
    SECURITY_ALTERNATIVE_ADDED "security-alternative-added" <> "security-alternative-removed": Safe Safe None -
        "a call takes other credentials as well", "calls with those that it took are as before", "`[{key: []}]` → `[{key: []}, {token: []}]`";
    SECURITY_ALTERNATIVE_REMOVED "security-alternative-removed" <> "security-alternative-added": Breaking Breaking None -
        "a call does not take some credentials any more", "calls with them are refused", "`[{key: []}, {token: []}]` → `[{key: []}]`";
    SECURITY_ALTERNATIVE_CHANGED "security-alternative-changed" <> "security-alternative-changed": Breaking Breaking None -
        "a call takes other credentials", "calls with the old ones are refused", "`[{key: []}]` → `[{token: []}]`";
    SECURITY_SCOPE_ADDED "security-scope-added" <> "security-scope-removed": Breaking Breaking None -
        "credentials need one more scope", "calls with tokens that lack it are refused", "`[{token: []}]` → `[{token: [write]}]`";
    SECURITY_SCOPE_REMOVED "security-scope-removed" <> "security-scope-added": Safe Safe None -
        "credentials need one scope less", "calls with tokens that have it are as before", "`[{token: [write]}]` → `[{token: []}]`";
    SECURITY_SCHEME_ADDED "security-scheme-added" <> "security-scheme-removed": Safe Safe None -
        "a kind of credentials was defined", "nothing takes it yet, unless another difference says so", "nothing → `securitySchemes: {key: …}`";
    SECURITY_SCHEME_REMOVED "security-scheme-removed" <> "security-scheme-added": Risky Risky None -
        "a kind of credentials is not defined any more", "where something still takes it, nobody knows what it is", "`securitySchemes: {key: …}` → nothing";
    SECURITY_SCHEME_CHANGED "security-scheme-changed" <> "security-scheme-changed": Breaking Breaking None -
        "credentials go another way", "where clients put them they are not found", "`{type: apiKey, in: header}` → `{type: apiKey, in: query}`";
    BEARER_FORMAT_CHANGED "bearer-format-changed" <> "bearer-format-changed": Risky Risky None -
        "bearer tokens have another format", "tokens that were issued before may be refused", "`bearerFormat: JWT` → nothing";
    OAUTH_FLOW_ADDED "oauth-flow-added" <> "oauth-flow-removed": Safe Safe None -
        "there is one more way to get a token", "the others are as before", "nothing → `flows: {implicit: …}`";
    OAUTH_FLOW_REMOVED "oauth-flow-removed" <> "oauth-flow-added": Breaking Breaking None -
        "a way to get a token is gone", "who goes it gets none", "`flows: {implicit: …}` → nothing";
    OAUTH_URL_CHANGED "oauth-url-changed" <> "oauth-url-changed": Breaking Breaking None -
        "tokens are issued elsewhere", "who asks at the old place gets none", "`tokenUrl: /a` → `tokenUrl: /b`";
    OAUTH_SCOPE_ADDED "oauth-scope-added" <> "oauth-scope-removed": Safe Safe None -
        "a scope was defined", "nothing needs it yet, unless another difference says so", "`scopes: {}` → `scopes: {write: …}`";
    OAUTH_SCOPE_REMOVED "oauth-scope-removed" <> "oauth-scope-added": Breaking Breaking None -
        "a scope is not defined any more", "who asks for it gets no token", "`scopes: {write: …}` → `scopes: {}`";
}}

table! { SERVERS "Servers" {
    SERVER_ADDED "server-added" <> "server-removed": Safe Safe None docs
        "a server was added", "calls to the others are as before", "`[/a]` → `[/a, /b]`";
    SERVER_REMOVED "server-removed" <> "server-added": Breaking Breaking None docs
        "a server was removed", "calls to it may find nobody", "`[/a, /b]` → `[/a]`";
    SERVER_CHANGED "server-changed" <> "server-changed": Breaking Breaking None docs
        "a server has another URL", "calls to the old one may find nobody", "`[/a]` → `[/b]`";
    SERVER_ORDER_CHANGED "server-order-changed" <> "server-order-changed": Risky Risky None docs
        "another server is the first", "clients that take the first call another", "`[/a, /b]` → `[/b, /a]`";
    SERVER_DEFAULT_CHANGED "server-default-changed" <> "server-default-changed": Risky Risky None docs
        "a variable of a server's URL has another default", "clients that go by it call another server", "`default: a` → `default: b`";
    SERVER_VALUE_ADDED "server-value-added" <> "server-value-removed": Safe Safe None docs
        "a variable of a server's URL may have one more value", "calls with the others are as before", "`enum: [a]` → `enum: [a, b]`";
    SERVER_VALUE_REMOVED "server-value-removed" <> "server-value-added": Breaking Breaking None docs
        "a variable of a server's URL may not have a value any more", "calls with it may find nobody", "`enum: [a, b]` → `enum: [a]`";
}}
