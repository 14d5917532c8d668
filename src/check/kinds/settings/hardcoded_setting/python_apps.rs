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

/// What makes apps of the frameworks that a text imports, as far as it occurs in the
/// text. Where it does not, a syntax tree has nothing to tell.
fn makers(text: &str) -> Vec<&'static str> {
    let occurs = |maker: &str| memchr::memmem::find(text.as_bytes(), maker.as_bytes()).is_some();
    let mut all = Vec::new();
    for (module, makers) in MAKERS.iter().filter(|(module, _)| text.contains(module)) {
        let mut here = makers.iter().copied().filter(|maker| occurs(maker)).peekable();
        if here.peek().is_some() && imports(text, module) {
            all.extend(here);
        }
    }
    all
}

/// Whether a text may call what has this name. In most files that import a framework
/// nothing does, and they need not be parsed.
fn may_call(text: &str, maker: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), maker.as_bytes()).any(|at| {
        let rest = text.get(at + maker.len()..).unwrap_or_default();
        // brackets of a type, a closing bracket, or a comment may stand between
        rest.trim_start_matches([' ', '\t', '\u{c}', '\r', '\n', '\\'])
            .starts_with(['(', ')', '[', '#'])
    })
}

/// Whether a text has a class whose bases name a maker: `class Shop(flask.Flask):`.
fn has_subclass(text: &str, makers: &[&str]) -> bool {
    text.lines().map(str::trim_start).filter(|line| line.starts_with("class ")).any(|line| {
        let bases = line.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        bases.is_some_and(|(bases, _)| {
            bases.split(',').filter(|base| !base.contains('=')).any(|base| {
                let base = base.trim();
                makers.contains(&base.rsplit('.').next().unwrap_or(base))
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
    if text.len() > super::look::LARGEST {
        return false;
    }
    let makers = makers(text);
    if makers.is_empty() {
        return false;
    }
    if has_subclass(text, &makers) {
        return true;
    }
    if !makers.iter().any(|maker| may_call(text, maker)) {
        return false;
    }
    let Some(tree) = file.python() else { return false };
    let mut found = false;
    walk(tree.root_node(), (), |step| {
        found |= step.kind == "call"
            && Call::of(step.node).is_some_and(|call| makers.contains(&call.name(text)));
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
            ("import tornado.web\ntornado.web.Application()\n", "Application", true),
            ("from aiohttp import web\nweb.Application()\n", "Application", true),
            ("from fastapi_users import FastAPI\n", "FastAPI", false),
            ("from telegram.ext import Application\n", "Application", false),
            ("# from fastapi import FastAPI\n", "FastAPI", false),
            ("import flask\nflask.current_app\n", "Flask", false),
        ] {
            assert_eq!(makers(text).contains(&name), expected, "{text}");
        }
    }

    #[test]
    fn what_is_called_is_told_from_what_is_only_named() {
        for (text, expected) in [
            ("app = Flask(__name__)", true),
            ("app = flask.Flask \\\n  (__name__)", true),
            ("app = (Flask)(__name__)", true),
            ("app = (Flask # one\n)(__name__)", true),
            ("app = Flask[int](__name__)", true),
            ("from flask import Flask, request\n", false),
            ("from flask import Flask\n\ndef init(app: Flask) -> None: ...", true),
            ("from flask import Flask\n\napp: Flask = make()", false),
        ] {
            assert_eq!(may_call(text, "Flask"), expected, "{text}");
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
            assert_eq!(has_subclass(text, &makers(text)), expected, "{text}");
        }
    }
}
