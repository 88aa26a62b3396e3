//! Definitions found in snippets of each language, and in text meant to break the scanner.

use std::fmt::Write;

use super::scan;
use crate::domain::repository::RepoPath;

/// One line per definition: kind, container and name, lines.
fn listing(path: &str, text: &str) -> String {
    let mut listing = String::new();
    for definition in scan(&RepoPath::parse(path).unwrap(), text) {
        let (start, end) = (definition.lines.start(), definition.lines.end());
        writeln!(
            listing,
            "{} {} {start}-{end}",
            definition.kind,
            definition.path()
        )
        .unwrap();
    }
    listing
}

#[test]
fn rust() {
    let text = r##"
//! fn not_this() {}
pub(crate) const LIMIT: [u8; 2] = [1, 2];
/* fn nor_this() { /* nested */ } */
pub struct Client<T> {
    inner: T,
}
struct Unit;
#[derive(Debug)] pub enum Kind { A, B }

impl<T: Clone> fmt::Display for Client<T>
where
    T: Send,
{
    pub async fn retry_after(&self, text: &'static str) -> Option<Duration> {
        let quote = '"';
        let text = "fn inside_a_string() {";
        let raw = r#"fn "raw" {"#;
        if text == "{" { return None; }
        fn nested() {}
        None
    }
}

pub trait Store: Send {
    fn load(&self) -> Result<(), Error>;
    const fn size() -> usize { 1 }
}
macro_rules! tell { ($x:expr) => { $x }; }
pub unsafe extern "C" fn exported(
    a: u8,
) -> u8 {
    a
}
mod tests {
    use super::*;
}
type Result<T> = std::result::Result<T, Error>;
"##;
    insta::assert_snapshot!(listing("src/a.rs", text), @"
    constant LIMIT 3-3
    struct Client 5-7
    struct Unit 8-8
    enum Kind 9-9
    method Client.retry_after 15-22
    function Client.retry_after.nested 20-20
    trait Store 25-28
    method Store.load 26-26
    method Store.size 27-27
    macro tell 29-29
    function exported 30-34
    module tests 35-37
    type Result 38-38
    ");
}

#[test]
fn python() {
    let text = r#"
"""def in_docstring(): pass"""
import os
LIMIT = 5
name: str = "x"

@decorate(
    a,
)
class Client(
    Base,
):
    timeout = 3

    def send(
        self,
        text,  # def no(): pass
    ) -> None:
        sql = """
def not_this():
"""
        def inner(x):
            return x

        return inner(text)

    @property
    async def state(self): return 1

def top(): pass
if x == 1:
    def conditional():
        pass
"#;
    insta::assert_snapshot!(listing("a.py", text), @"
    constant LIMIT 4-4
    variable name 5-5
    class Client 10-28
    variable Client.timeout 13-13
    method Client.send 15-25
    function Client.send.inner 22-23
    method Client.state 28-28
    function top 30-30
    function conditional 32-33
    ");
}

#[test]
fn javascript() {
    let text = r#"
import { a } from './a';
export default class Scale extends Base {
  static defaults = { a: 1 };
  constructor(cfg) {
    super(cfg);
    if (cfg) { this.x = /[/"'{]/.test(cfg); }
  }
  get size() { return 1; }
  async *walk({ from, to } = {}) {
    call(from, function() { return to; });
  }
  handler = (event) => {
    event.stop();
  };
}
export const parse = (text, { strict } = {}) => {
  const inner = text => text.trim();
  return inner(text);
};
const LIMIT = 5;
Scale.prototype.draw = function (area) {
  return `template ${area} function no() {`;
};
app.handle = function handle(req, res) {};
module.exports = {
  meta: function () {},
  method(a) {
  },
};
function* plain(a) {
}
describe('x', () => { it('y', function () {}); });
"#;
    insta::assert_snapshot!(listing("a.js", text), @"
    class Scale 3-16
    method Scale.constructor 5-8
    method Scale.size 9-9
    method Scale.walk 10-12
    method Scale.handler 13-15
    function parse 17-20
    function parse.inner 18-18
    constant LIMIT 21-21
    method Scale.prototype.draw 22-24
    method app.handle 25-25
    function meta 27-27
    function method 28-29
    function plain 31-32
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
export abstract class Service<T> implements Options<T> {
  private readonly cache: Map<string, T> = new Map();
  @Input() public async load<K extends string>(
    path: K,
  ): Promise<T> {
    return this.cache.get(path)!;
  }
  protected on: Handler = (event: Event): void => {};
}
export enum Level { Low, High }
declare namespace Api {
  function call(): void;
}
export const useThing = async ({ a }: Props): Promise<void> => {
  type = 5;
};
"#;
    insta::assert_snapshot!(listing("a.ts", text), @"
    interface Options 2-5
    method Options.load 4-4
    type Loader 6-6
    class Service 7-15
    method Service.load 9-13
    method Service.on 14-14
    enum Level 16-16
    namespace Api 17-19
    function Api.call 18-18
    function useThing 20-22
    ");
}

#[test]
fn go() {
    let text = r#"package a

const (
	// comment
	Low = iota
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

func (t *Tree[K]) Insert(key K) (ok bool) {
	go func() { t.root = nil }()
	return `raw { string` != ""
}

func New(options ...Option) *Tree {
	return nil
}
"#;
    insta::assert_snapshot!(listing("a.go", text), @"
    constant Low 5-5
    constant High 6-6
    variable ErrGone 9-9
    struct Tree 11-13
    interface Store 15-17
    type Option 20-20
    struct pair 21-21
    method Tree.Insert 24-27
    function New 29-31
    ");
}

#[test]
fn java() {
    let text = r#"
package a;
@Deprecated(since = "1 {")
public final class Json<T> extends Base implements A, B {
    private final Map<String, List<T>> map = new HashMap<>();
    public Json(int size) { super(size); }
    @Override
    public <K> List<K> read(@Nullable String text,
                            int depth) throws IOException {
        for (int i = 0; i < 3; i++) { call(i); }
        return new ArrayList<>() { public int size() { return 0; } };
    }
    abstract void write(T value);
    static { init(); }
    enum Level { LOW(1), HIGH(2); Level(int x) {} }
    interface Visitor { void visit(Json<?> json); }
    record Point(int x, int y) {}
}
@interface Marker {}
"#;
    insta::assert_snapshot!(listing("a.java", text), @"
    class Json 4-18
    method Json.Json 6-6
    method Json.read 8-12
    method Json.write 13-13
    enum Json.Level 15-15
    interface Json.Visitor 16-16
    record Json.Point 17-17
    interface Marker 19-19
    ");
}

#[test]
fn kotlin() {
    let text = r#"
package a
data class Point(val x: Int, val y: Int) {
    private val sum: Int get() = x + y
    override fun toString(): String = "fun no() {"
    suspend fun <T> List<T>.second(): T {
        return this[1]
    }
    companion object {
        const val LIMIT = 5
    }
}
sealed interface Shape
fun interface Action { fun run() }
object Registry : Base()
fun top(action: (Int) -> Unit = {}) {
    val local = 1
}
"#;
    insta::assert_snapshot!(listing("a.kt", text), @"
    class Point 3-12
    property Point.sum 4-4
    method Point.toString 5-5
    method Point.List.second 6-8
    object Point.Companion 9-11
    property Point.Companion.LIMIT 10-10
    interface Shape 13-13
    interface Action 14-14
    object Registry 15-15
    function top 16-18
    ");
}

#[test]
fn c() {
    let text = r#"
#include "a.h"
#define LIMIT(x) \
    ((x) + 1)
typedef struct node_s {
    struct node_s *next;
} node_t;
typedef struct { int a; } pair_t;
typedef unsigned int (*hash_fn)(const void *);
static int counter = 0;
int prototype(int a);
static struct node_s *find(node_t *list,
                           int key)
{
    if (key) { return lookup(list); }
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
int table[] = { 1, 2 };
int last(void) { return '{'; }
"#;
    insta::assert_snapshot!(listing("a.c", text), @"
    macro LIMIT 3-3
    struct node_s 5-7
    struct node_t 5-7
    struct pair_t 8-8
    type hash_fn 9-9
    function find 12-17
    function gnu_style 19-28
    enum level 29-29
    function last 31-31
    ");
}

#[test]
fn cpp() {
    let text = r#"
#pragma once
namespace a::b {
template <typename T, typename U = int>
class API_EXPORT Writer final : public Base<T> {
 public:
  explicit Writer(int size) : size_(size) {}
  ~Writer();
  auto write(const T& value) -> bool;
  bool operator==(const Writer& other) const { return true; }
 private:
  int size_ = compute(1);
};
enum class align : char { none, left };
inline auto format(string_view text) -> std::string {
  return R"(class no {)";
}
using buffer = basic_buffer<char>;
int free_declaration(int x);
}
extern "C" {
void c_api(void);
}
template <> bool a::b::Writer<int>::write(const int& v)
    const noexcept {
  return true;
}
Widget::Widget(int a)
    : Base(a),
      member(a) {
  init();
}
"#;
    insta::assert_snapshot!(listing("a.h", text), @"
    namespace a::b 3-20
    class a::b.Writer 5-13
    method a::b.Writer.Writer 7-7
    method a::b.Writer.~Writer 8-8
    method a::b.Writer.write 9-9
    method a::b.Writer.operator== 10-10
    enum a::b.align 14-14
    function a::b.format 15-17
    type a::b.buffer 18-18
    function a::b.free_declaration 19-19
    function c_api 22-22
    method a::b::Writer<int>::write 24-27
    method Widget::Widget 28-32
    ");
}

#[test]
fn csharp() {
    let text = r#"
namespace A.B;
[Serializable]
public sealed partial class Client : Base, IClient
{
    private readonly int size = Compute(1);
    public string Name { get; set; } = "class no {";
    public int Size => size;
    [Obsolete("x")]
    public async Task<T> LoadAsync<T>(string path) where T : new()
    {
        await Call(path);
    }
    public Client(int size) : base(size) { }
    void Quick() => Call(1);
}
public record struct Point(int X, int Y);
public interface IClient { Task Run(int x); }
public enum Level { Low, High }
"#;
    insta::assert_snapshot!(listing("a.cs", text), @"
    namespace A.B 2-2
    class Client 4-16
    property Client.Name 7-7
    property Client.Size 8-8
    method Client.LoadAsync 10-13
    method Client.Client 14-14
    method Client.Quick 15-15
    struct Point 17-17
    interface IClient 18-18
    enum Level 19-19
    ");
}

#[test]
fn ruby() {
    let text = r#"
module Fluent
  VERSION = "1" # class No
  class Error < StandardError; end
  class Output < Base
    def self.create(name)
      [1].each do |x|
        puts x
      end
    end

    def empty?
      if true
        1
      end
    end

    private def helper(a) = a + 1

    class << self
      def build; end
    end
  end
end
def top
end
"#;
    insta::assert_snapshot!(listing("a.rb", text), @"
    module Fluent 2-24
    constant Fluent.VERSION 3-3
    class Fluent.Error 4-4
    class Fluent.Output 5-23
    method Fluent.Output.create 6-10
    method Fluent.Output.empty? 12-16
    method Fluent.Output.helper 18-18
    method Fluent.Output.build 21-21
    method top 25-26
    ");
}

#[test]
fn php() {
    let text = r#"<?php
namespace A;
#[Attribute]
final class Fixer extends Base implements I
{
    use SomeTrait;
    private const LIMIT = 5;
    public function __construct(private array $options = []) {}
    # function no() {}
    public static function &create(string $name): ?self
    {
        return array_map(function ($x) { return "class $x {"; }, []);
    }
    abstract protected function later(): void;
}
interface I {}
trait T {}
enum Suit: string { case A = 'a'; }
function top() {}
"#;
    insta::assert_snapshot!(listing("a.php", text), @"
    class Fixer 4-15
    constant Fixer.LIMIT 7-7
    method Fixer.__construct 8-8
    method Fixer.create 10-13
    method Fixer.later 14-14
    interface I 16-16
    trait T 17-17
    enum Suit 18-18
    function top 19-19
    ");
}

#[test]
fn swift() {
    let text = r#"
@objc public final class Client<T>: Base {
    private(set) var size: Int = 0
    class func make() -> Client { return Client() }
    func load<K>(_ key: K, then: (K) -> Void = { _ in }) async throws -> T? {
        let local = 1
    }
}
extension Client: Codable where T: Codable {
    func encode() {}
}
protocol Loader { func load() }
enum Level { case low }
"#;
    insta::assert_snapshot!(listing("a.swift", text), @"
    class Client 2-8
    property Client.size 3-3
    method Client.make 4-4
    method Client.load 5-7
    method Client.encode 10-10
    protocol Loader 12-12
    enum Level 13-13
    ");
}

#[test]
fn scala() {
    let text = r#"
sealed trait Shape {
  def area: Double
}
case class Circle(r: Double) extends Shape {
  override def area: Double = {
    val local = r * r
    local
  }
  private[shapes] lazy val cached = area
}
object Main extends App
"#;
    insta::assert_snapshot!(listing("a.scala", text), @"
    trait Shape 2-4
    method Shape.area 3-3
    class Circle 5-11
    method Circle.area 6-9
    value Circle.cached 10-10
    object Main 12-12
    ");
}

#[test]
fn shell() {
    let text = "#!/bin/sh\nbuild() {\n  echo \"x() {\" ${A:-b} # no() {\n}\nfunction deploy {\n  build\n}\nbuild \"$@\"\n";
    insta::assert_snapshot!(listing("a.sh", text), @"
    function build 2-4
    function deploy 5-7
    ");
}

#[test]
fn signatures_are_the_first_line_trimmed_and_shortened() {
    let long = "x".repeat(500);
    let text = format!("\n\t pub fn a(b: u8) -> u8 {{ // ü\n}}\nfn b(a: {long}) {{}}\n");
    let found = scan(&RepoPath::parse("a.rs").unwrap(), &text);
    assert_eq!(found[0].signature, "pub fn a(b: u8) -> u8 { // ü");
    assert_eq!(found[1].signature.chars().count(), 200);
}

#[test]
fn unknown_languages_and_prose_define_nothing() {
    for path in ["README.md", "Makefile", "data.json", "LICENSE"] {
        assert_eq!(listing(path, "# class A\nfn a() {}\n"), "");
    }
}

#[test]
fn functions_of_an_object_are_not_called_by_its_name() {
    let text =
        "const locale = {\n  ordinal: (n) => n,\n  deep: {\n    inner() {\n    },\n  },\n};\n";
    insta::assert_snapshot!(listing("a.js", text), @"
    constant locale 1-7
    function ordinal 2-2
    function inner 4-5
    ");
}

#[test]
fn methods_of_a_class_without_a_name_are_inside_of_what_makes_it() {
    let text = "class A {\n  B make() {\n    return new B(1) {\n      @Override public void read(int x) {\n        for (;;) {}\n      }\n    };\n  }\n}\n";
    insta::assert_snapshot!(listing("a.java", text), @"
    class A 1-9
    method A.make 2-8
    method A.make.read 4-6
    ");
}

#[test]
fn php_strings_go_over_lines_and_html_is_no_code() {
    let text = "<p>don't</p>\n<?php\nclass A {\n  function f() {\n    $x = 'one }\n    two }';\n    $y = <<<EOT\n  it's }\n  EOT . \"a\";\n  }\n  function g() { ?>\n<b>isn't }</b>\n<?php }\n}\n";
    insta::assert_snapshot!(listing("a.php", text), @"
    class A 3-14
    method A.f 4-10
    method A.g 11-13
    ");
}

#[test]
fn cpp_names_keep_what_they_are_special_for() {
    let text = "namespace c {\ntemplate <typename T> struct formatter<T, Char> {\n  void parse();\n};\nnamespace {\nvoid hidden() {}\n}\nint Outer<int, T>::Inner::run(int x) {\n}\n::Global Type::make() {\n}\n}\n";
    insta::assert_snapshot!(listing("a.cpp", text), @"
    namespace c 1-12
    struct c.formatter<T, Char> 2-4
    method c.formatter<T, Char>.parse 3-3
    function c.hidden 6-6
    method c.Outer<int, T>::Inner::run 8-9
    ");
}

#[test]
fn ruby_modules_keep_what_they_are_written_in() {
    let text = "module Fluent::Plugin\n  class Input < Base\n    def start\n    end\n  end\nend\nclass Fluent::Other\n  def stop\n  end\nend\n";
    insta::assert_snapshot!(listing("a.rb", text), @"
    module Fluent::Plugin 1-6
    class Fluent::Plugin.Input 2-5
    method Fluent::Plugin.Input.start 3-4
    class Fluent::Other 7-10
    method Fluent::Other.stop 8-9
    ");
}

#[test]
fn containers_stop_growing_where_nobody_nests() {
    for (path, line) in [("a.rs", "mod deeper {\n"), ("a.java", "class Deeper {\n")] {
        let found = scan(&RepoPath::parse(path).unwrap(), &line.repeat(2_000));
        assert_eq!(found.len(), 2_000, "{path}");
        let longest = found.iter().map(|found| found.container.len()).max();
        assert!(longest < Some(700), "{path}: {longest:?}");
    }
    let text: String = (0..500)
        .map(|depth| format!("{}class Deeper:\n", " ".repeat(depth)))
        .collect();
    let found = scan(&RepoPath::parse("a.py").unwrap(), &text);
    let longest = found.iter().map(|found| found.container.len()).max();
    assert!(found.len() == 500 && longest < Some(700), "{longest:?}");
}

#[test]
fn hostile_text_is_scanned_in_one_pass() {
    let hostile = [
        "(".repeat(20_000),
        "{".repeat(20_000),
        "}".repeat(20_000),
        "fn f(".repeat(10_000),
        "#if A\n{\n#else\n".repeat(3_000),
        "class A {\n".repeat(5_000),
        "\"".repeat(20_001),
        "/*".repeat(10_000),
        "r#\"".repeat(10_000),
        "R\"(".repeat(10_000),
        "'''".repeat(10_001),
        "/[".repeat(10_000),
        "a::".repeat(10_000),
        "<".repeat(20_000),
        "template<".repeat(5_000),
        "def a(\n".repeat(5_000),
        format!("{}{}", "{".repeat(20_000), "\nfn f();".repeat(5_000)),
        "\u{feff}é\u{0}".repeat(5_000),
        "(".repeat(100_000),
        "[".repeat(100_000),
        "{".repeat(100_000),
        format!("{}{}", "{".repeat(100_000), "}".repeat(100_000)),
        "a<".repeat(32_000),
        "\"${".repeat(5_500),
        "<<<A\n".repeat(10_000),
        "new A() {".repeat(10_000),
        "a::<b>::".repeat(10_000),
    ];
    // Quadratic work on so much text would take minutes.
    for text in &hostile {
        for path in [
            "a.rs", "a.py", "a.js", "a.go", "a.java", "a.kt", "a.cs", "a.cpp", "a.rb", "a.php",
            "a.sh",
        ] {
            let found = scan(&RepoPath::parse(path).unwrap(), text);
            assert!(found.len() <= 20_000, "{path}: {}", found.len());
        }
    }
}

#[test]
fn definitions_after_an_open_bracket_are_still_found() {
    let text = "x = foo((\n\ndef a():\n    pass\n\nclass B:\n    pass\n";
    insta::assert_snapshot!(listing("a.py", text), @"
    variable x 1-1
    function a 3-4
    class B 6-7
    ");
}
