//! Registries of packages and images.

use super::Shape;

pub(super) const SHAPES: &[Shape] = &[
    Shape::word("npm-token", &["npm_"], r"npm_[0-9A-Za-z]{36,}"),
    Shape::sharp(
        "npm-token",
        &["_authtoken=", "_authtoken =", "_auth="],
        r"(?i:_auth(?:token)?) ?= ?\x22?([0-9A-Za-z+/_=.-]{16,})",
    )
    .random(3.0),
    Shape::word("pypi-token", &["pypi-"], r"pypi-[0-9A-Za-z_-]{50,}"),
    Shape::word(
        "crates-token",
        &["cio"],
        r"(cio[0-9A-Za-z]{32})(?:[^0-9A-Za-z]|\z)",
    )
    .random(3.5),
    Shape::word("rubygems-key", &["rubygems_"], r"rubygems_[0-9a-f]{48}"),
    Shape::word("nuget-key", &["oy2"], r"oy2[0-9a-z]{43}"),
    Shape::word(
        "docker-token",
        &["dckr_pat_", "dckr_oat_"],
        r"dckr_[po]at_[0-9A-Za-z_-]{20,}",
    ),
    Shape::word(
        "artifactory-token",
        &["akcp", "cmvmd"],
        r"(?:AKCp[0-9A-Za-z]{40,}|cmVmd[0-9A-Za-z]{59})",
    ),
    Shape::assigned(
        "artifactory-password",
        &["artifactory"],
        r"AP[0-9A-Z][0-9A-Za-z]{8,}|[0-9A-Za-z]{64,}",
    )
    .random(3.5),
    Shape::word("clojars-token", &["clojars_"], r"(?i:clojars)_[0-9a-z]{60}"),
    Shape::word(
        "packagist-token",
        &["packagist_"],
        r"packagist_[a-z]{3}_[0-9a-f]{60,}",
    ),
    Shape::word(
        "hex-key",
        &["hex_api_key"],
        r"(?i:hex_api_key)[\x22']? ?[=:] ?[\x22']?([0-9a-f]{32})",
    ),
    Shape::word(
        "docker-auth",
        &["auth\""],
        r"(?i:auth)\x22\s{0,4}:\s{0,4}\x22([0-9A-Za-z+/]{16,}={0,2})\x22",
    )
    .random(3.5),
];
