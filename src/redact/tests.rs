use std::fmt::Write as _;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy};
use secrecy::SecretString;

use crate::domain::age::{Age, Fate, Place, Source};
use crate::domain::plan::Target;
use crate::domain::repository::RepoPath;
use crate::testing::blobs::blob_id;
use crate::testing::documents::document;

use super::rules::shapes;
use super::scanner::compile;
use super::{Redactor, RuleFile, Tally};

/// Forms of secrets: the kind that the marker names, and what they look like. In braces stand a class
/// of characters and how many of them: `A` letters and digits, `a` lower-case letters and digits, `U`
/// capitals and digits, `h` hexadecimal digits, `d` digits, `b` those of Base64, `w` those of URLs.
const FORMS: &[(&str, &str)] = &[
    ("github-token", "ghp_{A36}"),
    ("github-token", "gho_{A36}"),
    ("github-token", "ghu_{A36}"),
    ("github-token", "ghr_{A76}"),
    ("github-token", "ghs_{A36}"),
    ("github-token", "ghs_{w40}.{w240}.{w238}"),
    ("github-token", "github_pat_{A22}_{A59}"),
    ("github-token", "GITHUB_TOKEN={h40}"),
    ("gitlab-token", "glpat-{A20}"),
    ("gitlab-token", "glpat-{A27}.01.{a9}"),
    ("gitlab-token", "glrt-{A20}"),
    ("gitlab-token", "gldt-{A20}"),
    ("gitlab-token", "glcbt-64_{A20}"),
    ("gitlab-token", "glptt-{h40}"),
    ("gitlab-token", "gloas-{h64}"),
    ("gitlab-token", "GR1348941{A20}"),
    ("bitbucket-token", "ATBB{A32}"),
    ("azure-devops-token", "{A76}AZDO{A4}"),
    ("aws-key-id", "AKIA{U16}"),
    ("aws-key-id", "ASIA{U16}"),
    ("aws-secret-key", "aws_secret_access_key = {b40}"),
    ("aws-secret-key", "\"SecretAccessKey\": \"{b40}\""),
    ("aws-session-token", "IQoJb3JpZ2luX2Vj{b200}"),
    ("google-api-key", "AIza{A35}"),
    ("google-oauth-token", "ya29.{w120}"),
    ("google-oauth-secret", "GOCSPX-{A28}"),
    ("azure-storage-key", "AccountKey={b86}=="),
    ("azure-signature", "?sv=2022-11-02&sig={A43}%3D"),
    ("azure-client-secret", "{A3}8Q~{A34}"),
    ("slack-token", "xoxb-{d12}-{d12}-{A24}"),
    ("slack-token", "xoxp-{d12}-{d12}-{d12}-{h32}"),
    ("slack-token", "xoxe.xoxp-1-{A146}"),
    ("slack-token", "xapp-1-A{U10}-{d13}-{h64}"),
    (
        "slack-webhook",
        "https://hooks.slack.com/services/T{U8}/B{U10}/{A24}",
    ),
    ("stripe-key", "sk_live_{A24}"),
    ("stripe-key", "rk_test_{A99}"),
    ("webhook-secret", "whsec_{A32}"),
    ("openai-key", "sk-{A20}T3BlbkFJ{A20}"),
    ("openai-key", "sk-proj-{w74}T3BlbkFJ{w73}A"),
    ("model-key", "sk-{h32}"),
    ("anthropic-key", "sk-ant-api03-{w93}AA"),
    ("huggingface-token", "hf_{A34}"),
    ("gemini-key", "AQ.Ab8{w48}"),
    ("groq-key", "gsk_{A52}"),
    ("replicate-token", "r8_{A37}"),
    ("perplexity-key", "pplx-{A48}"),
    ("xai-key", "xai-{A80}"),
    ("openrouter-key", "sk-or-v1-{h64}"),
    ("npm-token", "npm_{A36}"),
    ("npm-token", "//registry.example.org/:_authToken={A36}"),
    ("pypi-token", "pypi-AgEIcHlwaS5vcmc{w150}"),
    ("crates-token", "cio{A32}"),
    ("rubygems-key", "rubygems_{h48}"),
    ("nuget-key", "oy2{a43}"),
    ("docker-token", "dckr_pat_{A27}"),
    ("artifactory-token", "AKCp{A69}"),
    ("sendgrid-key", "SG.{A22}.{A43}"),
    ("twilio-key", "SK{h32}"),
    ("twilio-token", "TWILIO_AUTH_TOKEN={h32}"),
    ("mailgun-key", "key-{h32}"),
    ("mailchimp-key", "{h32}-us14"),
    ("brevo-key", "xkeysib-{h64}-{A16}"),
    ("telegram-token", "{d10}:AA{A33}"),
    (
        "discord-webhook",
        "https://discord.com/api/webhooks/{d18}/{A68}",
    ),
    ("discord-token", "MTk4NjIyNDgzNDcxOTI1MjQ4.{A6}.{A38}"),
    ("vault-token", "hvs.{A90}"),
    ("vault-token", "hvb.{A138}"),
    ("digitalocean-token", "dop_v1_{h64}"),
    ("terraform-token", "{A14}.atlasv1.{A67}"),
    ("datadog-key", "DD_API_KEY={h32}"),
    ("newrelic-key", "NRAK-{U27}"),
    ("newrelic-key", "{h36}NRAL"),
    ("sentry-dsn", "https://{h32}@o{d6}.ingest.sentry.io/{d7}"),
    ("sentry-token", "sntryu_{h64}"),
    ("sentry-token", "sntrys_{A120}_{A43}"),
    ("shopify-token", "shpat_{h32}"),
    ("shopify-token", "shpss_{h32}"),
    ("square-token", "sq0atp-{A22}"),
    ("square-token", "EAAA{A60}"),
    ("braintree-token", "access_token$production${a16}${h32}"),
    ("linear-key", "lin_api_{A40}"),
    ("notion-token", "ntn_{A46}"),
    ("notion-token", "secret_{A43}"),
    ("airtable-token", "pat{A14}.{h64}"),
    ("atlassian-token", "ATATT3xFfGF0{A160}"),
    ("asana-token", "ASANA_TOKEN=1/{d16}:{h32}"),
    ("heroku-key", "HRKU-AA{A58}"),
    ("heroku-key", "HEROKU_API_KEY={h8}-{h4}-{h4}-{h4}-{h12}"),
    ("fly-token", "fo1_{A43}"),
    ("fly-token", "FlyV1 fm2_{b120}"),
    ("cloudflare-token", "CLOUDFLARE_API_TOKEN={A40}"),
    ("netlify-token", "nfp_{A40}"),
    ("vercel-token", "vcp_{A56}"),
    ("vercel-token", "VERCEL_TOKEN={A24}"),
    ("grafana-token", "glsa_{A32}_{h8}"),
    ("grafana-token", "glc_{A80}"),
    ("databricks-token", "dapi{h32}"),
    ("doppler-token", "dp.pt.{A43}"),
    ("pulumi-token", "pul-{h40}"),
    ("postman-key", "PMAK-{h24}-{h34}"),
    ("planetscale-token", "pscale_tkn_{A43}"),
    ("dynatrace-token", "dt0c01.{U24}.{U64}"),
    ("supabase-key", "sbp_{h40}"),
    ("tailscale-key", "tskey-auth-k{A12}CNTRL-{A32}"),
    ("buildkite-token", "bkua_{h40}"),
    ("sonar-token", "sqp_{h40}"),
    ("launchdarkly-key", "sdk-{h8}-{h4}-{h4}-{h4}-{h12}"),
    ("figma-token", "figd_{A40}"),
    ("hubspot-token", "pat-na1-{h8}-{h4}-{h4}-{h4}-{h12}"),
    ("contentful-token", "CFPAT-{A43}"),
    ("age-key", "AGE-SECRET-KEY-1{U58}"),
    ("jwt", "eyJ{A33}.eyJ{A60}.{w42}A"),
    ("password-hash", "$2b$12${A53}"),
    ("authorization", "Authorization: Basic {A40}"),
    ("authorization", "curl -H 'Authorization: Bearer {A40}'"),
    ("url-password", "https://deploy:{A16}@git.company.dev/x.git"),
    ("database-url", "postgres://app:{A16}@db:5432/app"),
    (
        "database-url",
        "mongodb+srv://app:{A16}@cluster0.abcde.mongodb.net",
    ),
    ("assigned-secret", "password = \"{A14}\""),
    ("assigned-secret", "DB_PASSWORD={A20}"),
    ("assigned-secret", "\"clientSecret\": \"{A32}\""),
    ("assigned-secret", "'api_key' => '{A32}',"),
    ("assigned-secret", "const AUTH_TOKEN: &str = \"{A32}\";"),
    ("assigned-secret", "<password>{A20}</password>"),
    ("assigned-secret", "run --password {A20}"),
    ("command-password", "curl -u deploy:{A8} "),
    ("command-password", "curl -sSu deploy:{A8} "),
    ("command-password", "curl --user deploy:{A8} -X POST"),
    ("command-password", "curl --proxy-user=deploy:{A8} -X POST"),
    ("command-password", "http --auth deploy:{A8} GET x"),
    ("command-password", "mysql -u root -p{A8} shop"),
    ("command-password", "mysqldump --password={A8} shop"),
    ("command-password", "PGPASSWORD={A8} psql -h db"),
    ("command-password", "sshpass -p {A8} ssh root@db"),
    ("command-password", "docker login -u me -p {A8} registry"),
    ("command-password", "helm registry login --password {A8} x"),
    ("command-password", "wget --http-password={A8} x"),
    ("command-password", "redis-cli -a {A8} ping"),
    ("command-password", "mongodump -u me -p {A8} --db shop"),
    ("command-password", "ldapsearch -D cn=admin -w {A8} -b dc=x"),
    ("command-password", "smbclient //h/s -U me%{A8} -c ls"),
    ("command-password", "sqlcmd -U sa -P {A8} -Q x"),
    ("command-password", "htpasswd -b users me {A8} "),
    ("command-password", "openssl pkcs12 -passin pass:{A8} -in x"),
    (
        "command-password",
        "echo {A8} | docker login --password-stdin",
    ),
    (
        "connection-password",
        "Server=db;User Id=sa;Password={A8};Encrypt=true",
    ),
    ("connection-password", "Password={A8};Server=db;"),
    ("connection-password", "cache:6380,password={A8},ssl=True"),
    (
        "connection-password",
        "host=db user=me password={A8} dbname=x",
    ),
    (
        "connection-password",
        "jdbc:mysql://db:3306/a?user=root&password={A8}&x",
    ),
    (
        "connection-password",
        "jdbc:sqlserver://db;user=sa;password={A8};",
    ),
    ("connection-password", "jdbc:oracle:thin:scott/{A8}@db"),
    (
        "connection-password",
        "machine api.example.org login me password {A8}",
    ),
    ("connection-password", "auth=(\"me\", \"{A8}\")"),
    (
        "private-key",
        "client-key-data: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt{b80}",
    ),
];

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }

    /// A secret of a form, and the random parts of it.
    fn make(&mut self, form: &str) -> (String, Vec<String>) {
        let mut secret = String::new();
        let mut parts = Vec::new();
        let mut rest = form;
        while let Some((before, after)) = rest.split_once('{') {
            let (field, after) = after.split_once('}').unwrap();
            let (class, count) = field.split_at(1);
            let letters: &[u8] = match class {
                "A" => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
                "a" => b"abcdefghijklmnopqrstuvwxyz0123456789",
                "U" => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
                "h" => b"0123456789abcdef",
                "d" => b"123456789",
                "b" => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/",
                "w" => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
                other => panic!("no class {other}"),
            };
            let part: String = (0..count.parse().unwrap())
                .map(|_| char::from(letters[self.roll(letters.len())]))
                .collect();
            secret.push_str(before);
            secret.push_str(&part);
            parts.push(part);
            rest = after;
        }
        secret.push_str(rest);
        (secret, parts)
    }
}

/// Ways in which a secret stands in a text, with `@` for it.
const SURROUNDINGS: [&str; 6] = [
    "@",
    "let value = \"@\"; // do not commit",
    "see @, please",
    "{\"log\": \"line one\\n@\\nline three\"}",
    "a\n  b: @\nc\r\n",
    "<li><code>@</code></li>",
];

fn redactor() -> Redactor {
    Redactor::new(&[])
}

fn clean(text: &str) -> String {
    // Making one takes longer than any of the texts.
    static SHARED: LazyLock<Redactor> = LazyLock::new(redactor);
    SHARED.redact(text).text.into_owned()
}

/// Lines in the form of `kind: text` of what was missed, for all forms in one surrounding.
fn missed(surrounding: &str, seed: u64) -> Vec<String> {
    let redactor = redactor();
    let mut dice = Dice(seed);
    let mut missed = Vec::new();
    for (kind, form) in FORMS {
        let (secret, parts) = dice.make(form);
        let text = surrounding.replace('@', &secret);
        let redacted = redactor.redact(&text);
        let longest = parts.iter().max_by_key(|part| part.len()).unwrap();
        if redacted.text.contains(longest.as_str()) {
            missed.push(format!("{kind}: {text}"));
        }
    }
    missed
}

#[test]
fn every_form_is_found_in_every_surrounding() {
    for (seed, surrounding) in (1..).zip(SURROUNDINGS) {
        assert_eq!(missed(surrounding, seed), [""; 0], "in {surrounding}");
    }
}

#[test]
fn enough_forms_are_tried() {
    let kinds: std::collections::BTreeSet<_> = FORMS.iter().map(|(kind, _)| kind).collect();
    assert!(kinds.len() >= 60, "{}", kinds.len());
    assert!(FORMS.len() * SURROUNDINGS.len() >= 600);
}

#[test]
fn marker_names_the_kind() {
    let redactor = redactor();
    let mut dice = Dice(77);
    let mut wrong = Vec::new();
    for (kind, form) in FORMS {
        let (secret, _) = dice.make(form);
        let redacted = redactor.redact(&secret);
        let kinds: Vec<_> = redacted.tally.secrets().into_keys().collect();
        if kinds != [*kind] {
            wrong.push(format!("{kind}: {kinds:?} {secret}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_pattern_is_one() {
    for shape in shapes() {
        let compiled = compile(&shape);
        assert!(compiled.is_ok(), "{}: {compiled:?}", shape.kind);
        assert!(!compiled.unwrap().is_match(b""), "{}", shape.kind);
        let lower = shape.keywords.iter().all(|it| *it == it.to_lowercase());
        assert!(lower && !shape.keywords.is_empty(), "{}", shape.kind);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(shape.kind.chars().all(plain), "{}", shape.kind);
    }
}

#[test]
fn what_stands_in_for_a_secret_stays() {
    let texts = [
        "password = \"changeme\"",
        "password: ${DB_PASSWORD}",
        "api_key = \"<your-api-key>\"",
        "token = os.environ[\"API_TOKEN\"]",
        "secret: process.env.CLIENT_SECRET_2024",
        "let token = parse_token(input, 42)?;",
        "self.password = password",
        "password: String,",
        "token: Option<SecretString>,",
        "API_KEY=your_api_key_here_1234",
        "PASSWORD=$(cat /run/secrets/db1)",
        "password = \"{{ vault_db_password_2 }}\"",
        "auth_token = config.get('token_v2')",
        "if password == \"\" { return }",
        "GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}",
        "Authorization: Bearer ${TOKEN}",
        "Authorization: Bearer <token>",
        "postgres://user:password@localhost/db",
        "https://user:${PASS}@host/path",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "task-management-and-disk-usage-of-risk-averse-desk-workers",
        "commit 3f786850e387550fdab836ed7e6dc881de23001b",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "token_type = \"bearer1234abcd5678\"",
        "password_field: \"user1_pass2_input3\"",
        "tokens: [\"abc1def2\", \"ghi3jkl4\"]",
        "-----BEGIN PRIVATE KEY----- is how a key begins, -----END PRIVATE KEY----- how it ends",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
        "use crate::planner::pack::{EvidencePack, Excerpt};",
    ];
    for text in texts {
        assert_eq!(clean(text), text);
    }
}

#[test]
fn name_and_surroundings_of_a_secret_stay() {
    let text = "db:\n  password: \"kT9vX2pLq8Zr\"   # old\n  host: db\n";
    assert_eq!(
        clean(text),
        "db:\n  password: \"[redacted:assigned-secret]\"   # old\n  host: db\n"
    );
    assert_eq!(
        clean("postgres://app:kT9vX2pLq8Zr@db:5432/app?sslmode=require"),
        "postgres://app:[redacted:database-url]@db:5432/app?sslmode=require"
    );
    assert_eq!(
        clean("Authorization: token 0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"),
        "Authorization: token [redacted:authorization]"
    );
}

/// A key's body that no key has.
fn body(lines: usize) -> String {
    let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    vec![line; lines].join("\n")
}

#[test]
fn private_key_goes_and_its_lines_stay() {
    for label in ["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED "] {
        let key = body(3);
        let text = format!(
            "a\n-----BEGIN {label}PRIVATE KEY-----\n{key}\n-----END {label}PRIVATE KEY-----\nb"
        );
        let expected = format!(
            "a\n-----BEGIN {label}PRIVATE KEY-----\n[redacted:private-key]\n\n\n-----END {label}PRIVATE KEY-----\nb"
        );
        assert_eq!(clean(&text), expected);
    }
}

#[test]
fn private_key_is_found_however_it_is_written() {
    let key = body(4);
    let escaped = key.replace('\n', "\\n");
    let texts = [
        format!(
            "{{\"private_key\": \"-----BEGIN PRIVATE KEY-----\\n{escaped}\\n-----END PRIVATE KEY-----\\n\"}}"
        ),
        format!(
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 1\n\n{key}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----"
        ),
        format!(
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{key}\n-----END RSA PRIVATE KEY-----"
        ),
        format!(
            "    -----BEGIN PRIVATE KEY-----\n    {}\n",
            key.replace('\n', "\n    ")
        ),
        format!("{key}\n-----END PRIVATE KEY-----"),
        format!(
            "KEY = (\"-----BEGIN EC PRIVATE KEY-----\\n\"\n  \"{}\\n\"\n)",
            key.replace('\n', "\\n\"\n  \"")
        ),
        format!(
            "PuTTY-User-Key-File-3: ssh-rsa\r\nPrivate-Lines: 4\r\n{}\r\nPrivate-MAC: 00",
            key.replace('\n', "\r\n")
        ),
        format!("-----begin private key-----\n{key}\n-----end private key-----"),
    ];
    for text in texts {
        let redacted = clean(&text);
        assert!(!redacted.contains("MIIEvQIBADANBg"), "{text}\n{redacted}");
        assert_eq!(redacted.lines().count(), text.lines().count());
    }
}

#[test]
fn disguised_secrets_are_found() {
    let token = "ghp_k3Jx9QmZ7rT2vB5nL8cW1dF4gH6sA0pYeUiO";
    let split = |mark: &str| -> String {
        let (start, end) = token.split_at(9);
        format!("{start}{mark}{end}")
    };
    let spelled: String = token
        .chars()
        .map(|c| format!("&#{};", u32::from(c)))
        .collect();
    let wide: String = token
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap())
        .collect();
    let tagged: String = token.chars().flat_map(|c| [c, '\u{E0001}']).collect();
    let texts = [
        split("\u{200B}"),
        split("\u{2060}"),
        split("\u{202E}"),
        split("\u{AD}"),
        split("&#8203;"),
        split("&ZeroWidthSpace;").replace("&ZeroWidthSpace;", "\u{FEFF}"),
        token.replace('_', "&lowbar;"),
        spelled,
        wide,
        tagged,
    ];
    for text in texts {
        assert_eq!(clean(&format!("a {text} b")), "a [redacted:github-token] b");
    }
}

#[test]
fn secrets_over_several_lines_or_strings_are_found() {
    for text in [
        "ghp_a1B2a1B2c1B2a1B2a1d2\n  a1B2a1B2a1e2a1B2",
        "ghp_a1B2a1B2c1B2a1B2a1d2\r\na1B2a1B2a1e2a1B2",
        "t = \"ghp_a1B2a1B2c1B2a1B2\" \\\n    \"a1d2a1B2a1B2a1e2a1B2\"",
        "t = 'ghp_a1B2a1B2c1B2a1B2' +\n    'a1d2a1B2a1B2a1e2a1B2'",
        "t = 'ghp_a1B2a1B2c1B2a1B2'\n    + 'a1d2a1B2a1B2a1e2a1B2'",
        "t = 'ghp_a1B2a1B2c1B2a1B2' . 'a1d2a1B2a1B2a1e2a1B2'",
        "(\"ghp_a1B2a1B2\"\n \"c1B2a1B2\"\n \"a1d2a1B2a1B2a1e2a1B2\")",
    ] {
        let redacted = clean(text);
        assert!(redacted.contains("[redacted:github-token]"), "{redacted}");
        assert!(!redacted.contains("B2a1"), "{redacted}");
        let line_ends = |text: &str| text.matches('\n').count();
        assert_eq!(line_ends(&redacted), line_ends(text), "{redacted}");
    }
    for text in [
        "ghp_a1B2a1B2c1B2a1B2\nis how such tokens begin, for instance here",
        "sk-proj-\nand_something_else_entirely_without_any_numbers",
        "t = \"ghp_a1B2a1B2c1B2a1B2\", \"a1d2a1B2a1B2a1e2a1B2\"",
    ] {
        assert_eq!(clean(text), text);
    }
}

#[test]
fn values_are_found_wherever_their_name_says_what_they_are() {
    for text in [
        "The password is 9fKq2LmZx81QpR4t, do not tell.",
        "set :session_secret, '8fk2LmQp9ZxR4tYw7VnB3sKd'",
        "machine api.test login me password 9fKq2LmZx81QpR4t",
        "DB_PASSWORD=Xk9#mQ2$vL7pR4wz",
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ] {
        assert!(clean(text).contains("[redacted:"), "{text}");
    }
    for text in [
        "The token is parsed by next_token2 and token3.",
        "validates :password, 'must have 8 or more characters, 2 of them digits'",
        "the password field2 of Form3",
        "PASSWORD=$HOME/x9/y8/z7",
    ] {
        assert_eq!(clean(text), text);
    }
}

#[test]
fn passwords_on_command_lines_and_in_files_of_logins_are_found() {
    for (text, expected) in [
        (
            "curl -u 'me:two words' x",
            "curl -u 'me:[redacted:command-password]' x",
        ),
        (
            "curl -X POST \\\n  --user me:hunter2 x",
            "curl -X POST \\\n  --user me:[redacted:command-password] x",
        ),
        (
            "mysql -u root -p'two words' x",
            "mysql -u root -p'[redacted:command-password]' x",
        ),
        (
            "PGPASSWORD=\"two words\" psql",
            "PGPASSWORD=\"[redacted:command-password]\" psql",
        ),
        (
            "Data Source=db;User Id=sa;Password=P@ss w0rd;",
            "Data Source=db;User Id=sa;Password=[redacted:connection-password];",
        ),
        (
            "machine api.example.org\n  login me\n  password hunter2\n",
            "machine api.example.org\n  login me\n  password [redacted:connection-password]\n",
        ),
        (
            "[pypi]\nusername = me\npassword = hunter2\n",
            "[pypi]\nusername = me\npassword = [redacted:connection-password]\n",
        ),
        (
            r"net use z: \\files\x /user:me hunter2",
            r"net use z: \\files\x /user:me [redacted:command-password]",
        ),
        (
            "me:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
            "me:{SHA}[redacted:password-hash]",
        ),
        (
            "password = \"correct horse battery\"",
            "password = \"[redacted:assigned-secret]\"",
        ),
        (
            "passphrase: 'Tr0ub4dor and three'",
            "passphrase: 'Tr0ub4dor and three'",
        ),
        (
            "passphrase: 'Tr0ub4dor &3 horses'",
            "passphrase: '[redacted:assigned-secret]'",
        ),
    ] {
        assert_eq!(clean(text), expected, "{text}");
    }
}

#[test]
fn options_and_sentences_that_hold_no_password_stay() {
    for text in [
        "docker login -u me --password-stdin",
        "mysql -p shop",
        "docker run --name mysql -p3306:3306 mysql",
        "mkdir login && mkdir -p src/main",
        "ssh login@host -p 2222",
        "curl -u $USER:$PASSWORD https://example.org",
        "curl -u user:pass https://example.org",
        "curl -XPUT https://example.org:8080/x",
        "docker run -u 1000:1000 curlimages/curl",
        "mysql --password=<password>",
        "echo $TOKEN | docker login --password-stdin",
        "password: \"must not be empty\"",
        "password: \"Enter your password here\"",
        "password: 'reset link sent'",
        "password: \"new phrase please\"",
        "Server=db;Integrated Security=true;",
        "?user=a&password=password",
        "the machine learning password cracking",
        "username: str\npassword: str\n",
        "username = form.username\npassword = form.secret1\n",
        "auth=(\"user\", \"pass\")",
    ] {
        assert_eq!(clean(text), text);
    }
}

#[test]
fn text_without_secrets_is_borrowed() {
    let redactor = redactor();
    let text = "fn main() { println!(\"&amp; größer\u{200B}\"); }\r\n";
    assert!(matches!(
        redactor.redact(text).text,
        std::borrow::Cow::Borrowed(_)
    ));
}

#[test]
fn counts_tell_places_and_different_secrets() {
    let token = "glpat-k3Jx9QmZ7rT2vB5nL8cW";
    let text = format!("{token}\n{token}\nglpat-AAAx9QmZ7rT2vB5nL8cW");
    let tally = redactor().redact(&text).tally;
    assert_eq!(tally.places()["gitlab-token"], 3);
    assert_eq!(tally.secrets()["gitlab-token"], 2);
}

const OWN: &str = "Zk81-pQ/x+7vR_mW2sT9";

fn looking_for_own() -> Redactor {
    Redactor::new(&[SecretString::from(OWN)])
}

fn own() -> &'static Redactor {
    static SHARED: LazyLock<Redactor> = LazyLock::new(looking_for_own);
    &SHARED
}

fn holds_own(text: &str) -> bool {
    own()
        .redact(text)
        .tally
        .secrets()
        .contains_key("own-secret")
}

#[test]
fn own_secret_is_found_in_every_encoding() {
    let each = |write: fn(u8) -> String| -> String { OWN.bytes().map(write).collect() };
    let texts = [
        OWN.to_owned(),
        OWN.chars().rev().collect(),
        hex::encode(OWN),
        hex::encode_upper(OWN),
        each(|byte| format!("%{byte:02X}")),
        each(|byte| format!("%{byte:02x}")),
        each(|byte| format!("\\u{byte:04x}")),
        each(|byte| format!("&#{byte};")),
        each(|byte| format!("&#x{byte:x};")),
        OWN.replace('/', "%2F").replace('+', "%2B"),
        OWN.replace('/', "\\/"),
        OWN.chars().flat_map(|c| [c, '\u{200B}']).collect(),
    ];
    for text in texts {
        let redacted = own().redact(&format!("x={text}.")).text.into_owned();
        assert_eq!(redacted, "x=[redacted:own-secret].", "{text}");
    }
}

#[test]
fn own_secret_is_found_inside_longer_base64() {
    for before in ["", "a", "ab", "abc"] {
        for after in ["", "y", "yz", "xyz"] {
            let whole = format!("{before}{OWN}{after}");
            assert!(holds_own(&STANDARD.encode(&whole)), "{whole}");
            assert!(holds_own(&URL_SAFE_NO_PAD.encode(&whole)), "{whole}");
        }
    }
}

#[test]
fn own_secret_is_found_in_parts() {
    let redacted = |text: &str| own().redact(text).text.into_owned();
    assert_eq!(redacted(OWN.get(..14).unwrap()), "[redacted:own-secret]");
    assert_eq!(redacted(OWN.get(7..).unwrap()), "[redacted:own-secret]");
    assert_eq!(
        redacted(&format!("{}?", OWN.get(..19).unwrap())),
        "[redacted:own-secret]?"
    );
    assert_eq!(redacted(OWN.get(..6).unwrap()), OWN.get(..6).unwrap());
}

#[test]
fn short_own_secret_is_no_secret() {
    let redactor = Redactor::new(&[SecretString::from("example"), SecretString::from("")]);
    assert_eq!(redactor.redact("an example").text, "an example");
    let redactor = Redactor::new(&[SecretString::from("examples")]);
    assert_eq!(
        redactor.redact("few examples").text,
        "few [redacted:own-secret]"
    );
}

#[test]
fn lines_of_an_own_key_are_found_apart() {
    let line = |seed| Dice(seed).make("{b64}").0;
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n{}\n-----END PRIVATE KEY-----\n",
        line(1),
        line(2)
    );
    let redactor = Redactor::new(&[SecretString::from(pem)]);
    assert_eq!(
        redactor.redact(&format!("so {}!", line(2))).text,
        "so [redacted:own-secret]!"
    );
    let text = "-----BEGIN PRIVATE KEY----- stays";
    assert_eq!(redactor.redact(text).text, text);
}

#[test]
fn for_logs_only_sharp_forms_count() {
    let redactor = Redactor::for_logs(&[SecretString::from(OWN)]);
    let text = format!("{OWN} ghp_k3Jx9QmZ7rT2vB5nL8cW1dF4gH6sA0pYeUiO token=\"abc123def456ghi7\"");
    assert_eq!(
        redactor.redact(&text).text,
        "[redacted:own-secret] [redacted:github-token] token=\"abc123def456ghi7\""
    );
}

#[test]
fn allowed_values_stay_but_never_our_own() {
    let allow = vec![regex::Regex::new("^glpat-k3|Zk81").unwrap()];
    let redactor = looking_for_own().allowing(allow);
    let text = format!("glpat-k3Jx9QmZ7rT2vB5nL8cW glpat-AAAx9QmZ7rT2vB5nL8cW {OWN}");
    assert_eq!(
        redactor.redact(&text).text,
        "glpat-k3Jx9QmZ7rT2vB5nL8cW [redacted:gitlab-token] [redacted:own-secret]"
    );
}

#[test]
fn bytes_that_are_no_text_pass_unchanged() {
    let mut input = b"\xFF\xFE\x00ghp_k3Jx9QmZ7rT2vB5nL8cW1dF4gH6sA0pYeUiO\x80\xC3".to_vec();
    let (out, tally) = redactor().redact_bytes(&input);
    assert_eq!(out, b"\xFF\xFE\x00[redacted:github-token]\x80\xC3");
    assert_eq!(tally.places()["github-token"], 1);
    input.truncate(3);
    assert_eq!(redactor().redact_bytes(&input).0, input);
}

/// Found by fuzzing: each pass takes one value of a chain, whose next one shows only then.
#[test]
fn chain_of_passwords_is_followed_to_its_end() {
    let chain = [
        "password>eord PWD=ht1\u{0}rQL_PWD2word>eord PWD=ht1\u{0}5ntmysqler ID=sa;Pwd=h5ntmyh5sq#",
        "0rve`=db0rve`=sdUe;bs ID=sa;Pwd=h5ntmysql0- er2; ;Pwd=h5ntmyh5ntmysqler ID=sa;Pw",
        "d=h5ntmd6d3cl0rve`=db0rve`=db;Ud PWD=ht1\u{0}5ntmysqler ID=sa;Pwd=h5ntmyh5sq#0rve`=d",
        "b0rve`=sdUe;bs ID=sa;Pwd=h5ntmysql0- er2; ;Pwd=h5ntmyh5ser ID=saser ID=sa;Pwd=h5",
        "ntmysql0- er2; ;Pwd=h5ntmyh5ntmysqler:ID=sa;Pwd=h5nomd6d3cl0rve`=db0rve",
    ]
    .concat();
    let once = clean(&chain);
    assert_eq!(clean(&once), once);
}

#[test]
fn forged_marker_hides_nothing() {
    let key = body(2);
    let text =
        format!("-----BEGIN PRIVATE KEY-----\n[redacted:jwt]\n{key}\n-----END PRIVATE KEY-----");
    assert!(!clean(&text).contains("MIIEvQ"));
    let text = "password = \"[redacted:jwt]kT9vX2pLq8Zr\"";
    assert!(!clean(text).contains("kT9vX2pLq8Zr"), "{}", clean(text));
}

/// Pieces from which texts are made that are likely to confuse.
fn pieces() -> impl Strategy<Value = String> {
    let fixed = [
        "password",
        "token",
        "secret",
        "=",
        ": ",
        "\"",
        "'",
        "\n",
        "\r\n",
        " ",
        "&#103;",
        "&#x",
        ";",
        "[redacted:",
        "[redacted:jwt]",
        "]",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "ghp_",
        "sk-",
        "eyJ",
        ".",
        "://",
        "@",
        "\u{200B}",
        "\u{E0041}",
        "ÿ",
        "🦀",
        "AKIA",
        "kT9vX2pLq8Zr",
        "MIIEvQIBADANBgkqhkiG9w0BAQ",
        "0123456789abcdef0123456789abcdef",
        OWN,
        "%2F",
        "-us",
        "Q~",
        "Private-Lines: 2",
        "Authorization: Bearer ",
    ];
    let fixed: Vec<_> = fixed
        .into_iter()
        .map(|piece| Just(piece.to_owned()))
        .collect();
    let piece = prop_oneof![
        4 => proptest::strategy::Union::new(fixed),
        1 => "[0-9A-Za-z_/+-]{1,40}",
        1 => any::<String>(),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn redacting_twice_changes_nothing_more(text in pieces()) {
        let redactor = own();
        let once = redactor.redact(&text).text.into_owned();
        let twice = redactor.redact(&once);
        prop_assert_eq!(&once, &twice.text);
        prop_assert!(twice.tally.is_empty());
    }

    #[test]
    fn lines_keep_their_numbers(text in pieces()) {
        let redacted = own().redact(&text).text.into_owned();
        let ends = |text: &str| -> Vec<char> { text.chars().filter(|c| matches!(c, '\n' | '\r')).collect() };
        prop_assert_eq!(ends(&redacted), ends(&text));
    }

    #[test]
    fn own_secret_never_stays(text in pieces()) {
        prop_assert!(!own().redact(&text).text.contains(OWN));
    }

    #[test]
    fn any_bytes_pass(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let (out, tally) = own().redact_bytes(&bytes);
        prop_assert!(!tally.is_empty() || out == bytes);
    }
}

/// A file of rules, in Gitleaks' form.
const RULES: &str = r#"
title = "rules of a company"

[[allowlists]]
regexes = ['''^acme_0+$''']
stopwords = ["sandbox"]

[[rules]]
id = "Acme Token"
description = "a token"
regex = '''\b(acme_[0-9a-z]{12,})\b'''
entropy = 2
keywords = ["ACME_"]

[[rules]]
id = "badge"
regex = '''badge:(\d{4})-(\d{4})'''
secretGroup = 2
keywords = ["badge"]
    [[rules.allowlists]]
    condition = "AND"
    regexTarget = "line"
    regexes = ["public"]
    stopwords = ["1234"]

[[rules]]
id = "key-file"
path = '''\.p12$'''
"#;

fn with_rules(text: &str) -> Redactor {
    redactor().with_rules(RuleFile::parse("rules.toml", text).unwrap())
}

#[test]
fn rules_of_a_file_are_heeded() {
    let redactor = with_rules(RULES);
    let text = "acme_k3j9x2m7q1 acme_000000000000 acme_sandboxk3j9x2 acme_aaaaaaaaaaaa";
    assert_eq!(redactor.redact(text).text, text);
    let text = "x acme_k3j9x2m7q1z4 y";
    assert_eq!(redactor.redact(text).text, "x [redacted:acme-token] y");
    let text = "badge:1111-2222\nbadge:1111-1234 public\nbadge:1111-1234";
    assert_eq!(
        redactor.redact(text).text,
        "badge:1111-[redacted:badge]\nbadge:1111-1234 public\nbadge:1111-[redacted:badge]"
    );
}

#[test]
fn rule_without_a_pattern_is_told() {
    let rules = RuleFile::parse("rules.toml", RULES).unwrap();
    assert_eq!(rules.len(), 2);
    assert_eq!(
        rules.notes(),
        [
            "rules.toml:26: rule `key-file` has no effect: it only looks at paths, and texts come without one"
        ]
    );
}

#[test]
fn broken_rules_say_where_they_are_and_what_to_do() {
    let told = |text: &str| RuleFile::parse("r.toml", text).unwrap_err().to_string();
    let mut all = String::new();
    for text in [
        "[[rules]]\nid = \"a\"\nregex = '''(?=x)y'''",
        "[[rules]]\nid = \"b\"\n\nregex = '''((((\\w{1000}){1000}){1000}){1000})'''",
        "\n[[rules]]\nid = \"c\"",
        "[[rules]]\nregex = 'x(y)'\nsecretGroup = 2",
        "[[rules]]\nid = \"e\"\nregex = 'x'\nentropy = \"high\"",
        "[[rules]]\nid = \"f\"\nregex = 'x'\n[rules.allowlist]\nregexTarget = \"file\"",
        "[[rules]]\nid = \"g\"\nregex = 5",
        "[[rules]\nid = 1",
    ] {
        writeln!(all, "{}\n", told(text)).unwrap();
    }
    insta::assert_snapshot!(all.trim_end(), @r"
    r.toml:3: rule `a`: its pattern cannot be understood: look-around, including look-ahead and look-behind, is not supported
    hint: write it in the syntax of RE2: no look-around, no references to groups

    r.toml:4: rule `b`: its pattern takes more than 33554432 bytes when compiled
    hint: repeat less in it, such as `{20,}` in place of `{20,2000}`

    r.toml:2: rule `c`: it has no `regex`
    hint: give it a `regex`, or take it out

    r.toml:1: rule `number 1`: its `regex` has no group 2
    hint: count the opening brackets of the pattern, or leave `secretGroup` out

    r.toml:1: rule `e`: its `entropy` is no number of bits
    hint: give a number from 0 to 8; 3.5 is usual

    r.toml:4: rule `f`: `regexTarget` is `file`
    hint: use `secret`, `match` or `line`

    r.toml:3: this is no file of rules: invalid type: integer `5`, expected a string
    hint: rules look like [[rules]] with `id` and `regex`

    r.toml:1: this is no file of rules: unclosed array table, expected `]`
    hint: rules look like [[rules]] with `id` and `regex`
    ");
}

#[test]
fn braces_that_repeat_nothing_are_signs() {
    let rules = r#"
[[rules]]
id = "braces"
regex = '''k={([a-z{]{2,3})}|\x{6b}#\p{Lu}'''
"#;
    let redactor = with_rules(rules);
    assert_eq!(
        redactor.redact("k={a{} k={a} k#A").text,
        "k={[redacted:braces]} k={a} [redacted:braces]"
    );
}

#[test]
fn missing_file_of_rules_is_told() {
    let told = RuleFile::load(std::path::Path::new("no/such/rules.toml")).unwrap_err();
    assert!(
        told.to_string()
            .starts_with("`no/such/rules.toml` cannot be read: "),
        "{told}"
    );
    assert!(told.to_string().contains("\nhint: "), "{told}");
}

#[test]
fn paths_that_hold_a_secret_are_neither_compared_nor_linked() {
    let whole = |path: &RepoPath| Target::Verified {
        path: path.clone(),
        lines: None,
    };
    let secret = RepoPath::parse(&format!("keys/{OWN}.txt")).unwrap();
    let plain = RepoPath::parse("src/main.rs").unwrap();
    let place = |path: &RepoPath, fate| Place {
        target: whole(path),
        fate,
    };
    let moved = Fate::Moved {
        path: secret.clone(),
        lines: None,
    };
    let mut kept = document(4);
    let source = |path: &RepoPath| Source {
        path: path.clone(),
        blob: blob_id(b""),
    };
    kept.sources = vec![source(&secret), source(&plain)];
    kept.age = Some(Age {
        commit: kept.commit.clone(),
        places: vec![
            place(&secret, Fate::Gone),
            place(&plain, Fate::Changed),
            place(&plain, moved),
        ],
    });
    let redactor = Redactor::new(&[SecretString::from(OWN)]);
    redactor.redact_document(&mut kept, Tally::default());
    assert_eq!(kept.sources, [source(&plain)]);
    let age = kept.age.clone().unwrap();
    assert_eq!(age.places, [place(&plain, Fate::Changed)]);
    let once = kept.clone();
    redactor.redact_document(&mut kept, Tally::default());
    assert_eq!(kept, once, "doing it twice changes nothing more");
}
