# Sourced by the launchers: finds a JDK 25, or gets one, or says what to install.
# Sets LONGSHORE_JAVA_HOME and exports JAVA25_HOME, which Maven's toolchain search reads.

longshore_is_jdk25() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] &&
    grep -q '^JAVA_VERSION="25[".]' "$1/release"
}

longshore_find_jdk25() {
  local home
  for home in "${JAVA25_HOME:-}" "${JAVA_HOME:-}" "$1/.jdk/jdk" \
    /usr/lib/jvm/*25* /opt/*jdk*25* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/25* "${HOME:-}"/.jdks/*25*; do
    if [ -n "$home" ] && longshore_is_jdk25 "$home"; then
      (cd "$home" && pwd)
      return 0
    fi
  done
  if command -v java >/dev/null; then
    home=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
    if longshore_is_jdk25 "$home"; then
      echo "$home"
      return 0
    fi
  fi
  return 1
}

# $1: the project's root
longshore_use_jdk25() {
  if ! LONGSHORE_JAVA_HOME=$(longshore_find_jdk25 "$1"); then
    if [ -d "$1/.ci" ] && command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
      echo "No JDK 25 found: getting one from the distribution's packages into .jdk/ (150 MB to fetch, 350 MB on disk)." >&2
      "$1/bin/lib/get-jdk25" "$1/.jdk" >&2 || true
    fi
    if ! LONGSHORE_JAVA_HOME=$(longshore_find_jdk25 "$1"); then
      cat >&2 <<'END'
repo: a JDK 25 is needed and none was found.
Install one (Debian 13 and later: apt-get install openjdk-25-jdk-headless; else any vendor's JDK 25)
and set JAVA_HOME to its folder.
END
      return 1
    fi
  fi
  export JAVA25_HOME=$LONGSHORE_JAVA_HOME
}
