//! Clouds, platforms and databases as a service.

use super::Shape;

pub(super) const SHAPES: &[Shape] = &[
    Shape::word(
        "aws-key-id",
        &["akia", "asia", "abia", "acca"],
        r"((?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16})(?:[^0-9A-Za-z]|\z)",
    ),
    // The secret often follows its id without a name of its own, as in lists of credentials.
    Shape::word(
        "aws-secret-key",
        &["akia", "asia"],
        r"A[KS]IA[0-9A-Z]{16}[^0-9A-Za-z/+]{1,8}([0-9A-Za-z/+]{40})(?:[^0-9A-Za-z/+]|\z)",
    )
    .random(4.0),
    Shape::assigned(
        "aws-secret-key",
        &[
            "secret_access_key",
            "secretaccesskey",
            "secret-access-key",
            "aws_secret",
            "aws-secret",
            "awssecret",
            "secret_key",
            "secretkey",
        ],
        r"[0-9A-Za-z/+]{40}=?",
    )
    .random(3.5),
    Shape::sharp(
        "aws-session-token",
        &["iqojb3jpz2lu", "fwogzxivyxdz", "fqogzxivyxdz"],
        r"(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[0-9A-Za-z+/=%]{50,}",
    ),
    Shape::word(
        "aws-bedrock-key",
        &["absk", "bedrock-api-key-"],
        r"(?:ABSK[0-9A-Za-z+/]{80,}={0,2}|bedrock-api-key-[0-9A-Za-z+/=]{20,})",
    ),
    Shape::sharp(
        "aws-mws-token",
        &["amzn.mws."],
        r"amzn\.mws\.[0-9a-f]{8}-[0-9a-f-]{27}",
    ),
    Shape::word(
        "google-oauth-token",
        &["ya29."],
        r"ya29\.[0-9A-Za-z_.-]{20,}",
    ),
    Shape::word(
        "google-oauth-secret",
        &["gocspx-"],
        r"GOCSPX-[0-9A-Za-z_-]{24,}",
    ),
    Shape::word("google-refresh-token", &["1//0"], r"1//0[0-9A-Za-z_-]{40,}"),
    Shape::assigned("google-key-id", &["private_key_id"], r"[0-9a-f]{40}"),
    Shape::sharp(
        "azure-storage-key",
        &["accountkey="],
        r"(?i:AccountKey)=([0-9A-Za-z+/]{40,}={0,2})",
    ),
    Shape::sharp(
        "azure-access-key",
        &["sharedaccesskey="],
        r"(?i:SharedAccessKey)=([0-9A-Za-z+/]{36,}={0,2})",
    ),
    Shape::word(
        "azure-signature",
        &["sig="],
        r"sig=([0-9A-Za-z+/%]{36,}={0,2})",
    )
    .random(3.5),
    Shape::back(
        "azure-client-secret",
        4,
        &["q~"],
        r"[0-9A-Za-z_~.-]{3}[0-9]Q~[0-9A-Za-z_~.-]{31,34}",
    ),
    Shape::assigned(
        "azure-client-secret",
        &[
            "azure_client_secret",
            "arm_client_secret",
            "azureclientsecret",
        ],
        r"[0-9A-Za-z_~.@\[\]:/?=+*-]{32,44}",
    ),
    Shape::assigned(
        "azure-key",
        &[
            "subscription_key",
            "subscription-key",
            "azure_openai",
            "cognitive",
        ],
        r"[0-9a-f]{32}",
    ),
    Shape::word("alibaba-key-id", &["ltai"], r"LTAI[0-9A-Za-z]{12,26}"),
    Shape::word("tencent-key-id", &["akid"], r"AKID[0-9A-Za-z]{32}"),
    Shape::word(
        "yandex-key",
        &["aqvn", "t1."],
        r"(?:AQVN[0-9A-Za-z_-]{35,}|t1\.[0-9A-Za-z_-]+={0,2}\.[0-9A-Za-z_-]{80,})",
    ),
    Shape::word("scaleway-key", &["scw"], r"SCW[0-9A-Z]{17}"),
    Shape::sharp(
        "digitalocean-token",
        &["dop_v1_", "doo_v1_", "dor_v1_"],
        r"do[opr]_v1_[0-9a-f]{40,}",
    ),
    Shape::assigned(
        "digitalocean-token",
        &["digitalocean", "do_token"],
        r"[0-9a-f]{64}",
    ),
    Shape::assigned("linode-token", &["linode"], r"[0-9a-f]{64}"),
    Shape::assigned("hetzner-token", &["hcloud", "hetzner"], r"[0-9A-Za-z]{64}"),
    Shape::word("heroku-key", &["hrku-"], r"HRKU-[0-9A-Za-z_-]{36,}"),
    Shape::assigned(
        "heroku-key",
        &["heroku"],
        r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    ),
    Shape::word(
        "fly-token",
        &["fo1_", "fm1", "fm2"],
        r"(?:fo1_[0-9A-Za-z_-]{40,}|fm[12][ar]?_[0-9A-Za-z+/=_-]{60,})",
    ),
    Shape::word(
        "cloudflare-token",
        &["cfut_", "cfat_", "cfk_"],
        r"cf(?:ut|at|k)_[0-9A-Za-z_-]{32,}",
    ),
    Shape::word(
        "cloudflare-origin-key",
        &["v1.0-"],
        r"v1\.0-[0-9a-f]{24}-[0-9a-f]{100,}",
    ),
    Shape::assigned(
        "cloudflare-token",
        &["cloudflare", "cf_api", "cf-api"],
        r"[0-9A-Za-z_-]{37,40}",
    )
    .random(3.0),
    Shape::word(
        "netlify-token",
        &["nfp_", "nfc_", "nfo_", "nfu_"],
        r"nf[copu]_[0-9A-Za-z]{36,}",
    ),
    Shape::assigned("netlify-token", &["netlify"], r"[0-9A-Za-z_-]{40,46}").random(3.5),
    Shape::word(
        "vercel-token",
        &["vcp_", "vci_", "vca_", "vcr_", "vck_", "vercel_blob_rw_"],
        r"(?:vc[piark]|vercel_blob_rw)_[0-9A-Za-z_]{24,}",
    )
    .random(3.5),
    Shape::assigned("vercel-token", &["vercel", "now_token"], r"[0-9A-Za-z]{24}").random(3.5),
    Shape::word("render-key", &["rnd_"], r"rnd_[0-9A-Za-z]{28,}").random(3.5),
    Shape::assigned(
        "railway-token",
        &["railway"],
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    ),
    Shape::word(
        "supabase-key",
        &["sbp_", "sb_secret_"],
        r"sb(?:p|_secret)_[0-9A-Za-z_-]{20,}",
    )
    .random(3.0),
    Shape::word(
        "planetscale-token",
        &["pscale_"],
        r"pscale_(?:tkn|pw|oauth)_[0-9A-Za-z_=.-]{32,}",
    ),
    Shape::word("neon-key", &["napi_"], r"napi_[0-9a-z]{40,}"),
    Shape::word(
        "mongodb-key",
        &["mdb_sa_sk_"],
        r"mdb_sa_sk_[0-9A-Za-z_-]{30,}",
    ),
    Shape::word(
        "databricks-token",
        &["dapi", "dose"],
        r"(?:dapi|dose)[0-9a-f]{32}(?:-[0-9])?",
    ),
    Shape::word("clickhouse-key", &["4b1d"], r"4b1d[0-9A-Za-z]{38}"),
    Shape::word(
        "tailscale-key",
        &["tskey-"],
        r"tskey-[a-z]+-[0-9A-Za-z-]{16,}",
    ),
    Shape::assigned(
        "ngrok-token",
        &["ngrok"],
        r"[0-9A-Za-z]{20,32}_[0-9A-Za-z]{20,32}|[0-9A-Za-z]{45,52}",
    ),
    Shape::sharp("openshift-token", &["sha256~"], r"sha256~[0-9A-Za-z_-]{43}"),
];
