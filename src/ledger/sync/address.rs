//! Where a remote's records lie: what its name stands for now.

use std::collections::BTreeSet;

use git2::{Config, ErrorCode, Repository};

use super::super::error::LedgerError;
use crate::model::Digest;

/// Rules of `url.<base>.insteadOf`: what an address begins with, and what stands in
/// for that.
type Rules = Vec<(String, String)>;

/// A digest of the addresses that git would fetch from and push to, passwords and
/// tokens left out: it changes with `git remote set-url`, a `pushurl`, and
/// `insteadOf`.
///
/// # Errors
/// When git cannot read its configuration.
pub(super) fn of(git: &Repository, remote: &str) -> Result<Digest, LedgerError> {
    let addresses = addresses(git, remote)
        .map_err(|error| LedgerError::git("read the address of a remote", &error))?;
    Ok(Digest::of(addresses.iter().map(String::as_str)))
}

fn addresses(git: &Repository, remote: &str) -> Result<BTreeSet<String>, git2::Error> {
    let config = git.config()?.snapshot()?;
    let urls = all(&config, &format!("remote.{remote}.url"))?;
    let push_urls = all(&config, &format!("remote.{remote}.pushurl"))?;
    let (instead, push_instead) =
        (rules(&config, ".insteadof")?, rules(&config, ".pushinsteadof")?);
    let to_push: Vec<String> = match push_urls.is_empty() {
        true => {
            let pushed = |url: &String| {
                rewritten(url, &push_instead).unwrap_or_else(|| fetched(url, &instead))
            };
            urls.iter().map(pushed).collect()
        }
        false => push_urls.iter().map(|url| fetched(url, &instead)).collect(),
    };
    let from = urls.iter().map(|url| fetched(url, &instead));
    let from = from.map(|url| format!("fetch {}", without_credentials(&url)));
    let to = to_push.iter().map(|url| format!("push {}", without_credentials(url)));
    Ok(from.chain(to).collect())
}

fn fetched(url: &str, instead: &Rules) -> String {
    rewritten(url, instead).unwrap_or_else(|| url.to_owned())
}

/// The longest beginning that a rule is about counts.
fn rewritten(url: &str, rules: &Rules) -> Option<String> {
    let about = rules.iter().filter_map(|(begin, base)| Some((url.strip_prefix(&**begin)?, base)));
    about.min_by_key(|(rest, _)| rest.len()).map(|(rest, base)| format!("{base}{rest}"))
}

/// All values of a setting, in order.
fn all(config: &Config, key: &str) -> Result<Vec<String>, git2::Error> {
    let mut values = Vec::new();
    match config.multivar(key, None) {
        Ok(entries) => entries.for_each(|entry| {
            values.extend(entry.value().ok().map(str::to_owned));
        })?,
        Err(error) if error.code() == ErrorCode::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(values)
}

fn rules(config: &Config, ending: &str) -> Result<Rules, git2::Error> {
    let mut rules = Vec::new();
    config.entries(Some(r"^url\..*"))?.for_each(|entry| {
        let base = entry.name().ok().and_then(|name| name.strip_prefix("url."));
        let base = base.and_then(|name| name.strip_suffix(ending));
        if let (Some(base), Ok(begin)) = (base, entry.value()) {
            rules.push((begin.to_owned(), base.to_owned()));
        }
    })?;
    Ok(rules)
}

/// An address without the user and the password before its host.
fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::support::Sandbox;

    fn told(sandbox: &Sandbox, remote: &str) -> Vec<String> {
        let git = sandbox.repo().git().expect("opened");
        addresses(&git, remote).expect("read").into_iter().collect()
    }

    #[test]
    fn an_address_is_what_git_would_ask() {
        let sandbox = Sandbox::new();
        assert_eq!(told(&sandbox, "origin"), [""; 0]);
        sandbox.git(&["remote", "add", "origin", "https://ann:token@git.example.com/x.git"]);
        let plain = ["fetch https://git.example.com/x.git", "push https://git.example.com/x.git"];
        assert_eq!(told(&sandbox, "origin"), plain);
        for (key, value, expected) in [
            (
                "url.https://Else.example.com/.insteadOf",
                "https://ann:token@git.example.com/",
                ["fetch https://Else.example.com/x.git", "push https://Else.example.com/x.git"],
            ),
            (
                "url.ssh://git@push.example.com/.pushInsteadOf",
                "https://ann:token@git.example.com/",
                ["fetch https://git.example.com/x.git", "push ssh://push.example.com/x.git"],
            ),
            (
                "remote.origin.pushurl",
                "git@push.example.com:x.git",
                ["fetch https://git.example.com/x.git", "push git@push.example.com:x.git"],
            ),
        ] {
            sandbox.git(&["config", key, value]);
            assert_eq!(told(&sandbox, "origin"), expected, "{key}");
            sandbox.git(&["config", "--unset", key]);
        }
        // of several rules the longest counts
        sandbox.git(&["config", "url.file:///a/.insteadOf", "https://"]);
        sandbox.git(&["config", "url.file:///b/.insteadOf", "https://ann:token@git.example.com/"]);
        assert_eq!(told(&sandbox, "origin"), ["fetch file:///b/x.git", "push file:///b/x.git"]);
        sandbox.git(&["config", "--add", "remote.origin.url", "https://second.example.com/"]);
        assert_eq!(told(&sandbox, "origin").len(), 4);
    }
}
