//! Whether the value of a variable is a secret.

use data_encoding::{BASE64, BASE64_NOPAD};

use super::names::{names_password, names_pin};
use super::placeholder::{asks_for_value, fallback, is_command, is_placeholder, unquoted};
use super::private_key::{self, Least};
use super::{names_secret, url, vendor_secret};

/// Whether a private key with something in it begins in this text. A template
/// has `…` or the like below the header.
pub(crate) fn holds_private_key(text: &str) -> bool {
    !private_key::find(text, Least::Something).is_empty()
}

/// Whether a variable of this name with this value holds a secret: its name
/// says so (`SECRET`, `KEY`, `PASSWORD`, `TOKEN`, `DSN`, …) or its value does (a
/// URL with a password, a vendor's token format), and it is not a placeholder.
pub(crate) fn holds_secret(name: &str, value: &str) -> bool {
    if is_command(value) {
        return false;
    }
    let value = effective(value);
    if is_placeholder(value) || (is_plain(value) && !is_pin(name, value)) {
        return false;
    }
    match vendor_secret(value) {
        Some("private key") => return holds_private_key(value),
        Some(_) => return true,
        None => {}
    }
    if let Some(user_info) = url::user_info(value) {
        return match url::parts(user_info) {
            (_, Some(password)) => !is_placeholder(password),
            // a token alone, as in `https://TOKEN@host`
            (token, None) => token.len() >= 16 && !is_placeholder(token) && !is_public_dsn(value),
        };
    }
    if let Some(password) = credentials(name, value) {
        return password.len() >= 6 && !is_placeholder(password) && !is_address_or_path(value);
    }
    if let Some(sent) = sent_in_header(value) {
        return sent;
    }
    if is_address_or_path(value) {
        return url::query(value).any(|(name, value)| {
            let long = value.len() >= 8 && value.contains(|c: char| c.is_ascii_digit());
            names_secret(name)
                && (long || names_password(name))
                && !is_plain(value)
                && !is_placeholder(value)
        });
    }
    names_secret(name)
}

/// What a reader of the value gets when nothing else is set: of
/// `${DB_PASSWORD:-tulip}` the part behind the sign.
pub(crate) fn effective(value: &str) -> &str {
    let value = unquoted(value.trim());
    match fallback(value) {
        Some(rest) if rest.len() < value.len() => effective(rest),
        _ => value,
    }
}

/// The password within a URL, if it is a real one.
pub(crate) fn url_password(value: &str) -> Option<&str> {
    let password = url::password(unquoted(value.trim()))?;
    (!is_placeholder(password) && !is_plain(password)).then_some(password)
}

/// Whether a number is one that lets somebody in: `ADMIN_PIN=4711`.
pub(crate) fn is_pin(name: &str, value: &str) -> bool {
    let value = value.trim();
    (4..=12).contains(&value.len())
        && value.bytes().all(|b| b.is_ascii_digit())
        && value.bytes().any(|b| Some(b) != value.bytes().next())
        && names_pin(name)
}

/// Whether a value is what stands where a password should, but opens the door all
/// the same: `DB_PASSWORD=password`, `1234`. What asks for another value
/// (`changeme`, `your-password`) is none. In production's own files a key is
/// such a value, too: `SECRET_KEY=secret`.
pub(crate) fn is_weak_password(name: &str, value: &str, production: bool) -> bool {
    let value = effective(value);
    let digits = value.len() >= 4 && value.bytes().all(|b| b.is_ascii_digit());
    let words = value.len() <= 40
        && value.starts_with(|c: char| c.is_alphanumeric())
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.!".contains(&b))
        && is_placeholder(value)
        && !asks_for_value(value);
    if names_password(name) { digits || words } else { production && names_secret(name) && words }
}

/// Switches and small numbers, which are not secrets whatever their name.
pub(crate) fn is_plain(value: &str) -> bool {
    const SWITCHES: &[&str] =
        &["true", "false", "yes", "no", "on", "off", "enabled", "disabled", "lax", "strict"];
    SWITCHES.iter().any(|switch| value.eq_ignore_ascii_case(switch))
        || (value.len() <= 5 && value.bytes().all(|b| b.is_ascii_digit()))
}

/// `https://KEY@o1.ingest.sentry.io/2`: a key that may only send errors, and that
/// Sentry's clients show to everybody.
fn is_public_dsn(value: &str) -> bool {
    let project = value.rsplit('/').next().unwrap_or_default();
    let project = project.split('?').next().unwrap_or_default();
    !project.is_empty()
        && project.bytes().all(|b| b.is_ascii_digit())
        && url::host(value).split(['.', '-']).any(|label| label.eq_ignore_ascii_case("sentry"))
}

/// The password of `BASIC_AUTH=user:password`.
fn credentials<'a>(name: &str, value: &'a str) -> Option<&'a str> {
    let (_, password) = value.split_once(':')?;
    name.to_ascii_lowercase().ends_with("auth").then_some(password)
}

/// Whether what an HTTP client sends to say who it is is a secret: `Basic …`,
/// `Bearer …`. None when the value is nothing of the kind.
fn sent_in_header(value: &str) -> Option<bool> {
    let (scheme, sent) = value.split_once(' ')?;
    let sent = sent.trim();
    if sent.contains(char::is_whitespace) {
        return None;
    }
    let mixed = sent.contains(|c: char| c.is_ascii_digit()) && sent.len() >= 16;
    match scheme.to_ascii_lowercase().trim_end_matches(':') {
        "basic" => {
            let password = basic_password(value)?;
            Some(!password.is_empty() && !asks_for_value(&password))
        }
        "bearer" | "token" | "apikey" | "bot" | "key" => {
            (!is_placeholder(sent)).then_some(mixed).filter(|mixed| *mixed)
        }
        _ => None,
    }
}

/// The password of `Basic …`, which is Base64 of user and password.
pub(crate) fn basic_password(value: &str) -> Option<String> {
    let (scheme, sent) = value.trim().split_once(' ')?;
    let sent = sent.trim().as_bytes();
    let bytes = BASE64.decode(sent).or_else(|_| BASE64_NOPAD.decode(sent)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (_, password) = text.split_once(':')?;
    scheme.eq_ignore_ascii_case("basic").then(|| password.to_owned())
}

fn is_address_or_path(value: &str) -> bool {
    url::is_url(value)
        || value.starts_with("./")
        || value.starts_with("../")
        || is_absolute_path(value)
}

/// `/run/secrets/key`, but not base64 that happens to begin with `/`.
fn is_absolute_path(value: &str) -> bool {
    value.strip_prefix('/').is_some_and(|rest| {
        !rest.is_empty()
            && rest.len() <= 200
            && rest.split('/').all(|part| {
                part.chars().all(|c| c.is_ascii_alphanumeric() || "._- ".contains(c))
                    && part.len() <= 24
            })
            && rest.chars().filter(|c| c.is_ascii_uppercase() || c.is_ascii_digit()).count() * 4
                < rest.len()
    })
}
