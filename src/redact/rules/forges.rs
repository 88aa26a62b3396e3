//! Forges and what builds on them.

use super::Shape;

pub(super) const SHAPES: &[Shape] = &[
    Shape::sharp(
        "github-token",
        &["ghp_", "gho_", "ghu_", "ghr_"],
        r"gh[pour]_[0-9A-Za-z]{20,}",
    ),
    // Installation tokens are a short code, or three long ones joined by dots.
    Shape::sharp(
        "github-token",
        &["ghs_"],
        r"ghs_[0-9A-Za-z._-]{19,}[0-9A-Za-z_-]",
    ),
    Shape::sharp(
        "github-token",
        &["github_pat_"],
        r"github_pat_[0-9A-Za-z_]{20,}",
    ),
    Shape::sharp(
        "gitlab-token",
        &[
            "glpat-", "glrt-", "gldt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-",
            "gloas-", "glsoat-", "glffct-", "glrtr-", "glwt-",
        ],
        r"gl[a-z]{2,5}-[0-9A-Za-z_=.-]{19,}[0-9A-Za-z_=-]",
    ),
    Shape::sharp(
        "gitlab-token",
        &["gr1348941"],
        r"GR1348941[0-9A-Za-z_-]{20,}",
    ),
    Shape::sharp(
        "gitlab-session",
        &["_gitlab_session="],
        r"(?i:_gitlab_session)=([0-9A-Za-z]{32,})",
    ),
    Shape::word(
        "bitbucket-token",
        &["atbb", "atctt3"],
        r"AT(?:BB|CTT3)[0-9A-Za-z_=-]{24,}",
    ),
    Shape::assigned("bitbucket-secret", &["bitbucket"], r"[0-9A-Za-z_=-]{32,64}").random(3.2),
    Shape::assigned(
        "gitea-token",
        &["gitea", "forgejo", "codeberg"],
        r"[0-9a-f]{40}",
    ),
    Shape::assigned(
        "github-token",
        &[
            "github_token",
            "github-token",
            "githubtoken",
            "gh_token",
            "github_pat",
            "github_api",
            "github_key",
            "github_secret",
        ],
        r"[0-9a-f]{40}",
    ),
    Shape::back(
        "azure-devops-token",
        76,
        &["azdo"],
        r"[0-9A-Za-z]{76}AZDO[0-9A-Za-z]{4}",
    ),
    Shape::assigned(
        "azure-devops-token",
        &["azure_devops", "vsts_pat", "system_accesstoken"],
        r"[0-9a-z]{52}",
    ),
    Shape::assigned("sourcegraph-token", &["sourcegraph"], r"[0-9a-f]{40}"),
    Shape::sharp(
        "sourcegraph-token",
        &["sgp_", "slk_"],
        r"(?:sgp|slk)_(?:[0-9A-Za-z]{16}_|local_)?[0-9a-f]{40,64}",
    ),
];
