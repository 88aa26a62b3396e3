//! A small repository, a request for it, and a plan of which every claim is true.

use std::collections::HashMap;

use crate::domain::day::Day;
use crate::domain::package::Ecosystem;
use crate::domain::repository::{CommitSha, RepoPath};
use crate::domain::request::Brief;
use crate::planner::draft::{
    Anchor, ArchitectureNote, Assumption, Change, ConfigEntry, DataStructure, Decision,
    DecisionOption, Dependency, Draft, Finding, Interface, InterfaceKind, NoteTopic, OpenQuestion,
    Operation, Parameter, PointKind, Registry, Relation, RequestPoint, Risk, RiskCategory,
    SideEffect, Snippet, Step, Understanding,
};
use crate::registry::{Lookup, Lookups, Proposal, Record};
use crate::repository::index::Index;
use crate::repository::{File, Snapshot};
use crate::testing::blobs::blob_id;

pub(crate) const CLIENT: &str = "use crate::config::Settings;

/// Talks to the upstream server.
pub struct Client {
    retries: u32,
    pause_ms: u64,
}

impl Client {
    /// Opens a client with the settings of the file.
    pub fn open(settings: &Settings) -> Self {
        Self {
            retries: settings.retries,
            pause_ms: 250,
        }
    }

    pub fn fetch_page(&self, address: &str) -> Result<String, FetchError> {
        for attempt in 0..self.retries {
            if let Some(page) = try_once(address, attempt) {
                return Ok(page);
            }
        }
        Err(FetchError::GaveUp)
    }

    pub fn fetch_head(&self, address: &str) -> Result<String, FetchError> {
        for attempt in 0..self.retries {
            if let Some(page) = try_once(address, attempt) {
                return Ok(page);
            }
        }
        Err(FetchError::GaveUp)
    }
}

pub enum FetchError {
    GaveUp,
}

fn try_once(address: &str, attempt: u32) -> Option<String> {
    (attempt > 0).then(|| address.to_owned())
}
";

pub(crate) const CONFIG: &str = "/// What the file says.
pub struct Settings {
    pub retries: u32,
}

pub fn load_settings(text: &str) -> Settings {
    Settings {
        retries: text.trim().parse().unwrap_or(3),
    }
}
";

pub(crate) const MAIN: &str = "mod client;
mod config;

fn main() {
    let settings = config::load_settings(\"5\");
    let client = client::Client::open(&settings);
    let page = client.fetch_page(\"https://example.test/\");
    println!(\"{}\", page.is_ok());
}
";

/// The files of the repository; `None` for one that was not read.
pub(crate) const FILES: [(&str, Option<&str>); 7] = [
    (
        "Cargo.toml",
        Some("[package]\nname = \"pages\"\nversion = \"0.1.0\"\n\n[dependencies]\nserde = \"1\"\n"),
    ),
    (
        "README.md",
        Some("# Pages\n\nFetches pages, again and again.\n"),
    ),
    ("assets/logo.bin", None),
    ("src/client.rs", Some(CLIENT)),
    ("src/config.rs", Some(CONFIG)),
    ("src/main.rs", Some(MAIN)),
    (
        "tests/client.rs",
        Some("fn retries_are_counted() {\n    let expected = 3;\n}\n"),
    ),
];

pub(crate) fn snapshot(contents: &[(&str, Option<&str>)]) -> Snapshot {
    let mut contents = contents.to_vec();
    contents.sort_unstable();
    let files: Vec<_> = contents
        .into_iter()
        .map(|(path, text)| File {
            path: RepoPath::parse(path).unwrap(),
            blob: blob_id(text.unwrap_or_default().as_bytes()),
            text: text.map(Into::into),
        })
        .collect();
    Snapshot {
        commit: CommitSha::parse(&"c0ffee00".repeat(5)).unwrap(),
        by_path: (files.iter().enumerate())
            .map(|(position, file)| (file.path.clone(), position))
            .collect::<HashMap<_, _>>(),
        bytes_read: (files.iter())
            .map(|file| file.text.as_ref().map_or(0, |text| text.len() as u64))
            .sum(),
        files,
        special: vec![RepoPath::parse("vendor/lib").unwrap()],
        skipped: Vec::new(),
    }
}

pub(crate) fn index() -> Index {
    Index::build(snapshot(&FILES))
}

pub(crate) fn brief() -> Brief {
    Brief {
        title: "fetch_page should wait between attempts".to_owned(),
        body: "`Client::fetch_page` hammers the server.\n\n\
               - The pause between attempts must grow\n\
               - The first pause should come from the settings file\n\n\
               Please do not touch the tests."
            .to_owned(),
        ..Brief::default()
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

pub(crate) fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().copied().map(text).collect()
}

fn change(id: &str, path: &str, anchors: Vec<Anchor>) -> Change {
    Change {
        id: text(id),
        op: Operation::Modify,
        path: text(path),
        new_path: String::new(),
        anchors,
        evidence: texts(&["E1"]),
        what: format!("Change {path} for the pause. Keep the rest."),
        why: text("The server is asked without a pause."),
        interfaces: Vec::new(),
        data_structures: Vec::new(),
        imports: Vec::new(),
        config: Vec::new(),
        snippet: Snippet {
            language: String::new(),
            code: String::new(),
        },
        reuses: Vec::new(),
        why_new: String::new(),
        side_effects: Vec::new(),
        covers: Vec::new(),
        depends_on: Vec::new(),
    }
}

pub(crate) fn anchor(symbol: &str, quote: &str) -> Anchor {
    Anchor {
        symbol: text(symbol),
        quote: text(quote),
        line_hint: 0,
        relation: Relation::Inside,
    }
}

/// A plan for [`brief`] in which everything is true: three changes, every kind of claim, every field.
pub(crate) fn gold() -> Draft {
    Draft {
        understanding: understanding(),
        findings: vec![Finding {
            statement: text("Attempts follow each other without a pause."),
            evidence: texts(&["E1"]),
        }],
        decisions: vec![Decision {
            id: text("D1"),
            question: text("How does the pause grow?"),
            options: vec![
                DecisionOption {
                    name: text("double"),
                    trade_off: text("simple, and long soon"),
                },
                DecisionOption {
                    name: text("add"),
                    trade_off: text("gentle, and slow to help"),
                },
            ],
            recommendation: text("double"),
            rationale: text("Overload needs room quickly."),
        }],
        changes: vec![settings_change(), backoff_change(), client_change()],
        steps: vec![
            Step {
                id: text("T1"),
                title: text("Read the pause"),
                detail: text("Add the setting and the type."),
                changes: texts(&["C1", "C2"]),
            },
            Step {
                id: text("T2"),
                title: text("Use it"),
                detail: text("Pause between attempts."),
                changes: texts(&["C3"]),
            },
        ],
        dependencies: vec![Dependency {
            name: text("backoff"),
            registry: Registry::Cargo,
            version: text("0.4"),
            purpose: text("none yet"),
            why_not_existing: text("nothing at hand"),
            why_not_own_code: text("it could be own code"),
            used_by: texts(&["C2"]),
        }],
        risks: vec![Risk {
            category: RiskCategory::Performance,
            risk: text("Requests take longer."),
            mitigation: text("Bound the pause."),
            changes: texts(&["C3"]),
        }],
        architecture_notes: vec![ArchitectureNote {
            topic: NoteTopic::Validation,
            note: text("Refuse a pause of more than a minute."),
            why_architectural: text("It bounds how long a caller blocks."),
        }],
        out_of_scope: texts(&["R3: the tests stay as they are."]),
    }
}

fn understanding() -> Understanding {
    let point = |id, what, kind| RequestPoint {
        id: text(id),
        text: text(what),
        kind,
    };
    Understanding {
        restatement: text("Between two attempts the client waits, longer each time."),
        request_points: vec![
            point("R1", "The pause grows", PointKind::Behaviour),
            point("R2", "The first pause is a setting", PointKind::Behaviour),
            point("R3", "The tests stay", PointKind::Constraint),
        ],
        assumptions: vec![Assumption {
            id: text("A1"),
            text: text("Callers may block."),
            if_wrong: text("The pause needs a timer."),
        }],
        open_questions: vec![OpenQuestion {
            id: text("Q1"),
            question: text("How long may it take in all?"),
            why: text("It bounds the attempts."),
            default_taken: text("A minute."),
        }],
    }
}

fn settings_change() -> Change {
    Change {
        evidence: texts(&["E4"]),
        data_structures: vec![DataStructure {
            name: text("Settings"),
            change: text("gains first_pause_ms"),
        }],
        config: vec![ConfigEntry {
            key: text("first_pause_ms"),
            value: text("250"),
            purpose: text("the first pause"),
        }],
        side_effects: vec![SideEffect {
            path: text("src/main.rs"),
            symbol: text("main"),
            effect: text("It builds the settings from text."),
            action: text("Nothing."),
        }],
        covers: texts(&["R2"]),
        ..change(
            "C1",
            "src/config.rs",
            vec![
                anchor("Settings", "pub retries: u32,"),
                anchor(
                    "load_settings",
                    "  Settings {\n  retries: text.trim().parse().unwrap_or(3),",
                ),
            ],
        )
    }
}

fn backoff_change() -> Change {
    Change {
        op: Operation::Add,
        interfaces: vec![Interface {
            kind: InterfaceKind::Type,
            name: text("Backoff"),
            signature: text("pub struct Backoff { pause_ms: u64 }"),
            params: vec![Parameter {
                name: text("pause_ms"),
                type_name: text("u64"),
                meaning: text("the next pause"),
            }],
            returns: String::new(),
            breaking: false,
        }],
        imports: texts(&["use std::time::Duration;"]),
        snippet: Snippet {
            language: text("rust"),
            code: text("pub fn next(&mut self) -> Duration;"),
        },
        reuses: texts(&["src/config.rs::Settings"]),
        why_new: text("Both fetches need it."),
        covers: texts(&["R1"]),
        depends_on: texts(&["C1"]),
        ..change("C2", "src/backoff.rs", Vec::new())
    }
}

fn client_change() -> Change {
    Change {
        reuses: texts(&["try_once", "src/backoff.rs", "Backoff"]),
        side_effects: vec![
            SideEffect {
                path: text("src/backoff.rs"),
                symbol: text("Backoff"),
                effect: text("It is used."),
                action: text("Nothing."),
            },
            SideEffect {
                path: text("tests/client.rs"),
                symbol: String::new(),
                effect: text("They run longer."),
                action: text("Nothing."),
            },
        ],
        covers: texts(&["R1", "R2"]),
        depends_on: texts(&["C1", "C2"]),
        ..change(
            "C3",
            "src/client.rs",
            vec![
                anchor(
                    "Client::fetch_head",
                    "if let Some(page) = try_once(address, attempt) {",
                ),
                anchor("Client::open", ""),
                anchor("", "pub fn fetch_page(&self, address: &str)"),
            ],
        )
    }
}

/// What a registry says of the library that [`gold`] proposes: nothing against it.
pub(crate) fn lookups() -> Lookups {
    let mut lookups = Lookups::new("deps.dev", Day::of_unix_seconds(1_770_000_000));
    let proposal = Proposal {
        ecosystem: Ecosystem::Cargo,
        name: text("backoff"),
        version: text("0.4"),
    };
    let record = Record {
        name: text("backoff"),
        releases: 12,
        first_release: Day::find("2017-04-01"),
        last_release: Day::find("2025-12-24"),
        latest: text("0.4.0"),
        has_version: true,
        version: text("0.4.0"),
        licences: texts(&["MIT OR Apache-2.0"]),
        repository: Some(text("github.com/owner/backoff")),
        ..Record::default()
    };
    lookups.add(proposal, Lookup::Known(Box::new(record)));
    lookups
}
