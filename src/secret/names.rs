//! Names that say that their value is secret.

/// Each of these as a word of the name.
const SECRET: &[&str] = &[
    "secret",
    "secrets",
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "passcode",
    "pwd",
    "pw",
    "psw",
    "pswd",
    "pass",
    "dbpass",
    "dbpw",
    "smtppass",
    "mailpass",
    "userpass",
    "rootpass",
    "adminpass",
    "token",
    "apikey",
    "dsn",
    "credential",
    "credentials",
    "creds",
    "salt",
    "pepper",
    "private",
    "key",
    "secretkey",
    "privatekey",
    "accesskey",
    "authkey",
    "authtoken",
    "pat",
];

/// Words that others end in: `PGPASSWORD`, `clientsecret`.
const ENDINGS: &[&str] = &["password", "passwd", "secret", "token", "apikey"];

/// These as the last word say that the value is about a secret, and none.
const ABOUT: &[&str] = &[
    "file",
    "path",
    "dir",
    "url",
    "uri",
    "expiry",
    "expires",
    "expiration",
    "expire",
    "ttl",
    "age",
    "lifetime",
    "timeout",
    "length",
    "len",
    "size",
    "min",
    "max",
    "algorithm",
    "algo",
    "name",
    "header",
    "headers",
    "type",
    "enabled",
    "required",
    "location",
    "locations",
    "prefix",
    "suffix",
    "policy",
    "rounds",
    "iterations",
    "method",
    "scheme",
    "schemes",
    "days",
    "hours",
    "minutes",
    "seconds",
    "field",
    "param",
    "issuer",
    "audience",
    "count",
    "limit",
    "backend",
    "format",
    "version",
    "endpoint",
    "host",
    "port",
    "user",
    "username",
    "email",
    "domain",
    "id",
    "func",
    "class",
    "reset",
    "delta",
    "interval",
    "hint",
    "level",
    "identifier",
    "complexity",
    "mode",
    "index",
    "column",
    "samesite",
    "secure",
    "httponly",
    "hasher",
    "hashers",
    "validity",
    "attempts",
    "history",
    "reuse",
];

/// A key with one of these is meant to be seen, or opens nothing.
const PUBLIC: &[&str] =
    &["public", "publishable", "pub", "site", "pk", "sort", "foreign", "partition"];

/// Whether the name of a variable or field says that its value is secret.
pub(crate) fn names_secret(name: &str) -> bool {
    let words = words(name);
    let Some(last) = words.last() else {
        return false;
    };
    if is_folder(name) || ABOUT.contains(&last.as_str()) {
        return false;
    }
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let ends = words.iter().any(|word| ENDINGS.iter().any(|ending| word.ends_with(ending)));
    (ends || has(SECRET) || is_pin(&words))
        && (!has(PUBLIC) || has(&["secret", "password", "private", "token"]))
}

/// The shell's working directory.
fn is_folder(name: &str) -> bool {
    matches!(name, "PWD" | "OLDPWD" | "OLD_PWD")
}

/// Whether the value is a number that lets somebody in: `ADMIN_PIN`, `pinCode`.
pub(super) fn names_pin(name: &str) -> bool {
    is_pin(&words(name))
}

/// Whether the value is a password, by the last word of the name: `DB_PASSWORD`, `PGPASSWORD`.
pub(super) fn names_password(name: &str) -> bool {
    const LAST: &[&str] =
        &["pass", "pwd", "pw", "psw", "pswd", "passphrase", "passwort", "passcode"];
    let words = words(name);
    let last = words.last().map(String::as_str).unwrap_or_default();
    !is_folder(name)
        && (LAST.contains(&last)
            || ["password", "passwd", "dbpass", "dbpw", "userpass", "rootpass", "adminpass"]
                .iter()
                .any(|ending| last.ends_with(ending)))
}

fn is_pin(words: &[String]) -> bool {
    const MACHINES: &[&str] = &["gpio", "led", "bcm", "board", "rx", "tx", "sda", "scl", "cs"];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let named = matches!(words.as_slice(), [.., "pin" | "pincode"] | [.., "pin", "code"]);
    named && !words.iter().any(|word| MACHINES.contains(word))
}

/// The words of a name in lower case, digits at their end left out: at anything
/// but letters and digits, and where a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() || (before.is_lowercase() && c.is_uppercase()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    let bare = |word: &String| word.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    words.iter().map(bare).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::names_secret;

    #[test]
    fn names_tell() {
        for name in [
            "SECRET_KEY",
            "stripeSecretKey",
            "DB_PWD",
            "AUTH_TOKEN",
            "JWT_KEY2",
            "pass",
            "PGPASSWORD",
            "DB_PW",
            "MYSQL_PWD",
            "PASSWD",
            "Pwd",
            "pw",
            "SMTPPASS",
            "ADMIN_PIN",
            "pinCode",
        ] {
            assert!(names_secret(name), "{name}");
        }
        for name in [
            "KEYCLOAK_HOST",
            "MAX_TOKENS",
            "PWD",
            "STRIPE_PUBLISHABLE_KEY",
            "COMPASS",
            "",
            "TOKEN_TTL",
            "author",
            "GPIO_PIN",
            "PIN_MEMORY",
            "SPINNER",
        ] {
            assert!(!names_secret(name), "{name}");
        }
    }
}
