# Holds a pod's network and mount namespace. Arguments: the folder of its hosts file, then pairs of a folder and
# the place where the pod sees it. Says "ready" when all is in place.
set -eu
ip link set lo up
mount --bind "$1" /run/flotilla/etc
shift
mount -t tmpfs -o mode=755 tmpfs /run/secrets
while [ $# -gt 0 ]; do
  mkdir -p "$2"
  mount --bind "$1" "$2"
  shift 2
done
# Applications have no rights in here, and some listen on port 80.
{ echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start; } 2>/dev/null || true
echo ready
exec sleep 2147483647
