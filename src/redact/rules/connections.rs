//! Passwords within connection strings and the files of logins.

use super::Shape;

const KIND: &str = "connection-password";

pub(super) const SHAPES: &[Shape] = &[
    // ADO.NET and ODBC: `Server=…;User Id=…;Password=…;`, in any order.
    Shape::command(
        KIND,
        &[
            "server=",
            "data source=",
            "datasource=",
            "user id=",
            "uid=",
            "host=",
            "user=",
            "username=",
            "endpoint=",
            "initial catalog=",
            "dsn=",
            "driver=",
            "addr=",
            "address=",
        ],
        r#"(?i:[a-z ]{3,16}=[^;"'\n]{1,200};(?:[^;"'\n]{1,200};){0,8}?[ ]?(?:password|pwd)[ ]?=[ ]?)([^;"'\n]{3,128})"#,
    ),
    Shape::command(
        KIND,
        &["password=", "pwd="],
        r#"(?i:(?:password|pwd)=)([^;"'\n]{3,128});(?i:(?:[^;"'\n]{1,200};){0,8}?[ ]?(?:server|data source|user id|uid|host|database|initial catalog)[ ]?=)"#,
    ),
    // StackExchange.Redis: `cache:6380,password=…,ssl=True`.
    Shape::command(
        KIND,
        &[",password="],
        r#",(?i:password)=([^,;"'\s]{3,256}),(?i:ssl|abortconnect|user|defaultdatabase|connecttimeout|allowadmin)="#,
    ),
    // libpq: `host=… user=… password=…`.
    Shape::command(
        KIND,
        &["host=", "user=", "dbname="],
        r#"(?:host|user|dbname)=[^\s;&"',]{1,128}(?:[ \t]{1,2}[a-z_]{2,20}=[^\s"']{1,128}){0,6}?[ \t]{1,2}password=(?:'([^'\n]{3,128})'|([^\s"']{3,128}))"#,
    ),
    Shape::command(
        KIND,
        &[
            "?password=",
            "&password=",
            "?passwd=",
            "&passwd=",
            "?pwd=",
            "&pwd=",
            ";password=",
        ],
        r#"[?&;](?i:password|passwd|pwd)=([^&;\s"'`<>#(){},]{4,128})"#,
    ),
    Shape::command(
        KIND,
        &["jdbc:oracle:"],
        r#"jdbc:oracle:[a-z0-9]{2,8}:[^\s/@:"']{1,64}/([^\s@/"']{3,128})@"#,
    ),
    // `.netrc`, and what its readers take as well.
    Shape::command(
        KIND,
        &["machine ", "default login"],
        r#"(?:machine[ \t]{1,4}\S{1,200}|default)\s{1,8}(?:(?:login|account)[ \t]{1,4}\S{1,128}\s{1,8}){1,2}password[ \t]{1,4}(?:"([^"\n]{1,256})"|(\S{1,256}))"#,
    ),
    // `.pypirc` and its like: a line for the user, and one for the password that ends with it.
    Shape::command(
        KIND,
        &["username"],
        r#"username[ \t]{0,8}[=:][ \t]{0,8}[^\s"'().]{1,128}[ \t]{0,4}\r?\n[ \t]{0,16}password[ \t]{0,8}[=:][ \t]{0,8}([^\s"'().,;]*[0-9!@#%^*][^\s"'().,;]*)[ \t]{0,4}(?:[\r\n]|\z)"#,
    ),
    Shape::command(
        KIND,
        &["auth=(", "auth = ("],
        r#"auth ?= ?\([ ]?['"][^'"\n]{1,128}['"], ?['"]([^'"\n]{3,256})['"]"#,
    ),
    // Hashes of directories and of Apache's files.
    Shape::sharp(
        "password-hash",
        &["{sha}", "{ssha", "{sha256}", "{sha512}", "{smd5}"],
        r"\{(?i:S?SHA(?:256|384|512)?|SMD5)\}([0-9A-Za-z+/]{20,}={0,2})",
    ),
    // A private key in Base64 around its armour, as in kubeconfig files; the beginnings are those of
    // `-----BEGIN PRIVATE`, and of `RSA`, `EC`, `DSA`, `OPENSSH`, `ENCRYPTED` and `PGP` before `PRIVATE`.
    Shape::sharp(
        "private-key",
        &["ls0tls1crudjti"],
        r"LS0tLS1CRUdJTi(?:BQUklWQVRF|BSU0EgUFJJVkFURS|BFQyBQUklWQVRF|BEU0EgUFJJVkFURS|BPUEVOU1NIIFBSSVZBVEUg|BFTkNSWVBURUQgUFJJVkFURS|BQR1AgUFJJVkFURS)[0-9A-Za-z+/]{20,}={0,2}",
    ),
    Shape::word(
        "private-key",
        &["client-key-data"],
        r#"client-key-data['"]?[ \t]{0,4}:[ \t]{0,4}['"]?([0-9A-Za-z+/]{40,}={0,2})"#,
    ),
];
