//! Tracked symbolic links: what they lead to counts under their name.

use std::collections::BTreeSet;

use super::{Found, LARGEST, Rule};
use crate::facts::Facts;
use crate::model::{CheckError, Finding, Need, Place, RepoPath, RuleId, Subject};
use crate::repo::Tracked;

pub(super) const LINKED: RuleId = RuleId::new("git_untracked.link_holds_secret");
const UNKNOWN: RuleId = RuleId::new("git_untracked.link_unknown");

/// So many links are followed from one to the next.
const MOST_LINKS: usize = 10;

/// A link, and where it leads.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    link: RepoPath,
    target: RepoPath,
}

/// What stands behind links.
#[derive(Default)]
pub(super) struct Behind {
    pub(super) findings: Vec<Finding>,
    pub(super) needs: Vec<Need>,
}

/// Where a link that counts by its content leads, within the repository.
pub(super) fn target(rule: Rule<'_>, file: &Tracked<'_>) -> Option<Link> {
    if !file.is_link || !rule.is_judged_by_content(&file.path) {
        return None;
    }
    let target = leads_to(&file.path, file)?;
    Some(Link { link: file.path.clone(), target })
}

fn leads_to(path: &RepoPath, file: &Tracked<'_>) -> Option<RepoPath> {
    let content = file.content(4096).ok()??;
    let written = std::str::from_utf8(&content).ok()?;
    let folder = path.as_path().parent()?;
    RepoPath::new(folder.join(written)).ok()
}

/// Looks at what links lead to. What the rule names anyway is looked at there, and
/// what git does not track is nothing that it shares.
pub(super) fn behind(
    cx: &Facts<'_>,
    rule: Rule<'_>,
    links: Vec<Link>,
) -> Result<Behind, CheckError> {
    let mut behind = Behind::default();
    let mut left: BTreeSet<Link> = links.into_iter().collect();
    for _ in 0..MOST_LINKS {
        left.retain(|link| !rule.wants(&link.target));
        if left.is_empty() {
            break;
        }
        let mut next = BTreeSet::new();
        let wanted = |path: &RepoPath| left.iter().any(|link| link.target == *path);
        cx.tree.each_tracked(&wanted, |file| {
            cx.cancel.check()?;
            for Link { link, .. } in left.iter().filter(|link| link.target == file.path) {
                if file.is_link {
                    let target = leads_to(&file.path, file);
                    next.extend(target.map(|target| Link { link: link.clone(), target }));
                    continue;
                }
                let target = &file.path;
                let found = match file.content(LARGEST) {
                    Ok(Some(content)) => match rule.found(link, &content) {
                        Found::Packed => Found::Unclear(1, 1),
                        found => found,
                    },
                    Ok(None) | Err(_) => Found::Unclear(1, 1),
                };
                let subject = Subject::of(link).and(target);
                match found {
                    Found::Nothing | Found::Packed => {}
                    Found::Secret(line, column) => behind.findings.push(
                        Finding::new(LINKED, subject, format!(
                            "`{link}` is a tracked link to `{target}`, which is tracked and holds a secret value"
                        ))
                        .at(Place::at(target.clone(), line, column))
                        .help(format!(
                            "run `git rm --cached` for both, add both to `.gitignore` and commit; they stay on your disk. Replace every secret that `{target}` held: they stay in the history"
                        )),
                    ),
                    Found::Unclear(line, column) => behind.needs.push(
                        Need::new(UNKNOWN, subject, format!(
                            "`{link}` is a tracked link to `{target}`, which is tracked and could not be read or understood"
                        ))
                        .at(Place::at(target.clone(), line, column))
                        .help("look into the file, and take it out of git if it holds a secret"),
                    ),
                }
            }
            Ok::<(), CheckError>(())
        })?;
        left = next;
    }
    Ok(behind)
}
