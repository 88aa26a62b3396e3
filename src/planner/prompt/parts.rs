//! The parts of a prompt that several turns share.

use serde::Serialize;

use super::{Prompter, VERSION, render};
use crate::domain::change_set::{ChangeSet, ChangedFile, ReviewThread};
use crate::domain::request::Remark;
use crate::planner::marks::{Marks, break_marks, one_line};
use crate::planner::pack::{EvidencePack, Excerpt};

const REPOSITORY: &str = include_str!("../prompts/repository.md");
const EVIDENCE: &str = include_str!("../prompts/evidence.md");
const REQUEST: &str = include_str!("../prompts/request.md");

/// Longest line on expertise, in characters.
const MAX_EXPERTISE: usize = 300;

#[derive(Serialize)]
struct Repository<'a> {
    expertise: String,
    consequences: Vec<String>,
    language: &'a str,
    commit: &'a str,
    facts: String,
    map: String,
    guidelines: String,
}

#[derive(Serialize)]
struct Evidence {
    candidates: String,
    users: String,
    pieces: Vec<String>,
    notes: String,
}

#[derive(Serialize)]
struct Request {
    parts: Vec<String>,
    points: String,
}

impl Prompter<'_> {
    /// What every request at this commit shares.
    pub(super) fn repository(&self, pack: &EvidencePack) -> Result<String, minijinja::Error> {
        let marks = Marks::of_commit(VERSION, self.commit);
        let expertise = one_line(self.expertise);
        let repository = Repository {
            expertise: expertise.chars().take(MAX_EXPERTISE).collect(),
            consequences: self
                .consequences
                .iter()
                .map(|line| one_line(line))
                .collect(),
            language: self.language,
            commit: self.commit,
            facts: marks.enclose_any("facts", &pack.facts),
            map: marks.enclose_any("map", &pack.map),
            guidelines: marks.enclose_any("guidelines", self.guidelines),
        };
        render(REPOSITORY, repository)
    }

    /// What every question of this job shares.
    pub(super) fn evidence(&self, pack: &EvidencePack) -> Result<String, minijinja::Error> {
        let marks = self.own_marks();
        let evidence = Evidence {
            candidates: marks.enclose_any("candidates", &pack.candidates),
            users: marks.enclose_any("users", &pack.users),
            pieces: pack.excerpts.iter().map(|one| piece(&marks, one)).collect(),
            notes: marks.enclose_any("notes", &pack.notes),
        };
        render(EVIDENCE, evidence)
    }

    /// The candidates alone.
    pub(super) fn candidates(&self, pack: &EvidencePack) -> String {
        let list = self.own_marks().enclose_any("candidates", &pack.candidates);
        match list.as_str() {
            "" => "# Files that it may be about\nThe search found none.".to_owned(),
            list => format!("# Files that it may be about\n{list}"),
        }
    }

    /// What is asked.
    pub(super) fn request(&self) -> Result<String, minijinja::Error> {
        let marks = self.own_marks();
        let brief = self.brief;
        let mut parts = Vec::new();
        let mut add = |id: &str, kind: &str, text: &str| {
            if !text.is_empty() {
                parts.push(marks.enclose(id, kind, text));
            }
        };
        add("title", "title", &brief.title);
        add("body", "description", &brief.body);
        if let Some(changes) = &brief.changes {
            add(
                "diff",
                "what the change request changes so far",
                &diff(changes),
            );
            for (i, thread) in (1..).zip(&changes.reviews) {
                add(&format!("review-{i}"), "open review", &review(thread));
            }
        }
        for (i, remark) in (1..).zip(&brief.discussion) {
            let kind = format!("comment by {}", remark.speaker.as_str());
            add(&format!("comment-{i}"), &kind, &remark.text);
        }
        add("focus", "what to focus on", &brief.focus);
        let points = marks.enclose_any("points", self.points);
        render(REQUEST, Request { parts, points })
    }
}

/// A piece of a file between marks.
pub(super) fn piece(marks: &Marks, excerpt: &Excerpt) -> String {
    let header = one_line(&excerpt.header());
    let text = format!("{header}\n{}", excerpt.text);
    marks.enclose(&excerpt.id, "file", &text)
}

/// The files of a change request, then their hunks.
fn diff(changes: &ChangeSet) -> String {
    let mut text = String::new();
    for file in &changes.files {
        text.push_str(&file_line(file));
        text.push('\n');
    }
    let shown = u64::try_from(changes.files.len()).unwrap_or(u64::MAX);
    if changes.file_count > shown {
        text.push_str(&format!("and {} more files\n", changes.file_count - shown));
    }
    for file in &changes.files {
        if let Some(patch) = &file.patch {
            text.push_str(&format!("\n--- {}\n{}\n", file.path, patch.trim_end()));
        }
    }
    break_marks(text.trim_end())
}

fn file_line(file: &ChangedFile) -> String {
    let from =
        (file.previous_path.as_ref()).map_or_else(String::new, |from| format!(" from {from}"));
    format!(
        "{} {}{from} +{} -{}",
        file.status.as_str(),
        file.path,
        file.added_lines,
        file.removed_lines
    )
}

fn review(thread: &ReviewThread) -> String {
    let line = thread
        .line
        .map_or_else(String::new, |line| format!(":{line}"));
    let said = |remark: &Remark| format!("{}: {}", remark.speaker.as_str(), remark.text);
    let remarks: Vec<_> = thread.remarks.iter().map(said).collect();
    format!("{}{line}\n{}", thread.path, remarks.join("\n"))
}
