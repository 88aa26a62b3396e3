# shellcheck shell=bash
# What must be on the machine before anything can be built. Sourced, not run.

# Ends with an explanation when there is no usable Rust toolchain: how it gets here is the
# developer's choice.
need_rust() {
    if ! cargo --version >/dev/null 2>&1; then
        local version
        version=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
        fail "there is no Rust toolchain on this machine" \
            "install Rust $version or later with rustup, then run this again"
    fi
}

# Installs the Debian packages that are missing; says which when that is not possible here.
install_packages() {
    local missing=()
    # Two libraries bring C sources: aws-lc-sys (TLS and signatures) and libsqlite3-sys.
    can_compile_c || missing+=(gcc libc6-dev)
    # Local repositories are read through git, in the tests and by `planwright demo`.
    command -v git >/dev/null || missing+=(git)
    if [[ ${#missing[@]} -eq 0 ]]; then
        return
    fi

    local apt=(apt-get)
    if [[ $EUID -ne 0 ]]; then
        apt=(sudo -n apt-get)
    fi
    if ! command -v apt-get >/dev/null || ! "${apt[@]}" --version >/dev/null 2>&1; then
        fail "needed, and not on this machine: ${missing[*]}" \
            "install a C compiler with its standard headers, and git; on Debian, as root: apt-get install ${missing[*]}"
    fi
    echo "installing ${missing[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    # Lists of packages that are out of date name files that are gone.
    "${apt[@]}" update -qq >&2
    "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# A compiler without the headers of the C library is not enough, so one file is compiled.
can_compile_c() {
    command -v cc >/dev/null &&
        printf '#include <stdlib.h>\nint main(void) { return 0; }\n' |
        cc -x c -o /dev/null - >/dev/null 2>&1
}

# Prints what is wrong and what to do about it, and ends.
fail() {
    printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
    exit 3
}
