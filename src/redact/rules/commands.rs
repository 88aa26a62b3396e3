//! Passwords on command lines, where an option says what they are: short and simple ones, too.

use super::Shape;

/// What is on the way from a command to its option: words, and lines that go on.
macro_rules! words_to {
    ($option:literal) => {
        concat!(r"\b(?:[^\n\\;&|]|\\\r?\n){0,300}?", $option)
    };
}

/// A value between quotes, or up to a space.
macro_rules! value {
    () => {
        r#"(?:"([^"\n]{3,256})"|'([^'\n]{3,256})'|([^\s'"`,;|&<>()]{3,256}))"#
    };
}

/// A user, and behind the colon the password.
macro_rules! login {
    () => {
        r#"(?:"[^"'\n:]{1,128}:([^"\n]{3,256})"|'[^"'\n:]{1,128}:([^'\n]{3,256})'|[^\s'"`:/]{1,128}:([^\s'"`/|<>()][^\s'"`|<>()]{2,255}))"#
    };
}

const KIND: &str = "command-password";

pub(super) const SHAPES: &[Shape] = &[
    Shape::command(
        KIND,
        &["curl"],
        concat!(
            r"curl\b(?:[^\n\\|]|\\\r?\n){0,400}?",
            r"[ \t](?:-[a-zA-Z#]{0,6}[uU][ \t]{0,2}|--(?:proxy-)?user(?:=|[ \t]{1,2}))",
            login!()
        ),
    ),
    Shape::command(
        KIND,
        &["--auth"],
        concat!(r"--auth(?:=|[ \t]{1,2})", login!()),
    ),
    // `-p3306:3306` publishes a port.
    Shape::command(
        KIND,
        &["mysql", "mariadb"],
        concat!(
            r"(?:mysql|mariadb)[a-z-]{0,12}(?:[ \t]{1,3}\S{1,100}){0,20}?[ \t]{1,3}-p",
            r#"(?:"([^"\n]{3,256})"|'([^'\n]{3,256})'|([^\s'"`=|&;<>()-][^\s'"`|&;<>()]*[A-Za-z!@#%^*+][^\s'"`|&;<>()]*))"#
        ),
    ),
    Shape::command(
        KIND,
        &["sshpass"],
        concat!("sshpass", words_to!(r"[ \t]-p[ \t]{0,2}"), value!()),
    ),
    Shape::command(
        KIND,
        &["login", "mongo", "twine"],
        concat!(
            "(?:login|mongo[a-z]{0,10}|twine)",
            words_to!(r"[ \t](?:-p[ \t]{1,2}|--password(?:=|[ \t]{1,2}))"),
            value!()
        ),
    ),
    Shape::command(
        KIND,
        &["redis-cli"],
        concat!(
            "redis-cli",
            words_to!(r"[ \t](?:-a|--pass)[ \t]{1,2}"),
            value!()
        ),
    ),
    Shape::command(
        KIND,
        &[
            "ldapsearch",
            "ldapmodify",
            "ldapadd",
            "ldapdelete",
            "ldappasswd",
            "ldapwhoami",
        ],
        concat!("ldap[a-z]{3,6}", words_to!(r"[ \t]-w[ \t]{0,2}"), value!()),
    ),
    Shape::command(
        KIND,
        &["smbclient", "rpcclient"],
        concat!(
            "(?:smb|rpc)client",
            words_to!(r#"[ \t](?:-U|--user)[ \t=]{0,2}['"]?[^\s'"%]{1,128}%([^\s'"]{3,256})"#)
        ),
    ),
    Shape::command(
        KIND,
        &["sqlcmd", "mosquitto_", "ipmitool"],
        concat!(
            "(?:sqlcmd|mosquitto_[a-z]{2,4}|ipmitool)",
            words_to!(r"[ \t]-P[ \t]{0,2}"),
            value!()
        ),
    ),
    Shape::command(
        KIND,
        &["htpasswd"],
        concat!(
            r"htpasswd[ \t]{1,2}(?:-[a-zA-Z]{1,6}[ \t]{1,2}){0,4}?(?:-[a-zA-Z]{0,5}b[a-zA-Z]{0,5})[ \t]{1,2}(?:-[a-zA-Z]{1,6}[ \t]{1,2}){0,4}[^\s-]\S{0,200}[ \t]{1,2}(?:[^\s-]\S{0,200}[ \t]{1,2})?",
            value!()
        ),
    ),
    Shape::command(
        KIND,
        &["net use"],
        concat!(
            "net use",
            r"[^\n]{0,200}?/user:\S{1,128}[ \t]{1,2}",
            value!()
        ),
    ),
    Shape::command(
        KIND,
        &["-pass"],
        concat!("-pass(?:in|out)?[ \t]{1,2}['\"]?pass:", value!()),
    ),
    Shape::command(
        KIND,
        &[
            "--password=",
            "--passwd=",
            "--http-password",
            "--proxy-password",
            "--ftp-password",
        ],
        concat!(
            "--(?:password=|passwd=|(?:http|proxy|ftp)-password(?:=|[ \t]{1,2}))",
            value!()
        ),
    ),
    Shape::command(
        KIND,
        &["pgpassword", "mysql_pwd", "sshpass=", "rediscli_auth"],
        concat!(
            r#"(?:PGPASSWORD|MYSQL_PWD|SSHPASS|REDISCLI_AUTH)["']?[ \t]{0,2}[=:][ \t]{0,2}"#,
            value!()
        ),
    ),
    Shape::command(
        KIND,
        &["echo "],
        concat!(
            r"echo[ \t]{1,2}(?:-n[ \t]{1,2})?",
            value!(),
            r"[ \t]{0,2}\|[^\n]{0,120}--password-stdin"
        ),
    ),
];
