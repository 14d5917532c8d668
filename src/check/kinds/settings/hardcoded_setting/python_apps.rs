//! Which Python code makes a web app, told by what it imports.

use crate::lang::SourceFile;
use crate::lang::python::{Call, last_name, walk};
use crate::model::RepoPath;

/// The modules of web frameworks, and what makes an app of each.
const MAKERS: &[(&str, &[&str])] = &[
    ("fastapi", &["FastAPI"]),
    ("quart", &["Quart"]),
    ("starlette", &["Starlette"]),
    ("sanic", &["Sanic"]),
    ("litestar", &["Litestar"]),
    ("bottle", &["Bottle"]),
    ("tornado", &["Application"]),
    ("aiohttp", &["Application"]),
    ("falcon", &["App", "API"]),
    ("pyramid", &["Configurator"]),
    ("flask", &["Flask"]),
];

/// What has to stand in a file that makes such an app, for a first quick look.
pub(super) const NAMES: &[&str] = &[
    "fastapi",
    "quart",
    "starlette",
    "sanic",
    "litestar",
    "bottle",
    "tornado",
    "aiohttp",
    "falcon",
    "pyramid",
    "flask",
];

/// Whether one of the frameworks that a text imports makes an app by this name.
pub(super) fn is_maker(text: &str, name: &str) -> bool {
    MAKERS.iter().any(|(module, makers)| makers.contains(&name) && imports(text, module))
}

/// Whether a text has a class whose bases name a maker: `class Shop(flask.Flask):`.
pub(super) fn has_subclass(text: &str) -> bool {
    text.lines().map(str::trim_start).filter(|line| line.starts_with("class ")).any(|line| {
        let bases = line.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        bases.is_some_and(|(bases, _)| {
            bases.split(',').filter(|base| !base.contains('=')).any(|base| {
                let base = base.trim();
                is_maker(text, base.rsplit('.').next().unwrap_or(base))
            })
        })
    })
}

fn imports(text: &str, module: &str) -> bool {
    text.lines().map(str::trim_start).any(|line| {
        let rest = line.strip_prefix("import ").or_else(|| line.strip_prefix("from "));
        rest.and_then(|rest| rest.trim_start().strip_prefix(module))
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    })
}

/// Whether a file makes an app of a framework that signs with a secret key.
pub(super) fn makes_app(file: &SourceFile) -> Option<&RepoPath> {
    let text = file.text();
    let says = |word: &str| text.contains(word);
    let flask = says("Flask(__name__")
        || (says("Flask(") && (says("import Flask") || says("import flask")));
    (flask || says("get_wsgi_application(") || says("get_asgi_application(") || makes_other(file))
        .then(|| file.path())
}

/// Whether a file makes an app of another framework, or a class for one.
fn makes_other(file: &SourceFile) -> bool {
    let text = file.text();
    if text.len() > super::look::LARGEST || !NAMES.iter().any(|name| text.contains(name)) {
        return false;
    }
    if has_subclass(text) {
        return true;
    }
    let Some(tree) = file.python() else { return false };
    let mut found = false;
    walk(tree.root_node(), (), |step| {
        found |= step.kind == "call"
            && Call::of(step.node).is_some_and(|call| is_maker(text, call.name(text)));
        (!found).then_some(())
    });
    found
}

/// Whether a file takes all settings from the environment, or from a file that
/// the environment names.
pub(super) fn reads_all(file: &SourceFile) -> bool {
    let text = file.text();
    if !["from_prefixed_env(", "from_envvar("].iter().any(|said| text.contains(said)) {
        return false;
    }
    let Some(tree) = file.python() else { return false };
    let mut found = false;
    walk(tree.root_node(), (), |step| {
        found |= step.kind == "call"
            && Call::of(step.node).is_some_and(|call| {
                matches!(call.name(text), "from_prefixed_env" | "from_envvar")
                    && call.receiver().and_then(|object| last_name(text, object)) == Some("config")
            });
        (!found).then_some(())
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_are_told_by_their_imports() {
        for (text, name, expected) in [
            ("from fastapi import FastAPI\n", "FastAPI", true),
            ("import tornado.web\n", "Application", true),
            ("from aiohttp import web\n", "Application", true),
            ("from fastapi_users import FastAPI\n", "FastAPI", false),
            ("from telegram.ext import Application\n", "Application", false),
            ("# from fastapi import FastAPI\n", "FastAPI", false),
        ] {
            assert_eq!(is_maker(text, name), expected, "{text}");
        }
    }

    #[test]
    fn classes_of_a_framework_make_apps() {
        for (text, expected) in [
            ("import flask\nclass A(flask.Flask):\n    pass\n", true),
            ("from fastapi import FastAPI\nclass A(Mixin, FastAPI): ...\n", true),
            ("from flask import Flask\ndef init(app: Flask): ...\n", false),
            ("class A(Flask): ...\n", false),
        ] {
            assert_eq!(has_subclass(text), expected, "{text}");
        }
    }
}
