//! How thoroughly one request is planned: what was wished for, narrowed by what is possible.

use crate::config::Profile;
use crate::model::Limits;
use crate::planner::pack::{PACK_TOKENS, SMALL_PACK_TOKENS};
use crate::repository::locate::Location;

/// Repositories with fewer files are shown well enough by the ranking: its first twenty hold the edited
/// files of 96 requests in 100.
const SMALL_REPOSITORY: usize = 150;

/// Repositories with more files hide what vague requests are about.
const LARGE_REPOSITORY: usize = 800;

/// Windows smaller than this take a small prompt only.
const SMALL_WINDOW: u32 = 24_000;

/// Tokens of a full prompt beside the pack: rules, a long request, the schema.
const AROUND_PACK: u32 = 14_000;

/// Models that write less at one time write in two passes.
const SHORT_OUTPUT: u32 = 4_000;

/// Bytes of the request in a small prompt: two thousand tokens.
pub(in crate::planner) const SMALL_REQUEST_BYTES: u64 = 6_000;

/// How far the second file must lag behind the first, as a share of its score, for a ranking to be sure.
/// In 44 development cases the first file was right for 13 of 17 with such a lead, and for 9 of 27 without;
/// with it, a right one was always among the first four.
const SURE_LEAD: f64 = 0.1;

/// What of a request and its repository decides on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::planner) struct Terrain {
    /// Files of the repository.
    pub(in crate::planner) files: usize,
    /// Whether everything that the request names was found, and it names something.
    pub(in crate::planner) is_resolved: bool,
    /// Whether the ranking has a clear first.
    pub(in crate::planner) is_sure: bool,
}

/// How one request is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::planner) struct Route {
    /// What it is called.
    pub(in crate::planner) profile: Profile,
    /// Whether the model chooses among the candidates first.
    pub(in crate::planner) selects: bool,
    /// Turns in which the model may look around.
    pub(in crate::planner) rounds: u32,
    /// Whether the plan is criticised before it is shown.
    pub(in crate::planner) criticises: bool,
    /// Tokens of the evidence.
    pub(in crate::planner) pack_tokens: usize,
    /// Whether the plan is first sketched, then filled in.
    pub(in crate::planner) sketches: bool,
}

impl Terrain {
    /// What `location` says of a request for a repository of so many files.
    pub(in crate::planner) fn of(location: &Location, files: usize) -> Self {
        let mentions = &location.mentions;
        let scores: Vec<f64> = location.files.iter().map(|located| located.score).collect();
        let is_sure = match scores.as_slice() {
            [first, second, ..] => first - second > first.abs() * SURE_LEAD,
            [_] => true,
            [] => false,
        };
        Self {
            files,
            is_resolved: !mentions.is_empty()
                && mentions.iter().all(|mention| !mention.targets.is_empty()),
            is_sure,
        }
    }
}

impl Route {
    /// The way for `wish`, as far as the model and the terrain allow it.
    pub(in crate::planner) fn choose(wish: Profile, can: Limits, terrain: Terrain) -> Self {
        let profile = narrow(wish, can, terrain);
        let chooses = matches!(profile, Profile::Small | Profile::Standard | Profile::Deep);
        let easy = terrain.files < SMALL_REPOSITORY || terrain.is_resolved;
        Self {
            profile,
            selects: chooses && !easy,
            rounds: rounds(profile, can, terrain),
            criticises: profile == Profile::Deep,
            pack_tokens: pack_tokens(profile, can),
            sketches: can.max_output.is_some_and(|most| most < SHORT_OUTPUT),
        }
    }
}

/// Whether the window is too small for anything but a small prompt.
pub(in crate::planner) fn is_small(can: Limits) -> bool {
    can.context_tokens.is_some_and(|most| most < SMALL_WINDOW)
}

fn narrow(wish: Profile, can: Limits, terrain: Terrain) -> Profile {
    match wish {
        Profile::Outline => Profile::Outline,
        _ if is_small(can) => Profile::Small,
        Profile::Auto if !can.tools || terrain.files < SMALL_REPOSITORY => Profile::Single,
        Profile::Auto => Profile::Standard,
        wish => wish,
    }
}

fn rounds(profile: Profile, can: Limits, terrain: Terrain) -> u32 {
    let hidden = terrain.files > LARGE_REPOSITORY || !terrain.is_sure;
    match profile {
        _ if !can.tools => 0,
        Profile::Deep => 12,
        Profile::Standard if hidden && !(terrain.is_resolved && terrain.is_sure) => 6,
        _ => 0,
    }
}

/// The pack leaves room for the rest of the prompt and for the answer.
fn pack_tokens(profile: Profile, can: Limits) -> usize {
    if profile == Profile::Small {
        return SMALL_PACK_TOKENS;
    }
    let answer = can.max_output.unwrap_or(8_000).min(8_000);
    let room = (can.context_tokens).map(|most| most.saturating_sub(AROUND_PACK + answer));
    let room = room.map_or(PACK_TOKENS, |room| {
        usize::try_from(room).unwrap_or(PACK_TOKENS)
    });
    room.clamp(SMALL_PACK_TOKENS, PACK_TOKENS)
}

#[cfg(test)]
mod tests;
