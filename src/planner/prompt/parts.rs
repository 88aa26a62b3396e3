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
    earlier: String,
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
            let kind = match changes.knows_resolved {
                true => "open review thread",
                false => "review thread that may be resolved",
            };
            for thread in &changes.reviews {
                add(thread.name().as_str(), kind, &review(thread));
            }
        }
        for (i, remark) in (1..).zip(&brief.discussion) {
            let kind = format!("comment by {}", remark.speaker.as_str());
            add(&format!("comment-{i}"), &kind, &remark.text);
        }
        add("focus", "what to focus on", &brief.focus);
        let feedback = "feedback of a maintainer on the plan so far";
        add("feedback", feedback, &brief.feedback);
        let request = Request {
            parts,
            points: marks.enclose_any("points", self.points),
            earlier: marks.enclose_any("plan so far", self.earlier),
        };
        render(REQUEST, request)
    }
}

/// A piece of a file between marks.
pub(super) fn piece(marks: &Marks, excerpt: &Excerpt) -> String {
    let header = one_line(&excerpt.header());
    let text = format!("{header}\n{}", excerpt.text);
    marks.enclose(&excerpt.id, "file", &text)
}

/// The files of a change request, then their hunks. What is missing is told in its place.
fn diff(changes: &ChangeSet) -> String {
    let mut text = String::new();
    for file in &changes.files {
        text.push_str(&file_line(file));
        text.push('\n');
    }
    let shown = u64::try_from(changes.files.len()).unwrap_or(u64::MAX);
    if changes.file_count > shown {
        let more = changes.file_count - shown;
        text.push_str(&format!(
            "and {more} more files, which are not named here\n"
        ));
    }
    if changes.more_reviews > 0 {
        let more = changes.more_reviews;
        text.push_str(&format!(
            "at least {more} more review threads are not shown\n"
        ));
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
    let missing = match (&file.patch, file.is_cut) {
        (Some(_), false) => "",
        (Some(_), true) => " (hunks cut here)",
        (None, true) => " (hunks left out here)",
        (None, false) if file.is_withheld() => " (the forge shows no hunks)",
        (None, false) => "",
    };
    format!(
        "{} {}{from} +{} -{}{missing}",
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
