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

# Sets `vector` to the options that give the JVM its vector classes from the boot class path, if the distribution
# $1 has them there; that module itself would keep the JVM from its archive. The flags are those which the JVM sets
# when it sees the module.
longshore_vector_options() {
  vector=()
  [ -f "$1/vector.jar" ] || return 0
  vector=(-Xbootclasspath/a:"$1/vector.jar" -XX:+UnlockExperimentalVMOptions -XX:+EnableVectorSupport
    -XX:+EnableVectorReboxing -XX:+EnableVectorAggressiveReboxing -XX:+UseVectorStubs)
}

# The jar whose manifest names the program and the other jars.
longshore_jar() {
  echo "$1"/lib/longshore-node-agent-*.jar
}

# What halves the start of every command: the JDK's vector classes where the JVM's archive can hold them (see
# VectorClasses), the command line's classes in a form that it can hold, and the archive itself. Going without
# costs only time.
longshore_train() {
  local dist=$1 java=$LONGSHORE_JAVA_HOME/bin/java here jar
  here=$(dirname "${BASH_SOURCE[0]}")
  for jar in "$dist"/lib/picocli-*.jar; do
    "$java" "$here/LiftClasses.java" "$jar" || true
  done
  rm -f "$dist/vector.jar"
  "$java" "$here/VectorClasses.java" "$dist/vector.jar" || rm -f "$dist/vector.jar"
  longshore_vector_options "$dist"
  # Another JVM may not know the options.
  if ! "$java" "${vector[@]}" -version >/dev/null 2>&1; then
    rm -f "$dist/vector.jar"
  fi
  longshore_archive "$dist" "$java"
}

# Sets `options` to the agent's. It idles for months: little memory counts for more than speed.
longshore_agent_options() {
  options=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=24m -XX:MaxMetaspaceSize=64m
    -XX:+ExitOnOutOfMemoryError -Xss512k -Xms8m "-Xmx${LONGSHORE_AGENT_HEAP:-64}m")
}

# Records what the JVM $2 does with the distribution $1; the archives are of use to that JVM only.
longshore_archive() {
  local dist=$1 java=$2 home options
  rm -f "$dist/repo.aot" "$dist/agent.aot"
  longshore_vector_options "$dist"
  home=$(mktemp -d)
  HOME=$home KOPIA_PASSWORD=training "$java" \
    @"$dist/jvm.args" "${vector[@]}" -XX:AOTCacheOutput="$dist/repo.aot" -Xlog:disable -cp "$(longshore_jar "$dist")" \
    dev.longshore.cli.Training "$home" >/dev/null 2>&1 || rm -f "$dist/repo.aot"
  longshore_agent_options
  KUBECONFIG=$home/kubeconfig "$java" "${options[@]}" -XX:AOTCacheOutput="$dist/agent.aot" -Xlog:disable \
    -cp "$(longshore_jar "$dist")" dev.longshore.agent.Training >/dev/null 2>&1 || rm -f "$dist/agent.aot"
  rm -rf "$home"
}
