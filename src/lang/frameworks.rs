//! Whether a list of dependencies is that of a web app in another language than
//! Python.

use serde_json::Value;

/// What a list of dependencies says of the app.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Serves {
    /// It serves, or signs, with what is named.
    Surely(&'static str),
    /// It starts a server of Node.js that it depends on nothing for.
    Starts,
    /// It renders pages, most often in front of another server.
    Pages(&'static str),
    /// It is not understood.
    NotRead,
}

/// What serves, or signs sessions and tokens, in JavaScript.
const NODE: &[&str] = &[
    "express",
    "koa",
    "fastify",
    "@nestjs/core",
    "@hapi/hapi",
    "hapi",
    "restify",
    "sails",
    "@adonisjs/core",
    "hono",
    "polka",
    "@strapi/strapi",
    "strapi",
    "@feathersjs/express",
    "@feathersjs/koa",
    "@loopback/rest",
    "@keystone-6/core",
    "@apollo/server",
    "apollo-server",
    "graphql-yoga",
    "elysia",
    "meteor-node-stubs",
    "express-session",
    "cookie-session",
    "client-sessions",
    "koa-session",
    "koa-jwt",
    "express-jwt",
    "passport-jwt",
    "jsonwebtoken",
    "@fastify/jwt",
    "@fastify/session",
    "@fastify/secure-session",
    "@nestjs/jwt",
    "@hapi/cookie",
    "next-auth",
    "@auth/core",
    "@auth/sveltekit",
    "iron-session",
    "better-auth",
    "lucia",
];

/// What renders pages; its server signs nothing by itself.
const NODE_PAGES: &[&str] =
    &["next", "nuxt", "@sveltejs/kit", "@remix-run/node", "@react-router/node", "astro"];

/// What a browser runs, or what makes that: a server among the tools for it is one
/// for development.
const NODE_BROWSER: &[&str] = &[
    "react",
    "react-dom",
    "vue",
    "@angular/core",
    "svelte",
    "preact",
    "solid-js",
    "ember-source",
    "vite",
    "webpack",
    "parcel",
    "rollup",
    "gulp",
    "react-scripts",
];

/// How a script begins that starts a server.
const NODE_STARTS: &[&str] = &["node ", "nodemon ", "ts-node ", "tsx ", "pm2 ", "bun ", "deno "];

const PHP: &[&str] = &[
    "laravel/framework",
    "laravel/lumen-framework",
    "symfony/framework-bundle",
    "symfony/symfony",
    "symfony/http-kernel",
    "symfony/security-bundle",
    "slim/slim",
    "cakephp/cakephp",
    "yiisoft/yii2",
    "codeigniter4/framework",
    "laminas/laminas-mvc",
    "mezzio/mezzio",
    "drupal/core",
    "drupal/core-recommended",
    "craftcms/cms",
    "typo3/cms-core",
    "silverstripe/framework",
    "magento/product-community-edition",
    "johnpbloch/wordpress",
    "roots/wordpress",
    "firebase/php-jwt",
    "lcobucci/jwt",
];

const JVM: &[&str] = &[
    "spring-boot-starter-web",
    "spring-boot-starter-webflux",
    "spring-boot-starter-security",
    "spring-boot-starter-jersey",
    "spring-webmvc",
    "spring-webflux",
    "spring-security-web",
    "quarkus-rest",
    "quarkus-resteasy",
    "quarkus-vertx-http",
    "micronaut-http-server",
    "dropwizard-core",
    "vertx-web",
    "javalin",
    "spark-core",
    "ktor-server",
    "http4k-core",
    "servlet-api",
    "jakartaee-api",
    "jakarta.jakartaee-web-api",
    "jjwt",
    "java-jwt",
];

/// What serves web pages, by the file that names it.
const SERVERS: &[(&str, &[&str])] = &[
    ("package.json", NODE),
    (
        "gemfile",
        &["rails", "sinatra", "hanami", "grape", "roda", "padrino", "camping", "rack", "jwt"],
    ),
    ("composer.json", PHP),
    (
        "go.mod",
        &[
            "github.com/gin-gonic/gin",
            "github.com/labstack/echo",
            "github.com/gofiber/fiber",
            "github.com/go-chi/chi",
            "github.com/gorilla/mux",
            "github.com/gorilla/sessions",
            "github.com/beego/beego",
            "github.com/kataras/iris",
            "github.com/gobuffalo/buffalo",
            "github.com/revel/revel",
            "github.com/julienschmidt/httprouter",
            "github.com/valyala/fasthttp",
            "github.com/golang-jwt/jwt",
            "github.com/dgrijalva/jwt-go",
        ],
    ),
    ("pom.xml", JVM),
    ("build.gradle", JVM),
    ("build.gradle.kts", JVM),
    ("libs.versions.toml", JVM),
    (
        "build.sbt",
        &[
            "play",
            "PlayScala",
            "PlayJava",
            "akka-http",
            "pekko-http",
            "http4s-ember-server",
            "zio-http",
            "scalatra",
        ],
    ),
    ("project.clj", &["ring", "ring/ring-core", "compojure", "luminus", "http-kit"]),
    (
        "deps.edn",
        &["ring/ring-core", "ring/ring-jetty-adapter", "metosin/reitit", "http-kit/http-kit"],
    ),
    ("mix.exs", &[":phoenix", ":plug_cowboy", ":bandit"]),
    (
        "cargo.toml",
        &[
            "axum",
            "actix-web",
            "rocket",
            "warp",
            "poem",
            "salvo",
            "tide",
            "hyper",
            "tower-sessions",
            "jsonwebtoken",
        ],
    ),
    ("package.swift", &["vapor", "hummingbird"]),
    ("pubspec.yaml", &["shelf", "dart_frog", "serverpod"]),
    ("cpanfile", &["Mojolicious", "Dancer2", "Catalyst", "Plack"]),
    ("shard.yml", &["kemal", "lucky", "amber"]),
];

/// What serves web pages, by how the name of a .NET project's file ends.
const DOTNET: (&[&str], &[&str]) = (
    &[".csproj", ".fsproj", ".vbproj"],
    &["Microsoft.NET.Sdk.Web", "Microsoft.AspNetCore", "System.Web", "Giraffe", "Microsoft.Owin"],
);

/// What may serve, by the name of the list, in small letters.
fn servers(name: &str) -> Option<&'static [&'static str]> {
    let known = SERVERS.iter().find(|(list, _)| *list == name).map(|(_, servers)| *servers);
    let (endings, servers) = DOTNET;
    known.or_else(|| endings.iter().any(|ending| name.ends_with(ending)).then_some(servers))
}

/// Whether a file of that name may list what a web app depends on.
pub(crate) fn lists(name: &str) -> bool {
    servers(&name.to_lowercase()).is_some()
}

/// What of a list of dependencies serves web pages.
pub(crate) fn server(name: &str, text: &str) -> Option<Serves> {
    let name = name.to_lowercase();
    let servers = servers(&name)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match name.as_str() {
        "package.json" => return in_json(text, servers, node),
        "composer.json" => {
            let php = |value: &Value| first(servers, |name| holds(value, "require", name));
            return in_json(text, servers, |value| php(value).map(Serves::Surely));
        }
        _ => {}
    }
    let found = first(servers, |server| match name.as_str() {
        "gemfile" => text.lines().map(str::trim_start).any(|line| {
            let gem = line.strip_prefix("gem").map(|rest| rest.trim_start_matches([' ', '(']));
            let gem = gem.and_then(|rest| rest.strip_prefix(['"', '\'']));
            gem.and_then(|rest| rest.strip_prefix(server))
                .is_some_and(|rest| rest.starts_with(['"', '\'']))
        }),
        "cargo.toml" => text.lines().map(str::trim).any(|line| {
            let table = line.strip_suffix(']').and_then(|line| line.rsplit_once("dependencies."));
            let rest = line.strip_prefix(server);
            table.is_some_and(|(_, name)| name == server)
                || rest.is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
        }),
        _ => text
            .lines()
            .filter(|line| {
                let line = line.trim_start();
                !line.contains("// indirect") && !line.starts_with(['#', '/', ';'])
            })
            .any(|line| names(line, server)),
    });
    found.map(Serves::Surely)
}

fn first(servers: &[&'static str], is: impl Fn(&str) -> bool) -> Option<&'static str> {
    servers.iter().copied().find(|server| is(server))
}

/// Whether a line has a name that nothing goes before; more may follow it.
fn names(line: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let joined = |c: char| is_part(c) || c == '-';
    line.match_indices(name).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line.get(at + name.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(joined) && !after.is_some_and(is_part)
    })
}

/// What a list in JSON says. One that is made by a template is searched as text;
/// any other that is not JSON is not read.
fn in_json(
    text: &str,
    servers: &[&'static str],
    look: impl Fn(&Value) -> Option<Serves>,
) -> Option<Serves> {
    if let Ok(value) = serde_json::from_str(text) {
        return look(&value);
    }
    if text.contains("{{") || text.contains("{%") {
        return first(servers, |name| text.contains(&format!("\"{name}\""))).map(Serves::Surely);
    }
    Some(Serves::NotRead)
}

/// Whether a JSON object's part has a key.
fn holds(value: &Value, part: &str, key: &str) -> bool {
    value.get(part).is_some_and(|part| part.get(key).is_some())
}

fn node(value: &Value) -> Option<Serves> {
    let runs = |name: &str| {
        ["dependencies", "optionalDependencies"].iter().any(|part| holds(value, part, name))
    };
    if let Some(server) = first(NODE, runs) {
        return Some(Serves::Surely(server));
    }
    let for_browsers =
        NODE_BROWSER.iter().any(|name| runs(name) || holds(value, "devDependencies", name));
    let starts = ["start", "serve", "prod", "production"].iter().any(|script| {
        let script = value.get("scripts").and_then(|scripts| scripts.get(script));
        let script = script.and_then(Value::as_str).unwrap_or_default();
        let started = NODE_STARTS.iter().find_map(|start| script.strip_prefix(start));
        // the scripts that build what browsers run
        started.is_some_and(|rest| !rest.contains("scripts/") && !rest.contains("webpack"))
    });
    if !for_browsers {
        if let Some(server) = first(NODE, |name| holds(value, "devDependencies", name)) {
            return Some(Serves::Surely(server));
        }
        if starts {
            return Some(Serves::Starts);
        }
    }
    let pages = |name: &str| runs(name) || holds(value, "devDependencies", name);
    first(NODE_PAGES, pages).map(Serves::Pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_apps_are_told_by_what_they_depend_on() {
        for (name, text, expected) in [
            ("package.json", r#"{"dependencies": {"express": "^4"}}"#, Some("express")),
            ("package.json", "\u{feff}{\"dependencies\": {\"polka\": \"1\"}}", Some("polka")),
            ("package.json", r#"{"optionalDependencies": {"koa": "1"}}"#, Some("koa")),
            ("package.json", r#"{"devDependencies": {"express": "^4"}}"#, Some("express")),
            ("package.json", r#"{"devDependencies": {"express": "4", "vite": "5"}}"#, None),
            (
                "package.json",
                r#"{"dependencies": {"react": "1"}, "devDependencies": {"express": "4"}}"#,
                None,
            ),
            ("package.json", r#"{"dependencies": {"react": "^18"}}"#, None),
            ("package.json", r#"{"dependencies": {"express-lookalike": "1"}}"#, None),
            ("package.json", r#"{"scripts": {"start": "webpack-dev-server"}}"#, None),
            (
                "package.json",
                r#"{"scripts": {"start": "node scripts/start.js"}, "dependencies": {"q": "1"}}"#,
                None,
            ),
            ("package.json", "{\"name\": {{ x }}, \"d\": {\"express\": 1}}", Some("express")),
            ("package.json", "{\"name\": {{ x }}, \"d\": {\"react\": 1}}", None),
            ("Gemfile", "source 'x'\ngem \"rails\", \"~> 7\"\n", Some("rails")),
            ("Gemfile", "gem 'rails-i18n'\n# gem 'rails'\n", None),
            (
                "composer.json",
                r#"{"require": {"laravel/framework": "^11"}}"#,
                Some("laravel/framework"),
            ),
            ("composer.json", r#"{"require": {"monolog/monolog": "^3"}}"#, None),
            (
                "go.mod",
                "require github.com/gin-gonic/gin v1.9.1\n",
                Some("github.com/gin-gonic/gin"),
            ),
            (
                "go.mod",
                "require github.com/labstack/echo/v4 v4.1\n",
                Some("github.com/labstack/echo"),
            ),
            ("go.mod", "\tgithub.com/gorilla/mux v1.8 // indirect\n", None),
            (
                "pom.xml",
                "<artifactId>spring-boot-starter-web</artifactId>",
                Some("spring-boot-starter-web"),
            ),
            ("pom.xml", "<artifactId>javax.servlet-api</artifactId>", Some("servlet-api")),
            ("pom.xml", "<artifactId>junit</artifactId>", None),
            (
                "build.gradle.kts",
                "implementation(\"io.ktor:ktor-server-core:2\")",
                Some("ktor-server"),
            ),
            (
                "Shop.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk.Web\">",
                Some("Microsoft.NET.Sdk.Web"),
            ),
            ("Tool.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\">", None),
            ("mix.exs", "{:phoenix, \"~> 1.7\"},", Some(":phoenix")),
            ("mix.exs", "{:phoenix_html_helpers, \"~> 1.7\"},", None),
            ("Cargo.toml", "[dependencies]\naxum = \"0.7\"\n", Some("axum")),
            ("Cargo.toml", "[dependencies.axum]\nversion = \"0.7\"\n", Some("axum")),
            ("Cargo.toml", "[dependencies]\naxum-lookalike = \"1\"\n", None),
            ("Package.swift", ".package(url: \"x/vapor.git\")", Some("vapor")),
            ("README.md", "express", None),
        ] {
            assert_eq!(server(name, text), expected.map(Serves::Surely), "{name}: {text}");
            assert!(expected.is_none() || lists(name), "{name}");
        }
        let starts = r#"{"scripts": {"start": "node server.js"}}"#;
        assert_eq!(server("package.json", starts), Some(Serves::Starts));
        let next = r#"{"dependencies": {"next": "14", "react": "18"}}"#;
        assert_eq!(server("package.json", next), Some(Serves::Pages("next")));
        let signs = r#"{"dependencies": {"next": "14", "next-auth": "4"}}"#;
        assert_eq!(server("package.json", signs), Some(Serves::Surely("next-auth")));
        for name in ["package.json", "composer.json"] {
            assert_eq!(server(name, "{\"dependencies\": "), Some(Serves::NotRead), "{name}");
        }
    }
}
