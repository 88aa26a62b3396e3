//! Where people plan, write, draw and sell.

use super::Shape;

pub(super) const SHAPES: &[Shape] = &[
    Shape::sharp(
        "linear-key",
        &["lin_api_", "lin_oauth_"],
        r"lin_(?:api|oauth)_[0-9A-Za-z]{32,}",
    ),
    Shape::word("notion-token", &["ntn_"], r"ntn_[0-9A-Za-z]{40,}"),
    Shape::word(
        "notion-token",
        &["secret_"],
        r"(secret_[0-9A-Za-z]{43})(?:[^0-9A-Za-z]|\z)",
    )
    .random(4.0),
    Shape::word(
        "airtable-token",
        &["pat"],
        r"pat[0-9A-Za-z]{14}\.[0-9a-f]{64}",
    ),
    Shape::assigned("airtable-key", &["airtable"], r"key[0-9A-Za-z]{14}"),
    Shape::sharp(
        "atlassian-token",
        &["atatt3", "atoc3"],
        r"AT(?:ATT|OC)3[0-9A-Za-z_=-]{30,}",
    ),
    Shape::assigned(
        "atlassian-token",
        &["atlassian", "jira", "confluence"],
        r"[0-9A-Za-z]{24}",
    )
    .random(3.5),
    Shape::assigned(
        "asana-token",
        &["asana"],
        r"[0-2]/[0-9]{10,}(?:/[0-9]{10,})?:[0-9a-f]{32}|[0-9a-f]{32}",
    ),
    Shape::word(
        "asana-token",
        &["1/12", "2/12", "1/11", "1/10", "0/12", "0/11"],
        r"[0-2]/[0-9]{15,}(?:/[0-9]{15,})?:[0-9a-f]{32}",
    ),
    Shape::word("trello-token", &["atta"], r"ATTA[0-9A-Fa-f]{64,}"),
    Shape::assigned("trello-token", &["trello"], r"[0-9a-f]{64}|[0-9a-f]{32}"),
    Shape::sharp(
        "hubspot-token",
        &["pat-na", "pat-eu"],
        r"pat-(?:na|eu)[0-9]-[0-9a-f]{8}-[0-9a-f-]{27}",
    ),
    Shape::word("clickup-token", &["pk_"], r"pk_[0-9]{5,}_[0-9A-Z]{30,}"),
    Shape::word(
        "figma-token",
        &["figd_", "figo_", "figoh_", "figor_"],
        r"fig(?:d|o|oh|or)_[0-9A-Za-z_-]{38,}",
    ),
    Shape::sharp("contentful-token", &["cfpat-"], r"CFPAT-[0-9A-Za-z_-]{40,}"),
    Shape::word("dropbox-token", &["sl."], r"sl\.(?:u\.)?[0-9A-Za-z_-]{80,}"),
    Shape::assigned("dropbox-secret", &["dropbox"], r"[0-9a-z]{15}").random(3.2),
    Shape::word(
        "mapbox-token",
        &["sk.eyj"],
        r"sk\.eyJ[0-9A-Za-z_-]{20,}\.[0-9A-Za-z_-]{20,}",
    ),
    Shape::word("facebook-token", &["eaa"], r"EAA[0-9A-Za-z]{80,}"),
    Shape::word(
        "twitter-token",
        &["aaaaaaaaaaaaaaaaaaaaa"],
        r"A{21,}[0-9A-Za-z%]{50,}",
    )
    .random(3.0),
    Shape::word(
        "salesforce-token",
        &["00d"],
        r"00D[0-9A-Za-z]{12,15}![0-9A-Za-z._]{60,}",
    ),
    Shape::word("readme-key", &["rdme_"], r"rdme_[0-9a-z]{60,}"),
    Shape::word("typeform-token", &["tfp_"], r"tfp_[0-9A-Za-z_.=-]{40,}"),
    Shape::assigned("zendesk-token", &["zendesk"], r"[0-9A-Za-z]{40}").random(3.2),
    Shape::assigned("algolia-key", &["algolia"], r"[0-9a-f]{32}"),
    Shape::assigned("okta-token", &["okta", "ssws"], r"00[0-9A-Za-z_-]{40}"),
    Shape::word("okta-token", &["ssws "], r"SSWS (00[0-9A-Za-z_-]{40})"),
    Shape::assigned("auth0-secret", &["auth0"], r"[0-9A-Za-z_-]{64}").random(3.5),
    Shape::word(
        "onepassword-token",
        &["ops_eyj"],
        r"ops_eyJ[0-9A-Za-z+/=_-]{60,}",
    ),
    Shape::word(
        "onepassword-key",
        &["a3-"],
        r"A3-[0-9A-Z]{6}-(?:[0-9A-Z]{11}|[0-9A-Z]{6}-[0-9A-Z]{5})-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}",
    ),
];
