//! Names that every reader of a language knows, so that a plan may use them although no file does.

/// Names of standard libraries, languages, formats and systems, between spaces: Rust, Python, JavaScript and
/// TypeScript, Go, Java and C#, C and C++, Ruby and PHP.
const STANDARD: &str = "\
    std core alloc crate self super Self Option Result Some None Ok Err Vec VecDeque String Box \
    Rc Arc Cow Cell RefCell OnceCell OnceLock LazyLock LazyCell Mutex RwLock Condvar AtomicBool \
    AtomicUsize AtomicU64 AtomicU32 AtomicI64 Ordering HashMap HashSet BTreeMap BTreeSet \
    BinaryHeap PhantomData NonZeroU32 NonZeroUsize Duration Instant SystemTime PathBuf Path \
    OsStr OsString Iterator IntoIterator DoubleEndedIterator ExactSizeIterator FromIterator \
    FromStr ToString ToOwned AsRef AsMut Borrow Deref DerefMut Drop Default Clone Copy Debug \
    Display PartialEq PartialOrd Ord Eq Hash Send Sync Sized Unpin Future Pin Poll Waker BufRead \
    BufReader BufWriter Write Read Seek TryFrom TryInto From Into FnOnce FnMut Error ErrorKind \
    ExitCode MaybeUninit ManuallyDrop unwrap_or_else unwrap_or_default saturating_sub \
    saturating_add saturating_mul checked_sub checked_add checked_mul checked_div wrapping_add \
    to_owned to_string is_empty is_some_and map_or map_or_else as_deref as_ref as_mut into_iter \
    iter_mut retain must_use non_exhaustive thread_local debug_assert assert_eq println eprintln \
    usize isize asyncio functools itertools collections contextlib dataclasses dataclass typing \
    pathlib logging subprocess threading multiprocessing datetime re json os sys math abc enum \
    warnings inspect unittest pytest isinstance issubclass hasattr getattr setattr staticmethod \
    classmethod property lru_cache defaultdict OrderedDict namedtuple NamedTuple TypedDict \
    Optional Union Callable Iterable Sequence Mapping ValueError TypeError KeyError IndexError \
    AttributeError RuntimeError NotImplementedError OSError FileNotFoundError TimeoutError \
    StopIteration DeprecationWarning UserWarning FutureWarning BaseException Exception frozenset \
    bytearray memoryview __init__ __repr__ __str__ __eq__ __hash__ __call__ __getattr__ __iter__ \
    __next__ __enter__ __exit__ __len__ __contains__ __getitem__ __setitem__ __slots__ __all__ \
    __name__ __main__ __new__ __post_init__ __version__ Object Array Promise Map Set WeakMap \
    WeakSet WeakRef Symbol Proxy Reflect JSON Math Number BigInt Date RegExp Intl Uint8Array \
    ArrayBuffer DataView Float32Array Float64Array TypedArray undefined NaN Infinity globalThis \
    window document console process Buffer require setTimeout clearTimeout setInterval \
    clearInterval setImmediate queueMicrotask requestAnimationFrame addEventListener \
    removeEventListener AbortController AbortSignal FormData URLSearchParams XMLHttpRequest \
    HTMLElement EventTarget CustomEvent EventEmitter Readable Writable SyntaxError RangeError \
    ReferenceError hasOwnProperty toString valueOf instanceof typeof readonly Partial Readonly \
    Record Pick Omit Exclude Extract NonNullable ReturnType Parameters ReadonlyArray PropertyKey \
    localStorage sessionStorage fmt errors context strings strconv bytes bufio io net sync time \
    sort slices maps atomic regexp encoding reflect runtime unsafe WaitGroup Context WithTimeout \
    WithCancel WithValue Errorf Sprintf Printf goroutine chan struct interface GOMAXPROCS \
    Stringer Marshaler Unmarshaler ReadCloser io.Reader Reader Writer Closer nil iota java javax \
    jdk kotlin System Microsoft Integer Long Double Float Boolean Character Byte Short Void List \
    ArrayList LinkedList LinkedHashMap LinkedHashSet TreeMap TreeSet EnumMap EnumSet \
    IdentityHashMap ConcurrentHashMap ConcurrentLinkedQueue CopyOnWriteArrayList Collections \
    Arrays Objects StringBuilder StringBuffer Supplier Consumer Function BiFunction Predicate \
    Runnable ExecutorService CompletableFuture CountDownLatch ReentrantLock ThreadLocal \
    AtomicInteger AtomicLong AtomicReference IllegalArgumentException IllegalStateException \
    NullPointerException UnsupportedOperationException IndexOutOfBoundsException IOException \
    RuntimeException InterruptedException ClassCastException NoSuchElementException \
    ConcurrentModificationException NumberFormatException AutoCloseable Closeable Serializable \
    Comparable Comparator Override Deprecated SuppressWarnings FunctionalInterface SafeVarargs \
    Nullable NonNull BigDecimal LocalDate LocalDateTime LocalTime ZonedDateTime OffsetDateTime \
    ZoneId hashCode equals compareTo getClass InputStream OutputStream ByteBuffer CharSequence \
    Charset StandardCharsets MethodHandle ClassLoader IDisposable IEnumerable IAsyncEnumerable \
    CancellationToken Task ValueTask Span Memory ArgumentNullException ArgumentException \
    InvalidOperationException Dictionary nullptr constexpr consteval noexcept size_t ssize_t \
    ptrdiff_t uint8_t uint16_t uint32_t uint64_t int8_t int16_t int32_t int64_t uintptr_t \
    string_view unique_ptr shared_ptr weak_ptr make_unique make_shared optional variant \
    enable_if enable_if_t is_same is_same_v void_t decltype static_assert static_cast \
    reinterpret_cast const_cast dynamic_cast malloc calloc realloc memcpy memmove memset memcmp \
    strlen strcmp strncmp snprintf vsnprintf fprintf printf errno EINTR EAGAIN attr_reader \
    attr_accessor attr_writer require_relative StandardError ArgumentError NoMethodError \
    NameError Enumerable Struct Kernel ObjectSpace method_missing respond_to_missing \
    define_method instance_eval DateTimeImmutable DateTimeInterface DateTimeZone DateInterval \
    DatePeriod DateTime InvalidArgumentException LogicException BadMethodCallException Throwable \
    ArrayAccess Countable IteratorAggregate JsonSerializable Stringable Closure Generator \
    Traversable ArrayIterator SplFileInfo array_map array_filter array_merge array_key_exists \
    in_array str_contains str_starts_with sprintf preg_match preg_replace json_encode \
    json_decode json_last_error json_last_error_msg JsonException trigger_error error_log \
    set_error_handler restore_error_handler __construct __get __set UTF8 ASCII HTTP HTTPS \
    SIGTERM SIGINT SIGKILL SIGHUP SIGPIPE PATH HOME README LICENSE GitHub GitLab JavaScript TypeScript PostgreSQL MySQL SQLite \
    GraphQL OpenAPI OAuth WebSocket IPv4 IPv6 macOS iOS";

/// How constants of systems and standard libraries begin, in capitals.
const CONSTANTS: [&str; 12] = [
    "E_",
    "JSON_ERROR_",
    "JSON_THROW_",
    "PREG_",
    "LIBXML_",
    "PHP_",
    "CURLOPT_",
    "SO_",
    "AF_",
    "SOCK_",
    "IPPROTO_",
    "O_",
];

/// Whether `name` is known without the repository.
pub(super) fn is_standard(name: &str) -> bool {
    let is_constant = || {
        name.bytes()
            .all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'0'..=b'9'))
            && CONSTANTS.iter().any(|start| name.starts_with(start))
    };
    STANDARD.split_ascii_whitespace().any(|word| word == name) || is_constant()
}

/// The parts of a name at underscores and changes of case, in lower case.
pub(super) fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut current = String::new();
    let mut characters = name.chars().peekable();
    let mut last = '_';
    while let Some(c) = characters.next() {
        let next_is_lower = characters.peek().is_some_and(|next| next.is_lowercase());
        let begins =
            c.is_uppercase() && (last.is_lowercase() || last.is_numeric() || next_is_lower);
        if (begins || !c.is_alphanumeric()) && !current.is_empty() {
            parts.push(std::mem::take(&mut current));
        }
        if c.is_alphanumeric() {
            current.extend(c.to_lowercase());
        }
        last = c;
    }
    if !current.is_empty() {
        parts.push(current);
    }
    parts
}

/// Words that stand where a reason should.
const NO_REASONS: [&str; 8] = [
    "n/a",
    "na",
    "none",
    "tbd",
    "todo",
    "unknown",
    "fixme",
    "not applicable",
];

/// Whether a text that should give a reason gives none.
pub(super) fn is_no_reason(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    !text.contains(char::is_alphanumeric) || NO_REASONS.contains(&&*text)
}

/// Whether code has `name` as a whole word.
pub(super) fn has_word(code: &[u8], name: &str) -> bool {
    words_at(code, name).next().is_some()
}

/// Where `name` stands as a whole word: its first byte, and the first one behind it.
pub(super) fn words_at<'a>(
    code: &'a [u8],
    name: &'a str,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let joins = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80)
    };
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = code.get(from..)?;
            let first = name.as_bytes().first()?;
            let start = from + rest.iter().position(|byte| byte == first)?;
            from = start + 1;
            let end = start + name.len();
            let fits = code.get(start..end) == Some(name.as_bytes())
                && !joins(start.checked_sub(1).and_then(|before| code.get(before)))
                && !joins(code.get(end));
            if fits {
                return Some((start, end));
            }
        }
    })
}
