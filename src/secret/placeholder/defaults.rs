//! Values that nobody took for a secret: defaults for development, and commands
//! that were meant to make one.

use super::{is_placeholder, unquoted, words};
use crate::secret::url;

/// What images, databases and tutorials start with.
const USUAL: &[&str] = &[
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mongo",
    "mongodb",
    "redis",
    "rabbitmq",
    "root",
    "admin",
    "administrator",
    "user",
    "guest",
    "test",
    "tester",
    "testing",
    "dev",
    "develop",
    "development",
    "local",
    "localhost",
    "demo",
    "docker",
    "minio",
    "minioadmin",
    "elastic",
    "neo4j",
    "sa",
    "app",
    "web",
    "django",
    "flask",
    "letmein",
    "welcome",
    "toor",
    "pass",
    "db",
    "database",
    "mail",
    "smtp",
    "ci",
    "abc",
    "abc123",
    "123",
    "1234",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "qwerty",
    "default",
];

/// Whether a value is a default for a developer's machine: one that images and
/// tutorials start with (`postgres`), made of such words, or the name of what it
/// opens (`PAPERLESS_DBPASS=paperless`, `postgres://shop:shop@localhost`).
///
/// That is not a question of the value alone: in production `postgres` is a
/// password, and a bad one. Who asks knows that the file is not production's.
pub(crate) fn is_development_default(name: &str, value: &str) -> bool {
    let value = unquoted(value.trim());
    if let Some((scheme, _)) = value.split_once("://").filter(|(scheme, _)| url::is_scheme(scheme))
    {
        let (user, password) = url::parts(url::user_info(value).unwrap_or_default());
        let password = password.unwrap_or_default();
        return password.is_empty()
            || (!user.is_empty() && user.eq_ignore_ascii_case(password))
            || is_usual(scheme, password);
    }
    is_usual(name, value)
}

fn is_usual(name: &str, value: &str) -> bool {
    let lower = value.to_lowercase();
    let parts = words::split(value);
    let named = words::split(name);
    let known = |word: &String| {
        USUAL.contains(&word.as_str())
            || words::is_known(word)
            || word.chars().all(|c| c.is_ascii_digit()) && word.len() <= 4
            || named.iter().any(|own| own == word)
    };
    is_placeholder(value)
        || USUAL.contains(&lower.as_str())
        || (lower.len() <= 40 && !parts.is_empty() && parts.iter().all(known))
}

/// Whether a value is a command whose output was meant: `` `openssl rand -hex 32` ``,
/// `$(pass show key)`, `secrets.token_hex(32)`. Readers of env files run nothing,
/// so the text itself becomes the value.
pub(crate) fn is_command(value: &str) -> bool {
    let value = value.trim();
    let value = value.trim_matches(['"', '\'']).trim();
    let within = |open: &str, close: &str| {
        value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
    };
    let ticked = within("`", "`").is_some_and(|inner| {
        inner.split_whitespace().count() > 1 || matches!(inner, "uuidgen" | "pwgen" | "mcookie")
    });
    const STARTS: &[&str] = &[
        "openssl rand",
        "secrets.token_",
        "os.urandom(",
        "uuid.uuid",
        "uuidgen",
        "pwgen ",
        "head -c",
        "python -c",
        "python3 -c",
        "date +",
        "dd if=",
        "cat /",
        "crypto.randomBytes",
        "require('crypto')",
        "require(\"crypto\")",
        "gpg --gen-random",
        "apg ",
        "mcookie",
        "base64 /dev",
        "tr -dc",
        "import secrets",
        "from secrets import",
    ];
    ticked || within("$(", ")").is_some() || STARTS.iter().any(|start| value.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_told_from_values() {
        for (name, value) in [
            ("POSTGRES_PASSWORD", "postgres"),
            ("DB_PASSWORD", "root"),
            ("DATABASE_URL", "postgres://postgres:postgres@localhost:5432/app"),
            ("DATABASE_URL", "mysql://shop:shop@db/shop"),
            ("PAPERLESS_DBPASS", "paperless"),
            ("SECRET_KEY", "dev"),
            ("SECRET_KEY", "local-dev-key"),
            ("RABBITMQ_DEFAULT_PASS", "guest"),
            ("MINIO_ROOT_PASSWORD", "minioadmin"),
            ("ADMIN_PASSWORD", "admin123"),
        ] {
            assert!(is_development_default(name, value), "{name}={value}");
        }
        for (name, value) in [
            ("DB_PASSWORD", "tulip-harbour-93"),
            ("DATABASE_URL", "postgres://shop:hunter2@localhost/shop"),
            ("SECRET_KEY", "9f2c1b7e4d8a6053f1e2d3c4b5a69788"),
            ("API_KEY", "q8Zk3vT1xW2b"),
        ] {
            assert!(!is_development_default(name, value), "{name}={value}");
        }
    }

    #[test]
    fn commands_are_told_from_values() {
        for value in [
            "`openssl rand -hex 32`",
            "$(openssl rand -hex 32)",
            "\"`pass show shop/key`\"",
            "secrets.token_hex(32)",
            "openssl rand -base64 32",
            "`uuidgen`",
            "python -c 'import secrets; print(secrets.token_hex())'",
        ] {
            assert!(is_command(value), "{value}");
        }
        for value in ["`hunter2`", "9f2c1b7e", "$ecret", "uuid", "head", "a `b` c"] {
            assert!(!is_command(value), "{value}");
        }
    }
}
