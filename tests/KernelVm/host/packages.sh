# Downloads packages through apt and unpacks them below the cache. Sourced after common.sh.
packages=$cache/packages
mkdir -p "$packages"

# The lists of what the package sources have; a fresh machine has none.
refresh() { apt-get update -q >/dev/null 2>&1 </dev/null || true; }

candidate() { apt-cache policy "$1" | sed -n 's/^ *Candidate: //p'; }

# The version of the source package a user mode linux of this kernel version was built from.
source_version() {
    local found
    found=$(apt-cache madison "linux-source-$uml_series" | awk -v wanted="$1-" '!found && index($3, wanted) == 1 { found = $3 } END { print found }')
    [ -n "$found" ] || die "the package sources do not have linux-source-$uml_series of $1"
    echo "$found"
}

file_of() { compgen -G "$packages/${1}_*.deb" | sort -V | tail -1; }

download_version() {
    local escaped=${2//:/%3a}
    ! compgen -G "$packages/${1}_${escaped}_*.deb" >/dev/null || return 0
    rm -f "$packages/${1}"_*.deb
    (cd "$packages" && apt-get download -qq -o APT::Sandbox::User=root "$1=$2" </dev/null) || { refresh; (cd "$packages" && apt-get download -qq -o APT::Sandbox::User=root "$1=$2" </dev/null); } || die "$1 $2 cannot be downloaded (is there a network?)"
}

download() {
    ! file_of "$1" >/dev/null || return 0
    local version
    version=$(candidate "$1")
    [ -n "$version" ] || die "the package sources do not have $1"
    download_version "$1" "$version"
}

unpack() { mkdir -p "$1"; dpkg -x "$(file_of "$2")" "$1"; }
