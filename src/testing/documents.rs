//! Documents of every shape, from a number: the same number makes the same document.

use crate::domain::age::{Age, Fate, Place, Source};
use crate::domain::day::Day;
use crate::domain::document::{
    Candidate, ChangesRead, Content, Convention, Document, Impact, Mention, Outline, OutlineReason,
    OwnSettings, Receipt, References, Skipped, ToolUse,
};
use crate::domain::narrowing::{Fault, Kind, LanguageTag, Wrong};
use crate::domain::package::{Evidence, Upkeep};
use crate::domain::plan::{
    Anchor, ArchitectureNote, Assumption, Change, ConfigEntry, DataStructure, Decision,
    DecisionOption, Dependency, Finding, Interface, OpenQuestion, Operation, Parameter, Plan,
    PlanId, Relation, RequestPoint, ReviewLink, Risk, SideEffect, Snippet, Step, Target,
};
use crate::domain::repository::{BlobId, CommitSha, LineRange, RepoPath};
use crate::domain::revision::{
    Aspect, Cause, Changed, Difference, Highest, RevisionEntry, RevisionResult, Spending,
};
use crate::domain::thread::{CommentId, ThreadNumber};

/// Texts that break what is careless with them.
const TEXTS: [&str; 16] = [
    "",
    " ",
    "plain words",
    "quotes \" ' ` and \\ backslashes \\u0000",
    "line\nends\r\nof\rall kinds\u{85}\u{2028}",
    "\u{0}\u{1}\u{7f}\u{feff}",
    "</details><script>alert(1)</script>",
    "{\"version\": \"2\"}",
    "@everyone closes #1",
    "日本語 и русский עברית",
    "\u{202e}right to left\u{202c}",
    "𝕬 👩‍👩‍👧‍👦 e\u{301}",
    "\u{fffd}\u{10ffff}",
    "deflate:AAAA",
    "null",
    "<!-- planwright:v1 kind=plan thread=x mac=00 -->",
];

/// Paths that are odd and allowed.
const PATHS: [&str; 8] = [
    "a",
    "src/main.rs",
    "Src/Main.rs",
    "with space/and \"quotes\".md",
    "docs/日本語.txt",
    "a/b/c/d/e/f/g/h.py",
    ".github/workflows/ci.yml",
    "line\nend.c",
];

/// A row of numbers that look like chance.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    fn count(&mut self) -> usize {
        usize::try_from(self.next()).unwrap()
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        let at = self.count() % of.len();
        of[at].clone()
    }

    fn text(&mut self) -> String {
        let mut text = self.pick(&TEXTS).to_owned();
        if self.coin() {
            let scalar = u32::try_from(self.below(0x11_0000)).unwrap();
            text.extend(char::from_u32(scalar));
        }
        text
    }

    /// At most two of what `make` makes.
    fn some<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(3)).map(|_| make(self)).collect()
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.coin().then(|| make(self))
    }

    fn texts(&mut self) -> Vec<String> {
        self.some(Self::text)
    }

    fn path(&mut self) -> RepoPath {
        RepoPath::parse(self.pick(&PATHS)).unwrap()
    }

    fn lines(&mut self) -> LineRange {
        let mut line = || u32::try_from(self.below(1 << 32)).unwrap();
        LineRange::new(line(), line())
    }

    fn target(&mut self) -> Target {
        match self.below(3) {
            0 => Target::Verified {
                path: self.path(),
                lines: self.maybe(Self::lines),
            },
            1 => Target::New { path: self.path() },
            _ => Target::Unverified {
                claimed: self.text(),
            },
        }
    }

    fn fate(&mut self) -> Fate {
        let moved = Fate::Moved {
            path: self.path(),
            lines: self.maybe(Self::lines),
        };
        self.pick(&[
            Fate::Same,
            moved,
            Fate::Changed,
            Fate::Gone,
            Fate::Taken,
            Fate::Unknown,
        ])
    }

    fn id(&mut self) -> PlanId {
        PlanId::find(self.pick(&["R1", "T-2", "c_3", "abcdefghijklmnop"])).unwrap()
    }

    fn day(&mut self) -> Day {
        Day::of_unix_seconds(i64::try_from(self.below(250_000_000_000)).unwrap())
    }

    fn commit(&mut self) -> CommitSha {
        let digits = if self.coin() { 40 } else { 64 };
        let hex: String = (0..digits)
            .map(|_| self.pick(&["0", "7", "a", "f"]))
            .collect();
        CommitSha::parse(&hex).unwrap()
    }

    fn entry(&mut self) -> RevisionEntry {
        let said = self.text();
        RevisionEntry {
            revision: u32::try_from(self.below(1 << 32)).unwrap(),
            commit: self.commit(),
            cause: match self.below(4) {
                0 => Cause::Label { name: said },
                1 => Cause::Plan { focus: said },
                2 => Cause::Revise { feedback: said },
                _ => Cause::Operator { focus: said },
            },
            result: match self.below(4) {
                0 => RevisionResult::First {
                    steps: self.count(),
                },
                1 => RevisionResult::Revised(self.difference()),
                2 => RevisionResult::Outline {
                    reason: self.reason(),
                },
                _ => RevisionResult::Kept {
                    reason: self.reason(),
                },
            },
            spending: Spending {
                calls: u32::try_from(self.below(1 << 32)).unwrap(),
                input_tokens: self.next(),
                output_tokens: self.next(),
                cost: self.text(),
            },
            highest: Highest {
                steps: self.count(),
                changes: self.count(),
                decisions: self.count(),
            },
        }
    }

    fn difference(&mut self) -> Difference {
        Difference {
            added: self.some(Self::id),
            changed: self.some(|dice| Changed {
                id: dice.id(),
                aspects: dice.some(|dice| dice.pick(&Aspect::ALL)),
            }),
            dropped: self.some(Self::id),
        }
    }

    fn review(&mut self) -> ReviewLink {
        ReviewLink {
            change_request: ThreadNumber(self.next()),
            comment: CommentId(self.next()),
            author: self.text(),
            path: self.text(),
            line: self.maybe(|dice| u32::try_from(dice.below(1 << 32)).unwrap()),
        }
    }

    fn plan(&mut self) -> Plan {
        Plan {
            restatement: self.text(),
            request_points: self.some(|dice| RequestPoint {
                id: dice.id(),
                text: dice.text(),
                kind: dice.text(),
                review: dice.maybe(Self::review),
            }),
            assumptions: self.some(|dice| Assumption {
                text: dice.text(),
                if_wrong: dice.text(),
            }),
            open_questions: self.some(|dice| OpenQuestion {
                question: dice.text(),
                why: dice.text(),
                default_taken: dice.text(),
            }),
            findings: self.some(|dice| Finding {
                statement: dice.text(),
                evidence: dice.some(Self::target),
            }),
            decisions: self.some(|dice| Decision {
                id: dice.id(),
                question: dice.text(),
                options: dice.some(|dice| DecisionOption {
                    name: dice.text(),
                    trade_off: dice.text(),
                }),
                recommendation: dice.text(),
                rationale: dice.text(),
            }),
            changes: self.some(Self::change),
            steps: self.some(|dice| Step {
                id: dice.id(),
                title: dice.text(),
                detail: dice.text(),
                changes: dice.some(Self::id),
            }),
            dependencies: self.some(Self::dependency),
            risks: self.some(|dice| Risk {
                category: dice.text(),
                risk: dice.text(),
                mitigation: dice.text(),
            }),
            architecture_notes: self.some(|dice| ArchitectureNote {
                topic: dice.text(),
                note: dice.text(),
                why_architectural: dice.text(),
            }),
            out_of_scope: self.texts(),
        }
    }

    fn change(&mut self) -> Change {
        Change {
            id: self.id(),
            operation: self.pick(&[
                Operation::Modify,
                Operation::Add,
                Operation::Delete,
                Operation::Rename,
            ]),
            target: self.target(),
            new_path: self.text(),
            anchors: self.some(|dice| Anchor {
                symbol: dice.text(),
                quote: dice.text(),
                relation: dice.pick(&[
                    Relation::Replace,
                    Relation::InsertBefore,
                    Relation::InsertAfter,
                    Relation::Inside,
                    Relation::Remove,
                ]),
                target: dice.target(),
            }),
            evidence: self.some(Self::target),
            what: self.text(),
            why: self.text(),
            interfaces: self.some(Self::interface),
            data_structures: self.some(|dice| DataStructure {
                name: dice.text(),
                change: dice.text(),
            }),
            imports: self.texts(),
            config: self.some(|dice| ConfigEntry {
                key: dice.text(),
                value: dice.text(),
                purpose: dice.text(),
            }),
            snippet: self.maybe(|dice| Snippet {
                language: dice.text(),
                code: dice.text(),
            }),
            reuses: self.texts(),
            why_new: self.text(),
            side_effects: self.some(|dice| SideEffect {
                target: dice.target(),
                symbol: dice.text(),
                effect: dice.text(),
                action: dice.text(),
            }),
            covers: self.some(Self::id),
            depends_on: self.some(Self::id),
        }
    }

    fn interface(&mut self) -> Interface {
        Interface {
            kind: self.text(),
            name: self.text(),
            signature: self.text(),
            params: self.some(|dice| Parameter {
                name: dice.text(),
                type_name: dice.text(),
                meaning: dice.text(),
            }),
            returns: self.text(),
            breaking: self.coin(),
        }
    }

    fn dependency(&mut self) -> Dependency {
        let evidence = if self.coin() {
            Evidence::Unverified { why: self.text() }
        } else {
            Evidence::Verified(Box::new(Upkeep {
                version: self.text(),
                releases: self.count(),
                first_release: self.maybe(Self::day),
                last_release: self.maybe(Self::day),
                licences: self.texts(),
                advisories: self.texts(),
                repository: self.maybe(Self::text),
                source: self.text(),
                checked: self.maybe(Self::day),
                notes: self.texts(),
            }))
        };
        Dependency {
            name: self.text(),
            registry: self.text(),
            version: self.text(),
            purpose: self.text(),
            why_not_existing: self.text(),
            why_not_own_code: self.text(),
            evidence,
        }
    }

    fn reason(&mut self) -> OutlineReason {
        let rejected = OutlineReason::DraftRejected {
            unknown: self.count(),
            total: self.count(),
        };
        self.pick(&[
            OutlineReason::NoModel,
            OutlineReason::ModelUnavailable,
            rejected,
        ])
    }

    fn outline(&mut self) -> Outline {
        Outline {
            reason: self.reason(),
            points: self.texts(),
            mentions: self.some(|dice| Mention {
                text: dice.text(),
                targets: dice.some(Self::target),
            }),
            candidates: self.some(|dice| Candidate {
                target: dice.target(),
                symbol: dice.text(),
                signature: dice.text(),
                reasons: dice.texts(),
            }),
            impact: self.some(|dice| Impact {
                symbol: dice.text(),
                target: dice.target(),
                users: dice.some(Self::target),
                user_count: dice.count(),
            }),
            questions: self.texts(),
            conventions: self.some(|dice| Convention {
                topic: dice.text(),
                target: dice.target(),
            }),
        }
    }

    fn receipt(&mut self) -> Receipt {
        Receipt {
            expertise: self.text(),
            files: self.count(),
            files_read: self.count(),
            bytes_read: self.next(),
            skipped: self.some(|dice| Skipped {
                reason: dice.text(),
                count: dice.count(),
            }),
            model: self.text(),
            model_calls: u32::try_from(self.below(1 << 32)).unwrap(),
            input_tokens: self.next(),
            cached_tokens: self.next(),
            output_tokens: self.next(),
            cost: self.text(),
            profile: self.text(),
            hidden_parts: self.count(),
            changes: self.maybe(|dice| ChangesRead {
                files: dice.next(),
                named: dice.count(),
                cut: dice.count(),
                withheld: dice.count(),
                reviews: dice.count(),
                more_reviews: dice.count(),
                knows_resolved: dice.coin(),
            }),
            tools: self.some(|dice| ToolUse {
                name: dice.text(),
                count: dice.count(),
            }),
            excerpts_sent: self.count(),
            excerpts_cited: self.count(),
            notes: self.texts(),
            redactions: self
                .some(|dice| (dice.text(), dice.next()))
                .into_iter()
                .collect(),
            own_settings: self.own_settings(),
        }
    }

    fn own_settings(&mut self) -> OwnSettings {
        OwnSettings {
            file: self.coin().then(|| BlobId::of(self.text().as_bytes())),
            faults: self.some(|dice| Fault {
                line: dice.count(),
                key: dice.text(),
                wrong: dice.wrong(),
            }),
            is_news: self.coin(),
        }
    }

    fn wrong(&mut self) -> Wrong {
        let most = self.count();
        let kinds = [
            Kind::Text,
            Kind::Texts,
            Kind::Number,
            Kind::Section,
            Kind::Sections,
        ];
        match self.below(12) {
            0 => Wrong::TooLarge {
                most_bytes: self.next(),
            },
            1 => Wrong::NotText,
            2 => Wrong::NotToml,
            3 => Wrong::Unknown {
                allowed: self.texts(),
            },
            4 => Wrong::OperatorOnly,
            5 => Wrong::Kind(kinds[most % kinds.len()]),
            6 => Wrong::Range {
                least: self.next(),
                most: self.next(),
            },
            7 => Wrong::OneOf {
                allowed: self.texts(),
            },
            8 => Wrong::Pattern,
            9 => Wrong::Language,
            10 => Wrong::Length { most },
            _ => Wrong::Count { most },
        }
    }
}

/// The document of a number: a plan for even ones, an outline for odd ones.
pub(crate) fn document(number: u64) -> Document {
    let dice = &mut Dice(number);
    let content = if number.is_multiple_of(2) {
        Content::Plan {
            plan: Box::new(dice.plan()),
            references: References {
                verified: dice.count(),
                total: dice.count(),
                checked: dice.coin(),
            },
        }
    } else {
        Content::Outline(dice.outline())
    };
    Document {
        commit: dice.commit(),
        revision: u32::try_from(dice.below(1 << 32)).unwrap(),
        language: dice.maybe(|dice| {
            let tag = ["de", "pt-BR", "sr-Latn-RS"][dice.below(3) as usize];
            LanguageTag::find(tag).unwrap()
        }),
        content,
        receipt: dice.receipt(),
        sources: dice.some(|dice| Source {
            path: dice.path(),
            blob: BlobId::parse(dice.commit().as_str()).unwrap(),
        }),
        age: dice.maybe(|dice| Age {
            commit: dice.commit(),
            places: dice.some(|dice| Place {
                target: dice.target(),
                fate: dice.fate(),
            }),
        }),
        history: dice.some(Dice::entry),
    }
}
