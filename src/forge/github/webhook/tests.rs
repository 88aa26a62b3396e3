use std::collections::BTreeMap;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::{any, prop, proptest};
use secrecy::SecretString;
use sha2::Sha256;

use super::{ParseError, Secrets, delivery_key, parse};
use crate::domain::repository::{ForgeKind, InstallationId, RepositoryId, RepositoryName};
use crate::domain::thread::{
    Author, AuthorKind, CommentId, CommentPlace, RepositoryAddress, ThreadAddress, ThreadKind,
    ThreadNumber, UserId,
};
use crate::forge::event::{Event, Spoken};
use crate::forge::verified::{SignatureError, Verified};

/// The secret, body and signature that GitHub publishes for testing.
const SECRET: &str = "It's a Secret to Everybody";
const BODY: &str = "Hello, World!";
const SIGNATURE: &str = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

const HOST: &str = "github.com";

fn secrets(texts: &[&str]) -> Secrets {
    let secrets: Vec<_> = texts.iter().map(|text| SecretString::from(*text)).collect();
    Secrets::new(&secrets)
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            (name, HeaderValue::from_str(value).unwrap())
        })
        .collect()
}

fn verify(signature: &str, secrets: &Secrets, body: &str) -> Result<(), SignatureError> {
    let headers = headers(&[("x-hub-signature-256", signature)]);
    secrets
        .verify(&headers, Bytes::from(body.to_owned()))
        .map(drop)
}

fn sign(body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    let digest = mac.chain_update(body).finalize().into_bytes();
    format!("sha256={}", hex::encode(digest))
}

fn verified(body: &str) -> Verified {
    let headers = headers(&[("x-hub-signature-256", &sign(body.as_bytes()))]);
    secrets(&[SECRET])
        .verify(&headers, Bytes::from(body.to_owned()))
        .unwrap()
}

fn parse_json(event: &str, body: &str) -> Result<Event, ParseError> {
    let headers = headers(&[
        ("x-github-event", event),
        ("content-type", "application/json"),
    ]);
    parse(&verified(body), &headers, HOST)
}

fn repository() -> RepositoryAddress {
    RepositoryAddress {
        forge: ForgeKind::GitHub,
        host: HOST.to_owned(),
        id: RepositoryId(186_853_002),
        name: RepositoryName::new("acme", "engine").unwrap(),
        installation: Some(InstallationId(375_706)),
    }
}

fn thread(kind: ThreadKind, number: u64) -> ThreadAddress {
    ThreadAddress {
        repository: repository(),
        kind,
        number: ThreadNumber(number),
    }
}

fn mona() -> Author {
    Author {
        id: UserId(21_031_067),
        login: "mona".to_owned(),
        kind: AuthorKind::Human,
    }
}

fn other(name: &str, action: &str) -> Event {
    Event::Other {
        name: name.to_owned(),
        action: action.to_owned(),
    }
}

/// Parses a file of the test data as a delivery of `event`.
macro_rules! recorded {
    ($event:literal, $file:literal) => {
        parse_json(
            $event,
            include_str!(concat!(
                "../../../../tests/data/webhooks/github/",
                $file,
                ".json"
            )),
        )
        .unwrap()
    };
}

#[test]
fn published_signature_is_accepted() {
    let outcome = verify(&format!("sha256={SIGNATURE}"), &secrets(&[SECRET]), BODY);
    assert_eq!(outcome, Ok(()));
}

#[test]
fn hex_digits_of_either_case_are_accepted() {
    let signature = format!("sha256={}", SIGNATURE.to_uppercase());
    assert_eq!(verify(&signature, &secrets(&[SECRET]), BODY), Ok(()));
}

#[test]
fn signature_covers_the_raw_form_and_not_its_json() {
    let form = "payload=%7B%22zen%22%3A%22Keep+it+logically+awesome.%22%7D";
    let signature = "sha256=1fc8bf6145b8e3b76b01404760bc7e884a641ad0fe4b9b66ced27d4a983cce1c";
    assert_eq!(verify(signature, &secrets(&[SECRET]), form), Ok(()));
}

#[test]
fn signature_covers_bytes_beyond_ascii() {
    let signature = "sha256=9723dde180bf706bf956e23894c19a6aad1b631ee548944042dda89ab1931256";
    assert_eq!(
        verify(signature, &secrets(&[SECRET]), r#"{"t":"é😀"}"#),
        Ok(())
    );
}

#[test]
fn malformed_signatures_are_refused() {
    let short = SIGNATURE.strip_suffix('7').unwrap();
    for signature in [
        "",
        "sha256=",
        SIGNATURE,
        &format!("sha1={SIGNATURE}"),
        &format!("SHA256={SIGNATURE}"),
        &format!("sha256= {SIGNATURE}"),
        &format!("sha256={short}"),
        &format!("sha256={SIGNATURE}0"),
        &format!("sha256={SIGNATURE}00"),
        &format!("sha256=sha256={SIGNATURE}"),
        &format!("sha256={short}g"),
    ] {
        let outcome = verify(signature, &secrets(&[SECRET]), BODY);
        assert_eq!(outcome, Err(SignatureError::Malformed), "{signature}");
    }
}

#[test]
fn signature_of_another_body_or_secret_is_refused() {
    let signature = format!("sha256={SIGNATURE}");
    let outcomes = [
        verify(&signature, &secrets(&[SECRET]), "Hello, World?"),
        verify(&signature, &secrets(&["another"]), BODY),
        verify(
            &format!("sha256={}", "0".repeat(64)),
            &secrets(&[SECRET]),
            BODY,
        ),
    ];
    assert_eq!(outcomes, [Err(SignatureError::Mismatch); 3]);
}

#[test]
fn any_active_secret_is_accepted_wherever_it_stands() {
    let signature = format!("sha256={SIGNATURE}");
    for texts in [
        ["old", SECRET, "new"],
        [SECRET, "old", "new"],
        ["old", "new", SECRET],
    ] {
        assert_eq!(verify(&signature, &secrets(&texts), BODY), Ok(()));
    }
}

#[test]
fn without_secrets_nothing_is_genuine() {
    let empty_key = Hmac::<Sha256>::new_from_slice(b"").unwrap();
    let digest = hex::encode(empty_key.chain_update(BODY).finalize().into_bytes());
    let signature = format!("sha256={digest}");
    assert_eq!(
        verify(&signature, &secrets(&[]), BODY),
        Err(SignatureError::NoSecret)
    );
    assert_eq!(
        verify(&signature, &secrets(&[""]), BODY),
        Err(SignatureError::NoSecret)
    );
}

#[test]
fn unsigned_delivery_is_refused_also_with_the_older_signature() {
    let headers = headers(&[(
        "x-hub-signature",
        "sha1=0000000000000000000000000000000000000000",
    )]);
    let outcome = secrets(&[SECRET]).verify(&headers, Bytes::from_static(BODY.as_bytes()));
    assert_eq!(outcome, Err(SignatureError::Missing));
}

#[test]
fn two_signatures_are_refused_even_when_both_are_right() {
    let mut headers = headers(&[("x-hub-signature-256", &sign(BODY.as_bytes()))]);
    headers.append(
        "x-hub-signature-256",
        sign(BODY.as_bytes()).parse().unwrap(),
    );
    let outcome = secrets(&[SECRET]).verify(&headers, Bytes::from_static(BODY.as_bytes()));
    assert_eq!(outcome, Err(SignatureError::Malformed));
}

#[test]
fn secrets_are_not_printed() {
    assert_eq!(format!("{:?}", secrets(&[SECRET, "b"])), "Secrets(2)");
}

#[test]
fn label_on_an_issue_is_told() {
    let expected = Event::Labeled {
        thread: thread(ThreadKind::Issue, 7),
        label: "plan".to_owned(),
        sender: mona(),
    };
    assert_eq!(recorded!("issues", "issues.labeled"), expected);
}

#[test]
fn label_on_a_pull_request_is_told() {
    let expected = Event::Labeled {
        thread: thread(ThreadKind::ChangeRequest, 9),
        label: "plan".to_owned(),
        sender: mona(),
    };
    assert_eq!(recorded!("pull_request", "pull_request.labeled"), expected);
}

#[test]
fn comment_on_an_issue_is_told() {
    let expected = Event::Commented(Box::new(Spoken {
        thread: thread(ThreadKind::Issue, 7),
        comment: CommentId(492_700_400),
        place: CommentPlace::Discussion,
        body: "/plan keep the public API".to_owned(),
        before: None,
        sender: mona(),
        author: Some(mona()),
        via_app: false,
    }));
    assert_eq!(
        recorded!("issue_comment", "issue_comment.created"),
        expected
    );
}

#[test]
fn comment_on_a_pull_request_belongs_to_a_change_request() {
    let expected = Event::Commented(Box::new(Spoken {
        thread: thread(ThreadKind::ChangeRequest, 9),
        comment: CommentId(492_700_401),
        place: CommentPlace::Discussion,
        body: "/plan".to_owned(),
        before: None,
        sender: mona(),
        author: Some(mona()),
        via_app: false,
    }));
    assert_eq!(
        recorded!("issue_comment", "issue_comment.created.pull_request"),
        expected
    );
}

#[test]
fn comment_of_an_app_is_marked() {
    let bot = Author {
        id: UserId(49_699_333),
        login: "planwright[bot]".to_owned(),
        kind: AuthorKind::Bot,
    };
    let expected = Event::Commented(Box::new(Spoken {
        thread: thread(ThreadKind::Issue, 7),
        comment: CommentId(492_700_402),
        place: CommentPlace::Discussion,
        body: "A plan.".to_owned(),
        before: None,
        sender: bot.clone(),
        author: Some(bot),
        via_app: true,
    }));
    assert_eq!(
        recorded!("issue_comment", "issue_comment.created.app"),
        expected
    );
}

#[test]
fn comment_of_a_deleted_account_has_no_author() {
    let expected = Event::Commented(Box::new(Spoken {
        thread: thread(ThreadKind::Issue, 7),
        comment: CommentId(492_700_403),
        place: CommentPlace::Discussion,
        body: "/plan".to_owned(),
        before: None,
        sender: mona(),
        author: None,
        via_app: false,
    }));
    assert_eq!(
        recorded!("issue_comment", "issue_comment.created.ghost"),
        expected
    );
}

#[test]
fn a_description_is_something_said() {
    let told = [
        recorded!("issues", "issues.opened"),
        recorded!("pull_request", "pull_request.opened"),
    ];
    let places = told.map(|event| match event {
        Event::Commented(spoken) => (spoken.place, spoken.comment, spoken.before),
        other => panic!("{other:?}"),
    });
    assert_eq!(
        places,
        [(); 2].map(|()| (CommentPlace::Description, CommentId(0), None))
    );
}

#[test]
fn an_edit_tells_what_was_said_before() {
    let Event::Commented(spoken) = recorded!("issue_comment", "issue_comment.edited") else {
        panic!("an edit is something said");
    };
    assert!(spoken.before.is_some_and(|before| before != spoken.body));
}

#[test]
fn what_became_of_threads_and_installations_is_told() {
    let told = [
        recorded!("issues", "issues.deleted"),
        recorded!("issue_comment", "issue_comment.deleted"),
        recorded!("installation", "installation.created"),
    ];
    let [
        Event::Gone { .. },
        Event::Uncommented { place, .. },
        Event::InstallationBack { .. },
    ] = told
    else {
        panic!("{told:?}");
    };
    assert_eq!(place, CommentPlace::Discussion);
}

#[test]
fn everything_else_is_named_and_left_alone() {
    let told = [
        recorded!("issues", "issues.typed"),
        recorded!("push", "push"),
        recorded!("ping", "ping"),
    ];
    let expected = [other("issues", "typed"), other("push", ""), Event::Ping];
    assert_eq!(told, expected);
}

#[test]
fn every_recorded_payload_is_understood() {
    #[derive(serde::Deserialize)]
    struct Recorded<'a> {
        event: String,
        #[serde(borrow)]
        payload: &'a serde_json::value::RawValue,
    }
    let file = include_str!("../../../../tests/data/webhooks/github/recorded.json");
    let recorded: Vec<Recorded<'_>> = serde_json::from_str(file).unwrap();
    let mut counts = BTreeMap::new();
    for delivery in &recorded {
        let told = match parse_json(&delivery.event, delivery.payload.get()).unwrap() {
            Event::Labeled { thread, .. } => format!("labeled {:?}", thread.kind),
            Event::Commented(spoken) => {
                let edited = if spoken.before.is_some() {
                    "edited"
                } else {
                    "said"
                };
                let Spoken { thread, place, .. } = &*spoken;
                format!("{edited} {:?} {:?}", thread.kind, place)
            }
            Event::Ping => "ping".to_owned(),
            Event::Other { name, .. } => format!("other {name}"),
            other => format!("{other:?}")
                .chars()
                .take_while(|c| c.is_alphabetic())
                .collect(),
        };
        *counts.entry(told).or_insert(0) += 1;
    }
    insta::assert_debug_snapshot!(counts, @r#"
    {
        "Gone": 2,
        "HeadMoved": 1,
        "InstallationBack": 4,
        "InstallationGone": 2,
        "Pushed": 2,
        "Standing": 5,
        "Uncommented": 3,
        "Unlabeled": 4,
        "edited ChangeRequest Diff": 1,
        "edited Issue Discussion": 2,
        "labeled ChangeRequest": 2,
        "labeled Issue": 2,
        "other installation": 1,
        "other issues": 18,
        "other pull_request": 16,
        "other pull_request_review": 1,
        "other push": 5,
        "ping": 4,
        "said ChangeRequest Description": 4,
        "said ChangeRequest Diff": 3,
        "said ChangeRequest Review": 3,
        "said Issue Description": 4,
        "said Issue Discussion": 5,
    }
    "#);
}

#[test]
fn unknown_event_is_named() {
    assert_eq!(
        parse_json("sub_issues", r#"{"action":"added"}"#),
        Ok(other("sub_issues", "added"))
    );
}

#[test]
fn json_of_another_shape_asks_nothing() {
    for body in [
        "[]",
        "null",
        "7",
        "{}",
        r#"{"action":7}"#,
        r#"{"action":"labeled"}"#,
        r#"{"action":"labeled","issue":"seven"}"#,
        r#"{"action":"labeled","issue":{"number":-7}}"#,
        r#"{"action":"labeled","issue":{"number":18446744073709551616}}"#,
    ] {
        let told = parse_json("issues", body);
        assert!(matches!(told, Ok(Event::Other { .. })), "{body}: {told:?}");
    }
}

#[test]
fn payload_under_the_name_of_another_event_asks_nothing() {
    assert_eq!(
        recorded!("issues", "pull_request.labeled"),
        other("issues", "labeled")
    );
    assert_eq!(
        recorded!("issue_comment", "issues.labeled"),
        other("issue_comment", "labeled")
    );
    assert_eq!(
        recorded!("issues", "issue_comment.created"),
        other("issues", "created")
    );
}

#[test]
fn repository_name_that_could_change_a_path_asks_nothing() {
    let file = include_str!("../../../../tests/data/webhooks/github/issues.labeled.json");
    let body = file.replace(r#""name": "engine""#, r#""name": "../../user""#);
    assert_eq!(parse_json("issues", &body), Ok(other("issues", "labeled")));
}

#[test]
fn text_that_is_not_json_is_malformed() {
    for body in [
        "",
        "{",
        r#"{"action":"labeled""#,
        r#"{"action":"labeled"} x"#,
        "payload=%7B%7D",
    ] {
        for event in ["issues", "push", "ping"] {
            assert_eq!(
                parse_json(event, body),
                Err(ParseError::Malformed),
                "{event}: {body}"
            );
        }
    }
}

#[test]
fn json_broken_behind_a_wrong_shape_is_malformed() {
    assert_eq!(
        parse_json("issues", r#"{"action":7,"#),
        Err(ParseError::Malformed)
    );
}

#[test]
fn deep_nesting_neither_overflows_nor_is_acted_on() {
    let depth = 100_000;
    let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let skipped = parse_json(
        "issues",
        &format!(r#"{{"action":"opened","more":{nested}}}"#),
    );
    assert_eq!(skipped, Ok(other("issues", "opened")));
    let unclosed = parse_json("issues", &"[".repeat(depth));
    assert_eq!(unclosed, Err(ParseError::Malformed));
}

#[test]
fn form_tells_the_same_as_json() {
    let file = include_str!("../../../../tests/data/webhooks/github/issue_comment.created.json");
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("other", "x")
        .append_pair("payload", file)
        .finish();
    let headers = headers(&[
        ("x-github-event", "issue_comment"),
        (
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        ),
    ]);
    let told = parse(&verified(&form), &headers, HOST);
    assert_eq!(told, parse_json("issue_comment", file));
}

#[test]
fn form_without_payload_is_refused() {
    let headers = headers(&[
        ("x-github-event", "push"),
        ("content-type", "application/x-www-form-urlencoded"),
    ]);
    let told = parse(&verified("zen=1"), &headers, HOST);
    assert_eq!(told, Err(ParseError::NoPayload));
}

#[test]
fn other_content_types_are_refused() {
    let headers = headers(&[("x-github-event", "push"), ("content-type", "text/xml")]);
    assert_eq!(
        parse(&verified("{}"), &headers, HOST),
        Err(ParseError::ContentType)
    );
}

#[test]
fn delivery_of_an_imitator_is_refused_by_name() {
    for (header, forge) in [
        ("x-gitea-event", "Gitea"),
        ("x-forgejo-event", "Forgejo"),
        ("x-gogs-event", "Gogs"),
    ] {
        let headers = headers(&[("x-github-event", "push"), (header, "push")]);
        let told = parse(&verified("{}"), &headers, HOST);
        assert_eq!(told, Err(ParseError::OtherForge(forge)));
    }
}

#[test]
fn unnamed_delivery_is_refused() {
    let long = "x".repeat(101);
    for pairs in [
        &[][..],
        &[("x-github-event", "")],
        &[("x-github-event", "a b")],
        &[("x-github-event", long.as_str())],
    ] {
        assert_eq!(
            parse(&verified("{}"), &headers(pairs), HOST),
            Err(ParseError::NoEvent)
        );
    }
}

#[test]
fn delivery_is_known_by_host_and_id() {
    let headers = headers(&[("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")]);
    let key = delivery_key(&verified("{}"), &headers, "github.example:8443");
    assert_eq!(
        key,
        "github:github.example:8443:72d3162e-cc78-11e3-81ab-4c9367dc0958"
    );
}

#[test]
fn delivery_without_a_usable_id_is_known_by_its_body() {
    let long = "x".repeat(101);
    let keys: Vec<_> = [
        &[][..],
        &[("x-github-delivery", "a b")],
        &[("x-github-delivery", long.as_str())],
    ]
    .into_iter()
    .map(|pairs| delivery_key(&verified("{}"), &headers(pairs), HOST))
    .collect();
    let expected = "github:github.com:sha256-\
        44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    assert_eq!(keys, [expected; 3]);
}

proptest! {
    #[test]
    fn no_signed_body_makes_parsing_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let headers = headers(&[
            ("x-hub-signature-256", &sign(&body)),
            ("x-github-event", "issue_comment"),
        ]);
        let verified = secrets(&[SECRET]).verify(&headers, Bytes::from(body)).unwrap();
        drop(parse(&verified, &headers, HOST));
    }
}
