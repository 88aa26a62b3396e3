//! Documents to render: a small plan, a large one, an outline, and all their texts by name.

use crate::domain::document::{
    Candidate, Content, Convention, Document, Impact, Mention, Outline, OutlineReason, Receipt,
    References, Skipped,
};
use crate::domain::package::Evidence;
use crate::domain::plan::{
    Anchor, ArchitectureNote, Assumption, Change, ConfigEntry, DataStructure, Decision,
    DecisionOption, Dependency, Finding, Interface, OpenQuestion, Operation, Parameter, Plan,
    PlanId, Relation, RequestPoint, Risk, SideEffect, Snippet, Step, Target,
};
use crate::domain::repository::{CommitSha, ForgeKind, LineRange, RepoPath};
use crate::render::Site;

pub(super) const SHA: &str = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";

pub(super) fn site(forge: ForgeKind) -> Site {
    let repository_url = match forge {
        ForgeKind::GitHub => "https://github.com/acme/engine",
        ForgeKind::GitLab => "https://gitlab.example/group/sub/engine",
    };
    Site {
        forge,
        repository_url: repository_url.to_owned(),
        marker: String::new(),
    }
}

pub(super) fn document(content: Content) -> Document {
    Document {
        commit: CommitSha::parse(SHA).unwrap(),
        revision: 2,
        language: None,
        content,
        receipt: receipt(),
        sources: Vec::new(),
        age: None,
        history: Vec::new(),
    }
}

pub(super) fn plan_document(plan: Plan) -> Document {
    document(Content::Plan {
        plan: Box::new(plan),
        references: References {
            verified: 12,
            total: 13,
            checked: true,
        },
    })
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn id(name: &str) -> PlanId {
    PlanId::find(name).unwrap()
}

fn ids(names: &[&str]) -> Vec<PlanId> {
    names.iter().map(|name| id(name)).collect()
}

pub(super) fn path(path: &str) -> RepoPath {
    RepoPath::parse(path).unwrap()
}

pub(super) fn at(file: &str, start: u32, end: u32) -> Target {
    let (path, lines) = (path(file), Some(LineRange::new(start, end)));
    Target::Verified { path, lines }
}

pub(super) fn whole(file: &str) -> Target {
    let (path, lines) = (path(file), None);
    Target::Verified { path, lines }
}

pub(super) fn unverified(claimed: &str) -> Target {
    Target::Unverified {
        claimed: text(claimed),
    }
}

pub(super) fn change(name: &str, target: Target, what: &str) -> Change {
    Change {
        id: id(name),
        operation: Operation::Modify,
        target,
        new_path: String::new(),
        anchors: Vec::new(),
        evidence: Vec::new(),
        what: text(what),
        why: String::new(),
        interfaces: Vec::new(),
        data_structures: Vec::new(),
        imports: Vec::new(),
        config: Vec::new(),
        snippet: None,
        reuses: Vec::new(),
        why_new: String::new(),
        side_effects: Vec::new(),
        covers: Vec::new(),
        depends_on: Vec::new(),
    }
}

pub(super) fn step(name: &str, title: &str, changes: &[&str]) -> Step {
    Step {
        id: id(name),
        title: text(title),
        detail: String::new(),
        changes: ids(changes),
    }
}

fn receipt() -> Receipt {
    let skipped = |reason, count| Skipped {
        reason: text(reason),
        count,
    };
    Receipt {
        expertise: text("Rust, tokio and HTTP clients"),
        files: 1_412,
        files_read: 1_300,
        bytes_read: 8_340_000,
        skipped: vec![skipped("vendored", 96), skipped("binary", 16)],
        redactions: [("aws-access-key".to_owned(), 2)].into(),
        model: text("some-model-4"),
        model_calls: 2,
        input_tokens: 31_204,
        output_tokens: 2_950,
        notes: vec![text("dropped: `src/retry/mod.rs` is not in the repository")],
        ..Receipt::default()
    }
}

/// A fix of one line.
pub(super) fn small_plan() -> Plan {
    let mut fix = change(
        "C1",
        whole("src/upload.rs"),
        "Retry on status 503 as well as on 502.",
    );
    fix.anchors.push(Anchor {
        symbol: text("is_transient"),
        quote: text("status == 502"),
        relation: Relation::Replace,
        target: at("src/upload.rs", 41, 41),
    });
    fix.why = text("The load balancer answers 503 while a node restarts.");
    Plan {
        restatement: text("Uploads that meet a restarting node should be tried again."),
        changes: vec![fix],
        steps: vec![Step {
            detail: text("One condition in `is_transient`."),
            ..step("T1", "Treat 503 as transient", &["C1"])
        }],
        ..Plan::default()
    }
}

fn client_change() -> Change {
    let mut client = change(
        "C1",
        whole("src/client.rs"),
        "Send through the policy instead of sending once.",
    );
    client.anchors = vec![
        Anchor {
            symbol: text("Client::send"),
            quote: text("self.http.execute(request)"),
            relation: Relation::Replace,
            target: at("src/client.rs", 40, 61),
        },
        Anchor {
            symbol: text("Client::send_all"),
            quote: text(""),
            relation: Relation::InsertAfter,
            target: unverified("Client::send_all"),
        },
    ];
    client.evidence = vec![at("src/client.rs", 12, 18)];
    client.why = text("Every caller goes through it, so no caller has to change.");
    client.interfaces = vec![Interface {
        kind: text("method"),
        name: text("Client::send"),
        signature: text(
            "pub async fn send(&self, request: Request, policy: &RetryPolicy) -> Result<Response, SendError>",
        ),
        params: vec![Parameter {
            name: text("policy"),
            type_name: text("&RetryPolicy"),
            meaning: text("how often and after which pauses"),
        }],
        returns: text("the last response, or the last error"),
        breaking: true,
    }];
    client.data_structures = vec![DataStructure {
        name: text("SendError"),
        change: text("gains `Exhausted { attempts: u32 }`"),
    }];
    client.imports = vec![text("use crate::retry::RetryPolicy;")];
    client.reuses = vec![text("`Clock::sleep` in src/clock.rs"), text("is_transient")];
    client.side_effects = vec![SideEffect {
        target: at("src/sync.rs", 88, 88),
        symbol: text("sync_all"),
        effect: text("waits longer when the server is down."),
        action: text("pass a policy with two attempts."),
    }];
    client.covers = ids(&["R1"]);
    client.depends_on = ids(&["C2"]);
    client
}

fn policy_change() -> Change {
    let mut policy = change(
        "C2",
        Target::New {
            path: path("src/retry.rs"),
        },
        "The policy.",
    );
    policy.operation = Operation::Add;
    policy.new_path = text("");
    policy.why_new = text("No module owns timing; src/clock.rs only tells the time.");
    policy.config = vec![ConfigEntry {
        key: text("retry.attempts"),
        value: text("3"),
        purpose: text("attempts in all"),
    }];
    policy.snippet = Some(Snippet {
        language: text("rust"),
        code: text(
            "pub struct RetryPolicy {\n    pub attempts: u32,\n    pub first_pause: Duration,\n}\n",
        ),
    });
    policy
}

/// A plan that uses every field.
#[expect(clippy::too_many_lines, reason = "every field has a line")]
pub(super) fn large_plan() -> Plan {
    let mut rename = change("C3", whole("docs/Upload guide.md"), "Describe the setting.");
    rename.operation = Operation::Rename;
    rename.new_path = text("docs/uploads.md");
    Plan {
        restatement: text(
            "Uploads fail for good on the first 5xx answer. They should be tried again a few times, with growing pauses, and the number of attempts should be a setting.",
        ),
        request_points: vec![RequestPoint {
            id: id("R1"),
            text: text("Failed uploads are tried again"),
            kind: text("behaviour"),
            review: None,
        }],
        assumptions: vec![Assumption {
            text: text("Uploads are idempotent"),
            if_wrong: text("a key has to be sent with them"),
        }],
        open_questions: vec![OpenQuestion {
            question: text("Should a 429 count as an attempt?"),
            why: text("the server asks to wait"),
            default_taken: text("it does"),
        }],
        findings: vec![
            Finding {
                statement: text("`Client::send` sends once and returns any error."),
                evidence: vec![at("src/client.rs", 40, 61)],
            },
            Finding {
                statement: text("Nothing limits parallel uploads"),
                evidence: vec![unverified("src/pool.rs")],
            },
        ],
        decisions: vec![Decision {
            id: id("D1"),
            question: text("Which pauses?"),
            options: vec![
                DecisionOption {
                    name: text("exponential"),
                    trade_off: text("kind to the server, slow for users"),
                },
                DecisionOption {
                    name: text("fixed"),
                    trade_off: text("simple, but all clients come back at once"),
                },
            ],
            recommendation: text("exponential"),
            rationale: text("Restarts take longer than a fixed pause."),
        }],
        changes: vec![client_change(), policy_change(), rename],
        steps: vec![
            Step {
                detail: text("A type of its own, so that `Client` only applies it."),
                ..step("T1", "Add a retry policy", &["C2"])
            },
            step("T2", "Send through the policy", &["C1", "C9"]),
        ],
        dependencies: vec![Dependency {
            name: text("backoff"),
            registry: text("cargo"),
            version: text("0.4"),
            purpose: text("computes pauses"),
            why_not_existing: text("nothing here computes pauses"),
            why_not_own_code: text("jitter is easy to get wrong"),
            evidence: Evidence::Unverified { why: String::new() },
        }],
        risks: vec![Risk {
            category: text("robustness"),
            risk: text("Retries multiply the load of an outage"),
            mitigation: text("jitter and a cap"),
        }],
        architecture_notes: vec![ArchitectureNote {
            topic: text("testing"),
            note: text("The pause is taken from a clock that is passed in"),
            why_architectural: text("`Client` gets a new parameter for it"),
        }],
        out_of_scope: vec![text("Downloads")],
    }
}

/// An outline that uses every field.
#[expect(clippy::too_many_lines, reason = "every field has a line")]
pub(super) fn outline(reason: OutlineReason) -> Outline {
    let candidate = |target: Target, symbol: &str, signature: &str, reasons: &[&str]| Candidate {
        target,
        symbol: text(symbol),
        signature: text(signature),
        reasons: reasons.iter().map(|reason| text(reason)).collect(),
    };
    Outline {
        reason,
        points: vec![
            text("Uploads should be tried again after a 503."),
            text("The number of attempts must be a setting"),
        ],
        mentions: vec![
            Mention {
                text: text("Client::send"),
                targets: vec![at("src/client.rs", 40, 61)],
            },
            Mention {
                text: text("RetryPolicy"),
                targets: vec![],
            },
            Mention {
                text: text("retry.toml"),
                targets: vec![],
            },
        ],
        candidates: vec![
            candidate(
                at("src/client.rs", 40, 61),
                "send",
                "pub async fn send(&self, request: Request) -> Result<Response>",
                &[
                    "named in the request: `Client::send`",
                    "says “upload”, “attempts”",
                ],
            ),
            candidate(
                at("src/upload.rs", 30, 44),
                "is_transient",
                "fn is_transient(status: u16) -> bool",
                &["says “503”"],
            ),
            candidate(at("docs/uploads.md", 3, 9), "", "", &["says “upload”"]),
            candidate(
                whole("src/config.rs"),
                "Settings",
                "",
                &["read by src/client.rs"],
            ),
            candidate(whole("src/clock.rs"), "", "", &[]),
            candidate(
                at("src/sync.rs", 80, 99),
                "sync_all",
                "pub fn sync_all()",
                &["uses `Client::send`"],
            ),
        ],
        impact: vec![Impact {
            symbol: text("send"),
            target: at("src/client.rs", 40, 61),
            users: vec![whole("src/sync.rs"), whole("src/upload.rs")],
            user_count: 9,
        }],
        questions: vec![text(
            "What is the default, and does it leave today's behaviour as it is?",
        )],
        conventions: vec![Convention {
            topic: text("Errors are `thiserror` enums"),
            target: at("src/error.rs", 5, 30),
        }],
    }
}
