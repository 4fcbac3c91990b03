#!/bin/sh
# The esim command with the Node of this folder. It needs no other program, and finds its folder from any working directory.
case $0 in
  */*) here=${0%/*} ;;
  *) here=. ;;
esac
if [ -L "$0" ]; then
  target=$(readlink -f "$0")
  here=${target%/*}
fi
atomic=
for file in /lib/*/libatomic.so.1 /usr/lib/*/libatomic.so.1 /lib64/libatomic.so.1 /usr/lib64/libatomic.so.1 /lib/libatomic.so.1; do
  if [ -e "$file" ]; then atomic=$file; fi
done
if [ -z "$atomic" ]; then
  echo "esim: Node needs the library libatomic.so.1; if it cannot be loaded: apt-get install libatomic1" >&2
fi
exec "$here/bin/node" --max-semi-space-size=16 "$here/node_modules/@esim-rsp/cli/bin/esim.js" "$@"
