# Sourced by the launchers: builds the distribution when it is missing or older than the sources.

longshore_need_maven() {
  command -v mvn >/dev/null && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "No Maven found: installing the distribution's package." >&2
    apt-get -qq update >&2 &&
      DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends maven >/dev/null && return 0
  fi
  echo "repo: Maven 3.8 or later is needed to build (Debian: apt-get install maven)." >&2
  return 1
}

# $1: the project's root
longshore_build() {
  local dist=$1/node-agent/target/dist
  if [ -f "$dist/.complete" ] &&
    [ -z "$(find "$1"/pom.xml "$1"/*/pom.xml "$1"/*/src/main -newer "$dist/.complete" -type f -print -quit)" ]; then
    return 0
  fi
  longshore_need_maven || return 1
  echo "Building Longshore (once; a few minutes, and Maven fetches its libraries)..." >&2
  (cd "$1" && mvn -B -q -Dquick -DskipTests package) >&2 || return 1
  longshore_train "$dist"
  touch "$dist/.complete"
}

# Makes the caches of loaded classes that halve the start of every command, one for each kind of JVM that the
# launcher starts; going without costs only time.
longshore_train() {
  local dist=$1 java=$LONGSHORE_JAVA_HOME/bin/java jar
  for jar in "$dist"/lib/picocli-*.jar; do
    "$java" "$(dirname "${BASH_SOURCE[0]}")/LiftClasses.java" "$jar" || true
  done
  longshore_train_kind "$dist" repo
  longshore_train_kind "$dist" data --add-modules=jdk.incubator.vector
}

# $1: the distribution, $2: the kind, the rest: its options
longshore_train_kind() {
  local dist=$1 cache=$1/$2.aot home
  shift 2
  home=$(mktemp -d)
  rm -f "$cache"
  HOME=$home KOPIA_PASSWORD=training "$LONGSHORE_JAVA_HOME/bin/java" \
    @"$dist/jvm.args" "$@" -XX:AOTCacheOutput="$cache" -Xlog:disable -cp "$dist/lib/*" \
    dev.longshore.cli.Training "$home" >/dev/null 2>&1 || rm -f "$cache"
  rm -rf "$home"
}
