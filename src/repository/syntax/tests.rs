//! What is read from snippets of each language, from broken ones, and the encoding of it.

use std::cell::RefCell;
use std::fmt::Write;

use proptest::prelude::*;

use super::analyse::Analyser;
use super::codec::KINDS;
use super::rules::{Rule, Table};
use super::{Breakage, Grammar, Import, Parsed, Reference, SYNTAX_VERSION, Syntax};
use crate::domain::repository::{LineRange, RepoPath};
use crate::repository::Definition;
use crate::repository::symbols;

fn syntax(path: &str, text: &str) -> Syntax {
    let grammar = Grammar::of(&RepoPath::parse(path).unwrap()).unwrap();
    match Analyser::default().analyse(grammar, text, &mut || false) {
        Parsed::Done(syntax) => syntax,
        Parsed::Broken(breakage) => panic!("{breakage:?}"),
    }
}

/// One line per definition: kind, path, lines, signature.
fn definitions(path: &str, text: &str) -> String {
    let mut listing = String::new();
    for definition in syntax(path, text).definitions {
        let (start, end) = (definition.lines.start(), definition.lines.end());
        writeln!(
            listing,
            "{} {} {start}-{end} {}",
            definition.kind,
            definition.path(),
            definition.signature
        )
        .unwrap();
    }
    listing
}

/// One line per import: line, module, names.
fn imported(path: &str, text: &str) -> String {
    let mut listing = String::new();
    for import in syntax(path, text).imports {
        let names = import.names.join(" ");
        let line = format!("{} {} {names}", import.line, import.module);
        writeln!(listing, "{}", line.trim_end()).unwrap();
    }
    listing
}

/// `name:line` of every reference.
fn references(path: &str, text: &str) -> String {
    let uses = syntax(path, text).references.into_iter();
    let uses: Vec<_> = uses
        .map(|used| format!("{}:{}", used.name, used.line))
        .collect();
    uses.join(" ")
}

#[test]
fn rust() {
    let text = r##"
//! fn not_this() {}
pub(crate) const LIMIT: [u8; 2] = [1, 2];
pub struct Client<T> {
    inner: T,
}
struct Unit;
#[derive(Debug)]
pub enum Kind { A, B }

/// Documented.
#[must_use]
impl<T: Clone> fmt::Display for &mut Client<T>
where
    T: Send,
{
    const NAME: &'static str = "x";
    pub async fn retry_after(
        &self,
        text: &'static str,
    ) -> Option<Duration> {
        const LOCAL: u8 = 1;
        fn nested() {}
        struct Guard;
        impl Drop for Guard { fn drop(&mut self) {} }
        None
    }
}
impl From<u8> for other::Thing { fn from(x: u8) -> Self { todo!() } }
pub trait Store: Send {
    type Item;
    fn load(&self) -> Result<(), Error>;
}
macro_rules! tell { ($x:expr) => { $x }; }
mod tests {
    static COUNT: u8 = 0;
    #[test]
    fn works() {}
}
mod elsewhere;
type Result<T> = std::result::Result<T, Error>;
"##;
    insta::assert_snapshot!(definitions("src/a.rs", text), @r#"
    constant LIMIT 3-3 pub(crate) const LIMIT: [u8; 2] = [1, 2];
    struct Client 4-6 pub struct Client<T>
    struct Unit 7-7 struct Unit;
    enum Kind 9-9 pub enum Kind
    constant Client.NAME 17-17 const NAME: &'static str = "x";
    method Client.retry_after 18-27 pub async fn retry_after( &self, text: &'static str, ) -> Option<Duration>
    function Client.retry_after.nested 23-23 fn nested()
    struct Client.retry_after.Guard 24-24 struct Guard;
    method Client.retry_after.Guard.drop 25-25 fn drop(&mut self)
    method other::Thing.from 29-29 fn from(x: u8) -> Self
    trait Store 30-33 pub trait Store: Send
    type Store.Item 31-31 type Item;
    method Store.load 32-32 fn load(&self) -> Result<(), Error>;
    macro tell 34-34 macro_rules! tell { ($x:expr) => { $x }; }
    module tests 35-39 mod tests
    static tests.COUNT 36-36 static COUNT: u8 = 0;
    function tests.works 38-38 fn works()
    module elsewhere 40-40 mod elsewhere;
    type Result 41-41 type Result<T> = std::result::Result<T, Error>;
    "#);
}

#[test]
fn rust_macros_in_the_place_of_items_hold_items() {
    let text = r#"
cfg_net! {
    pub struct Socket { fd: u8 }
    cfg_unix! { impl Socket { pub fn bind() {} } }
}
mod inner { cfg_rt! { fn in_module() {} } }
fn body() { select! { fn not_this() {} } }
"#;
    insta::assert_snapshot!(definitions("src/a.rs", text), @"
    struct Socket 3-3 pub struct Socket
    method Socket.bind 4-4 pub fn bind()
    module inner 6-6 mod inner
    function inner.in_module 6-6 fn in_module()
    function body 7-7 fn body()
    ");
}

#[test]
fn python() {
    let text = r#"
LIMIT = 5
name: str = "x"
a.b = 1

@decorate(
    a,
)
class Client(
    Base,
):
    """class Not: pass"""
    timeout = 3

    def send(
        self,
        text,  # def no(): pass
    ) -> None:
        local = 1
        def inner(x):
            return x
        class Local:
            def deep(self): pass
        return inner(text)

    @property
    async def state(self): return 1

if x == 1:
    def conditional():
        pass
type Pair[T] = tuple[T, T]
"#;
    insta::assert_snapshot!(definitions("a.py", text), @r#"
    constant LIMIT 2-2 LIMIT = 5
    variable name 3-3 name: str = "x"
    class Client 9-27 class Client( Base, ):
    variable Client.timeout 13-13 timeout = 3
    method Client.send 15-24 def send( self, text, # def no(): pass ) -> None:
    function Client.send.inner 20-21 def inner(x):
    class Client.send.Local 22-23 class Local:
    method Client.send.Local.deep 23-23 def deep(self):
    method Client.state 27-27 async def state(self):
    function conditional 30-31 def conditional():
    type Pair 32-32 type Pair[T] = tuple[T, T]
    "#);
}

#[test]
fn javascript() {
    let text = r#"
export default class Scale extends Base {
  static defaults = { a: 1 };
  #secret = 1;
  constructor(cfg) {
    super(cfg);
    this.late = () => 1;
  }
  get size() { return 1; }
  async *walk({ from, to } = {}) {
    call(from, function() { const local = 1; function helper() {} });
  }
  handler = (event) => {
    event.stop();
  };
}
export const parse = (text, { strict } = {}) => {
  const inner = text => text.trim();
  const local = 5;
  return inner(text);
};
const LIMIT = 5, OTHER = 6;
let counter = 0;
const { a, b } = require('x');
const formatters = {
  meta: function () {},
  'quoted-key': () => {},
  [computed]: () => {},
  method(a) {
  },
};
const Plain = class { run() {} };
function* generate(a) {
}
(function () { function wrapped() {} })();
export function Page() { return <div onClick={() => 1}>text</div>; }
"#;
    insta::assert_snapshot!(definitions("a.jsx", text), @"
    class Scale 2-16 export default class Scale extends Base
    method Scale.constructor 5-8 constructor(cfg)
    method Scale.constructor.this.late 7-7 this.late = () =>
    method Scale.size 9-9 get size()
    method Scale.walk 10-12 async *walk({ from, to } = {})
    function Scale.walk.helper 11-11 function helper()
    method Scale.handler 13-15 handler = (event) =>
    function parse 17-21 export const parse = (text, { strict } = {}) =>
    function parse.inner 18-18 const inner = text =>
    constant LIMIT 22-22 LIMIT = 5
    constant OTHER 22-22 OTHER = 6
    variable counter 23-23 let counter = 0;
    constant formatters 25-31 const formatters = { meta: function () {}, 'quoted-key': () => {}, [computed]: () => {}, method(a) { }, };
    function meta 26-26 meta: function ()
    function quoted-key 27-27 'quoted-key': () =>
    function method 29-30 method(a)
    class Plain 32-32 const Plain = class
    method Plain.run 32-32 run()
    function generate 33-34 function* generate(a)
    function wrapped 35-35 function wrapped()
    function Page 36-36 export function Page()
    ");
}

#[test]
fn functions_are_called_by_what_they_are_assigned_to() {
    let text = "
Scale.prototype.draw = function (area) {};
app.handle = function handle(req, res) {};
module.exports = function createApplication() {};
exports.static = (x) => x;
";
    insta::assert_snapshot!(definitions("a.js", text), @"
    method Scale.prototype.draw 2-2 Scale.prototype.draw = function (area)
    method app.handle 3-3 app.handle = function handle(req, res)
    function createApplication 4-4 function createApplication()
    method exports.static 5-5 exports.static = (x) =>
    ");
}

#[test]
fn typescript() {
    let text = r#"
export interface Options<T> {
  retry?: number;
  load(path: string): Promise<T>;
}
export type Loader<T> = (path: string) => T;
@Component({ selector: "x" })
export abstract class Service<T> implements Options<T> {
  private readonly cache: Map<string, T> = new Map();
  @Input() public async load<K extends string>(
    path: K,
  ): Promise<T> {
    return this.cache.get(path)!;
  }
  protected on: Handler = (event: Event): void => {};
  abstract later(): void;
}
export enum Level { Low, High }
declare namespace Api.V1 {
  function call(): void;
}
declare module "plugin" {
  export function install(): void;
}
export const useThing = async ({ a }: Props): Promise<void> => {};
function over(a: string): void;
function over(a: any): void {}
"#;
    insta::assert_snapshot!(definitions("a.ts", text), @r#"
    interface Options 2-5 export interface Options<T>
    method Options.load 4-4 load(path: string): Promise<T>
    type Loader 6-6 export type Loader<T> = (path: string) => T;
    class Service 8-17 export abstract class Service<T> implements Options<T>
    method Service.load 10-14 public async load<K extends string>( path: K, ): Promise<T>
    method Service.on 15-15 protected on: Handler = (event: Event): void =>
    method Service.later 16-16 abstract later(): void
    enum Level 18-18 export enum Level
    namespace Api.V1 19-21 declare namespace Api.V1
    function Api.V1.call 20-20 function call(): void;
    namespace plugin 22-24 declare module "plugin"
    function plugin.install 23-23 export function install(): void;
    function useThing 25-25 export const useThing = async ({ a }: Props): Promise<void> =>
    function over 26-26 function over(a: string): void;
    function over 27-27 function over(a: any): void
    "#);
}

#[test]
fn go() {
    let text = r#"package a

const (
	// comment
	Low, Mid = iota, 2
	High
)

var ErrGone = errors.New("gone {")

type Tree[K comparable] struct {
	root *node
}

type Store interface {
	Load(ctx context.Context) error
}

type (
	Option func(*Tree)
	pair   struct{ a, b int }
)
type Same = Tree

func (t *Tree[K]) Insert(key K) (ok bool) {
	const local = 1
	go func() { t.root = nil }()
	return
}

func (Option) apply() {}

func New(options ...Option) *Tree {
	return nil
}
"#;
    insta::assert_snapshot!(definitions("a.go", text), @r#"
    constant Low 5-5 Low, Mid = iota, 2
    constant Mid 5-5 Low, Mid = iota, 2
    constant High 6-6 High
    variable ErrGone 9-9 var ErrGone = errors.New("gone {")
    struct Tree 11-13 type Tree[K comparable] struct
    interface Store 15-17 type Store interface {
    method Store.Load 16-16 Load(ctx context.Context) error
    type Option 20-20 Option func(*Tree)
    struct pair 21-21 pair struct
    type Same 23-23 type Same = Tree
    method Tree.Insert 25-29 func (t *Tree[K]) Insert(key K) (ok bool)
    method Option.apply 31-31 func (Option) apply()
    function New 33-35 func New(options ...Option) *Tree
    "#);
}

#[test]
fn java() {
    let text = r#"
package a;
@Deprecated(since = "1 {")
public final class Json<T> extends Base implements A, B {
    private final Map<String, List<T>> map = new HashMap<>();
    public static final int LIMIT = 1, OTHER = 2;
    static final Adapter ADAPTER = new Adapter() {
        @Override public void write(Object value) {}
    };
    public Json(int size) { super(size); }
    @Override
    public <K> List<K> read(@Nullable String text,
                            int depth) throws IOException {
        return new ArrayList<>() { public int size() { return 0; } };
    }
    abstract void write(T value);
    enum Level { LOW(1), HIGH(2); Level(int x) {} }
    interface Visitor { int DEPTH = 1; void visit(Json<?> json); }
    record Point(int x, int y) { Point { check(); } }
}
@interface Marker {}
"#;
    insta::assert_snapshot!(definitions("a.java", text), @"
    class Json 4-20 public final class Json<T> extends Base implements A, B
    constant Json.LIMIT 6-6 public static final int LIMIT = 1, OTHER = 2;
    constant Json.OTHER 6-6 public static final int LIMIT = 1, OTHER = 2;
    constant Json.ADAPTER 7-9 static final Adapter ADAPTER = new Adapter() { @Override public void write(Object value) {} };
    method Json.write 8-8 public void write(Object value)
    method Json.Json 10-10 public Json(int size)
    method Json.read 12-15 public <K> List<K> read(@Nullable String text, int depth) throws IOException
    method Json.read.size 14-14 public int size()
    method Json.write 16-16 abstract void write(T value);
    enum Json.Level 17-17 enum Level
    method Json.Level.Level 17-17 Level(int x)
    interface Json.Visitor 18-18 interface Visitor
    constant Json.Visitor.DEPTH 18-18 int DEPTH = 1;
    method Json.Visitor.visit 18-18 void visit(Json<?> json);
    record Json.Point 19-19 record Point(int x, int y)
    method Json.Point.Point 19-19 Point
    interface Marker 21-21 @interface Marker
    ");
}

#[test]
fn c() {
    let text = r#"
#include "a.h"
#define LIMIT(x) \
    ((x) + 1)
#define FLAG
typedef struct node_s {
    struct node_s *next;
} node_t;
typedef struct { int a; } pair_t, *pair_p;
typedef unsigned int (*hash_fn)(const void *);
static int counter = 0;
static const char *const names[] = { "a" };
extern int elsewhere;
int prototype(int a);
struct forward;
static struct node_s *find(node_t *list,
                           int key)
{
    static int local = 1;
    return list;
}
size_t
gnu_style (void)
{
#ifdef A
    if (x) {
#else
    if (y) {
#endif
    }
    return 0;
}
enum level { LOW, HIGH };
void (*callback)(int) = 0;
TEST_CASE(first) { int x = 1; }
"#;
    insta::assert_snapshot!(definitions("a.c", text), @r#"
    macro LIMIT 3-4 #define LIMIT(x) \ ((x) + 1)
    macro FLAG 5-5 #define FLAG
    struct node_t 6-8 typedef struct node_s
    struct node_s 6-8 struct node_s
    struct pair_t 9-9 typedef struct
    struct pair_p 9-9 typedef struct
    type hash_fn 10-10 typedef unsigned int (*hash_fn)(const void *);
    variable counter 11-11 static int counter = 0;
    constant names 12-12 static const char *const names[] = { "a" };
    function find 16-21 static struct node_s *find(node_t *list, int key)
    enum level 33-33 enum level
    variable callback 34-34 void (*callback)(int) = 0;
    "#);
}

#[test]
fn cpp() {
    let text = r#"
#ifndef A_H
#define A_H
namespace a::b {
namespace {
void hidden() {}
}
template <typename T, typename U = int>
class Writer final : public Base<T> {
 public:
  explicit Writer(int size) : size_(size) {}
  ~Writer();
  auto write(const T& value) -> bool;
  bool operator == (const Writer& other) const { return true; }
  operator bool() const;
  struct Inner { void run() {} };
 private:
  int size_ = compute(1);
};
enum class align : char { none, left };
template <> struct formatter<std::tm,
                             Char> { void parse(); };
template <typename T> struct primary;
using buffer = basic_buffer<char>;
int free_declaration(int x);
}
extern "C" {
void c_api(void);
}
template <class T> concept Small = sizeof(T) < 4;
constexpr int limit = 5;
#endif
"#;
    insta::assert_snapshot!(definitions("a.hpp", text), @"
    namespace a::b 4-26 namespace a::b
    function a::b.hidden 6-6 void hidden()
    class a::b.Writer 8-19 template <typename T, typename U = int> class Writer final : public Base<T>
    method a::b.Writer.Writer 11-11 explicit Writer(int size) : size_(size)
    method a::b.Writer.~Writer 12-12 ~Writer();
    method a::b.Writer.write 13-13 auto write(const T& value) -> bool;
    method a::b.Writer.operator== 14-14 bool operator == (const Writer& other) const
    method a::b.Writer.operator bool 15-15 operator bool() const;
    struct a::b.Writer.Inner 16-16 struct Inner
    method a::b.Writer.Inner.run 16-16 void run()
    enum a::b.align 20-20 enum class align : char
    struct a::b.formatter<std::tm, Char> 21-22 template <> struct formatter<std::tm, Char>
    method a::b.formatter<std::tm, Char>.parse 22-22 void parse();
    struct a::b.primary 23-23 template <typename T> struct primary;
    type a::b.buffer 24-24 using buffer = basic_buffer<char>;
    function a::b.free_declaration 25-25 int free_declaration(int x);
    function c_api 28-28 void c_api(void);
    concept Small 30-30 template <class T> concept Small = sizeof(T) < 4;
    constant limit 31-31 constexpr int limit = 5;
    ");
}

#[test]
fn cpp_members_outside_of_their_type_keep_their_whole_name() {
    let text = r"
namespace c {
template <> bool a::b::Writer<int>::write(const int& v)
    const noexcept {
  auto f = [](int x) { return x; };
  return true;
}
Widget::Widget(int a)
    : Base(a) {
}
class API_EXPORT Exported { void run(); };
}
";
    insta::assert_snapshot!(definitions("a.cpp", text), @"
    namespace c 2-12 namespace c
    method c.a::b::Writer<int>::write 3-7 template <> bool a::b::Writer<int>::write(const int& v) const noexcept
    method c.Widget::Widget 8-10 Widget::Widget(int a) : Base(a)
    class c.Exported 11-11 class API_EXPORT Exported
    method c.Exported.run 11-11 void run();
    ");
}

#[test]
fn prototypes_count_in_headers_only() {
    let text = "int f(int a);\nclass A { void g(); };\n";
    insta::assert_snapshot!(definitions("a.h", text), @"
    function f 1-1 int f(int a);
    class A 2-2 class A
    method A.g 2-2 void g();
    ");
    insta::assert_snapshot!(definitions("a.cc", text), @"
    class A 2-2 class A
    method A.g 2-2 void g();
    ");
}

#[test]
fn csharp() {
    let text = r#"
using System;
namespace A.B {
[Serializable]
public sealed partial class Client : Base, IClient
{
    private const int Limit = 1;
    private readonly int size = Compute(1);
    public string Name { get; set; } = "class no {";
    public int Size => size;
    public int this[int index] => index;
    [Obsolete("x")]
    public async Task<T> LoadAsync<T>(string path) where T : new()
    {
        int Local(int x) => x;
        await Call(path);
    }
    public Client(int size) : base(size) { }
    ~Client() { }
    public static Client operator +(Client a, Client b) => a;
    void Quick() => Call(1);
    public delegate void Changed(int x);
}
public record struct Point(int X, int Y);
public interface IClient { Task Run(int x); }
public enum Level { Low, High }
}
"#;
    insta::assert_snapshot!(definitions("a.cs", text), @"
    namespace A.B 3-27 namespace A.B
    class A.B.Client 5-23 public sealed partial class Client : Base, IClient
    constant A.B.Client.Limit 7-7 private const int Limit = 1;
    property A.B.Client.Name 9-9 public string Name
    property A.B.Client.Size 10-10 public int Size
    property A.B.Client.this 11-11 public int this[int index]
    method A.B.Client.LoadAsync 13-17 public async Task<T> LoadAsync<T>(string path) where T : new()
    function A.B.Client.LoadAsync.Local 15-15 int Local(int x)
    method A.B.Client.Client 18-18 public Client(int size) : base(size)
    method A.B.Client.~Client 19-19 ~Client()
    method A.B.Client.operator+ 20-20 public static Client operator +(Client a, Client b)
    method A.B.Client.Quick 21-21 void Quick()
    delegate A.B.Client.Changed 22-22 public delegate void Changed(int x);
    record A.B.Point 24-24 public record struct Point(int X, int Y);
    interface A.B.IClient 25-25 public interface IClient
    method A.B.IClient.Run 25-25 Task Run(int x);
    enum A.B.Level 26-26 public enum Level
    ");
}

#[test]
fn ruby() {
    let text = r#"
module Fluent::Plugin
  VERSION = "1" # class No
  class Error < StandardError; end
  class Output < Base
    def self.create(name)
      [1].each do |x|
        puts x
      end
    end

    def empty?
      true
    end

    private def helper(a) = a + 1

    class << self
      def build; end
    end

    def value=(other); end
    def ==(other); end
  end
end
def top
end
"#;
    insta::assert_snapshot!(definitions("a.rb", text), @r#"
    module Fluent::Plugin 2-25 module Fluent::Plugin
    constant Fluent::Plugin.VERSION 3-3 VERSION = "1"
    class Fluent::Plugin.Error 4-4 class Error < StandardError; end
    class Fluent::Plugin.Output 5-24 class Output < Base
    method Fluent::Plugin.Output.create 6-10 def self.create(name)
    method Fluent::Plugin.Output.empty? 12-14 def empty?
    method Fluent::Plugin.Output.helper 16-16 def helper(a) =
    method Fluent::Plugin.Output.build 19-19 def build; end
    method Fluent::Plugin.Output.value= 22-22 def value=(other); end
    method Fluent::Plugin.Output.== 23-23 def ==(other); end
    method top 26-27 def top end
    "#);
}

#[test]
fn php() {
    let text = r#"<p>class Html {</p>
<?php
namespace A;
#[Attribute]
final class Fixer extends Base implements I
{
    use SomeTrait;
    private const LIMIT = 5, OTHER = 6;
    public function __construct(private array $options = []) {}
    public static function &create(string $name): ?self
    {
        return array_map(function ($x) { function inner() {} }, []);
    }
    abstract protected function later(): void;
}
interface I {}
trait T {}
enum Suit: string { case A = 'a'; const WILD = 1; public function label() {} }
function top() {}
"#;
    insta::assert_snapshot!(definitions("a.php", text), @"
    class Fixer 5-15 final class Fixer extends Base implements I
    constant Fixer.LIMIT 8-8 private const LIMIT = 5, OTHER = 6;
    constant Fixer.OTHER 8-8 private const LIMIT = 5, OTHER = 6;
    method Fixer.__construct 9-9 public function __construct(private array $options = [])
    method Fixer.create 10-13 public static function &create(string $name): ?self
    function Fixer.create.inner 12-12 function inner()
    method Fixer.later 14-14 abstract protected function later(): void;
    interface I 16-16 interface I
    trait T 17-17 trait T
    enum Suit 18-18 enum Suit: string
    constant Suit.WILD 18-18 const WILD = 1;
    method Suit.label 18-18 public function label()
    function top 19-19 function top()
    ");
}

#[test]
fn imports_of_scripts_and_systems_languages() {
    let rust =
        "use std::{fmt, io::{self, Read as R, *}};\nuse a;\npub use b::C;\nextern crate d;\n";
    insta::assert_snapshot!(imported("a.rs", rust), @"
    1 std fmt
    1 std::io self Read *
    2 a
    3 b C
    4 d
    ");
    let python = "import a.b, c as d\nfrom ..e import f, g as h\nfrom i import *\nfrom __future__ import j\n";
    insta::assert_snapshot!(imported("a.py", python), @"
    1 a.b
    1 c
    2 ..e f g
    3 i *
    4 __future__ j
    ");
    let script = "import a, { b as c } from './m';\nimport * as d from \"n\";\nimport 'o';\nexport { e } from 'p';\nexport * from 'q';\nconst f = require('r');\nimport('s');\nrequire(t);\n";
    insta::assert_snapshot!(imported("a.ts", script), @"
    1 ./m default b
    2 n *
    3 o
    4 p e
    5 q
    6 r
    7 s
    ");
    let go = "package a\nimport \"fmt\"\nimport (\n\tb \"x/y\"\n\t_ `z`\n)\n";
    insta::assert_snapshot!(imported("a.go", go), @"
    2 fmt
    4 x/y
    5 z
    ");
}

#[test]
fn imports_of_more_languages() {
    let java = "import a.b.C;\nimport static a.b.D.*;\n";
    insta::assert_snapshot!(imported("a.java", java), @"
    1 a.b.C
    2 a.b.D *
    ");
    insta::assert_snapshot!(imported("a.c", "#include <stdio.h>\n#include \"a/b.h\"\n"), @r#"
    1 <stdio.h>
    2 "a/b.h"
    "#);
    let csharp = "using System.Text;\nusing static A.B;\nusing X = C.D;\nglobal using E;\n";
    insta::assert_snapshot!(imported("a.cs", csharp), @"
    1 System.Text
    2 A.B
    3 C.D
    4 E
    ");
    let ruby = "require 'a/b'\nrequire_relative \"c\"\nautoload :D, 'd'\nrequire name\n";
    insta::assert_snapshot!(imported("a.rb", ruby), @"
    1 a/b
    2 ./c
    3 d
    ");
    let php = "<?php\nuse A\\B as C;\nuse D\\{E, F};\nrequire_once 'g.php';\n";
    insta::assert_snapshot!(imported("a.php", php), @r#"
    2 A\B
    3 D E F
    4 g.php
    "#);
}

#[test]
fn references_are_calls_types_and_constants() {
    let rust = "fn own(a: Type) -> Other { helper(a); a.method(b); LIMIT; local; warn!(\"x\"); std::mem::swap(a, b) }\nfn call() { own(x) }\n";
    insta::assert_snapshot!(references("a.rs", rust), @"
    LIMIT:1 Other:1 Type:1 helper:1 method:1 own:2 swap:1 warn:1
    ");
    let python = "@fixture\n@app.route\ndef own(a: Type): helper(a).method(); raise Gone\n";
    insta::assert_snapshot!(references("a.py", python), @"
    Gone:3 Type:3 fixture:1 helper:3 method:3 route:2
    ");
    let script = "class Own extends Base { run() { this.helper(); new Thing(); local; } }\n";
    insta::assert_snapshot!(references("a.js", script), @"
    Base:1 Thing:1 helper:1
    ");
    let ruby =
        "class Own < Base\n  def run\n    helper.each { |x| x.go! }\n    LIMIT\n  end\nend\n";
    insta::assert_snapshot!(references("a.rb", ruby), @"
    Base:1 LIMIT:4 each:3 go!:3
    ");
    let cpp = "Type own(Other a) { a->method(b); ns::helper(a); LIMIT; }\n";
    insta::assert_snapshot!(references("a.cpp", cpp), @"
    LIMIT:1 Other:1 Type:1 helper:1 method:1
    ");
}

#[test]
fn a_name_used_everywhere_keeps_its_first_lines() {
    let text = "fn f() {\n".to_owned() + &"    used(); used();\n".repeat(100) + "}\n";
    let lines: Vec<_> = syntax("a.rs", &text)
        .references
        .iter()
        .map(|used| used.line)
        .collect();
    assert_eq!(lines, (2..=17).collect::<Vec<_>>());
}

#[test]
fn broken_texts_give_what_can_be_had() {
    let text = "def a(:\n  pass\n\nclass B:\n    def c(self):\n        return (\n\n    def d(self):\n        pass\n";
    insta::assert_snapshot!(definitions("a.py", text), @"
    function a 1-2 def a(:
    class B 4-9 class B:
    method B.c 5-6 def c(self): return (
    method B.d 8-9 def d(self):
    ");
    assert!(syntax("a.py", text).is_broken);
    assert!(!syntax("a.py", "def a(): pass\n").is_broken);
}

#[test]
fn a_scan_completes_broken_texts_only() {
    let text =
        "void f(void) {\n#ifdef A\n  if (x) {\n#else\n  if (y) {\n#endif\n  }\n}\nint g(void) {}\n";
    let scanned = symbols::scan(&RepoPath::parse("a.c").unwrap(), text);
    let mut found = syntax("a.c", text);
    found.complete(scanned.clone());
    let names: Vec<_> = found.definitions.iter().map(|found| &*found.name).collect();
    assert_eq!(names, ["f", "g"]);
    let mut whole = syntax("a.c", "int other(void) {}\n");
    let before = whole.clone();
    whole.complete(scanned);
    assert_eq!(whole, before);
}

#[test]
fn containers_stop_growing_where_nobody_nests() {
    let text = "mod m { ".repeat(3_000) + &"}".repeat(3_000);
    let found = syntax("a.rs", &text).definitions;
    assert_eq!(found.len(), 3_000);
    let longest = found
        .iter()
        .map(|definition| definition.container.len())
        .max();
    assert!(longest < Some(700), "{longest:?}");
}

#[test]
fn names_and_signatures_are_bounded() {
    let name = "x".repeat(201);
    let text = format!(
        "fn {name}() {{}}\nfn short(\n    a: {}) {{}}\n",
        "é".repeat(300)
    );
    let found = syntax("a.rs", &text).definitions;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].signature.chars().count(), 200);
    assert!(
        found[0].signature.starts_with("fn short( a: éé"),
        "{}",
        found[0].signature
    );
}

#[test]
fn a_parser_that_is_told_to_stop_stops() {
    let mut asked = 0;
    let text = "fn a() { b(); }\n".repeat(10_000);
    let parsed = Analyser::default().analyse(Grammar::Rust, &text, &mut || {
        asked += 1;
        asked > 3
    });
    assert_eq!(parsed, Parsed::Broken(Breakage::TooSlow));
}

#[test]
fn every_rule_names_a_kind_of_its_grammar_and_a_known_kind_of_definition() {
    for grammar in Grammar::ALL {
        let language = grammar.language();
        let table = Table::new(grammar, &language);
        for (kind, rule) in grammar.rules().iter().copied().flatten() {
            let id = language.id_for_node_kind(kind, true);
            assert!(table.rule(id).is_some(), "{grammar:?} has no {kind}");
            if let Rule::Named(kind, _) = rule {
                assert!(KINDS.contains(kind), "{kind}");
            }
        }
    }
}

#[test]
fn codes_of_languages_are_their_own() {
    for grammar in Grammar::ALL {
        assert_eq!(Grammar::from_code(grammar.code()), Some(grammar));
    }
    assert_eq!(Grammar::from_code(u8::MAX), None);
}

#[test]
fn languages_are_told_by_the_ending() {
    let of = |path: &str| Grammar::of(&RepoPath::parse(path).unwrap());
    assert_eq!(of("src/a.RS"), Some(Grammar::Rust));
    assert_eq!(of("include/a.h"), Some(Grammar::Header));
    assert_eq!(of("a.d.ts"), Some(Grammar::TypeScript));
    for other in ["a.kt", "Makefile", ".rs", "a.md"] {
        assert_eq!(of(other), None, "{other}");
    }
}

fn sample() -> Parsed {
    Parsed::Done(syntax(
        "a.rs",
        "use a::{b, c};\nmod m { pub fn f(x: Type) { g(x); h(x) } }\nfn g() { é }\n",
    ))
}

#[test]
fn encoding_keeps_everything() {
    let Parsed::Done(mut everything) = sample() else {
        panic!("the sample is fine");
    };
    everything.is_broken = true;
    for kind in KINDS {
        everything.definitions.push(Definition {
            name: format!("{kind}größe"),
            container: "a.b::".to_owned(),
            kind,
            lines: LineRange::new(200, 70_000),
            signature: "x".repeat(200),
        });
    }
    for parsed in [Parsed::Done(everything), Parsed::Done(Syntax::default())] {
        assert_eq!(Parsed::decode(&parsed.encode()), Some(parsed));
    }
}

#[test]
fn breakages_are_encoded_and_only_one_of_them_may_pass() {
    let all = [
        Breakage::TooLarge,
        Breakage::LongLine,
        Breakage::TooSlow,
        Breakage::Crashed,
        Breakage::Unavailable,
    ];
    for breakage in all {
        let parsed = Parsed::Broken(breakage);
        assert_eq!(Parsed::decode(&parsed.encode()), Some(parsed));
        assert_eq!(breakage.is_lasting(), breakage != Breakage::Unavailable);
    }
}

#[test]
fn bytes_that_are_cut_longer_or_of_another_version_are_refused() {
    let bytes = sample().encode();
    for length in 0..bytes.len() {
        assert_eq!(Parsed::decode(&bytes[..length]), None, "{length}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(Parsed::decode(&longer), None);
    let mut other = bytes;
    other[0] = SYNTAX_VERSION + 1;
    assert_eq!(Parsed::decode(&other), None);
}

#[test]
fn counts_that_promise_more_than_there_is_take_no_memory() {
    // A million containers, of which none follows.
    assert_eq!(Parsed::decode(&[SYNTAX_VERSION, 0, 0xc0, 0x84, 0x3d]), None);
    // A line that is the largest number, and a length that passes it.
    let definition = [
        1, 0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 1, b'a', 0, 0, 0,
    ];
    let bytes = [&[SYNTAX_VERSION, 0][..], &definition].concat();
    assert_eq!(Parsed::decode(&bytes), None);
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_read_as_what_they_encode(bytes: Vec<u8>) {
        let bytes = [&[SYNTAX_VERSION, 0][..], &bytes].concat();
        if let Some(parsed) = Parsed::decode(&bytes) {
            prop_assert_eq!(Parsed::decode(&parsed.encode()), Some(parsed));
        }
    }
}

#[test]
fn any_text_is_read_without_leaving_its_lines() {
    let analyser = RefCell::new(Analyser::default());
    let texts = "[a-z(){}\\[\\]<>:;,.\"'`#$ \n\t=>é]{0,200}";
    proptest!(ProptestConfig::with_cases(64), |(text in texts)| {
        let lines = u32::try_from(text.matches('\n').count() + 1).unwrap();
        for grammar in Grammar::ALL {
            let parsed = analyser.borrow_mut().analyse(grammar, &text, &mut || false);
            let Parsed::Done(syntax) = parsed else { panic!("nothing told it to stop") };
            for definition in &syntax.definitions {
                prop_assert!(definition.lines.end() <= lines, "{grammar:?} {definition:?}");
            }
            let mut sorted = syntax.references.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, syntax.references);
        }
    });
}

#[test]
fn imports_and_references_can_be_built_and_compared() {
    let import = Import {
        module: "a".to_owned(),
        names: Vec::new(),
        line: 1,
    };
    let used = Reference {
        name: "b".to_owned(),
        line: 2,
    };
    let one = Syntax {
        imports: vec![import],
        references: vec![used],
        ..Syntax::default()
    };
    assert_eq!(
        Parsed::decode(&Parsed::Done(one.clone()).encode()),
        Some(Parsed::Done(one))
    );
}
