use crate::planner::draft::{Dependency, Registry};
use crate::planner::fixture::texts;
use crate::planner::verify::tests::{check_in, found, plan_for};

const RUST: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[dependencies]\nserde-json = \"1\"\ntokio = \"1\"\n",
    ),
    ("src/lib.rs", "pub mod store;\nmod wire;\n"),
    (
        "src/store.rs",
        "use hidden_dep::Thing;\npub struct Store;\n",
    ),
    ("src/wire.rs", "pub fn send() {}\n"),
];

const PYTHON: &[(&str, &str)] = &[
    (
        "pyproject.toml",
        "[project]\ndependencies = [\"PyYAML\", \"requests>=2\"]\n",
    ),
    ("shop/__init__.py", ""),
    (
        "shop/cart.py",
        "import numpy as np\nclass Cart:\n    pass\n",
    ),
    ("shop/models/__init__.py", ""),
    ("shop/models/order.py", "class Order:\n    pass\n"),
];

const SCRIPT: &[(&str, &str)] = &[
    (
        "package.json",
        "{\"dependencies\": {\"lodash\": \"4\", \"@scope/kit\": \"1\"}}",
    ),
    ("src/app.ts", "import x from 'from-elsewhere';\n"),
    ("src/util/index.ts", "export const y = 1;\n"),
    ("src/view.tsx", "export const V = 1;\n"),
];

const GO: &[(&str, &str)] = &[
    (
        "go.mod",
        "module example.test/shop\n\nrequire (\n\tgithub.com/acme/kit v1.0.0\n)\n",
    ),
    (
        "main.go",
        "package main\n\nimport \"golang.org/x/sync/errgroup\"\n",
    ),
    ("internal/cart/cart.go", "package cart\n"),
];

const JAVA: &[(&str, &str)] = &[
    (
        "pom.xml",
        "<dependency><groupId>com.acme</groupId><artifactId>kit</artifactId></dependency>",
    ),
    (
        "src/main/java/org/shop/Cart.java",
        "package org.shop;\nimport org.slf4j.Logger;\npublic class Cart {}\n",
    ),
    (
        "src/main/java/org/shop/Shop.java",
        "package org.shop;\npublic class Shop {}\n",
    ),
];

const C: &[(&str, &str)] = &[
    (
        "lib/shop.c",
        "#include <curl/curl.h>\n#include \"shop.h\"\nint shop(void) { return 0; }\n",
    ),
    ("lib/shop.h", "int shop(void);\n"),
    ("include/kit/base.h", "int base(void);\n"),
];

const CSHARP: &[(&str, &str)] = &[
    (
        "Shop.csproj",
        "<PackageReference Include=\"Newtonsoft.Json\" Version=\"13\" />",
    ),
    (
        "src/Cart.cs",
        "using NodaTime;\nnamespace Shop.Core;\npublic class Cart {}\n",
    ),
];

const RUBY: &[(&str, &str)] = &[
    ("Gemfile", "gem 'rack'\n"),
    ("lib/shop.rb", "require 'shop/cart'\n"),
    ("lib/shop/cart.rb", "class Cart\nend\n"),
];

const PHP: &[(&str, &str)] = &[
    (
        "composer.json",
        "{\"require\": {\"symfony/console\": \"^6\"}}",
    ),
    (
        "src/Cart.php",
        "<?php\nnamespace Shop;\nuse Psr\\Log\\LoggerInterface;\nclass Cart {}\n",
    ),
    (
        "src/Model/Order.php",
        "<?php\nnamespace Shop\\Model;\nclass Order {}\n",
    ),
];

type Language = (&'static [(&'static str, &'static str)], &'static str);

const LANGUAGES: [Language; 9] = [
    (RUST, "src/store.rs"),
    (PYTHON, "shop/cart.py"),
    (SCRIPT, "src/app.ts"),
    (GO, "main.go"),
    (JAVA, "src/main/java/org/shop/Cart.java"),
    (C, "lib/shop.c"),
    (CSHARP, "src/Cart.cs"),
    (RUBY, "lib/shop.rb"),
    (PHP, "src/Cart.php"),
];

/// What is found for import lines in the file of a language.
fn imported((files, path): Language, lines: &[&str]) -> Vec<String> {
    let draft = plan_for(path, |change| change.imports = texts(lines));
    found(&check_in(files, &draft), "G9")
}

fn language(path: &str) -> Language {
    LANGUAGES
        .into_iter()
        .find(|(_, own)| own.ends_with(path))
        .unwrap()
}

/// Lines that are true in the repository of their language.
const TRUE_LINES: [(&str, &[&str]); 9] = [
    (
        "store.rs",
        &[
            "use std::time::Duration;",
            "use serde_json::{Value, json as j};",
            "pub(crate) use crate::wire::send;",
            "use super::store::Store;",
            "use wire::send;",
            "use hidden_dep::Other;",
            "extern crate alloc;",
            "mod something;",
            "+ use tokio::sync::Mutex;",
        ],
    ),
    (
        "cart.py",
        &[
            "import os, json as j",
            "from collections.abc import Mapping",
            "import yaml",
            "import requests.adapters",
            "from numpy import array",
            "from .models import order",
            "from .models.order import Order",
            "from . import models",
            "from shop.models.order import Order",
            "import shop.models",
        ],
    ),
    (
        "app.ts",
        &[
            "import fs from 'node:fs';",
            "import { join } from \"path\";",
            "import _ from 'lodash/fp';",
            "import '@scope/kit/style.css';",
            "import { y } from './util';",
            "import { V } from './view.js';",
            "export * from '../src/util/index';",
            "const z = require('from-elsewhere');",
            "import thing from '@/aliased/thing';",
            "import pic from 'virtual:pic';",
            "import built from '../dist/app.js';",
        ],
    ),
    (
        "main.go",
        &[
            "import \"net/http\"",
            "\"github.com/acme/kit/sub\"",
            "cart \"example.test/shop/internal/cart\"",
            "_ \"golang.org/x/sync/semaphore\"",
        ],
    ),
    (
        "Cart.java",
        &[
            "import java.util.List;",
            "import static org.shop.Shop.*;",
            "import org.slf4j.LoggerFactory;",
            "import com.acme.kit.Thing;",
        ],
    ),
    (
        "shop.c",
        &[
            "#include <stdio.h>",
            "# include <sys/socket.h>",
            "#include \"kit/base.h\"",
            "#include <curl/curl.h>",
        ],
    ),
    (
        "Cart.cs",
        &[
            "using System.Linq;",
            "using Newtonsoft.Json;",
            "using static Shop.Core.Cart;",
            "global using NodaTime;",
            "using Alias = System.Collections.Generic.List<int>;",
        ],
    ),
    (
        "shop.rb",
        &[
            "require 'json'",
            "require \"rack/utils\"",
            "require_relative 'shop/cart'",
            "require 'shop/cart'",
        ],
    ),
    (
        "src/Cart.php",
        &[
            "use Shop\\Model\\Order;",
            "use Symfony\\Component\\Console\\Command\\Command;",
            "use Psr\\Log\\NullLogger;",
            "use DateTimeImmutable;",
            "use function Shop\\Model\\Order;",
        ],
    ),
];

#[test]
fn what_is_there_may_be_imported() {
    for (path, lines) in TRUE_LINES {
        assert_eq!(
            imported(language(path), lines),
            Vec::<String>::new(),
            "{path}"
        );
    }
}

#[test]
fn package_that_is_nowhere_is_found_in_every_language() {
    let lines = [
        ("store.rs", "use magic_retry::Retry;"),
        ("cart.py", "from magic_retry import retry"),
        ("app.ts", "import { retry } from 'magic-retry';"),
        ("app.ts", "import '@magic/retry';"),
        ("main.go", "import \"github.com/magic/retry\""),
        ("main.go", "import \"github.com/acme/other\""),
        ("main.go", "import \"net/magic\""),
        ("Cart.java", "import io.magic.retry.Retry;"),
        ("Cart.java", "import org.shop.retry.Retry;"),
        ("shop.c", "#include <magic/retry.h>"),
        ("Cart.cs", "using Magic.Retry;"),
        ("shop.rb", "require 'magic_retry'"),
        ("src/Cart.php", "use Magic\\Retry\\Policy;"),
    ];
    for (path, line) in lines {
        assert_eq!(imported(language(path), &[line]).len(), 1, "{line}");
    }
    assert_eq!(
        imported(language("store.rs"), &["use magic_retry::Retry;"]),
        [
            "soft /changes/0/imports/0: `magic_retry` is neither part of the repository nor a dependency, and not proposed as one"
        ]
    );
}

#[test]
fn own_module_that_is_nowhere_is_found() {
    let lines = [
        ("store.rs", "use crate::ghost::Thing;"),
        ("cart.py", "from .ghost import Thing"),
        ("cart.py", "from shop.ghost import Thing"),
        ("app.ts", "import { Thing } from './ghost';"),
        ("app.ts", "import { Thing } from '../src/lib/../ghost';"),
        ("main.go", "\"example.test/shop/internal/ghost\""),
        ("Cart.java", "import org.shop.Ghost;"),
        ("shop.c", "#include \"kit/ghost.h\""),
        ("Cart.cs", "using Shop.Core.Ghosts;"),
        ("shop.rb", "require 'shop/ghost'"),
        ("shop.rb", "require_relative 'shop/ghost'"),
        ("src/Cart.php", "use Shop\\Model\\Ghost;"),
    ];
    for (path, line) in lines {
        assert_eq!(imported(language(path), &[line]).len(), 1, "{line}");
    }
}

#[test]
fn proposed_dependency_may_be_imported() {
    let mut draft = plan_for("src/store.rs", |change| {
        change.imports = texts(&["use magic_retry::Retry;"]);
    });
    draft.dependencies.push(Dependency {
        name: "magic-retry".to_owned(),
        registry: Registry::Cargo,
        version: "1".to_owned(),
        purpose: "retries".to_owned(),
        why_not_existing: "none".to_owned(),
        why_not_own_code: "long".to_owned(),
        used_by: texts(&["C1"]),
    });
    assert_eq!(found(&check_in(RUST, &draft), "G9"), Vec::<String>::new());
}

#[test]
fn added_file_may_be_imported() {
    let mut draft = plan_for("src/app.ts", |change| {
        change.imports = texts(&["import { wait } from './wait';"]);
    });
    let mut added = draft.changes[0].clone();
    added.id = "C2".to_owned();
    added.op = crate::planner::draft::Operation::Add;
    added.path = "src/wait.ts".to_owned();
    added.imports.clear();
    draft.changes.push(added);
    assert_eq!(found(&check_in(SCRIPT, &draft), "G9"), Vec::<String>::new());
}

#[test]
fn what_is_no_import_line_is_passed_over() {
    let odd = [
        "",
        "use",
        "import",
        "from",
        "#include",
        "require(",
        "use ::",
        "import {",
        "\"",
        "🦀",
        "use {a, b}::c;;",
    ];
    for language in LANGUAGES {
        let found = imported(language, &odd[..10]);
        assert_eq!(found, Vec::<String>::new(), "{}", language.1);
    }
}

#[test]
fn endless_lines_are_passed_over_and_many_lines_are_told() {
    let long = format!("use {};", "a::".repeat(2_000));
    let draft = plan_for("src/store.rs", |change| change.imports = vec![long]);
    assert_eq!(found(&check_in(RUST, &draft), "G9"), Vec::<String>::new());
    let draft = plan_for("src/store.rs", |change| {
        change.imports = vec!["use std::io;\n".repeat(500)];
    });
    assert_eq!(
        found(&check_in(RUST, &draft), "G9"),
        ["soft /changes: more than 400 import lines; the rest was not looked up"]
    );
}
