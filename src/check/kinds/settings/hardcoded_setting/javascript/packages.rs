//! Which files belong to an app that serves, by the `package.json` above them.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::Value;

use crate::facts::Facts;
use crate::lang::frameworks;
use crate::lang::own::{self, Whose};
use crate::model::RepoPath;

/// What only a server depends on, beside the frameworks.
const SERVER_ONLY: &[&str] = &[
    "express-session",
    "cookie-session",
    "cookie-parser",
    "jsonwebtoken",
    "express-jwt",
    "passport-jwt",
    "koa-session",
    "koa-jwt",
    "iron-session",
    "next-auth",
    "@nestjs/jwt",
    "@fastify/jwt",
    "@fastify/session",
    "@fastify/cookie",
    "@fastify/secure-session",
    "keygrip",
    "@hapi/cookie",
    "@hapi/yar",
    "hapi-auth-jwt2",
    "@strapi/strapi",
    "@feathersjs/authentication",
    "better-auth",
    "payload",
    "@keystone-6/core",
    "@nestjs/common",
    "@nestjs/core",
    "passport",
    "@koa/router",
    "polka",
    "socket.io",
    "apollo-server",
    "@apollo/server",
    "graphql-yoga",
    "serverless-http",
    "serverless",
    "aws-lambda",
    "hono",
    "elysia",
    "h3",
];

/// What is shown by a browser.
const BROWSER: &[&str] = &[
    "react",
    "react-dom",
    "vue",
    "@angular/core",
    "svelte",
    "preact",
    "ember-source",
    "solid-js",
    "lit",
    "react-native",
    "expo",
    "electron",
    "jquery",
    "backbone",
];

/// Folders of code for the browser.
const BROWSER_FOLDERS: &[&str] =
    &["public", "static", "assets", "wwwroot", "client", "frontend", "browser", "bower_components"];

/// Code that production does not run.
const ASIDE: [Whose; 6] =
    [Whose::Test, Whose::Docs, Whose::Example, Whose::Vendored, Whose::Installed, Whose::Generated];

/// What a `package.json` says of the files below it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Serves,
    Shows,
    Nothing,
}

/// The lists of dependencies, each read once.
pub(super) struct Packages<'a> {
    cx: &'a Facts<'a>,
    read: RefCell<HashMap<String, Option<Says>>>,
}

impl<'a> Packages<'a> {
    /// None read yet.
    pub(super) fn new(cx: &'a Facts<'a>) -> Self {
        Self { cx, read: RefCell::default() }
    }

    /// The `package.json` of the app that serves and that a file belongs to.
    pub(super) fn app(&self, path: &RepoPath) -> Option<RepoPath> {
        let text = path.to_string();
        let mut folder = text.rsplit_once('/').map_or("", |(folder, _)| folder);
        loop {
            match self.says(folder) {
                Some(Says::Serves) => {
                    let inside = text.get(folder.len()..).unwrap_or_default();
                    let mut folders = inside.trim_start_matches('/').split('/').rev().skip(1);
                    if folders.any(|folder| BROWSER_FOLDERS.contains(&folder)) {
                        return None;
                    }
                    return RepoPath::new(list(folder)).ok();
                }
                Some(Says::Shows) => return None,
                Some(Says::Nothing) | None => {}
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }

    fn says(&self, folder: &str) -> Option<Says> {
        if let Some(known) = self.read.borrow().get(folder) {
            return *known;
        }
        let said = RepoPath::new(list(folder)).ok().and_then(|path| {
            let bytes = self.cx.tree.read(&path).ok().flatten()?;
            Some(says(&String::from_utf8_lossy(&bytes)))
        });
        self.read.borrow_mut().insert(folder.to_owned(), said);
        said
    }
}

fn list(folder: &str) -> String {
    if folder.is_empty() { "package.json".to_owned() } else { format!("{folder}/package.json") }
}

fn says(text: &str) -> Says {
    let server = frameworks::server("package.json", text);
    if server.is_some_and(|serves| serves != frameworks::Serves::NotRead) {
        return Says::Serves;
    }
    let list: Value = serde_json::from_str(text).unwrap_or_default();
    let depends = |names: &[&str]| {
        let all = list.get("dependencies");
        names.iter().any(|name| all.is_some_and(|all| all.get(name).is_some()))
    };
    if depends(SERVER_ONLY) {
        Says::Serves
    } else if depends(BROWSER) {
        Says::Shows
    } else {
        Says::Nothing
    }
}

/// Whether a file is no code of production by its path.
pub(super) fn is_aside(path: &RepoPath) -> bool {
    let name = path.name().to_string_lossy().to_lowercase();
    let parts: Vec<&str> = name.split('.').collect();
    let says = |words: &[&str]| parts.iter().skip(1).any(|part| words.contains(part));
    own::lies_in(path, &ASIDE)
        || says(&[
            "test", "tests", "spec", "specs", "cy", "min", "bundle", "stories", "mock", "e2e-spec",
            "d",
        ])
        || (says(&["config"])
            && parts.first().is_some_and(|tool| {
                [
                    "webpack",
                    "jest",
                    "babel",
                    "rollup",
                    "vite",
                    "vitest",
                    "eslint",
                    "tailwind",
                    "postcss",
                    "cypress",
                    "playwright",
                    "gulpfile",
                    "karma",
                    "commitlint",
                ]
                .contains(tool)
            }))
}
