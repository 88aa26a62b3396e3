//! What comes with languages, as words between spaces.

/// Modules of Python's standard library.
pub(super) const PYTHON: &str = "\
    __future__ __main__ _thread abc argparse array ast asyncio atexit base64 bdb binascii bisect \
    builtins bz2 calendar cgi cmath cmd code codecs codeop collections colorsys compileall \
    compression concurrent configparser contextlib contextvars copy copyreg csv ctypes curses \
    dataclasses datetime dbm decimal difflib dis distutils doctest email encodings ensurepip \
    enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc getopt \
    getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib imp importlib \
    inspect io ipaddress itertools json keyword lib2to3 linecache locale logging lzma mailbox \
    marshal math mimetypes mmap modulefinder msvcrt multiprocessing netrc numbers operator \
    optparse os pathlib pdb pickle pickletools pkgutil platform plistlib poplib posix posixpath \
    pprint profile pstats pty pwd py_compile pyclbr pydoc queue quopri random re readline \
    reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal \
    site smtplib socket socketserver sqlite3 ssl stat statistics string stringprep struct \
    subprocess symtable sys sysconfig syslog tabnanny tarfile tempfile termios textwrap \
    threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle \
    types typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser winreg \
    winsound wsgiref xml xmlrpc zipapp zipfile zipimport zlib zoneinfo ntpath sre_constants \
    sre_parse typing_extensions";

/// Modules of Node.js, and names that test runners and bundlers bring.
pub(super) const NODE: &str = "\
    assert async_hooks buffer child_process cluster console constants crypto dgram \
    diagnostics_channel dns domain events fs http http2 https inspector module net os path \
    perf_hooks process punycode querystring readline repl sea sqlite stream string_decoder sys \
    test timers tls trace_events tty url util v8 vm wasi worker_threads zlib";

/// Packages of Go's standard library.
pub(super) const GO: &str = "\
    archive/tar archive/zip bufio bytes cmp compress/bzip2 compress/flate compress/gzip \
    compress/lzw compress/zlib container/heap container/list container/ring context crypto \
    crypto/aes crypto/cipher crypto/des crypto/dsa crypto/ecdh crypto/ecdsa crypto/ed25519 \
    crypto/elliptic crypto/fips140 crypto/hkdf crypto/hmac crypto/md5 crypto/mlkem crypto/pbkdf2 \
    crypto/rand crypto/rc4 crypto/rsa crypto/sha1 crypto/sha256 crypto/sha3 crypto/sha512 \
    crypto/subtle crypto/tls crypto/x509 crypto/x509/pkix database/sql database/sql/driver \
    debug/buildinfo debug/dwarf debug/elf debug/gosym debug/macho debug/pe embed encoding \
    encoding/ascii85 encoding/asn1 encoding/base32 encoding/base64 encoding/binary encoding/csv \
    encoding/gob encoding/hex encoding/json encoding/json/v2 encoding/json/jsontext encoding/pem \
    encoding/xml errors expvar flag fmt go/ast go/build go/build/constraint go/constant go/doc \
    go/format go/importer go/parser go/printer go/scanner go/token go/types go/version hash \
    hash/adler32 hash/crc32 hash/crc64 hash/fnv hash/maphash html html/template image \
    image/color image/color/palette image/draw image/gif image/jpeg image/png index/suffixarray \
    io io/fs io/ioutil iter log log/slog log/syslog maps math math/big math/bits math/cmplx \
    math/rand math/rand/v2 mime mime/multipart mime/quotedprintable net net/http net/http/cgi \
    net/http/cookiejar net/http/fcgi net/http/httptest net/http/httptrace net/http/httputil \
    net/http/pprof net/mail net/netip net/rpc net/rpc/jsonrpc net/smtp net/textproto net/url os \
    os/exec os/signal os/user path path/filepath plugin reflect regexp regexp/syntax runtime \
    runtime/cgo runtime/coverage runtime/debug runtime/metrics runtime/pprof runtime/race \
    runtime/trace slices sort strconv strings structs sync sync/atomic syscall syscall/js \
    testing testing/fstest testing/iotest testing/quick testing/slogtest testing/synctest \
    text/scanner text/tabwriter text/template text/template/parse time time/tzdata unicode \
    unicode/utf16 unicode/utf8 unique unsafe weak";

/// Libraries that come with Ruby.
pub(super) const RUBY: &str = "\
    English abbrev base64 benchmark bigdecimal bundler cgi coverage csv date delegate \
    did_you_mean digest drb erb etc expect fcntl fiddle fileutils find forwardable getoptlong io \
    ipaddr irb json logger matrix minitest monitor mutex_m net nkf objspace observer open-uri \
    open3 openssl optparse ostruct pathname pp prettyprint prime pstore psych pty racc rake \
    random rbconfig rdoc readline reline resolv rinda ripper rubygems securerandom set \
    shellwords singleton socket stringio strscan syslog tempfile thread time timeout tmpdir \
    tracer tsort un unicode_normalize uri weakref win32ole yaml zlib test";

/// Headers of C, C++ and the usual systems.
pub(super) const C_HEADERS: &str = "\
    assert.h complex.h ctype.h errno.h fenv.h float.h inttypes.h iso646.h limits.h locale.h \
    math.h setjmp.h signal.h stdalign.h stdarg.h stdatomic.h stdbit.h stdbool.h stdckdint.h \
    stddef.h stdint.h stdio.h stdlib.h stdnoreturn.h string.h tgmath.h threads.h time.h uchar.h \
    wchar.h wctype.h algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv \
    cfloat charconv chrono cinttypes climits clocale cmath codecvt compare complex concepts \
    condition_variable coroutine csetjmp csignal cstdarg cstddef cstdint cstdio cstdlib cstring \
    ctime cuchar cwchar cwctype deque exception execution expected filesystem flat_map flat_set \
    format forward_list fstream functional future generator initializer_list iomanip ios iosfwd \
    iostream istream iterator latch limits list locale map mdspan memory memory_resource mutex \
    new numbers numeric optional ostream print queue random ranges ratio regex scoped_allocator \
    semaphore set shared_mutex source_location span spanstream sstream stack stacktrace \
    stdexcept stdfloat stop_token streambuf string string_view strstream syncstream system_error \
    text_encoding thread tuple type_traits typeindex typeinfo unordered_map unordered_set \
    utility valarray variant vector version alloca.h aio.h cpuid.h direct.h dirent.h dlfcn.h \
    elf.h endian.h err.h execinfo.h fcntl.h features.h fnmatch.h ftw.h getopt.h glob.h grp.h \
    ifaddrs.h immintrin.h intrin.h io.h langinfo.h libgen.h malloc.h memory.h mntent.h netdb.h \
    nmmintrin.h emmintrin.h xmmintrin.h smmintrin.h tmmintrin.h arm_neon.h arm_acle.h arm_sve.h \
    poll.h process.h pthread.h pty.h pwd.h regex.h sched.h search.h semaphore.h share.h spawn.h \
    strings.h stropts.h sysexits.h syslog.h termios.h ucontext.h unistd.h utime.h utmpx.h \
    wordexp.h windows.h Windows.h winsock2.h ws2tcpip.h winbase.h windef.h shlobj.h shellapi.h \
    tchar.h crtdbg.h conio.h dbghelp.h psapi.h x86intrin.h byteswap.h TargetConditionals.h \
    Availability.h cxxabi.h zlib.h";

/// Whether `name` is one of the words of a list.
pub(super) fn has(list: &str, name: &str) -> bool {
    list.split_ascii_whitespace().any(|word| word == name)
}
