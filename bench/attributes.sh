#!/usr/bin/env bash
# Two trees of 50,000 files are backed up, backed up again unchanged, and restored, with attributes and without.
# usage: REPO=bin/repo attributes.sh FOLDER ROUNDS   (the folder needs user attributes; the results are in FOLDER/out)
set -euo pipefail
W=$1 ROUNDS=$2 REPO=${REPO:-repo}
export KOPIA_PASSWORD=x
mkdir -p "$W"
[ -d "$W/plain" ] || python3 - "$W" <<'P'
import os, random, sys
random.seed(1)
for kind in ('plain', 'rich'):
    for d in range(500):
        p = f'{sys.argv[1]}/{kind}/d{d:03}'; os.makedirs(p)
        for f in range(100):
            q = f'{p}/f{f:02}'
            with open(q, 'wb') as o: o.write(random.randbytes(300))
            if kind == 'rich':
                os.setxattr(q, 'user.owner', b'team-%d' % (f % 7)); os.setxattr(q, 'user.sum', random.randbytes(16))
            os.utime(q, ns=(1, 1700000000000000000 + f))
P
run() { # label, command...
  local l=$1; shift
  /usr/bin/time -f "$l %e s wall, %U + %S s CPU, %M KiB" -a -o "$W/out" "$@" >"$W/log" 2>&1 || { echo "failed: $l"; tail -3 "$W/log"; }
}
for ((i = 0; i < ROUNDS; i++)); do
  for tree in plain rich; do
    for option in --attributes --no-attributes; do
      export KOPIA_CONFIG_PATH=$W/c; rm -rf "$W/r" "$W/t" "$W/c"*
      "$REPO" repository create filesystem --path="$W/r" >/dev/null 2>&1
      run "$tree $option first" "$REPO" snapshot create "$W/$tree" $option --no-auto-maintenance
      run "$tree $option again" "$REPO" snapshot create "$W/$tree" $option --no-auto-maintenance
      run "$tree $option restore" "$REPO" restore "$W/$tree" "$W/t" $option
      echo "$tree $option repository $(du -sb "$W/r" | cut -f1) B, of that q $(find "$W/r/q"* -type f -printf '%s\n' | awk '{n+=$1} END {print n+0}') B" >>"$W/out"
    done
  done
done
