//! Links into the repository at the pinned commit, and at the one that its places were looked up at
//! later, and to reviewers' conversations: the only links that a comment has beside those to the registry
//! pages of verified libraries.

use std::fmt::Write as _;

use crate::domain::age::Age;
use crate::domain::document::Document;
use crate::domain::plan::{ReviewLink, Target};
use crate::domain::repository::{CommitSha, ForgeKind, LineRange};
use crate::render::Site;
use crate::render::age::{self, Standing};
use crate::render::code;
use crate::render::escape::inline;
use crate::render::messages::{self, Words};
use crate::text::clean::clean;

/// Most bytes of a link's address; browsers and proxies cut or refuse longer ones.
const MAX_ADDRESS_BYTES: usize = 2_000;

/// Most characters shown of a path: its end says more than its beginning.
const PATH_CHARACTERS: usize = 100;

/// The same where a line has more to say than the path; the details have it in full.
const BRIEF_CHARACTERS: usize = 36;

/// Extensions of files that GitHub shows rendered, without line numbers, unless told otherwise.
const RENDERED: [&str; 8] = [
    "adoc", "asciidoc", "markdown", "md", "mdx", "org", "rst", "textile",
];

/// Writes targets: links to what was verified, marks on what was not.
#[derive(Debug, Clone)]
pub(super) struct Links {
    forge: ForgeKind,
    commit: CommitSha,
    /// The repository's address up to where the forge's pages begin; empty when no forge shows it,
    /// so that there is nothing to link to.
    base: String,
    unverified: &'static str,
    path_characters: usize,
    /// The words of the comment's language.
    pub(super) words: &'static Words,
    /// What became of the places since.
    age: Option<Age>,
}

impl Links {
    /// Links for the places of a document; `unverified` is what is said of targets without one.
    pub(super) fn of(document: &Document, site: &Site, unverified: &'static str) -> Self {
        Self {
            unverified,
            words: messages::words(document.language.as_ref()),
            age: document.age.clone(),
            ..Self::new(site, &document.commit)
        }
    }

    /// Links for a site and a commit.
    pub(super) fn new(site: &Site, commit: &CommitSha) -> Self {
        let mut base = String::new();
        encode(
            &mut base,
            site.repository_url.trim_end_matches('/'),
            is_address,
        );
        if site.forge == ForgeKind::GitLab && !base.is_empty() {
            base.push_str("/-");
        }
        Self {
            forge: site.forge,
            commit: commit.clone(),
            base,
            unverified: messages::NOT_FOUND,
            path_characters: PATH_CHARACTERS,
            words: messages::words(None),
            age: None,
        }
    }

    /// The same links, with only the end of long paths shown.
    pub(super) fn brief(&self) -> Self {
        Self {
            path_characters: BRIEF_CHARACTERS,
            ..self.clone()
        }
    }

    /// Appends a short commit, linked.
    pub(super) fn commit(&self, out: &mut String, commit: &CommitSha) {
        if self.base.is_empty() {
            return code::span(out, commit.short());
        }
        out.push('[');
        code::span(out, commit.short());
        let base = &self.base;
        push_formatted(out, format_args!("]({base}/commit/{commit})"));
    }

    /// Appends a target: a link when it was verified, else code and what is to be said of it.
    pub(super) fn target(&self, out: &mut String, target: &Target) {
        match target {
            Target::Verified { .. } => {
                if let Some(standing) = age::standing(target, self.age.as_ref()) {
                    self.place(out, standing);
                }
            }
            Target::New { path } => {
                code::span(out, &self.shown(path.as_str()));
                let words = match age::is_taken(target, self.age.as_ref()) {
                    true => messages::TAKEN,
                    false => messages::NEW_FILE,
                };
                push_formatted(out, format_args!(" ({words})"));
            }
            Target::Unverified { claimed } => {
                code::span(out, claimed);
                push_formatted(out, format_args!(" (**{}**)", self.unverified));
            }
        }
    }

    /// Appends several targets, each once, at most `limit`; says how many more there are.
    pub(super) fn targets<'t>(
        &self,
        out: &mut String,
        targets: impl Iterator<Item = &'t Target>,
        limit: usize,
    ) {
        let mut distinct: Vec<&Target> = Vec::new();
        for target in targets {
            if !distinct.contains(&target) {
                distinct.push(target);
            }
        }
        let mut before = None;
        for (position, target) in distinct.iter().take(limit).enumerate() {
            out.push_str(if position > 0 { ", " } else { "" });
            let standing = age::standing(target, self.age.as_ref());
            match standing {
                Some(
                    at @ Standing {
                        lines: Some(lines), ..
                    },
                ) if before == Some(at.path) => self.further_lines(out, at, lines),
                _ => self.target(out, target),
            }
            before = standing.map(|standing| standing.path);
        }
        if let Some(more) = distinct.len().checked_sub(limit).filter(|more| *more > 0) {
            out.push_str(&messages::and_more(more));
        }
    }

    /// Appends lines of the file that was named just before.
    fn further_lines(&self, out: &mut String, at: Standing<'_>, lines: LineRange) {
        let mut label = String::new();
        push_lines(&mut label, lines);
        self.marked(out, &label, at);
    }

    /// Appends where reviewers talk, linked: the address is made of numbers alone.
    pub(super) fn review(&self, out: &mut String, review: &ReviewLink) {
        let mut place = String::new();
        let label = match review.line {
            Some(line) => format!("{}:{line}", self.shown(&review.path)),
            None => self.shown(&review.path),
        };
        code::span(&mut place, &label);
        let mut words = String::new();
        inline(&mut words, &review.author);
        let words = messages::reviews::thread(&words, &place);
        if self.base.is_empty() {
            out.push_str(&words);
            return;
        }
        let (base, request, comment) = (&self.base, review.change_request.0, review.comment.0);
        let address = match self.forge {
            ForgeKind::GitHub => format!("{base}/pull/{request}#discussion_r{comment}"),
            ForgeKind::GitLab => format!("{base}/merge_requests/{request}#note_{comment}"),
        };
        push_formatted(out, format_args!("[{words}]({address})"));
    }

    fn place(&self, out: &mut String, at: Standing<'_>) {
        let mut label = self.shown(at.path.as_str());
        if let Some(lines) = at.lines {
            push_lines(&mut label, lines);
        }
        self.marked(out, &label, at);
    }

    fn marked(&self, out: &mut String, label: &str, at: Standing<'_>) {
        self.linked(out, label, &self.address(at));
        if let Some(mark) = at.mark {
            push_formatted(out, format_args!(" (**{mark}**)"));
        }
    }

    fn linked(&self, out: &mut String, label: &str, address: &str) {
        let mut text = String::new();
        code::span(&mut text, label);
        if text.is_empty() || self.base.is_empty() || address.len() > MAX_ADDRESS_BYTES {
            out.push_str(&text);
        } else {
            push_formatted(out, format_args!("[{text}]({address})"));
        }
    }

    /// The permanent address of a file, or of lines in it.
    fn address(&self, at: Standing<'_>) -> String {
        let Standing { path, lines, .. } = at;
        let looked_at = self.age.as_ref().filter(|_| at.is_renewed);
        let commit = looked_at.map_or(&self.commit, |age| &age.commit);
        let mut address = format!("{}/blob/{commit}/", self.base);
        encode(&mut address, path.as_str(), is_path);
        let Some(lines) = lines else {
            return address;
        };
        let rendered = path
            .extension()
            .is_some_and(|extension| RENDERED.contains(&extension.as_str()));
        let (start, end) = (lines.start(), lines.end());
        let (query, second) = match self.forge {
            ForgeKind::GitHub if rendered => ("?plain=1", "-L"),
            ForgeKind::GitHub => ("", "-L"),
            ForgeKind::GitLab => ("", "-"),
        };
        push_formatted(&mut address, format_args!("{query}#L{start}"));
        if end > start {
            push_formatted(&mut address, format_args!("{second}{end}"));
        }
        address
    }

    /// A path as it is shown: clean, and without its beginning when it is long, cut between folders where
    /// that can be.
    fn shown(&self, path: &str) -> String {
        let path = clean(path);
        let too_many = path.chars().count().saturating_sub(self.path_characters);
        if too_many == 0 {
            return path.into_owned();
        }
        let end: String = path.chars().skip(too_many + 1).collect();
        let whole = end.find('/').and_then(|border| end.get(border..));
        format!("…{}", whole.unwrap_or(&end))
    }
}

/// Appends lines as people write them behind a path.
fn push_lines(out: &mut String, lines: LineRange) {
    push_formatted(out, format_args!(":{}", lines.start()));
    if lines.end() > lines.start() {
        push_formatted(out, format_args!("-{}", lines.end()));
    }
}

pub(super) fn is_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/')
}

fn is_address(byte: u8) -> bool {
    is_path(byte) || matches!(byte, b':' | b'%' | b'[' | b']')
}

/// Appends `text` with all bytes percent-encoded that are not `allowed`.
pub(super) fn encode(out: &mut String, text: &str, allowed: fn(u8) -> bool) {
    for byte in text.bytes() {
        if allowed(byte) {
            out.push(char::from(byte));
        } else {
            push_formatted(out, format_args!("%{byte:02X}"));
        }
    }
}

/// Appends formatted text; writing to a string cannot fail.
pub(super) fn push_formatted(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    let written = out.write_fmt(arguments);
    debug_assert!(written.is_ok(), "a string takes everything");
}
