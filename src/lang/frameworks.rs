//! Whether a list of dependencies is that of a web app in another language than
//! Python.

/// What serves web pages, by the file that names it.
const SERVERS: &[(&str, &[&str])] = &[
    (
        "package.json",
        &[
            "express",
            "koa",
            "fastify",
            "@nestjs/core",
            "@hapi/hapi",
            "hapi",
            "restify",
            "sails",
            "@adonisjs/core",
            "next",
            "nuxt",
            "@sveltejs/kit",
            "@remix-run/node",
            "hono",
        ],
    ),
    ("gemfile", &["rails", "sinatra", "hanami"]),
    (
        "composer.json",
        &[
            "laravel/framework",
            "symfony/framework-bundle",
            "slim/slim",
            "cakephp/cakephp",
            "yiisoft/yii2",
        ],
    ),
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
        ],
    ),
    (
        "pom.xml",
        &["spring-boot-starter-web", "spring-webmvc", "quarkus-resteasy", "micronaut-http-server"],
    ),
    ("build.gradle", &["spring-boot-starter-web", "io.ktor:ktor-server", "micronaut-http-server"]),
    (
        "build.gradle.kts",
        &["spring-boot-starter-web", "io.ktor:ktor-server", "micronaut-http-server"],
    ),
    ("mix.exs", &[":phoenix"]),
    ("cargo.toml", &["axum", "actix-web", "rocket", "warp"]),
];

/// Whether a file of that name may list what a web app depends on.
pub(crate) fn lists(name: &str) -> bool {
    let name = name.to_lowercase();
    SERVERS.iter().any(|(list, _)| *list == name)
}

/// What of a list of dependencies serves web pages.
pub(crate) fn server(name: &str, text: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let (_, servers) = SERVERS.iter().find(|(list, _)| *list == name)?;
    servers.iter().copied().find(|server| match name.as_str() {
        "package.json" => in_json(text, "dependencies", server),
        "composer.json" => in_json(text, "require", server),
        "gemfile" => text.lines().map(str::trim_start).any(|line| {
            let gem = line.strip_prefix("gem").map(|rest| rest.trim_start_matches([' ', '(']));
            let gem = gem.and_then(|rest| rest.strip_prefix(['"', '\'']));
            gem.and_then(|rest| rest.strip_prefix(server))
                .is_some_and(|rest| rest.starts_with(['"', '\'']))
        }),
        "cargo.toml" => text.lines().any(|line| {
            let rest = line.trim_start().strip_prefix(server);
            rest.is_some_and(|rest| rest.trim_start().starts_with(['=', '.']))
        }),
        _ => text
            .lines()
            .filter(|line| {
                !line.contains("// indirect") && !line.trim_start().starts_with(['#', '/'])
            })
            .any(|line| line.contains(server)),
    })
}

/// Whether a JSON object's part has a key.
fn in_json(text: &str, part: &str, key: &str) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_str(text).ok();
    value.is_some_and(|value| value.get(part).is_some_and(|part| part.get(key).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_apps_are_told_by_what_they_depend_on() {
        for (name, text, expected) in [
            ("package.json", r#"{"dependencies": {"express": "^4"}}"#, Some("express")),
            ("package.json", r#"{"devDependencies": {"express": "^4"}}"#, None),
            ("package.json", r#"{"dependencies": {"react": "^18"}}"#, None),
            ("package.json", "not JSON", None),
            ("Gemfile", "source 'x'\ngem \"rails\", \"~> 7\"\n", Some("rails")),
            ("Gemfile", "gem 'rails-i18n'\n# gem 'rails'\n", None),
            (
                "composer.json",
                r#"{"require": {"laravel/framework": "^11"}}"#,
                Some("laravel/framework"),
            ),
            (
                "go.mod",
                "require github.com/gin-gonic/gin v1.9.1\n",
                Some("github.com/gin-gonic/gin"),
            ),
            ("go.mod", "\tgithub.com/gorilla/mux v1.8 // indirect\n", None),
            (
                "pom.xml",
                "<artifactId>spring-boot-starter-web</artifactId>",
                Some("spring-boot-starter-web"),
            ),
            ("Cargo.toml", "[dependencies]\naxum = \"0.7\"\n", Some("axum")),
            ("Cargo.toml", "[dependencies]\naxum-lookalike = \"1\"\n", None),
            ("README.md", "express", None),
        ] {
            assert_eq!(server(name, text), expected, "{name}: {text}");
            assert!(expected.is_none() || lists(name), "{name}");
        }
    }
}
