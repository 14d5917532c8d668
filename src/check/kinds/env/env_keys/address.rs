//! Whether a value is a URL, a mail address, a port or a host.
//!
//! The readers of such variables take more than a strict parser does: a password
//! may stand unescaped, SQLite needs no host, a variable is put in later. And less:
//! a value that names no host is a mistake, although RFC 3986 allows it.

use std::net::{Ipv4Addr, Ipv6Addr};

/// RFC 3986's `scheme://…`, as leniently as the libraries that take it.
pub(super) fn is_url(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else {
        return false;
    };
    let good_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
    if !good_scheme || value.chars().any(|c| !is_seen(c)) || !closes(value) {
        return false;
    }
    let lower = scheme.to_ascii_lowercase();
    if lower.split('+').any(|part| matches!(part, "sqlite" | "duckdb" | "memory")) {
        return true;
    }
    // an unescaped password may hold what ends a host
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let at = authority.rfind('@').or_else(|| {
        rest.rfind('@').filter(|at| rest.get(..*at).is_some_and(|before| before.contains(':')))
    });
    let behind = at.and_then(|at| rest.get(at + 1..)).unwrap_or(rest);
    let end = behind.find(['/', '?', '#']).unwrap_or(behind.len());
    let (hosts, path) = behind.split_at(end);
    // a variable that the reader will expand
    if hosts.contains("${") {
        return true;
    }
    if matches!(lower.as_str(), "http" | "https" | "ws" | "wss" | "ftp" | "smtp" | "smtps") {
        return is_host_and_port(hosts);
    }
    if hosts.is_empty() {
        // a socket, a file, or all of it in the query
        return path.trim_start_matches('/').len() > 1 || path.contains('=');
    }
    // Go's `tcp(host:port)`, a socket's path
    hosts.contains(['(', '%']) || hosts.split(',').all(is_host_and_port)
}

/// Whether each `${` is closed.
fn closes(value: &str) -> bool {
    value.split("${").skip(1).all(|rest| rest.contains('}'))
}

/// Neither white space nor a control character nor one of no width.
fn is_seen(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && crate::secret::value::visible(c.encode_utf8(&mut [0; 4])) > 0
        || is_mark(c)
}

/// A mark that combines with the letter before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn is_host_and_port(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, port)| {
            address.parse::<Ipv6Addr>().is_ok()
                && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
        });
    }
    match text.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(text),
    }
}

/// RFC 5322's dot-atom before the sign, with letters of all languages, and the
/// name of a host behind it.
pub(super) fn is_email(value: &str) -> bool {
    value.rsplit_once('@').is_some_and(|(local, domain)| {
        let atom = |part: &str| {
            !part.is_empty()
                && part.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
        };
        let address = domain.parse::<Ipv6Addr>().is_ok()
            || domain.chars().all(|c| c.is_ascii_digit() || c == '.');
        (1..=64).contains(&local.len()) && local.split('.').all(atom) && is_host(domain) && !address
    })
}

pub(super) fn is_port(value: &str) -> bool {
    value.bytes().all(|b| b.is_ascii_digit()) && value.parse::<u16>().is_ok_and(|port| port > 0)
}

/// A name of RFC 1123 (with `_`, which container networks have) or an address.
pub(super) fn is_host(value: &str) -> bool {
    let name = value.strip_suffix('.').unwrap_or(value);
    if value.parse::<Ipv6Addr>().is_ok() {
        return true;
    }
    if name.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return value.parse::<Ipv4Addr>().is_ok();
    }
    name.len() <= 253
        && name.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        })
}
