//! Whether a file of code in another language than Python is one of a web app, where
//! no list of dependencies says so.

/// What of a file's text tells: all of one row stand in it.
type Tells = &'static [&'static [&'static str]];

/// By how the name ends: what it is one of, and how that shows.
const CODE: &[(&[&str], &str, Tells)] = &[
    (
        &[".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"],
        "a server of Node.js",
        &[
            &["createServer(", "http"],
            &["require('express')"],
            &["require(\"express\")"],
            &["from 'express'"],
            &["from \"express\""],
            &["require('koa')"],
            &["require(\"koa\")"],
            &["require('fastify')"],
            &["require(\"fastify\")"],
            &["require('jsonwebtoken')"],
            &["require(\"jsonwebtoken\")"],
            &["Deno.serve("],
            &["Bun.serve("],
        ],
    ),
    (
        &[".php", ".phtml"],
        "an app in PHP",
        &[&["session_start("], &["JWT::encode("], &["hash_hmac("], &["setcookie("], &["AUTH_KEY"]],
    ),
    (
        &[".go"],
        "a server in Go",
        &[
            &["\"net/http\"", "ListenAndServe"],
            &["\"net/http\"", "http.Serve("],
            &["net/http/fcgi"],
        ],
    ),
    (
        &[".rb", ".ru"],
        "an app in Ruby",
        &[
            &["require 'sinatra"],
            &["require \"sinatra"],
            &["Rack::Session"],
            &["Rails.application"],
            &["WEBrick::HTTPServer"],
            &["run Sinatra"],
        ],
    ),
    (
        &[".pl", ".psgi", ".cgi"],
        "an app in Perl",
        &[&["use Mojolicious"], &["use Dancer"], &["use Catalyst"], &["CGI::Session"]],
    ),
    (&[".lua"], "an app in Lua", &[&["require(\"lapis"], &["require \"lapis"]]),
];

/// Files that only such an app has, by the end of their path.
const FILES: &[(&str, &str)] = &[
    ("wp-config.php", "an app in PHP"),
    ("config/secrets.yml", "an app in Ruby"),
    ("config/credentials.yml.enc", "an app in Ruby"),
    ("config/initializers/secret_token.rb", "an app in Ruby"),
];

/// Folders of what a browser runs.
const BROWSER: &[&str] = &["static", "public", "assets", "media", "www", "wwwroot", "themes"];

/// Whether a file at a path, in small letters, may be code of a web app.
pub(crate) fn may_serve(path: &str) -> bool {
    by_path(path).is_some() || (endings(path).is_some() && !(is_script(path) && for_browsers(path)))
}

/// Whether it is JavaScript, whose package may say more.
pub(crate) fn is_script(path: &str) -> bool {
    let script = CODE.first().map(|(endings, ..)| *endings).unwrap_or_default();
    script.iter().any(|ending| path.ends_with(ending))
}

/// Of what app a file is a part, by its path in small letters and its text.
pub(crate) fn serves(path: &str, text: &str) -> Option<&'static str> {
    let shown = || {
        let (what, tells) = endings(path)?;
        tells.iter().any(|row| row.iter().all(|part| text.contains(part))).then_some(what)
    };
    by_path(path).or_else(shown)
}

fn by_path(path: &str) -> Option<&'static str> {
    let ends = |end: &str| {
        path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    FILES.iter().find(|(end, _)| ends(end)).map(|(_, what)| *what)
}

fn endings(path: &str) -> Option<(&'static str, Tells)> {
    let found = CODE.iter().find(|(endings, ..)| endings.iter().any(|end| path.ends_with(end)));
    found.map(|(_, what, tells)| (*what, *tells))
}

fn for_browsers(path: &str) -> bool {
    path.ends_with(".min.js")
        || path
            .rsplit_once('/')
            .is_some_and(|(folders, _)| folders.split('/').any(|folder| BROWSER.contains(&folder)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_that_serves_is_told_from_other_code() {
        for (path, text, expected) in [
            ("server.js", "const http = require('http')\nhttp.createServer((q, s) => 1)", true),
            ("api/main.ts", "import express from 'express'", true),
            ("api/main.ts", "import { x } from './express'", false),
            ("app.js", "fetch('http://x')", false),
            ("static/app.js", "http.createServer(", false),
            ("index.php", "<?php session_start();", true),
            ("index.php", "<?php echo 1;", false),
            ("blog/wp-config.php", "", true),
            ("wp-config-sample.php", "define('X', 1)", false),
            ("main.go", "import \"net/http\"\nhttp.ListenAndServe(\":1\", nil)", true),
            ("main.go", "import \"net/http\"\nhttp.Get(\"x\")", false),
            ("app.rb", "require 'sinatra'", true),
            ("config/secrets.yml", "production:", true),
            ("myconfig/secrets.yml", "production:", false),
            ("lib/x.rb", "puts 1", false),
            ("app.py", "session_start(", false),
        ] {
            let told = may_serve(path) && serves(path, text).is_some();
            assert_eq!(told, expected, "{path}: {text}");
        }
    }
}
