//! Gate, waivers, undecided checks and the environment, put together from files.

use super::tests::{item, own, warnings};
use crate::checklist::{Gate, LedgerRule, MayWaive, Uncommitted, Waive, WaiverLimits, WaiverRule};
use crate::model::{Environment, Period, Severity};
use crate::repo::support::Sandbox;

const RULES: &str = "checklist: Base
team: { lead: [bob@example.com], ops: [old@example.com] }
gate:
  blocks_from: high
  waivers: { by: lead, longest: 60d }
  overrule: lead
  uncommitted: warn
  ledger: { max_age: 7d }
sections:
  - title: Keys
    items:
      - id: auto
        title: Automatic
        failing: It is not so ${place}.
        severity: high
        why: W.
        check: { git_clean: {} }
        when_undecided: { by: ops, valid: 90d }
        waive: { by: ops, longest: 10d }
      - { id: hand, title: Manual, severity: critical, why: W., sign_off: { by: ops, valid: 9d }, waive: never }
";

fn over(text: &str) -> crate::checklist::Loaded {
    let sandbox = Sandbox::new();
    sandbox
        .write("rules.yaml", RULES)
        .write(".gonogo.yaml", &format!("include: [rules.yaml]\n{text}"));
    super::load(&sandbox.repo(), &super::Choice::Find, &sandbox.path())
        .unwrap_or_else(|error| panic!("{}", error.render(false)))
}

#[test]
fn all_is_read() {
    let loaded = over("vars: { place: here }\nsections: []\n");
    let lead = Some("lead".parse().expect("a role"));
    let list = &loaded.checklist;
    assert_eq!(
        list.gate,
        Gate {
            blocks_from: Severity::High,
            waivers: WaiverRule { by: lead.clone(), longest: Some(Period::days(60)) },
            overrule: lead,
            uncommitted: Uncommitted::Warn,
            ledger: LedgerRule::Shared { max_age: Some(Period::days(7)) },
        }
    );
    let auto = item(&loaded, "auto");
    assert_eq!(auto.failing.as_ref().expect("failing").as_str(), "It is not so here.");
    let undecided = auto.when_undecided.as_ref().expect("a policy");
    assert_eq!(undecided.by.as_ref().expect("a role").as_str(), "ops");
    assert_eq!(undecided.valid, Some(Period::days(90)));
    assert!(matches!(&auto.waive, Waive::Rule(rule) if rule.longest == Some(Period::days(10))));
    assert_eq!(item(&loaded, "hand").waive, Waive::Never);
    assert_eq!(list.environment, Environment::default());
    assert!(!list.env_file_set_by_team);
    assert_eq!(warnings(&loaded), "");
}

#[test]
fn overrides_change_field_by_field() {
    let loaded = over(
        "gate: { waivers: { longest: 5d }, ledger: local, uncommitted: block }
sections:
  - title: Keys
    items:
      - { id: auto, failing: No., waive: { longest: 20d }, when_undecided: { valid: 30d } }
      - { id: hand, waive: { longest: 3d } }
",
    );
    let gate = &loaded.checklist.gate;
    assert_eq!(gate.blocks_from, Severity::High);
    assert_eq!(gate.waivers.by.as_ref().expect("a role").as_str(), "lead");
    assert_eq!(gate.waivers.longest, Some(Period::days(5)));
    assert_eq!((gate.ledger, gate.uncommitted), (LedgerRule::Local, Uncommitted::Block));
    let auto = item(&loaded, "auto");
    assert_eq!(auto.failing.as_ref().expect("failing").as_str(), "No.");
    let ops = Some("ops".parse().expect("a role"));
    let own = WaiverRule { by: ops.clone(), longest: Some(Period::days(20)) };
    assert_eq!(auto.waive, Waive::Rule(own));
    let undecided = auto.when_undecided.as_ref().expect("a policy");
    assert_eq!((&undecided.by, undecided.valid), (&ops, Some(Period::days(30))));
    let short = WaiverRule { by: None, longest: Some(Period::days(3)) };
    assert_eq!(item(&loaded, "hand").waive, Waive::Rule(short));
}

#[test]
fn a_sign_off_takes_the_place_of_when_undecided() {
    let loaded = over(
        "sections:
  - title: Keys
    items: [{ id: auto, sign_off: { valid: 8d } }]
",
    );
    let auto = item(&loaded, "auto");
    assert!(auto.when_undecided.is_none() && auto.sign_off.is_some());
}

#[test]
fn the_policy_for_undecided_checks_is_asserted() {
    let digest = |fields: &str| {
        let text = format!("sections: [{{ title: Keys, items: [{{ id: auto, {fields} }}] }}]\n");
        item(&over(&text), "auto").digest.clone()
    };
    let same = digest("failing: No.");
    assert_eq!(digest("why: Because."), same);
    for other in ["{ by: lead }", "{ valid: 8d }", "{ count: 1, covers: [a] }", "anyone"] {
        assert_ne!(digest(&format!("when_undecided: {other}")), same, "{other}");
    }
}

#[test]
fn where_the_environment_is_seen() {
    let file = |path: &str| Environment::File(crate::model::RepoPath::new(path).expect("a path"));
    let builtin = "include: [builtin:flask-production]\n";
    let cases = [
        ("checklist: x\n", "", file(".env"), false),
        (builtin, "", file(".env"), false),
        (builtin, "vars: { env_file: a/prod.env }\n", file("a/prod.env"), true),
        (builtin, "environment: { file: b.env }\n", file("b.env"), true),
        (builtin, "environment: { file: \"${env_file}.b\" }\n", file(".env.b"), true),
        (builtin, "environment: { file: b.env }\nvars: { env_file: a.env }\n", file("b.env"), true),
        (builtin, "environment: process\n", Environment::Process, false),
        (
            builtin,
            "environment: elsewhere\nvars: { env_file: a.env }\n",
            Environment::Elsewhere,
            true,
        ),
    ];
    for (first, rest, expected, by_team) in cases {
        let loaded = own(&format!("{first}{rest}"));
        assert_eq!(loaded.checklist.environment, expected, "{rest}");
        assert_eq!(loaded.checklist.env_file_set_by_team, by_team, "{rest}");
    }
    let loaded = own(&format!("{builtin}environment: {{ file: b.env }}\n"));
    let ignored = &item(&loaded, "env-ignored").checks[0].parameters;
    assert_eq!(ignored["paths"][0], "b.env", "`${{env_file}}` is the chosen file");
}

#[test]
fn the_env_file_is_called_by_its_plain_path() {
    for (written, path, pattern) in [
        ("./conf/production.vars", "conf/production.vars", "conf/production.vars"),
        ("conf//x", "conf/x", "conf/x"),
        ("conf/./x", "conf/x", "conf/x"),
        ("conf/y/../x", "conf/x", "conf/x"),
        ("conf/x/", "conf/x", "conf/x"),
        ("conf/[p].vars", "conf/[p].vars", "conf/\\[p\\].vars"),
        ("{a}.env", "{a}.env", "\\{a\\}.env"),
        ("a[1].env", "a[1].env", "a\\[1\\].env"),
    ] {
        for says in ["environment: { file: '{}' }", "vars: { env_file: '{}' }"] {
            let says = says.replace("{}", written);
            let loaded = own(&format!("include: [builtin:flask-production]\n{says}\n"));
            let named = crate::model::RepoPath::new(path).expect("a path");
            assert_eq!(loaded.checklist.environment, Environment::File(named), "{says}");
            let asked = |id: &str| &item(&loaded, id).checks[0].parameters;
            assert_eq!(asked("env-ignored")["paths"][0], path, "{says}");
            assert_eq!(asked("env-untracked")["globs"][0], pattern, "{says}");
        }
    }
}

#[test]
fn a_teams_list_goes_before_a_built_in_one_beside_it() {
    const PART: &str = "vars: { env_file: a.env }\ngate: { blocks_from: low }
sections: [{ title: T, items: [{ id: env-ignored, severity: low }] }]\n";
    for includes in ["[part.yaml, builtin:general]", "[builtin:general, part.yaml]"] {
        let sandbox = Sandbox::new();
        sandbox
            .write("part.yaml", PART)
            .write(".gonogo.yaml", &format!("checklist: x\ninclude: {includes}\n"));
        let loaded = super::load(&sandbox.repo(), &super::Choice::Find, &sandbox.path())
            .unwrap_or_else(|error| panic!("{includes}: {}", error.render(false)));
        let named = crate::model::RepoPath::new("a.env").expect("a path");
        assert_eq!(loaded.checklist.environment, Environment::File(named), "{includes}");
        assert_eq!(loaded.checklist.gate.blocks_from, Severity::Low, "{includes}");
        let item = item(&loaded, "env-ignored");
        assert_eq!(item.severity, Severity::Low, "{includes}");
        assert_eq!(item.checks[0].parameters["paths"][0], "a.env", "{includes}");
    }
}

#[test]
fn variables_are_filled_in_as_they_are_spelled() {
    let text = "checklist: x\nvars: { a: True, b: 0x10, c: 1e3, d: +1, e: 1.0, f: 'x y', g: 0o17 }
sections: [{ title: T, items: [{ id: a, title: '${a} ${b} ${c} ${d} ${e} ${f} ${g}', severity: low, why: W., sign_off: { valid: 9d } }] }]\n";
    let loaded = own(text);
    assert_eq!(item(&loaded, "a").title.as_str(), "True 0x10 1e3 +1 1.0 x y 0o17");
}

#[test]
fn who_may_waive_and_for_how_long() {
    let limits = |team: &str, gate: &str, item_says: &str| {
        let loaded = own(&format!(
            "checklist: x\n{team}gate: {{ {gate} }}\nsections:\n  - title: x\n    items:\n      - {{ id: a, title: A, why: W., {item_says} }}\n"
        ));
        loaded.checklist.waiver_limits(item(&loaded, "a"))
    };
    let some = |who: &str, days| {
        let who = match who {
            "anyone" => MayWaive::Anyone,
            "team" => MayWaive::Team,
            role => MayWaive::Role(role.parse().expect("a role")),
        };
        Some(WaiverLimits { who, longest: Period::days(days) })
    };
    const NONE: &str = "";
    const TEAM: &str = "team: { lead: [a@example.com], ops: [b@example.com] }\n";
    const HIGH: &str = "severity: high, sign_off: { valid: 9d }";
    const CRITICAL: &str = "severity: critical, sign_off: { valid: 9d }";
    const OPS: &str = "severity: high, sign_off: { by: ops, valid: 9d }";
    let with = |item: &str, rule: &str| format!("{item}, waive: {rule}");
    let cases = [
        (NONE, NONE, HIGH.to_owned(), some("anyone", 90)),
        (NONE, NONE, CRITICAL.to_owned(), some("anyone", 30)),
        (TEAM, NONE, HIGH.to_owned(), some("team", 90)),
        (TEAM, NONE, OPS.to_owned(), some("ops", 90)),
        (TEAM, "waivers: { by: lead }", OPS.to_owned(), some("lead", 90)),
        (TEAM, "waivers: { longest: 180d }", OPS.to_owned(), some("ops", 180)),
        (TEAM, "waivers: { longest: 180d }", CRITICAL.to_owned(), some("team", 30)),
        (TEAM, "waivers: { longest: 14d }", CRITICAL.to_owned(), some("team", 14)),
        (TEAM, "waivers: { by: lead, longest: 9d }", with(OPS, "{}"), some("lead", 9)),
        (TEAM, "waivers: { by: lead, longest: 9d }", with(OPS, "{ by: ops }"), some("ops", 9)),
        (TEAM, "waivers: { by: lead }", with(CRITICAL, "{ longest: 365d }"), some("lead", 365)),
        (TEAM, "waivers: { by: lead }", with(HIGH, "never"), None),
    ];
    for (team, gate, says, expected) in cases {
        assert_eq!(limits(team, gate, &says), expected, "{team}{gate} {says}");
    }
}
