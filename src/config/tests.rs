use std::fs;
use std::net::IpAddr;
use std::path::Path;

use insta::assert_snapshot;
use proptest::prop_assert;
use proptest::prop_assert_eq;
use proptest::proptest;
use proptest::test_runner::Config;
use secrecy::ExposeSecret;
use toml::Table;
use url::Url;

use super::address::{is_forbidden, is_forbidden_host, is_loopback};
use super::folder::usual_folder;
use super::nearest::find_nearest;
use super::ranges::RANGES;
use super::show::SECRET_KEYS;
use super::{
    ConfigError, Loaded, ModelProvider, Origin, Problem, check, check_for_serve, load, load_from,
    load_private_key, schema, show,
};
use crate::domain::thread::Role;

const KITCHEN_SINK: &str = include_str!("testing/kitchen-sink.toml");

const PEM: &str = "-----BEGIN RSA PRIVATE KEY-----\nY2FuYXJ5\n-----END RSA PRIVATE KEY-----\n";

fn from_file(text: &str) -> Result<Loaded, ConfigError> {
    load_from(Some((Path::new("planwright.toml"), text)), [])
}

fn from_variables(variables: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let owned = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    load_from(None, owned)
}

/// What a person reads when the file says `text`.
fn complaint(text: &str) -> String {
    from_file(text).unwrap_err().to_string()
}

/// What a person reads when the environment says `variables`.
fn variable_complaint(variables: &[(&str, &str)]) -> String {
    from_variables(variables).unwrap_err().to_string()
}

fn told(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn nothing_needs_to_be_set() {
    let settings = from_variables(&[]).unwrap().settings;
    assert_eq!(settings.server.listen, "127.0.0.1:8080".parse().unwrap());
    assert_eq!(settings.model.provider, ModelProvider::None);
    assert_eq!(settings.policy.minimum_role, Role::Write);
    assert!(settings.github.app_id.is_none());
}

#[test]
fn variables_override_the_file_and_the_file_the_default() {
    let text = "[worker]\nconcurrency = 3\nmax_attempts = 7\n";
    let variable = ("PLANWRIGHT_WORKER__CONCURRENCY".to_owned(), "4".to_owned());
    let loaded = load_from(Some((Path::new("a.toml"), text)), [variable]).unwrap();

    let worker = &loaded.settings.worker;
    assert_eq!((worker.concurrency, worker.max_attempts), (4, 7));
    let name = "PLANWRIGHT_WORKER__CONCURRENCY".to_owned();
    assert_eq!(
        [
            loaded.origin("worker.concurrency"),
            loaded.origin("worker.max_attempts"),
            loaded.origin("worker.lease_seconds"),
        ],
        [
            Origin::Variable { name },
            Origin::File {
                path: "a.toml".into(),
                line: 3
            },
            Origin::Default,
        ]
    );
}

#[test]
fn kitchen_sink_sets_every_key() {
    let loaded = from_file(KITCHEN_SINK).unwrap();
    let left: Vec<&str> = loaded
        .origins()
        .filter(|(_, origin)| **origin == Origin::Default)
        .map(|(key, _)| key)
        .collect();
    // GitLab's secrets cannot be set yet.
    assert_eq!(
        left,
        [
            "gitlab.token",
            "gitlab.webhook_secrets",
            "gitlab.signing_tokens"
        ]
    );
}

#[test]
fn kitchen_sink_is_shown_with_sources_and_without_secrets() {
    let loaded = from_file(KITCHEN_SINK).unwrap();
    assert_eq!(
        show(&loaded),
        include_str!("testing/kitchen-sink-shown.toml")
    );
}

#[test]
fn no_secret_is_ever_written_out() {
    let loaded = from_file(KITCHEN_SINK).unwrap();
    for text in [show(&loaded), format!("{loaded:?}")] {
        assert!(!text.to_lowercase().contains("canary"), "{text}");
    }
    assert_eq!(loaded.settings.github.webhook_secrets.len(), 2);
}

#[test]
fn what_is_hidden_are_exactly_the_secrets() {
    let settings = from_file(KITCHEN_SINK).unwrap().settings;
    let hidden = format!("{settings:?}").matches("REDACTED").count();
    // The kitchen sink has two webhook secrets, none of GitLab's three, and a second App with a key and a
    // secret of its own.
    assert_eq!(hidden, SECRET_KEYS.len() - 3 + 1 + 2);
}

#[test]
fn shown_settings_are_toml_again() {
    let shown = show(&from_file(KITCHEN_SINK).unwrap());
    let table: Table = toml::from_str(&shown).unwrap();
    assert_eq!(table["log"]["format"].as_str(), Some("json"));
}

#[test]
fn unknown_key_names_the_one_that_was_meant() {
    let text = "[server]\nlisten = \"127.0.0.1:80\"\nadmin_listn = \"127.0.0.1:81\"\n";
    assert_snapshot!(complaint(text), @"
    planwright.toml:3: `server.admin_listn` is not a setting
    hint: did you mean `server.admin_listen`?
    ");
}

#[test]
fn key_in_another_section_is_found_by_its_last_word() {
    assert_snapshot!(complaint("[log]\nminimum_role = \"read\"\n"), @"
    planwright.toml:2: `log.minimum_role` is not a setting
    hint: did you mean `policy.minimum_role`?
    ");
}

#[test]
fn unknown_section_is_told_once() {
    assert_snapshot!(complaint("[githb]\napp_id = \"1\"\nweb_url = \"\"\n"), @"
    planwright.toml:1: `[githb]` is not a section
    hint: did you mean `[github]`?
    ");
}

#[test]
fn unlike_names_get_no_guess() {
    assert_snapshot!(complaint("[server]\nfavourite_colour = \"blue\"\n"), @"
    planwright.toml:2: `server.favourite_colour` is not a setting
    hint: `planwright config show` lists all settings
    ");
}

#[test]
fn key_outside_a_section_is_told_where_it_belongs() {
    assert_snapshot!(complaint("\napp_id = \"1\"\n"), @"
    planwright.toml:2: `app_id` stands outside a section
    hint: did you mean `github.app_id`?
    ");
}

#[test]
fn broken_toml_is_told_with_its_line() {
    assert_snapshot!(complaint("[server]\nlisten = \"127.0.0.1:80\n[log]\n"), @r#"planwright.toml:2: this is not TOML: invalid basic string, expected `"`"#);
}

#[test]
fn key_set_twice_is_told_with_its_line() {
    assert_snapshot!(complaint("[log]\nfilter = \"info\"\nfilter = \"warn\"\n"), @"planwright.toml:3: this is not TOML: duplicate key");
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_lines() {
    let text = r#"
[server]
listen = "localhost:8080"
max_body_bytes = 0
body_timeout_seconds = "10"
[store]
url = "mysql://user:canary@host/db"
[github]
app_id = 123456
api_url = "ftp://github.example.com"
web_url = "https://user:canary@github.example.com"
webhook_secrets = ["", "canary"]
[model]
provider = "claude"
timeout_seconds = 1.5
[triggers]
labels = "plan"
bot_names = ["@planwright"]
[policy]
minimum_role = "none"
[http]
allow_insecure_hosts = ["http://ghe.example"]
[log]
filter = "info,=="
format = "xml"
"#;
    assert_snapshot!(complaint(text), @r#"
    planwright.toml:3: `server.listen` must be an IP address and a port, not `localhost:8080`
    hint: such as `127.0.0.1:8080`, or `0.0.0.0:8080` for all addresses of this machine
    planwright.toml:4: `server.max_body_bytes` must be from 1024 to 104857600, not 0
    planwright.toml:5: `server.body_timeout_seconds` must be a whole number, not a text in quotes
    hint: write it without quotes
    planwright.toml:7: `store.url` must be `sqlite:` and a path
    hint: such as `sqlite:planwright.db`
    planwright.toml:9: `github.app_id` must be a text in quotes, not a whole number
    hint: write it in quotes
    planwright.toml:10: `github.api_url` must be an address such as `https://github.example.com`: only https and http are spoken
    planwright.toml:11: `github.web_url` must be an address such as `https://github.example.com`: it must not hold a user name or password
    planwright.toml:12: `github.webhook_secrets` must not hold an empty secret: anybody could sign with it
    hint: make one with `openssl rand -hex 32`
    planwright.toml:14: `model.provider` must be `none`, `anthropic`, `openai`, `gemini` or `ollama`, not `claude`
    hint: vLLM, llama.cpp, LiteLLM, OpenRouter and other servers work through `openai` with `base_url` set to their address, such as `http://127.0.0.1:8000/v1`
    planwright.toml:15: `model.timeout_seconds` must be a whole number, not a number with a fraction
    planwright.toml:17: `triggers.labels` must be a list of texts, not a text in quotes
    hint: write it in brackets, such as ["one"]
    planwright.toml:18: `triggers.bot_names` must hold names of letters, digits, `-`, `_` and `.`, not `@planwright`
    hint: leave out the `@` and a `[bot]` at the end
    planwright.toml:20: `policy.minimum_role` must be `read`, `triage`, `write`, `maintain` or `admin`, not `none`
    planwright.toml:22: `http.allow_insecure_hosts` must hold host names or IP addresses, not `http://ghe.example`
    hint: leave out `http://`, the port and the path; write an IPv6 address in brackets
    planwright.toml:24: `log.filter` must be `error`, `warn`, `info`, `debug`, `trace`, or directives, not `info,==`
    hint: such as `info,planwright::worker=debug`
    planwright.toml:25: `log.format` must be `text` or `json`, not `xml`
    "#);
}

#[test]
fn mistakes_about_models_are_told_in_both_sections() {
    let text = r#"
[model]
api = "completions"
api_version = "2024 10"
context_tokens = -1
schema = "strict"
tools = "always"
price_input = "1.2345678"
price_output = "-3"
price_currency = "dollars"
[fallback_model]
reasoning_effort = "very high"
price_cached = "1,5"
base_url = "http://gpu.lan"
"#;
    assert_snapshot!(complaint(text), @r#"
    planwright.toml:3: `model.api` must be `auto`, `responses` or `chat`, not `completions`
    planwright.toml:4: `model.api_version` must be a word of letters, digits, `-`, `_` and `.`, not `2024 10`
    planwright.toml:5: `model.context_tokens` must be from 0 to 100000000, not -1
    planwright.toml:6: `model.schema` must be `auto`, `native`, `tool`, `json` or `prompt`, not `strict`
    planwright.toml:7: `model.tools` must be `auto` or `never`, not `always`
    planwright.toml:8: `model.price_input` must be an amount with at most 6 digits behind the point, not `1.2345678`
    hint: such as "3" or "0.25", for a million tokens
    planwright.toml:9: `model.price_output` must be an amount with at most 6 digits behind the point, not `-3`
    hint: such as "3" or "0.25", for a million tokens
    planwright.toml:10: `model.price_currency` must be three capital letters such as `USD`, not `dollars`
    planwright.toml:12: `fallback_model.reasoning_effort` must be a word of letters, digits, `-`, `_` and `.`, not `very high`
    planwright.toml:13: `fallback_model.price_cached` must be an amount with at most 6 digits behind the point, not `1,5`
    hint: such as "3" or "0.25", for a million tokens
    planwright.toml:14: `fallback_model.base_url` must start with `https://`: plain http would show tokens and code to the network
    hint: if `gpu.lan` can only be reached that way, put it into `http.allow_insecure_hosts`
    "#);
}

#[test]
fn half_of_a_price_and_a_fallback_for_nothing_are_told() {
    let text = r#"
[model]
price_input = "3"
[fallback_model]
provider = "openai"
price_output = "3"
"#;
    assert_snapshot!(complaint(text), @"
    `fallback_model.name` must name the model, because `fallback_model.provider` is set
    `fallback_model.price_input` must be set, because `fallback_model.price_output` is
    planwright.toml:5: `fallback_model.provider` must be `none`, because `model.provider` is: there is nothing to fall back from
    ");
}

#[test]
fn prices_are_exact() {
    let price = |text: &str| {
        let text = format!("[model]\nprice_input = \"{text}\"\n");
        from_file(&text).map(|loaded| loaded.settings.model.price_input)
    };
    for (text, millionths) in [
        ("3", 3_000_000),
        ("0.25", 250_000),
        ("0.000001", 1),
        ("999999.999999", 999_999_999_999),
        ("0", 0),
    ] {
        assert_eq!(price(text).unwrap(), Some(millionths), "{text}");
    }
    assert_eq!(price("").unwrap(), None);
    for wrong in [".5", "5.", "1e3", "+1", "1000000", "0x1", " 1", "٣"] {
        assert!(price(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn fallback_model_needs_its_own_key() {
    let text = "[model]\nprovider = \"ollama\"\nname = \"m\"\n\
                [fallback_model]\nprovider = \"gemini\"\nname = \"m\"\n";
    assert_snapshot!(told(&check(&from_file(text).unwrap())), @"
    `fallback_model.api_key` must be set for this provider
    hint: a variable keeps it out of files: PLANWRIGHT_FALLBACK_MODEL__API_KEY
    ");
}

#[test]
fn unsupported_forge_and_store_are_told_as_such() {
    let text = "[store]\nurl = \"postgres://planwright:canary@db/planwright\"\n\
                [gitlab]\ntoken = \"canary\"\nwebhook_secrets = [\"canary\"]\n";
    assert_snapshot!(complaint(text), @"
    planwright.toml:2: `store.url` must be `sqlite:` and a path: PostgreSQL is not supported by this version yet
    planwright.toml:4: `gitlab.token` must stay empty: GitLab is not supported by this version yet
    planwright.toml:5: `gitlab.webhook_secrets` must stay empty: GitLab is not supported by this version yet
    ");
}

#[test]
fn unknown_variable_names_the_one_that_was_meant() {
    let variables = [("PLANWRIGHT_GITHUB_APP_ID", "1")];
    assert_snapshot!(variable_complaint(&variables), @"
    PLANWRIGHT_GITHUB_APP_ID: this variable names no setting
    hint: did you mean `PLANWRIGHT_GITHUB__APP_ID`?
    ");
}

#[test]
fn variables_of_other_programs_and_of_kubernetes_are_passed_over() {
    let variables = [
        ("PATH", "/bin"),
        ("planwright_server__listen", "x"),
        ("PLANWRIGHT_SERVICE_HOST", "10.0.0.1"),
        ("PLANWRIGHT_SERVICE_PORT_HTTP", "80"),
        ("PLANWRIGHT_PORT", "tcp://10.0.0.1:80"),
        ("PLANWRIGHT_PORT_80_TCP_ADDR", "10.0.0.1"),
        ("PLANWRIGHT_ADMIN_SERVICE_HOST", "10.0.0.2"),
    ];
    assert!(from_variables(&variables).is_ok());
}

#[test]
fn variable_that_only_looks_like_one_of_kubernetes_is_told() {
    let variables = [("PLANWRIGHT_PORT", "8080")];
    assert_snapshot!(variable_complaint(&variables), @"
    PLANWRIGHT_PORT: this variable names no setting
    hint: `planwright config show` lists all settings
    ");
}

#[test]
fn variables_take_the_type_of_the_default() {
    let settings = from_variables(&[
        ("PLANWRIGHT_GITHUB__APP_ID", "123456"),
        ("PLANWRIGHT_BUDGETS__MODEL_CALLS", " 2 "),
        ("PLANWRIGHT_TRIGGERS__LABELS", "plan, needs plan"),
        ("PLANWRIGHT_TRIGGERS__BOT_NAMES", "[\"one\", 'two']"),
        ("PLANWRIGHT_HTTP__ALLOW_INSECURE_HOSTS", ""),
    ])
    .unwrap()
    .settings;

    assert_eq!(settings.github.app_id.as_deref(), Some("123456"));
    assert_eq!(settings.budgets.model_calls, 2);
    assert_eq!(settings.triggers.labels, ["plan", "needs plan"]);
    assert_eq!(settings.triggers.bot_names, ["one", "two"]);
    assert!(settings.http.allow_insecure_hosts.is_empty());
}

#[test]
fn switches_are_true_or_false() {
    let set = |value: &str| {
        let loaded = from_variables(&[("PLANWRIGHT_DEPENDENCIES__LOOKUP", value)]);
        loaded.map(|loaded| loaded.settings.dependencies.lookup)
    };
    assert!(!set(" false ").unwrap());
    assert!(set("true").unwrap());
    let told = set("no").unwrap_err().to_string();
    assert!(told.contains("must be true or false"), "{told}");
    let told = complaint("[dependencies]\nlookup = \"false\"\n");
    assert!(
        told.contains("must be true or false, not a text in quotes"),
        "{told}"
    );
}

#[test]
fn wrong_variables_are_told_without_their_values() {
    let variables = [
        ("PLANWRIGHT_WORKER__CONCURRENCY", "canary"),
        ("PLANWRIGHT_GITHUB__WEBHOOK_SECRETS", "[\"canary\""),
        ("PLANWRIGHT_GITLAB__SIGNING_TOKENS", "[1]"),
        ("PLANWRIGHT_MODEL__API_KEY", "canary\n"),
    ];
    assert_snapshot!(variable_complaint(&variables), @r#"
    PLANWRIGHT_GITHUB__WEBHOOK_SECRETS: `github.webhook_secrets` must be a list of texts
    hint: such as ["one", "two"]
    PLANWRIGHT_GITLAB__SIGNING_TOKENS: `gitlab.signing_tokens` must be a list of texts, not a list of something else
    PLANWRIGHT_MODEL__API_KEY: `model.api_key` must have only letters, digits and signs, without spaces or line ends
    PLANWRIGHT_WORKER__CONCURRENCY: `worker.concurrency` must be a whole number
    "#);
}

#[test]
fn private_key_in_a_variable_may_have_escaped_line_ends() {
    let escaped = PEM.replace('\n', "\\n");
    let loaded = from_variables(&[("PLANWRIGHT_GITHUB__PRIVATE_KEY", &escaped)]).unwrap();
    let key = load_private_key(&loaded, "github", &loaded.settings.github)
        .unwrap()
        .unwrap();
    assert_eq!(key.expose_secret(), PEM);
}

#[test]
fn half_a_private_key_is_refused() {
    let variables = [(
        "PLANWRIGHT_GITHUB__PRIVATE_KEY",
        "-----BEGIN RSA PRIVATE KEY-----",
    )];
    assert_snapshot!(variable_complaint(&variables), @"
    PLANWRIGHT_GITHUB__PRIVATE_KEY: `github.private_key` must be a private key in PEM form, from `-----BEGIN … PRIVATE KEY-----` to `-----END … PRIVATE KEY-----`
    hint: use the .pem file that the App's settings page gave you when its key was made
    ");
}

#[test]
fn admin_listener_beyond_loopback_needs_a_token() {
    let text = "[server]\nadmin_listen = \"0.0.0.0:9090\"\n";
    assert_snapshot!(complaint(text), @"
    `server.admin_token` must be set, because `server.admin_listen` can be reached from other machines
    hint: make a token with `openssl rand -hex 32`, or let the admin listener listen on `127.0.0.1`
    ");
}

#[test]
fn admin_listener_beyond_loopback_with_a_token_is_fine() {
    let text = "[server]\nadmin_listen = \"[::]:9090\"\nadmin_token = \"0123456789abcdef\"\n";
    assert!(from_file(text).is_ok());
}

#[test]
fn settings_that_contradict_each_other_are_told() {
    let text = r#"
[server]
listen = "127.0.0.1:9090"
admin_token = "short"
max_in_flight_bytes = 4096
[budgets]
file_bytes = 2048
repository_bytes = 1024
[model]
provider = "openai"
timeout_seconds = 700
"#;
    assert_snapshot!(complaint(text), @"
    `server.admin_listen` must differ from `server.listen`
    `model.name` must name the model, because `model.provider` is set
    planwright.toml:4: `server.admin_token` must have at least 16 characters
    hint: make one with `openssl rand -hex 32`
    planwright.toml:5: `server.max_in_flight_bytes` must not be less than `server.max_body_bytes`
    planwright.toml:7: `budgets.file_bytes` must not be more than `budgets.repository_bytes`
    planwright.toml:11: `model.timeout_seconds` must not be more than `worker.job_timeout_seconds`
    ");
}

#[test]
fn plain_http_is_for_loopback_and_listed_hosts() {
    let variants = [
        ("http://127.0.0.1:3000", true),
        ("http://127.9.9.9", true),
        ("http://[::1]:3000/api/v3", true),
        ("http://localhost:3000", true),
        ("http://ghe.lan/api/v3", true),
        ("http://GHE.lan:8080", true),
        ("http://localhost.example.com", false),
        ("http://10.0.0.1", false),
        ("http://ghe.lan.example.com", false),
        ("https://10.0.0.1", true),
    ];
    for (url, fine) in variants {
        let text = format!(
            "[github]\napi_url = \"{url}\"\n[http]\nallow_insecure_hosts = [\"Ghe.lan\"]\n"
        );
        assert_eq!(from_file(&text).is_ok(), fine, "{url}");
    }
}

#[test]
fn plain_http_is_told_with_the_host_to_list() {
    let text = "[model]\nbase_url = \"http://gpu.lan:8000/v1\"\n";
    assert_snapshot!(complaint(text), @"
    planwright.toml:2: `model.base_url` must start with `https://`: plain http would show tokens and code to the network
    hint: if `gpu.lan` can only be reached that way, put it into `http.allow_insecure_hosts`
    ");
}

#[test]
fn metadata_addresses_are_refused_in_every_spelling() {
    let spellings = [
        "http://169.254.169.254/latest",
        "https://169.254.0.1",
        "http://2852039166",
        "http://0xA9FEA9FE",
        "http://0251.0376.0251.0376",
        "http://[::ffff:169.254.169.254]",
        "http://[64:ff9b::a9fe:a9fe]",
        "https://[fe80::1]",
        "https://[febf::1]",
        "https://[fd00:ec2::254]",
        "http://metadata.google.internal./x",
        "http://100.100.100.200",
        "http://0.0.0.0:8080",
    ];
    for url in spellings {
        assert!(is_forbidden_host(&Url::parse(url).unwrap()), "{url}");
    }
}

#[test]
fn metadata_addresses_cannot_be_allowed() {
    let text = "[model]\nbase_url = \"http://169.254.169.254\"\n\
                [http]\nallow_insecure_hosts = [\"169.254.169.254\"]\n";
    assert_snapshot!(complaint(text), @"planwright.toml:2: `model.base_url` must not lead to a link-local or cloud metadata address, where machines keep their credentials");
}

#[test]
fn ordinary_addresses_are_not_forbidden() {
    for address in ["10.1.2.3", "140.82.112.3", "::1", "2606:50c0::1", "fd12::1"] {
        assert!(
            !is_forbidden(address.parse::<IpAddr>().unwrap()),
            "{address}"
        );
    }
}

#[test]
fn mapped_loopback_is_loopback() {
    assert!(is_loopback(
        &Url::parse("http://[::ffff:127.0.0.1]").unwrap()
    ));
    assert!(!is_loopback(
        &Url::parse("http://[::ffff:10.0.0.1]").unwrap()
    ));
}

#[test]
fn store_takes_paths_of_files_only() {
    let path = |url: &str| {
        let text = format!("[store]\nurl = \"{url}\"\n");
        from_file(&text).map(|loaded| loaded.settings.store.url.sqlite_path().to_owned())
    };
    assert_eq!(path("sqlite:a.db").unwrap(), Path::new("a.db"));
    assert_eq!(path("sqlite:///var/a.db").unwrap(), Path::new("/var/a.db"));
    for wrong in ["sqlite:", "sqlite::memory:", "a.db", "sqlite:a.db?mode=ro"] {
        assert!(path(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn numbers_hold_at_both_ends_of_their_range() {
    for (key, range) in RANGES {
        let (section, name) = key.split_once('.').unwrap();
        for beyond in [range.start() - 1, range.end() + 1] {
            let told = complaint(&format!("[{section}]\n{name} = {beyond}\n"));
            let expected = format!("must be from {} to {}", range.start(), range.end());
            assert!(told.contains(&expected), "{told}");
        }
    }
}

#[test]
fn unset_forge_is_fine_until_something_is_to_be_served() {
    let loaded = from_variables(&[]).unwrap();
    assert_eq!(check(&loaded), []);
    assert_snapshot!(told(&check_for_serve(&loaded).unwrap()), @"
    warning: no GitHub App is set
    hint: `planwright serve` prints the address of a page that registers one; `planwright demo` shows the bot at work without one
    ");
    let loaded = from_file("[setup]\napp_file = \"\"\n").unwrap();
    assert_snapshot!(check_for_serve(&loaded).unwrap_err(), @r#"
    `github.app_id` must be set: without a forge there is nothing to serve
    hint: with `setup.app_file`, `planwright serve` has a page that registers an App
    "#);
}

#[test]
fn half_set_app_is_told_what_is_missing() {
    let loaded = from_file("[github]\napp_id = \"1\"\n").unwrap();
    assert_snapshot!(told(&check(&loaded)), @"
    `github.private_key_file` must be set, because `github.app_id` is
    hint: make a private key at the bottom of the App's settings page
    `github.webhook_secrets` must be set, because `github.app_id` is
    hint: make a secret with `openssl rand -hex 32`, and put it here and into the App's settings page
    ");
}

#[test]
fn app_settings_without_an_app_are_told() {
    let text = format!(
        "[github]\nprivate_key = '''{PEM}'''\nwebhook_secrets = [\"weak\"]\n[model]\n\
         provider = \"anthropic\"\nname = \"m\"\n"
    );
    assert_snapshot!(told(&check(&from_file(&text).unwrap())), @"
    `github.app_id` must be set, because other settings of the App are
    hint: it is at the top of the App's settings page
    warning: planwright.toml:6: `github.webhook_secrets` holds a secret of less than 16 characters, which can be guessed
    hint: make one with `openssl rand -hex 32`
    `model.api_key` must be set for this provider
    hint: a variable keeps it out of files: PLANWRIGHT_MODEL__API_KEY
    ");
}

#[test]
fn local_server_needs_no_model_key() {
    let text = "[model]\nprovider = \"openai\"\nname = \"m\"\n\
                base_url = \"http://127.0.0.1:11434/v1\"\n";
    assert_eq!(check(&from_file(text).unwrap()), []);
}

#[test]
fn missing_key_file_is_told() {
    let text = "[github]\napp_id = \"1\"\nprivate_key_file = \"missing.pem\"\n\
                webhook_secrets = [\"0123456789abcdef\"]\n";
    let loaded = from_file(text).unwrap();
    assert_snapshot!(check_for_serve(&loaded).unwrap_err(), @"planwright.toml:3: `github.private_key_file` cannot be read from `missing.pem`: No such file or directory (os error 2)");
}

#[cfg(unix)]
mod key_files {
    use std::os::unix::fs::PermissionsExt;

    use insta::assert_snapshot;

    use super::{PEM, check_for_serve, from_file, fs, told};

    /// What `check` says about a key file with this content and mode; its folder reads `DIR`.
    fn told_of_file(content: &str, mode: u32) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let text = format!(
            "[github]\napp_id = \"1\"\nprivate_key_file = \"{}\"\n\
             webhook_secrets = [\"0123456789abcdef\"]\n",
            path.display()
        );
        let problems = match check_for_serve(&from_file(&text).unwrap()) {
            Ok(warnings) => warnings,
            Err(error) => error.problems,
        };
        told(&problems).replace(&folder.path().display().to_string(), "DIR")
    }

    #[test]
    fn private_one_is_fine() {
        assert_eq!(told_of_file(PEM, 0o600), "");
    }

    #[test]
    fn one_that_others_can_read_is_warned_of() {
        assert_snapshot!(told_of_file(PEM, 0o640), @"
        warning: planwright.toml:3: `github.private_key_file`: other users of this machine can read `DIR/key.pem` (its mode is 640)
        hint: chmod 600 DIR/key.pem
        ");
    }

    #[test]
    fn public_key_is_refused() {
        let public = PEM.replace("PRIVATE", "PUBLIC");
        assert_snapshot!(told_of_file(&public, 0o600), @"
        planwright.toml:3: `github.private_key_file` must name a private key in PEM form, from `-----BEGIN … PRIVATE KEY-----` to `-----END … PRIVATE KEY-----`
        hint: use the .pem file that the App's settings page gave you when its key was made
        ");
    }
}

#[test]
fn named_file_must_exist() {
    let error = load(Some(Path::new("no-such-folder/a.toml"))).unwrap_err();
    assert_snapshot!(error, @"`no-such-folder/a.toml` cannot be read: No such file or directory (os error 2)");
}

#[test]
fn overlong_file_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.toml");
    fs::write(&path, "#".repeat(1024 * 1024 + 1)).unwrap();
    let told = load(Some(&path)).unwrap_err().to_string();
    assert!(
        told.ends_with("big.toml` cannot be read: file too large"),
        "{told}"
    );
}

#[test]
fn nearest_name_prefers_fewest_edits() {
    let known = ["server.listen", "server.admin_listen", "worker.concurrency"];
    let nearest = |name| find_nearest(name, known.into_iter());
    assert_eq!(nearest("server.lisen"), Some("server.listen"));
    assert_eq!(nearest("worker.concurency"), Some("worker.concurrency"));
    assert_eq!(nearest("http.listen"), Some("server.listen"));
    assert_eq!(nearest("x.y"), None);
    assert_eq!(nearest(""), None);
}

proptest! {
    #![proptest_config(Config::with_cases(64))]

    #[test]
    fn any_file_gives_settings_or_a_reason(text in "(\\[[a-z]{0,8}\\]|[a-z_]{1,8} ?= ?|\"[^\"]{0,6}\"|[0-9.\\-]{1,5}|\n|\\PC){0,20}") {
        if let Err(error) = from_file(&text) {
            prop_assert!(!error.problems.is_empty());
        }
    }

    #[test]
    fn any_shown_text_reads_back(filter in "\\PC{0,20}[\"\\\\\n\t\u{1}\u{7f}]{0,3}") {
        let variables = [("PLANWRIGHT_MODEL__NAME", filter.as_str())];
        let shown = show(&from_variables(&variables).unwrap());
        let table: Table = toml::from_str(&shown).unwrap();
        prop_assert_eq!(table["model"]["name"].as_str(), Some(filter.as_str()));
    }
}

#[test]
fn cache_has_its_usual_place_unless_one_is_set() {
    let folder = |shared: Option<&str>, home: Option<&str>| {
        let folder = usual_folder(shared.map(Into::into), home.map(Into::into));
        folder.map(|folder| folder.display().to_string())
    };
    let found = [
        folder(Some("/shared"), Some("/home/ada")),
        folder(None, Some("/home/ada")),
        folder(Some(""), Some("/home/ada")),
        folder(Some("relative"), Some("/home/ada")),
        folder(None, Some("relative")),
        folder(None, None),
    ];
    let found = found.map(|folder| folder.unwrap_or_else(|| "none".to_owned()));
    assert_snapshot!(found.join("\n"), @r"
    /shared/planwright
    /home/ada/.cache/planwright
    /home/ada/.cache/planwright
    /home/ada/.cache/planwright
    none
    none
    ");
    let loaded = from_file("[cache]\ndir = \"here\"\n").unwrap();
    let set = loaded.settings.cache.folder().unwrap();
    assert_eq!(set, Path::new("here"));
}

#[test]
fn every_secret_setting_is_one_of_our_own_secrets() {
    let pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----";
    let mut expected = std::collections::BTreeSet::new();
    let mut variables = Vec::new();
    // GitLab's cannot be set yet; they are put in below.
    for key in SECRET_KEYS.iter().filter(|key| !key.starts_with("gitlab.")) {
        let value = match *key {
            "github.private_key" => pem.to_owned(),
            key => format!("value-of-{key}-0123456789"),
        };
        let name = format!("PLANWRIGHT_{}", key.replace('.', "__").to_uppercase());
        variables.push((name, value.clone()));
        expected.insert(value);
    }
    let mut loaded = super::load_from(None, variables).unwrap();
    let gitlab = &mut loaded.settings.gitlab;
    gitlab.token = Some("a token".into());
    gitlab.webhook_secrets = vec!["a webhook secret".into()];
    gitlab.signing_tokens = vec!["a signing token".into()];
    expected.extend(["a token", "a webhook secret", "a signing token"].map(str::to_owned));
    let found = super::own_secrets(&loaded);
    let found: std::collections::BTreeSet<String> = found
        .iter()
        .map(|secret| secrecy::ExposeSecret::expose_secret(secret).to_owned())
        .collect();
    assert_eq!(found, expected);
}

const TWO_APPS: &str = "[github]\napp_id = \"1\"\n\n[[github_apps]]\napp_id = \"2\"\n\n\
                        [[github_apps]]\napp_id = \"3\"\napi_url = \"https://ghe.test/api/v3\"\n\
                        web_url = \"https://ghe.test\"\n";

#[test]
fn further_apps_have_the_keys_of_the_first_and_its_defaults() {
    let settings = from_file(TWO_APPS).unwrap().settings;
    let apps: Vec<_> = settings
        .set_apps()
        .map(|(section, app)| {
            (
                section,
                app.app_id.clone().unwrap(),
                app.web_url.to_string(),
            )
        })
        .collect();
    let app =
        |section: &str, id: &str, web: &str| (section.to_owned(), id.to_owned(), web.to_owned());
    assert_eq!(
        apps,
        [
            app("github", "1", "https://github.com/"),
            app("github_apps.0", "2", "https://github.com/"),
            app("github_apps.1", "3", "https://ghe.test/"),
        ]
    );
}

#[test]
fn variables_reach_further_apps_by_their_place() {
    let name = "PLANWRIGHT_GITHUB_APPS__1__WEBHOOK_SECRETS".to_owned();
    let file = Some((Path::new("a.toml"), TWO_APPS));
    let loaded = load_from(file, [(name.clone(), "a,b".to_owned())]).unwrap();
    assert_eq!(loaded.settings.github_apps[1].webhook_secrets.len(), 2);
    assert_eq!(
        loaded.origin("github_apps.1.webhook_secrets"),
        Origin::Variable { name }
    );
}

#[test]
fn what_is_wrong_with_a_further_app_is_told_by_its_place() {
    let text = "[[github_apps]]\nweb_url = \"http://ghe.test\"\n[[github_apps]]\nsweep_minutes = -1\n\
                appid = \"1\"\n[[gitlabs]]\nurl = \"https://x.test\"\n";
    assert_snapshot!(complaint(text), @r"
    planwright.toml:2: `github_apps.0.web_url` must start with `https://`: plain http would show tokens and code to the network
    hint: if `ghe.test` can only be reached that way, put it into `http.allow_insecure_hosts`
    planwright.toml:4: `github_apps.1.sweep_minutes` must be from 0 to 1440, not -1
    planwright.toml:5: `github_apps.1.appid` is not a setting
    hint: did you mean `github_apps.1.app_id`?
    planwright.toml:6: `[[gitlabs]]` is not a list of sections
    hint: did you mean `[gitlab]`?
    ");
}

#[test]
fn apps_of_one_github_agree_on_where_it_is_and_stand_once() {
    let text = "[github]\napp_id = \"1\"\n[[github_apps]]\napp_id = \"1\"\n[[github_apps]]\n\
                app_id = \"2\"\napi_url = \"https://other.test\"\n";
    assert_snapshot!(complaint(text), @r"
    planwright.toml:4: `github_apps.0.app_id` must not be that of `github`: each App stands once
    planwright.toml:7: `github_apps.1.api_url` must be that of `github`, which has the same `web_url`
    ");
}

#[test]
fn further_app_without_an_id_is_half_set() {
    let loaded = from_file("[[github_apps]]\nsweep_minutes = 5\n").unwrap();
    assert_snapshot!(told(&check(&loaded)), @r"
    `github_apps.0.app_id` must be set, because other settings of the App are
    hint: it is at the top of the App's settings page
    ");
}

/// A folder with a configuration file and the file of a registered App.
struct Registered {
    folder: tempfile::TempDir,
}

impl Registered {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = super::RegisteredApp {
            api_url: "https://ghe.test/api/v3".parse().unwrap(),
            web_url: "https://ghe.test".parse().unwrap(),
            app_id: 17,
            private_key: PEM.into(),
            webhook_secret: "a \\ secret \" with signs".into(),
        };
        let registered = Self { folder };
        super::save_app(&registered.path("app.toml"), &app).unwrap();
        registered
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn load(&self, text: &str) -> Result<Loaded, ConfigError> {
        let app_file = format!(
            "[setup]\napp_file = '{}'\n",
            self.path("app.toml").display()
        );
        fs::write(self.path("planwright.toml"), app_file + text).unwrap();
        load(Some(&self.path("planwright.toml")))
    }

    fn complaint(&self, text: &str) -> String {
        let told = self.load(text).unwrap_err().to_string();
        told.replace(&self.folder.path().display().to_string(), "FOLDER")
    }
}

#[test]
fn registered_app_is_read_back_as_it_was_handed_out() {
    let registered = Registered::new();
    let loaded = registered.load("").unwrap();
    let app = &loaded.settings.github;
    assert_eq!(app.app_id.as_deref(), Some("17"));
    assert_eq!(app.web_url.as_str(), "https://ghe.test/");
    assert_eq!(app.private_key.as_ref().unwrap().expose_secret(), PEM);
    assert_eq!(
        app.webhook_secrets[0].expose_secret(),
        "a \\ secret \" with signs"
    );
    let path = registered.path("app.toml");
    assert_eq!(
        loaded.origin("github.app_id"),
        Origin::File { path, line: 5 }
    );
    assert_eq!(check(&loaded), []);
    let own: Vec<_> = super::own_secrets(&loaded);
    assert!(own.iter().any(|secret| secret.expose_secret() == PEM));
}

#[test]
fn registered_app_gives_way_to_one_that_is_set() {
    let registered = Registered::new();
    let loaded = registered.load("[github]\napp_id = \"5\"\n").unwrap();
    let app = &loaded.settings.github;
    assert_eq!(app.app_id.as_deref(), Some("5"));
    assert!(app.private_key.is_none() && app.webhook_secrets.is_empty());
}

#[test]
fn where_an_app_was_registered_cannot_be_changed_and_its_secrets_can() {
    let registered = Registered::new();
    assert_snapshot!(registered.complaint("[github]\nweb_url = \"https://other.test\"\n"), @r"
    FOLDER/planwright.toml:4: `github.web_url` must be where the App was registered, as it stands in `FOLDER/app.toml`
    hint: leave it out, or move that file away to register another App
    ");
    let text =
        "[github]\nweb_url = \"https://ghe.test/\"\nwebhook_secrets = [\"a new one, put here\"]\n";
    let app = registered.load(text).unwrap().settings.github;
    assert_eq!(
        app.webhook_secrets[0].expose_secret(),
        "a new one, put here"
    );
}

#[test]
fn file_of_a_registered_app_holds_nothing_else() {
    let registered = Registered::new();
    let path = registered.path("app.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}[policy]\nminimum_role = \"read\"\n")).unwrap();
    assert_snapshot!(registered.complaint(""), @"FOLDER/app.toml:8: this file may hold only what the setup page writes there");
}

#[cfg(unix)]
#[test]
fn file_of_a_registered_app_that_others_can_read_is_told() {
    use std::os::unix::fs::PermissionsExt;

    let registered = Registered::new();
    let path = registered.path("app.toml");
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let loaded = registered.load("").unwrap();
    let told =
        told(&check(&loaded)).replace(&registered.folder.path().display().to_string(), "FOLDER");
    assert_snapshot!(told, @r"
    warning: FOLDER/planwright.toml:2: `setup.app_file`: other users of this machine can read `FOLDER/app.toml` (its mode is 644)
    hint: chmod 600 FOLDER/app.toml
    ");
}

#[test]
fn secrets_of_further_apps_are_our_own_too() {
    let text = format!(
        "[[github_apps]]\napp_id = \"2\"\nprivate_key = \'\'\'{PEM}\'\'\'\nwebhook_secrets = [\"of the second App\"]\n"
    );
    let own = super::own_secrets(&from_file(&text).unwrap());
    let own: Vec<_> = own.iter().map(ExposeSecret::expose_secret).collect();
    assert_eq!(own, ["of the second App", PEM]);
}

/// The settings of a file as JSON, as a schema sees them.
fn as_json(text: &str) -> serde_json::Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
}

#[test]
fn the_schema_takes_every_file_that_is_taken_and_refuses_what_is_not() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let example = include_str!("../../config.example.toml");
    for text in [
        example,
        KITCHEN_SINK,
        "",
        "[[github_apps]]\napp_id = \"7\"\n",
    ] {
        let errors: Vec<_> = validator
            .iter_errors(&as_json(text))
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, [""; 0]);
    }
    let refused = [
        "[github]\nid = \"7\"\n",
        "[colour]\nred = 1\n",
        "[worker]\nconcurrency = 0\n",
        "[worker]\nconcurrency = \"2\"\n",
        "[model]\nprovider = \"mind\"\n",
        "[triggers]\nlabels = \"plan\"\n",
    ];
    for text in refused {
        assert!(!validator.is_valid(&as_json(text)), "{text}");
    }
}

#[test]
fn the_schema_says_what_the_example_says() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let key = &schema["properties"]["worker"]["properties"]["drain_seconds"];
    assert_eq!(key["minimum"], 1);
    assert_eq!(key["default"], 25);
    let words = key["description"].as_str().unwrap();
    assert!(
        words.starts_with("Seconds to finish running work"),
        "{words}"
    );
    let undocumented = schema["properties"].as_object().unwrap().values();
    let undocumented = undocumented
        .filter_map(|section| section["properties"].as_object())
        .flatten()
        .filter(|(_, key)| key["description"].as_str().is_none_or(str::is_empty));
    assert_eq!(undocumented.count(), 0);
}

#[test]
fn the_schemas_choices_are_those_that_are_taken() {
    for (key, choices) in schema::CHOICES {
        let (section, name) = key.split_once('.').unwrap();
        let complains = |value: &str| {
            let text = format!("[{section}]\n{name} = \"{value}\"\n");
            from_file(&text).is_err_and(|error| error.to_string().contains("must be `"))
        };
        let refused: Vec<_> = choices.iter().filter(|value| complains(value)).collect();
        assert_eq!(refused, [&""; 0], "{key}");
        assert!(complains("something else"), "{key}");
    }
}
