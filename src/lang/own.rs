//! Whose code a path is, by the names that everybody gives to folders: the one
//! list of it. What production runs is another question, and outranks it.

use crate::model::RepoPath;

/// Why code at a path is not what the project runs in production.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Whose {
    /// Tests and what they stand on.
    Test,
    /// Documentation.
    Docs,
    /// Examples and samples.
    Example,
    /// Scripts for people who maintain it.
    Script,
    /// What the builders run.
    Pipeline,
    /// Copies of others' code, kept with the project.
    Vendored,
    /// Others' code that a package manager put there.
    Installed,
    /// What a program wrote.
    Generated,
}

impl Whose {
    /// The folders that are called so.
    pub(crate) fn folders(self) -> &'static [&'static str] {
        match self {
            Self::Test => &[
                "test",
                "tests",
                "testing",
                "testsuite",
                "testdata",
                "unittests",
                "unit_tests",
                "test_data",
                "test-data",
                "__tests__",
                "spec",
                "specs",
                "fixture",
                "fixtures",
                "__fixtures__",
                "e2e",
                "cypress",
                "__mocks__",
            ],
            Self::Docs => &["docs", "doc"],
            Self::Example => &["examples", "example", "samples", "sample"],
            Self::Script => &["scripts", "script", "bin", "tools", "maintenance", "migrations"],
            Self::Pipeline => &[".github", ".circleci", ".gitlab", ".devcontainer"],
            Self::Vendored => &["vendor", "vendored", "_vendor", "third_party"],
            Self::Installed => &[
                "node_modules",
                "bower_components",
                "jspm_packages",
                "site-packages",
                ".venv",
                "venv",
                ".tox",
                ".nox",
                "__pypackages__",
            ],
            Self::Generated => &["dist"],
        }
    }

    /// Patterns of file names that are called so, in any folder.
    pub(crate) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Test => &[
                "{test,tests}.py",
                "test_*.py",
                "*_test.py",
                "*_tests.py",
                "conftest.py",
                "*.{test,tests,spec,specs,cy,e2e-spec,stories}.{js,mjs,cjs,jsx,ts,mts,cts,tsx}",
            ],
            Self::Generated => {
                &["*.min.js", "*.min.css", "*.bundle.js", "*_pb2.py", "*_pb2_grpc.py", "*.pb.go"]
            }
            _ => &[],
        }
    }
}

/// Patterns of all paths that are one of these.
pub(crate) fn globs(whose: &[Whose]) -> Vec<String> {
    let folders = whose.iter().flat_map(|whose| whose.folders());
    let folders = folders.map(|folder| format!("**/{folder}/**"));
    let names = whose.iter().flat_map(|whose| whose.names()).map(|name| (*name).to_owned());
    folders.chain(names).collect()
}

/// Whether a path lies in a folder that is one of these, whatever the case of
/// its letters.
pub(crate) fn lies_in(path: &RepoPath, whose: &[Whose]) -> bool {
    let folders = path.as_path().parent().into_iter().flat_map(|folder| folder.components());
    folders.filter_map(|folder| folder.as_os_str().to_str()).any(|folder| {
        whose
            .iter()
            .flat_map(|whose| whose.folders())
            .any(|known| known.eq_ignore_ascii_case(folder))
    })
}

/// Whether a folder of this name is for tests.
pub(crate) fn is_test_folder(name: &str) -> bool {
    Whose::Test.folders().iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a file of code is named for tests, in the ways of several languages:
/// `test_key.py`, `key_test.go`, `key.spec.ts`.
pub(crate) fn is_test_code(path: &RepoPath) -> bool {
    const CODE: &[&str] = &[
        "py", "go", "js", "mjs", "cjs", "jsx", "ts", "tsx", "rb", "rs", "php", "java", "kt", "cs",
    ];
    let name = path.name().to_string_lossy();
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    CODE.contains(&ending)
        && (matches!(stem, "test" | "tests" | "conftest")
            || stem.starts_with("test_")
            || ["_test", "_tests", ".test", ".spec", "_spec"].iter().any(|end| stem.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_tell_whose_code_it_is() {
        let lies = |path: &str, whose| lies_in(&RepoPath::new(path).expect(path), &[whose]);
        assert!(lies("a/Tests/b.py", Whose::Test));
        assert!(lies("node_modules/x/y.js", Whose::Installed));
        assert!(!lies("tests.py", Whose::Test), "a file is not a folder");
        assert!(!lies("contest/b.py", Whose::Test));
        let is_code = |path: &str| is_test_code(&RepoPath::new(path).expect(path));
        assert!(is_code("a/test_b.py") && is_code("b_test.go") && is_code("c.spec.ts"));
        assert!(!is_code("test_key.pem") && !is_code("contest.py") && !is_code("latest.js"));
        assert!(globs(&[Whose::Test]).contains(&"**/tests/**".to_owned()));
    }
}
