//! What takes a key: functions of packages, with the argument that is the key.

/// Where a call is given the key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Where {
    /// It is this argument.
    Argument(usize),
    /// It is one of these properties of this argument.
    Of(usize, &'static [&'static [&'static str]]),
}

use Where::{Argument, Of};

/// A function of a package that takes a key.
pub(super) struct Taker {
    /// The packages that have it.
    pub(super) packages: &'static [&'static str],
    /// What it is called there: the first and the last name on the way to it; an
    /// empty one is the package itself.
    pub(super) names: &'static [(&'static str, &'static str)],
    /// Where the key is.
    pub(super) at: Where,
    /// The variable that people read it from.
    pub(super) variable: &'static str,
    /// It signs all kinds of things: only a literal says something.
    pub(super) weak: bool,
}

const fn taker(
    packages: &'static [&'static str],
    names: &'static [(&'static str, &'static str)],
    at: Where,
    variable: &'static str,
) -> Taker {
    Taker { packages, names, at, variable, weak: false }
}

const ITSELF: &[(&str, &str)] = &[("", "")];
const SECRET: Where = Of(0, &[&["secret"]]);
const PASSWORD: &[&[&str]] = &[&["password"]];

/// From the packages' own documentation (npmjs.com/package/…, nodejs.org/api/crypto).
pub(super) const TAKERS: &[Taker] = &[
    taker(
        &["express-session", "koa-generic-session", "@quixo3/koa-session"],
        ITSELF,
        SECRET,
        "SESSION_SECRET",
    ),
    taker(&["cookie-session"], ITSELF, Of(0, &[&["keys"], &["secret"]]), "COOKIE_SECRET"),
    taker(&["client-sessions"], ITSELF, SECRET, "SESSION_SECRET"),
    taker(&["cookie-parser"], ITSELF, Argument(0), "COOKIE_SECRET"),
    taker(&["jsonwebtoken"], &[("sign", "sign"), ("verify", "verify")], Argument(1), "JWT_SECRET"),
    taker(
        &["jwt-simple"],
        &[("encode", "encode"), ("decode", "decode")],
        Argument(1),
        "JWT_SECRET",
    ),
    taker(&["jws"], &[("sign", "sign")], Of(0, &[&["secret"], &["privateKey"]]), "JWT_SECRET"),
    taker(&["njwt"], &[("create", "create"), ("verify", "verify")], Argument(1), "JWT_SECRET"),
    taker(
        &["express-jwt"],
        &[("", ""), ("expressjwt", "expressjwt"), ("jwt", "jwt"), ("expressJwt", "expressJwt")],
        SECRET,
        "JWT_SECRET",
    ),
    taker(
        &["koa-jwt", "socketio-jwt", "@elysiajs/jwt", "restify-jwt-community"],
        &[("", ""), ("authorize", "authorize"), ("jwt", "jwt")],
        SECRET,
        "JWT_SECRET",
    ),
    taker(
        &["jose"],
        &[
            ("jwtVerify", "jwtVerify"),
            ("jwtDecrypt", "jwtDecrypt"),
            ("compactVerify", "compactVerify"),
            ("JWT", "verify"),
            ("JWT", "sign"),
        ],
        Argument(1),
        "JWT_SECRET",
    ),
    taker(
        &["jose"],
        &[("SignJWT", "sign"), ("EncryptJWT", "encrypt"), ("CompactSign", "sign")],
        Argument(0),
        "JWT_SECRET",
    ),
    taker(&["passport-jwt"], &[("Strategy", "Strategy")], Of(0, &[&["secretOrKey"]]), "JWT_SECRET"),
    taker(&["keygrip"], ITSELF, Argument(0), "COOKIE_KEYS"),
    taker(&["cookies"], ITSELF, Of(2, &[&["keys"]]), "COOKIE_KEYS"),
    taker(
        &["next-auth", "@auth/express"],
        &[("", ""), ("ExpressAuth", "ExpressAuth")],
        SECRET,
        "NEXTAUTH_SECRET",
    ),
    taker(&["next-auth"], ITSELF, Of(2, &[&["secret"]]), "NEXTAUTH_SECRET"),
    taker(
        &["next-auth/jwt"],
        &[("getToken", "getToken"), ("encode", "encode"), ("decode", "decode")],
        SECRET,
        "NEXTAUTH_SECRET",
    ),
    taker(
        &["iron-session", "iron-session/edge"],
        &[("getIronSession", "getIronSession")],
        Of(2, PASSWORD),
        "SESSION_PASSWORD",
    ),
    taker(
        &["iron-session", "iron-session/next"],
        &[
            ("withIronSessionApiRoute", "withIronSessionApiRoute"),
            ("withIronSessionSsr", "withIronSessionSsr"),
            ("sealData", "sealData"),
            ("unsealData", "unsealData"),
            ("getIronSession", "getIronSession"),
        ],
        Of(1, PASSWORD),
        "SESSION_PASSWORD",
    ),
    taker(&["hono/jwt"], &[("jwt", "jwt")], SECRET, "JWT_SECRET"),
    taker(&["hono/jwt"], &[("sign", "sign"), ("verify", "verify")], Argument(1), "JWT_SECRET"),
    taker(
        &["hono/cookie"],
        &[("getSignedCookie", "getSignedCookie")],
        Argument(1),
        "COOKIE_SECRET",
    ),
    taker(
        &["hono/cookie"],
        &[("setSignedCookie", "setSignedCookie")],
        Argument(3),
        "COOKIE_SECRET",
    ),
    taker(&["better-auth"], &[("betterAuth", "betterAuth")], SECRET, "BETTER_AUTH_SECRET"),
    taker(
        &["payload", "payload/config"],
        &[("buildConfig", "buildConfig")],
        SECRET,
        "PAYLOAD_SECRET",
    ),
    taker(
        &["@keystone-6/core/session"],
        &[("statelessSessions", "statelessSessions")],
        SECRET,
        "SESSION_SECRET",
    ),
    taker(
        &["cookie-signature"],
        &[("sign", "sign"), ("unsign", "unsign")],
        Argument(1),
        "COOKIE_SECRET",
    ),
    taker(
        &["@remix-run/node", "@remix-run/cloudflare", "react-router"],
        &[
            ("createCookieSessionStorage", "createCookieSessionStorage"),
            ("createSessionStorage", "createSessionStorage"),
        ],
        Of(0, &[&["cookie", "secrets"]]),
        "SESSION_SECRET",
    ),
    taker(
        &["@remix-run/node", "@remix-run/cloudflare", "react-router"],
        &[("createCookie", "createCookie")],
        Of(1, &[&["secrets"]]),
        "COOKIE_SECRET",
    ),
    taker(&["crypto"], &[("createSign", "sign")], Argument(0), "PRIVATE_KEY"),
    taker(&["crypto"], &[("sign", "sign")], Argument(2), "PRIVATE_KEY"),
    Taker {
        packages: &["crypto"],
        names: &[("createHmac", "createHmac")],
        at: Argument(1),
        variable: "HMAC_KEY",
        weak: true,
    },
    Taker {
        packages: &["crypto-js"],
        names: &[("HmacSHA256", "HmacSHA256"), ("HmacSHA512", "HmacSHA512")],
        at: Argument(1),
        variable: "HMAC_KEY",
        weak: true,
    },
];

/// Plugins that are given to `register` with their options.
pub(super) const PLUGINS: &[&str] = &[
    "@fastify/jwt",
    "@fastify/session",
    "@fastify/secure-session",
    "@fastify/cookie",
    "fastify-jwt",
    "fastify-session",
    "fastify-secure-session",
    "fastify-cookie",
];

/// Where their options hold the key.
pub(super) const PLUGIN_KEYS: &[&[&str]] = &[&["secret"], &["key"]];

/// Functions by what they are commonly called, where it is not seen what they are.
pub(super) const BY_NAME: &[(&str, Where, &str)] = &[
    ("cookieParser", Argument(0), "COOKIE_SECRET"),
    ("express.cookieParser", Argument(0), "COOKIE_SECRET"),
    ("session", SECRET, "SESSION_SECRET"),
    ("express.session", SECRET, "SESSION_SECRET"),
    ("expressSession", SECRET, "SESSION_SECRET"),
    ("cookieSession", Of(0, &[&["keys"], &["secret"]]), "COOKIE_SECRET"),
    ("express.cookieSession", Of(0, &[&["keys"], &["secret"]]), "COOKIE_SECRET"),
    ("jwt.sign", Argument(1), "JWT_SECRET"),
    ("jwt.verify", Argument(1), "JWT_SECRET"),
    ("jsonwebtoken.sign", Argument(1), "JWT_SECRET"),
    ("jsonwebtoken.verify", Argument(1), "JWT_SECRET"),
    ("expressJwt", SECRET, "JWT_SECRET"),
    ("NextAuth", SECRET, "NEXTAUTH_SECRET"),
];

/// Properties that hold a key wherever they stand, with the name that must stand
/// beside them, in their object or above it, when one is needed.
pub(super) const PROPERTIES: &[(&str, &[&str], &str)] = &[
    ("secretOrKey", &[], "JWT_SECRET"),
    ("secretOrPrivateKey", &[], "JWT_SECRET"),
    ("appKey", &[], "APP_KEY"),
    ("password", &["cookieName", "cookieOptions"], "SESSION_PASSWORD"),
    ("secret", &["providers", "JwtModule", "jwtService", "registerAsync"], "AUTH_SECRET"),
    ("privateKey", &["JwtModule", "jwtService"], "JWT_PRIVATE_KEY"),
    ("keys", &["app"], "APP_KEYS"),
];
