//! Two versions of a checklist, and what is said of them.

use super::loosened;
use crate::checklist::Checklist;
use crate::checklist::load::lint_as;

/// The old version; each case changes one text of it to another.
const OLD: &str = "checklist: x
team: { lead: [ann@example.com, bob@example.com], ops: [cid@example.com] }
gate: { blocks_from: medium, waivers: { by: lead, longest: 30d }, overrule: lead, ledger: { max_age: 7d } }
environment: { file: prod.env }
sections:
  - title: T
    items:
      - id: auto
        title: A
        severity: high
        why: W.
        check: [{ git_clean: {} }, { file_mode: { globs: [a, b], max: '0600' } }]
        waive: never
      - id: undecided
        title: U
        severity: high
        why: W.
        check: { git_clean: {} }
        when_undecided: { by: lead, count: 2, valid: 30d }
        waive: { by: ops, longest: 9d }
      - id: hand
        title: M
        severity: high
        why: W.
        sign_off: { by: lead, count: 2, valid: 30d, covers: [a/*, b/*] }
      - { id: off, title: O, severity: high, why: W., sign_off: anyone, disabled: Not here. }
";

fn list(text: &str) -> Checklist {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("list.yaml");
    std::fs::write(&path, text).expect("written");
    match lint_as(&path, "list.yaml") {
        Ok(loaded) => loaded.checklist,
        Err(error) => panic!("{}\n{text}", error.render(false)),
    }
}

#[test]
fn each_change() {
    let tail = &OLD[OLD.find("      - id: hand").expect("there")..];
    let cases: &[(&str, &str, &[&str])] = &[
        // nothing is asked less
        ("W.", "Because.", &[]),
        ("title: A", "title: B", &[]),
        ("severity: high", "severity: critical", &[]),
        ("blocks_from: medium", "blocks_from: low", &[]),
        ("waivers: { by: lead, longest: 30d }", "waivers: { by: lead, longest: 9d }", &[]),
        ("max_age: 7d", "max_age: 6d", &[]),
        ("check: { git_clean: {} }", "check: [{ git_pushed: {} }, { git_clean: {} }]", &[]),
        (
            "[{ git_clean: {} }, { file_mode: { globs: [a, b], max: '0600' } }]",
            "[{ file_mode: { max: '0600', globs: [a, b] } }, { git_clean: {} }]",
            &[],
        ),
        ("ann@example.com, bob@example.com", "Ann@Example.com, bob@example.com", &[]),
        ("covers: [a/*, b/*]", "covers: [b/*, a/*, c/*]", &[]),
        (
            "sign_off: { by: lead, count: 2, valid: 30d",
            "sign_off: { by: lead, count: 2, valid: 29d",
            &[],
        ),
        ("by: ops, longest: 9d", "by: ops, longest: 8d", &[]),
        (", disabled: Not here.", "", &[]),
        (
            "      - { id: off, title: O, severity: high, why: W., sign_off: anyone, disabled: Not here. }\n",
            "",
            &[],
        ),
        ("        when_undecided: { by: lead, count: 2, valid: 30d }\n", "", &[]),
        // the gate
        (
            "blocks_from: medium",
            "blocks_from: high",
            &["items block from severity high, and not from medium"],
        ),
        (
            "waivers: { by: lead, ",
            "waivers: { ",
            &["waivers: the role `lead` is no longer asked for"],
        ),
        (
            "waivers: { by: lead, ",
            "waivers: { by: ops, ",
            &["waivers: the role `ops` is asked for, and not `lead`"],
        ),
        (", longest: 30d }", ", longest: 31d }", &["waivers may last 31d, and not 30d"]),
        (", longest: 30d }", " }", &["waivers may last 90d, and not 30d"]),
        (
            " overrule: lead,",
            "",
            &["overruling objections: the role `lead` is no longer asked for"],
        ),
        ("gate: {", "gate: { uncommitted: warn,", &["uncommitted changes only warn"]),
        ("{ max_age: 7d }", "local", &["the ledger is no longer shared"]),
        ("{ max_age: 7d }", "{}", &["the last sync of the ledger may be older than 7d"]),
        ("max_age: 7d", "max_age: 8d", &["the last sync of the ledger may be 8d old, and not 7d"]),
        // people and places
        (
            "[cid@example.com]",
            "[cid@example.com, eve@example.com]",
            &["eve@example.com was added to the role `ops`"],
        ),
        (
            "ops: [",
            "qa: [eve@example.com], ops: [",
            &["eve@example.com was added to the role `qa`"],
        ),
        (
            "environment: { file: prod.env }",
            "environment: elsewhere",
            &["production's variables are now seen elsewhere, and not in `prod.env`"],
        ),
        // items
        (tail, "", &["`hand` was removed"]),
        (
            "        title: M",
            "        disabled: Too much work.\n        title: M",
            &["`hand` was disabled: Too much work."],
        ),
        (
            "title: A\n        severity: high",
            "title: A\n        severity: low",
            &["`auto`: its severity is low, and not high"],
        ),
        ("[{ git_clean: {} }, ", "[", &["`auto`: its check `git_clean` was removed"]),
        ("globs: [a, b]", "globs: [a]", &["`auto`: its check `file_mode` has other parameters"]),
        (
            "        waive: never\n",
            "        waive: never\n        sign_off: anyone\n",
            &["`auto`: its findings can now be signed off"],
        ),
        (
            "        waive: never\n",
            "        waive: never\n        when_undecided: anyone\n",
            &["`auto`: a person may now sign when it is undecided"],
        ),
        ("        waive: never\n", "", &["`auto`: it can now be waived"]),
        (
            "waive: { by: ops, longest: 9d }",
            "waive: { by: lead, longest: 9d }",
            &["`undecided`: the role `lead` may waive it, and not the role `ops`"],
        ),
        (
            "waive: { by: ops, longest: 9d }",
            "waive: { by: ops }",
            &["`undecided`: a waiver of it may last 30d, and not 9d"],
        ),
        (
            "when_undecided: { by: lead, count: 2, valid: 30d }",
            "when_undecided: { count: 1, valid: 31d }",
            &[
                "`undecided`: when it is undecided, sign-offs: the role `lead` is no longer asked for",
                "`undecided`: when it is undecided, 1 person must sign, and not 2",
                "`undecided`: when it is undecided, a sign-off holds for 31d, and not 30d",
            ],
        ),
        (
            "sign_off: { by: lead, count: 2, valid: 30d, covers: [a/*, b/*] }",
            "sign_off: { by: ops, covers: [a/b, b/*] }",
            &[
                "`hand`: sign-offs: the role `ops` is asked for, and not `lead`",
                "`hand`: 1 person must sign, and not 2",
                "`hand`: a sign-off no longer ends after 30d",
                "`hand`: a sign-off no longer covers `a/*`",
            ],
        ),
        (
            "sign_off: { by: lead, count: 2, valid: 30d, covers: [a/*, b/*] }",
            "check: { git_clean: {} }",
            &["`hand`: it no longer asks for a sign-off"],
        ),
    ];
    let old = list(OLD);
    assert!(loosened(&old, &old).is_empty());
    for (from, to, expected) in cases {
        assert!(OLD.contains(from), "{from}");
        let said = loosened(&old, &list(&OLD.replacen(from, to, 1)));
        let said: Vec<&str> = said.iter().map(|sentence| sentence.as_str()).collect();
        assert_eq!(&said, expected, "{from} → {to}");
    }
}

#[test]
fn without_a_team() {
    let with = "checklist: x\nteam: { ops: [a@example.com] }\nsections: [{ title: T, items: [{ id: a, title: A, severity: low, why: W., sign_off: { valid: 9d } }] }]\n";
    let without = with.replace("team: { ops: [a@example.com] }\n", "");
    let said = loosened(&list(with), &list(&without));
    assert_eq!(said, ["the team was removed".into()]);
    assert!(loosened(&list(&without), &list(with)).len() == 1, "people were added");
}
