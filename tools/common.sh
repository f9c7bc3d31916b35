# What quickstart and test share: steps with their time, packages, the build. Sourced by bash.
# shellcheck shell=bash

: "${root:?}" "${step_count:?}"  # set by the script that sources this
step_number=0
say_step() {
    step_number=$((step_number + 1))
    step_began=$SECONDS
    echo "step $step_number of $step_count: $*"
}

say_done() {
    echo "  done in $((SECONDS - step_began)) s"
}

die() {
    echo "error: $*" >&2
    exit 1
}

# Runs a command with its output in build/NAME.log; its last lines are shown when it fails.
quietly() {
    local log=$root/build/$1.log
    shift
    mkdir -p "$root/build"
    if ! "$@" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        die "$* failed; the whole output is in $log"
    fi
}

# missing_packages [EVERYTHING]: without an argument only what building and running needs.
missing_packages() {
    local package until='/^# to test/'
    [ -z "${1:-}" ] || until='/^$/'
    sed -e "$until,\$d" -e '/^#/d' "$root/packages.txt" | while read -r package; do
        # A question mark: only where the distribution has it.
        case $package in
            *\?) package=${package%\?}; apt-cache show "$package" >/dev/null 2>&1 || continue ;;
        esac
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
            installed) ;;
            # A program that came another way will do.
            *) case $package in
                docker.io | docker-cli) command -v docker >/dev/null && command -v dockerd >/dev/null || echo "$package" ;;
                g++ | cmake | ccache | iptables | mmdebstrap) command -v "$package" >/dev/null || echo "$package" ;;
                *) echo "$package" ;;
            esac ;;
        esac
    done
}

install_packages() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "  this is not Debian: the packages of packages.txt, or what they are called here, must be installed already"
        return
    fi
    local missing
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086  # one word for each package
    [ "$(id -u)" = 0 ] || die "not root, and these packages are missing; install them with: apt-get install" $missing
    quietly apt-update apt-get update
    # Asked again: where apt had no lists yet, it could not tell which of the packages with a question mark there are.
    missing=$(missing_packages "$@")
    # shellcheck disable=SC2086  # one word for each package
    set -- $missing
    echo "  installing $# packages: $*"
    quietly apt-install env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# ninja counts its steps: each tenth is told, the rest is in the log. Not by awk: Debian's reads a whole block before it begins.
tell_tenths() {
    local line tenth told=0
    while IFS= read -r line; do
        [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
        tenth=$((BASH_REMATCH[1] * 10 / BASH_REMATCH[2]))
        if [ "${BASH_REMATCH[2]}" -gt 9 ] && [ $tenth -gt $told ]; then
            told=$tenth
            echo "  compiled ${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}"
        fi
    done
}

# build_in DIRECTORY TARGET... -- CMAKE_OPTION...
build_in() {
    local dir=$1 targets=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        targets+=("$1")
        shift
    done
    [ $# -eq 0 ] || shift
    local name
    name=$(basename "$dir")
    quietly "$name-configure" cmake -S "$root" -B "$dir" -G Ninja "$@"
    local log=$root/build/$name-compile.log
    if ! NINJA_STATUS="[%f/%t] " cmake --build "$dir" --target "${targets[@]}" 2>&1 | tee "$log" | tell_tenths; then
        tail -n 40 "$log" >&2
        die "building failed; the whole output is in $log"
    fi
}
