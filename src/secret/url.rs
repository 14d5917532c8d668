//! The parts of an address that may hold a secret.

/// Whether it can stand before `://`, as `https` and `jdbc:mysql`.
pub(super) fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+.-:".contains(c))
}

/// Whether a value is an address.
pub(super) fn is_url(value: &str) -> bool {
    value.split_once("://").is_some_and(|(scheme, _)| is_scheme(scheme))
}

/// `user:password` of `scheme://user:password@host/…`.
pub(super) fn user_info(value: &str) -> Option<&str> {
    let (scheme, rest) = value.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    // a password that is not percent-encoded may hold any of these
    let upto = authority.rfind('@').or_else(|| rest.rfind('@'))?;
    is_scheme(scheme).then(|| rest.get(..upto)).flatten().filter(|info| !info.is_empty())
}

/// User and password of a user info; the colon of `${USER:-shop}` is none between them.
pub(super) fn parts(info: &str) -> (&str, Option<&str>) {
    let mut depth = 0_usize;
    for (at, c) in info.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                let (user, rest) = info.split_at(at);
                return (user, rest.get(1..));
            }
            _ => {}
        }
    }
    (info, None)
}

/// An address as it is the same for whoever asks: scheme and host in small letters,
/// without the port that its scheme has anyway and a slash at the end.
pub(crate) fn canonical(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://").filter(|_| is_url(value)) else {
        return value.to_owned();
    };
    let scheme = scheme.to_ascii_lowercase();
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (info, host) = authority.rsplit_once('@').map_or(("", authority), |(info, host)| {
        (authority.get(..=info.len()).unwrap_or_default(), host)
    });
    let host = host.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        "postgres" | "postgresql" => ":5432",
        "mysql" => ":3306",
        "redis" => ":6379",
        "amqp" => ":5672",
        "mongodb" => ":27017",
        _ => "",
    };
    let host = host.strip_suffix(usual).unwrap_or(&host);
    format!("{scheme}://{info}{host}{}", path.trim_end_matches('/'))
}

/// The password of an address.
pub(crate) fn password(value: &str) -> Option<&str> {
    parts(user_info(value)?).1
}

/// The host of an address, without its port.
pub(super) fn host(value: &str) -> &str {
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    host.split(':').next().unwrap_or(host)
}

/// Names and values of what stands behind the `?`.
pub(super) fn query(value: &str) -> impl Iterator<Item = (&str, &str)> {
    let behind = is_url(value).then(|| value.split_once('?')).flatten();
    let query = behind.map_or("", |(_, query)| query.split('#').next().unwrap_or_default());
    query.split(['&', ';']).filter_map(|pair| pair.split_once('='))
}
