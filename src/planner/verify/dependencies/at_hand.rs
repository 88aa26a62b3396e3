//! Libraries that the language's own one replaces.

use crate::domain::package::Ecosystem;

/// What is there already in place of the package; a short table of plain cases.
pub(super) fn find(ecosystem: Ecosystem, package: &str) -> Option<&'static str> {
    let name = ecosystem.normalise(package);
    let mut rows = TABLE.iter();
    rows.find(|(of, known, _)| *of == ecosystem && *known == name)
        .map(|(_, _, instead)| *instead)
}

const TABLE: &[(Ecosystem, &str, &str)] = &[
    (
        Ecosystem::Cargo,
        "lazy-static",
        "`std::sync::LazyLock` does it since Rust 1.80",
    ),
    (
        Ecosystem::Cargo,
        "once-cell",
        "`std::sync::OnceLock` and `LazyLock` do it since Rust 1.80",
    ),
    (
        Ecosystem::Cargo,
        "num-cpus",
        "`std::thread::available_parallelism` does it since Rust 1.59",
    ),
    (
        Ecosystem::Cargo,
        "atty",
        "`std::io::IsTerminal` does it since Rust 1.70",
    ),
    (
        Ecosystem::Cargo,
        "matches",
        "`matches!` is part of the language's own library",
    ),
    (
        Ecosystem::Cargo,
        "maplit",
        "collections are built `from` arrays since Rust 1.56",
    ),
    (
        Ecosystem::Cargo,
        "void",
        "`std::convert::Infallible` does it",
    ),
    (
        Ecosystem::Cargo,
        "failure",
        "the `std::error::Error` trait took its place",
    ),
    (
        Ecosystem::Npm,
        "left-pad",
        "`String.prototype.padStart` does it",
    ),
    (
        Ecosystem::Npm,
        "request",
        "it is deprecated; `fetch` does it since Node 18",
    ),
    (
        Ecosystem::Npm,
        "node-fetch",
        "`fetch` is part of Node since version 18",
    ),
    (
        Ecosystem::Npm,
        "moment",
        "its authors advise against new use; `Intl` and `Date` cover much of it",
    ),
    (Ecosystem::Npm, "rimraf", "`fs.rm` with `recursive` does it"),
    (
        Ecosystem::Npm,
        "mkdirp",
        "`fs.mkdir` with `recursive` does it",
    ),
    (Ecosystem::Npm, "object-assign", "`Object.assign` does it"),
    (Ecosystem::Npm, "is-array", "`Array.isArray` does it"),
    (
        Ecosystem::Npm,
        "array-flatten",
        "`Array.prototype.flat` does it",
    ),
    (Ecosystem::Npm, "querystring", "`URLSearchParams` does it"),
    (
        Ecosystem::Npm,
        "bluebird",
        "promises are part of the language",
    ),
    (Ecosystem::Npm, "deep-clone", "`structuredClone` does it"),
    (
        Ecosystem::Npm,
        "isomorphic-fetch",
        "`fetch` is part of browsers and of Node since version 18",
    ),
    (
        Ecosystem::Pypi,
        "six",
        "it bridges to Python 2, which has ended",
    ),
    (
        Ecosystem::Pypi,
        "futures",
        "`concurrent.futures` is part of Python 3",
    ),
    (
        Ecosystem::Pypi,
        "mock",
        "`unittest.mock` is part of Python 3",
    ),
    (Ecosystem::Pypi, "pathlib", "`pathlib` is part of Python 3"),
    (Ecosystem::Pypi, "pathlib2", "`pathlib` is part of Python 3"),
    (
        Ecosystem::Pypi,
        "dataclasses",
        "`dataclasses` is part of Python since 3.7",
    ),
    (Ecosystem::Pypi, "enum34", "`enum` is part of Python 3"),
    (
        Ecosystem::Pypi,
        "pytz",
        "`zoneinfo` is part of Python since 3.9",
    ),
    (
        Ecosystem::Pypi,
        "toml",
        "`tomllib` reads TOML since Python 3.11",
    ),
    (Ecosystem::Pypi, "simplejson", "`json` is part of Python"),
    (
        Ecosystem::Pypi,
        "argparse",
        "`argparse` is part of Python 3",
    ),
    (Ecosystem::Pypi, "typing", "`typing` is part of Python 3"),
    (
        Ecosystem::Go,
        "github.com/pkg/errors",
        "`fmt.Errorf` with `%w` and `errors` do it since Go 1.13",
    ),
    (
        Ecosystem::Go,
        "github.com/gorilla/mux",
        "`net/http` matches methods and wildcards since Go 1.22",
    ),
    (
        Ecosystem::Go,
        "golang.org/x/exp/slices",
        "`slices` is part of Go since 1.21",
    ),
    (
        Ecosystem::Go,
        "golang.org/x/exp/maps",
        "`maps` is part of Go since 1.21",
    ),
    (
        Ecosystem::Go,
        "github.com/hashicorp/go-multierror",
        "`errors.Join` does it since Go 1.20",
    ),
    (
        Ecosystem::Maven,
        "joda-time:joda-time",
        "`java.time` does it since Java 8",
    ),
    (
        Ecosystem::Maven,
        "commons-logging:commons-logging",
        "`System.Logger` or the logger in use does it",
    ),
    (
        Ecosystem::Maven,
        "log4j:log4j",
        "it has ended; use the logger in use",
    ),
    (
        Ecosystem::Nuget,
        "newtonsoft.json",
        "`System.Text.Json` does it since .NET Core 3.0",
    ),
    (
        Ecosystem::Nuget,
        "system.valuetuple",
        "it is part of .NET since 4.7",
    ),
    (Ecosystem::Rubygems, "json", "`json` comes with Ruby"),
    (
        Ecosystem::Rubygems,
        "fileutils",
        "`fileutils` comes with Ruby",
    ),
];
