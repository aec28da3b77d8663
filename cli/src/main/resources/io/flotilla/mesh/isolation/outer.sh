# Makes the outer namespace of a local mesh habitable and runs the supervisor there.
# Arguments: the state folder, the Envoy binary, the service addresses (comma list), the command.
set -eu
state=$1 envoy=$2 addresses=$3
shift 3

mount -t tmpfs -o mode=755 tmpfs /run
[ /var/run -ef /run ] || mount --bind /run /var/run
mkdir -p /run/flotilla/bin /run/flotilla/etc /run/host-etc /run/secrets /run/lock

# Envoy's user may not be able to enter the folder where the binary is.
: >/run/flotilla/bin/envoy
mount --bind "$envoy" /run/flotilla/bin/envoy

# /etc is the host's but for names, which the mesh has its own of.
mount --rbind /etc /run/host-etc
mount -t tmpfs -o mode=755 tmpfs /etc
for file in /run/host-etc/*; do
  case ${file##*/} in
    hosts | resolv.conf | nsswitch.conf | istio) ;;
    *) ln -s "$file" "/etc/${file##*/}" ;;
  esac
done
mkdir /etc/istio
ln -s /run/flotilla/etc/hosts /etc/hosts
echo 'options timeout:1 attempts:1' >/etc/resolv.conf
printf 'passwd: files\ngroup: files\nhosts: files dns\n' >/etc/nsswitch.conf
mount --bind "$state/hosts/istio-system" /run/flotilla/etc

ip link set lo up
ip link add mesh0 type bridge
ip addr add 10.44.0.1/16 dev mesh0
ip link set mesh0 up
for address in $(echo "$addresses" | tr , ' '); do
  ip addr add "$address/32" dev mesh0
done
# Pods reach each other through here, so that services' addresses can be translated on the way and back.
{
  echo 1 >/proc/sys/net/ipv4/ip_forward
  echo 0 >/proc/sys/net/ipv4/conf/all/send_redirects
  echo 0 >/proc/sys/net/ipv4/conf/mesh0/send_redirects
} 2>/dev/null || echo 'addresses of services do not work for pods without a sidecar: /proc/sys is read-only' >&2
exec "$@"
