//! How env files are named.

/// Endings of the templates that projects keep beside an env file.
pub(crate) const TEMPLATES: &[&str] = &["example", "sample", "template", "dist", "tpl"];

/// Env files that projects keep beside production's, at the top.
pub(crate) const BESIDES: &[&str] = &[
    ".env.development",
    ".env.dev",
    ".env.local",
    ".env.test",
    ".env.testing",
    ".env.ci",
    ".env.docker",
    ".env.staging",
    ".env.stage",
    ".env.qa",
    ".env.development.local",
    ".env.bak",
    ".env.old",
    ".env.example",
    ".env.sample",
    ".env.template",
    ".env.dist",
    ".env.tpl",
    ".flaskenv",
    ".envrc",
    "dev.env",
    "env.dev",
    ".env-dev",
    "env.example",
    "example.env",
];
