# Sourced by the launcher: how much memory a command may have, and which kind of work it is.

# Bytes of a size such as 256M, 1GiB or 400000000; nothing if it is none.
longshore_bytes() {
  local number=${1%%[!0-9]*} unit=1
  [ -n "$number" ] && [ ${#number} -le 12 ] || return 0
  case ${1#"$number"} in
    '' | [bB]) ;;
    [kK] | [kK][bB] | [kK]i | [kK]i[bB]) unit=1024 ;;
    [mM] | [mM][bB] | [mM]i | [mM]i[bB]) unit=$((1 << 20)) ;;
    [gG] | [gG][bB] | [gG]i | [gG]i[bB]) unit=$((1 << 30)) ;;
    *) return 0 ;;
  esac
  echo $((10#$number * unit))
}

# What is there: the container's limit if it has one, else the machine's memory. Read by the shell itself:
# this is on the way of every command.
longshore_available() {
  local key value _ limit file total=4294967296
  while read -r key value _; do
    if [ "$key" = MemTotal: ]; then
      total=$((value * 1024))
      break
    fi
  done 2>/dev/null </proc/meminfo || true
  for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    [ -r "$file" ] && read -r limit <"$file" || continue
    # The older kind says "no limit" with a number beyond any memory.
    case $limit in *[!0-9]* | '' | ???????????????????*) continue ;; esac
    [ "$limit" -lt "$total" ] && total=$limit
  done
  echo "$total"
}

# The heap in MiB. $@: the command line, of which --memory counts, then $LONGSHORE_MEMORY, then a share that
# grows with the processors: each works on chunks of its own. Blocks of a volume are small, and the JVM would fill any
# heap with what it needs no more.
longshore_heap() {
  local wanted=${LONGSHORE_MEMORY:-} word previous='' bytes available share base=128 each=96
  for word; do
    case $word in
      --memory=*) wanted=${word#--memory=} ;;
      --layout=blocks | /dev/*) base=96 each=48 ;;
      *) [ "$previous" = --memory ] && wanted=$word ;;
    esac
    previous=$word
  done
  bytes=$(longshore_bytes "$wanted")
  if [ -z "$bytes" ]; then
    available=$(longshore_available)
    bytes=$(((base + each * $(nproc 2>/dev/null || echo 2)) << 20))
    share=$((available / 3))
    [ "$bytes" -gt "$share" ] && bytes=$share
  fi
  # An eighth is left to the JVM itself, which needs some more than that whatever the command does.
  bytes=$((bytes / 8 * 7 >> 20))
  echo $((bytes < 112 ? 112 : bytes)) # opening a repository takes 64 MiB by itself
}

# The heap of a data mover in MiB: $LONGSHORE_MEMORY, or what keeps the whole process below 400 MB whatever the volume;
# less in a container that has less.
longshore_mover_heap() {
  local bytes share
  bytes=$(longshore_bytes "${LONGSHORE_MEMORY:-}")
  if [ -z "$bytes" ]; then
    bytes=$((256 << 20))
    share=$(($(longshore_available) * 5 / 8))
    [ "$bytes" -gt "$share" ] && bytes=$share
  fi
  bytes=$((bytes / 8 * 7 >> 20))
  echo $((bytes < 112 ? 112 : bytes))
}

# Tells whether a command is one of those that work through much data.
longshore_is_heavy() {
  local word previous=''
  for word; do
    case $previous/$word in
      snapshot/create | snap/create | */benchmark | */recover | content/verify) return 0 ;;
    esac
    case $word in
      -*) ;;
      *) previous=$word ;;
    esac
  done
  return 1
}
