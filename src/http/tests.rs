use url::Url;

use super::ApiBase;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn base(text: &str) -> ApiBase {
    ApiBase::new(&url(text)).unwrap()
}

mod addresses {
    use std::net::SocketAddr;

    use proptest::collection;
    use proptest::prop_assert;
    use proptest::prop_assert_eq;
    use proptest::proptest;

    use super::super::resolve::keep_allowed;
    use super::super::{AddressError, ApiBase, same_origin};
    use super::{Url, base, url};

    #[test]
    fn path_of_the_base_is_kept() {
        for address in ["https://ghe.example/api/v3", "https://ghe.example/api/v3/"] {
            assert_eq!(
                base(address).join(&["repos", "o", "r"], &[]).unwrap(),
                url("https://ghe.example/api/v3/repos/o/r")
            );
        }
    }

    #[test]
    fn segments_and_query_are_encoded() {
        let joined = base("https://api.example").join(
            &["a/b", "c?d#e", "%2e%2e", "f\\g", "ü"],
            &[("ref", "x&y=z"), ("page", "2")],
        );
        assert_eq!(
            joined.unwrap().as_str(),
            "https://api.example/a%2Fb/c%3Fd%23e/%252e%252e/f%5Cg/%C3%BC?ref=x%26y%3Dz&page=2"
        );
    }

    #[test]
    fn segments_that_change_the_path_are_refused() {
        for segment in ["", ".", ".."] {
            assert_eq!(
                base("https://api.example").join(&["repos", segment], &[]),
                Err(AddressError::Segment)
            );
        }
    }

    #[test]
    fn only_plain_addresses_are_bases() {
        let refused = |text| ApiBase::new(&url(text)).unwrap_err();
        for text in [
            "ftp://a.example",
            "file:///etc/passwd",
            "https://user@a.example",
            "https://a.example?x",
            "https://a.example#x",
        ] {
            assert_eq!(refused(text), AddressError::NotABase, "{text}");
        }
        assert_eq!(refused("http://169.254.169.254"), AddressError::Forbidden);
    }

    #[test]
    fn origin_is_scheme_host_and_port() {
        let left = url("https://api.example/x");
        let same = ["https://api.example:443/y", "https://API.example"];
        let other = [
            "http://api.example/x",
            "https://api.example:444/x",
            "https://api.example.evil/x",
            "https://api.example@evil/x",
            "data:text/plain,x",
        ];
        assert!(same.iter().all(|text| same_origin(&left, &url(text))));
        assert!(!other.iter().any(|text| same_origin(&left, &url(text))));
    }

    proptest! {
        #[test]
        fn no_segment_leaves_the_base(
            segments in collection::vec("[./\\\\%@:?#a2eEfF\u{0}\u{ff0e} ]{0,6}", 0..5),
            value in "\\PC{0,8}",
        ) {
            let start = base("https://ghe.example:8443/api/v3");
            let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
            if let Ok(joined) = start.join(&segments, &[("q", &value)]) {
                prop_assert!(same_origin(&joined, start.url()));
                prop_assert!(joined.path().starts_with("/api/v3"));
                let parts = joined.path().split('/').count();
                prop_assert_eq!(parts, 3 + segments.len());
                prop_assert_eq!(&Url::parse(joined.as_str()).unwrap(), &joined);
            }
        }
    }

    #[test]
    fn names_that_lead_to_metadata_are_refused() {
        let addresses = |texts: &[&str]| -> Vec<SocketAddr> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        let mixed = addresses(&["169.254.169.254:0", "140.82.112.3:0", "[fe80::1]:0"]);
        let allowed = keep_allowed(mixed.into_iter()).unwrap();
        assert_eq!(allowed, addresses(&["140.82.112.3:0"]));

        let bad = addresses(&["[::ffff:169.254.169.254]:0"]);
        assert!(keep_allowed(bad.into_iter()).is_err());
    }
}

mod clients {
    use std::io::Read;
    use std::io::Write;
    use std::net::TcpListener;
    use std::path::PathBuf;
    use std::process::Command;
    use std::thread::JoinHandle;
    use std::time::Duration;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::super::{ApiBase, HttpError, Purpose, client, read_bounded};
    use super::base;
    use crate::config;

    /// A server that gives one answer to the first request, and the request it got.
    fn serve_once(answer: impl Into<Vec<u8>>) -> (ApiBase, JoinHandle<String>) {
        let answer = answer.into();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte).unwrap();
                request.extend(byte);
            }
            stream.write_all(&answer).unwrap();
            String::from_utf8(request).unwrap()
        });
        (base(&format!("http://{address}")), server)
    }

    fn settings() -> config::Http {
        config::load_from(None, []).unwrap().settings.http
    }

    fn client_for(base: &ApiBase) -> Result<reqwest::Client, HttpError> {
        let purpose = Purpose {
            base,
            read_timeout: Duration::from_secs(5),
        };
        client(&settings(), purpose)
    }

    async fn fetch(base: &ApiBase, limit_bytes: u64) -> Result<bytes::Bytes, HttpError> {
        let request = client_for(base)?.get(base.url().clone());
        read_bounded(request.send().await?, limit_bytes).await
    }

    #[tokio::test]
    async fn body_up_to_the_limit_is_taken() {
        let (base, _server) = serve_once(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
        assert_eq!(fetch(&base, 5).await.unwrap(), "hello");
    }

    #[tokio::test]
    async fn names_are_resolved() {
        let (base, _server) = serve_once(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello");
        let port = base.url().port().unwrap();
        let named = super::base(&format!("http://localhost:{port}"));
        assert_eq!(fetch(&named, 5).await.unwrap(), "hello");
    }

    #[tokio::test]
    async fn announced_length_over_the_limit_is_refused_unread() {
        let (base, _server) = serve_once(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
        let limit_bytes = 4;
        assert_eq!(
            fetch(&base, limit_bytes).await,
            Err(HttpError::TooLarge { limit_bytes })
        );
    }

    #[tokio::test]
    async fn unannounced_length_is_cut_at_the_limit() {
        let (base, _server) =
            serve_once(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n");
        let limit_bytes = 4;
        assert_eq!(
            fetch(&base, limit_bytes).await,
            Err(HttpError::TooLarge { limit_bytes })
        );
    }

    #[tokio::test]
    async fn packed_body_counts_unpacked() {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(&[b'a'; 100_000]).unwrap();
        let packed = packer.finish().unwrap();
        let limit_bytes = 99_999;
        assert!((packed.len() as u64) < limit_bytes);
        let mut answer = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n".to_vec();
        answer.extend(packed);

        let (base, _server) = serve_once(answer);
        assert_eq!(
            fetch(&base, limit_bytes).await,
            Err(HttpError::TooLarge { limit_bytes })
        );
    }

    #[tokio::test]
    async fn broken_answer_is_unavailable_without_the_address() {
        let (base, _server) = serve_once(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello");
        let error = fetch(&base, 100).await.unwrap_err();
        let HttpError::Unavailable { why } = error else {
            panic!("{error}")
        };
        assert!(why.starts_with("the answer broke off: "), "{why}");
        assert!(!why.contains("127.0.0.1"), "{why}");
    }

    #[tokio::test]
    async fn refused_connection_is_unavailable() {
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
        let base = base(&format!("http://{}", closed.unwrap()));
        let error = fetch(&base, 1).await.unwrap_err();
        let HttpError::Unavailable { why } = error else {
            panic!("{error}")
        };
        assert!(
            why.starts_with("no connection: Connection refused"),
            "{why}"
        );
    }

    #[tokio::test]
    async fn redirects_are_not_followed() {
        let (base, _server) = serve_once(
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
        );
        let client = client_for(&base).unwrap();
        let response = client.get(base.url().clone()).send().await.unwrap();
        assert_eq!(response.status(), 302);
    }

    #[tokio::test]
    async fn requests_name_the_program() {
        let (base, server) = serve_once(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        fetch(&base, 0).await.unwrap();
        let request = server.join().unwrap();
        let agent = concat!("user-agent: planwright/", env!("CARGO_PKG_VERSION"), "\r\n");
        assert!(request.contains(agent), "{request}");
    }

    #[test]
    fn https_client_is_made_or_its_setup_fails() {
        match client_for(&base("https://api.example")) {
            Ok(_) => {}
            // Read by the test that follows.
            Err(HttpError::Setup { why }) => println!("{why}"),
            Err(other) => panic!("{other}"),
        }
    }

    /// What the test of that name in this module prints when it runs in a process with these
    /// variables; it must pass.
    fn run_again(test: &str, variables: &[(&str, &str)]) -> String {
        let run = Command::new(std::env::current_exe().unwrap())
            .args([
                &format!("http::tests::clients::{test}"),
                "--exact",
                "--nocapture",
            ])
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let printed = String::from_utf8(run.stdout).unwrap();
        assert!(printed.contains("1 passed"), "{printed}");
        printed
    }

    const NO_CERTIFICATES: [(&str, &str); 2] = [
        ("SSL_CERT_FILE", "/dev/null"),
        ("SSL_CERT_DIR", "/dev/null"),
    ];

    #[cfg(target_os = "linux")]
    #[test]
    fn machine_without_certificates_is_told_what_to_do() {
        let told = run_again("https_client_is_made_or_its_setup_fails", &NO_CERTIFICATES);
        let expected = "no https client can be made: unexpected error: No CA certificates were \
            loaded from the system\nhint: install the system's `ca-certificates` package, set \
            SSL_CERT_FILE to a PEM file, or name one in `http.extra_ca_file`\n";
        assert!(told.contains(expected), "{told}");
    }

    #[test]
    fn plain_http_needs_no_certificates() {
        run_again("body_up_to_the_limit_is_taken", &NO_CERTIFICATES);
    }

    #[test]
    fn loopback_is_reached_without_the_proxy_of_the_system() {
        // Nothing listens there, so whatever goes there fails.
        let proxy = "http://127.0.0.1:1";
        let variables = [
            ("HTTP_PROXY", proxy),
            ("http_proxy", proxy),
            ("ALL_PROXY", proxy),
        ];
        run_again("body_up_to_the_limit_is_taken", &variables);
    }

    #[test]
    fn missing_certificates_are_told_with_their_key() {
        let told = told_of_certificates("no-such-folder/ca.pem".into());
        assert!(
            told.starts_with("`http.extra_ca_file` cannot be read from `no-such-folder/ca.pem`: "),
            "{told}"
        );
    }

    #[test]
    fn file_without_certificates_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let told = told_of_certificates(file.path().to_owned());
        assert!(
            told.starts_with("`http.extra_ca_file` must name certificates in PEM form"),
            "{told}"
        );
    }

    fn told_of_certificates(path: PathBuf) -> String {
        let settings = config::Http {
            extra_ca_file: Some(path),
            ..settings()
        };
        let purpose = Purpose {
            base: &base("https://api.example"),
            read_timeout: Duration::from_secs(1),
        };
        client(&settings, purpose).unwrap_err().to_string()
    }
}
