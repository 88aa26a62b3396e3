//! Small parts of GitHub's shapes.

use crate::sandbox::clock::iso;
use crate::sandbox::shapes::node_id;
use crate::sandbox::shapes::people::escape;
use crate::store::Millis;

#[test]
fn node_id_is_packed_as_github_packs_it() {
    // The id that GitHub itself gives to its example repository.
    assert_eq!(node_id("R", &[1_296_269]), "R_kgDOABPHjQ");
}

#[test]
fn large_ids_are_packed_whole() {
    assert_ne!(node_id("IC", &[1, 1 << 40]), node_id("IC", &[1, 0]));
}

#[test]
fn times_are_written_in_utc() {
    let cases = [
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (951_782_400_000, "2000-02-29T00:00:00Z"),
        (1_777_282_200_999, "2026-04-27T09:30:00Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00Z"),
    ];
    for (millis, text) in cases {
        assert_eq!(iso(Millis(millis)), text);
    }
}

#[test]
fn names_become_path_segments() {
    assert_eq!(escape("a b/ö[bot]"), "a%20b%2F%C3%B6%5Bbot%5D");
}
