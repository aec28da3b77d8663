# Prepares a pod for its sidecar: captures its traffic, writes the files that Envoy starts with.
# Takes everything from the environment, can run again at any time, needs a POSIX shell, sed and tr,
# and iptables where it captures.
set -euf
umask 022

fail() {
  echo "istio-init: $*" >&2
  exit 1
}

# one_per_line LIST: the elements of a list that is separated by commas
one_per_line() {
  printf '%s\n' "$1" | tr ',' '\n' | sed -e '/^$/d'
}

# rules LOOPBACK SOURCE DESTINATIONS EXCLUDED: the nat table for the addresses of one family
rules() {
  loopback=$1 source=$2
  echo '*nat'
  echo ':ISTIO_REDIRECT - [0:0]'
  echo ':ISTIO_IN_REDIRECT - [0:0]'
  echo ':ISTIO_INBOUND - [0:0]'
  echo ':ISTIO_OUTPUT - [0:0]'
  echo "-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports $ENVOY_PORT"
  echo "-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports $INBOUND_CAPTURE_PORT"
  for interface in $(one_per_line "$ISTIO_EXCLUDE_INTERFACES"); do
    echo "-A ISTIO_INBOUND -i $interface -j RETURN"
    echo "-A ISTIO_OUTPUT -o $interface -j RETURN"
  done
  inbound_rules
  outbound_rules "$3" "$4"
  [ -n "$hooked_inbound" ] || echo '-A PREROUTING -p tcp -j ISTIO_INBOUND'
  [ -n "$hooked_outbound" ] || echo '-A OUTPUT -p tcp -j ISTIO_OUTPUT'
  echo 'COMMIT'
}

inbound_rules() {
  if [ "$ISTIO_INBOUND_PORTS" = '*' ]; then
    for port in $(one_per_line "$ISTIO_LOCAL_EXCLUDE_PORTS"); do
      echo "-A ISTIO_INBOUND -p tcp --dport $port -j RETURN"
    done
    echo '-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT'
  else
    for port in $(one_per_line "$ISTIO_INBOUND_PORTS"); do
      echo "-A ISTIO_INBOUND -p tcp --dport $port -j ISTIO_IN_REDIRECT"
    done
  fi
}

outbound_rules() {
  if [ -n "$PROXY_MARK" ]; then
    own="-m mark --mark $PROXY_MARK" other="-m mark ! --mark $PROXY_MARK"
  else
    own="-m owner --uid-owner $PROXY_UID" other="-m owner ! --uid-owner $PROXY_UID"
  fi
  # What the sidecar sends to its own application.
  echo "-A ISTIO_OUTPUT -s $source -o lo -j RETURN"
  # The application called itself by a service's name: the sidecar's call comes in like anybody's.
  echo "-A ISTIO_OUTPUT -o lo ! -d $loopback -p tcp $own -j ISTIO_IN_REDIRECT"
  echo "-A ISTIO_OUTPUT -o lo $other -j RETURN"
  echo "-A ISTIO_OUTPUT $own -j RETURN"
  echo "-A ISTIO_OUTPUT -d $loopback -j RETURN"
  for port in $(one_per_line "$ISTIO_LOCAL_OUTBOUND_PORTS_EXCLUDE"); do
    echo "-A ISTIO_OUTPUT -p tcp --dport $port -j RETURN"
  done
  for range in $(one_per_line "$2"); do
    echo "-A ISTIO_OUTPUT -d $range -j RETURN"
  done
  for port in $(one_per_line "$ISTIO_OUTBOUND_PORTS"); do
    echo "-A ISTIO_OUTPUT -p tcp --dport $port -j ISTIO_REDIRECT"
  done
  if [ "$1" = '*' ]; then
    echo '-A ISTIO_OUTPUT -p tcp -j ISTIO_REDIRECT'
  else
    for range in $(one_per_line "$1"); do
      echo "-A ISTIO_OUTPUT -d $range -p tcp -j ISTIO_REDIRECT"
    done
  fi
}

# family 4|6 RANGES: those of the ranges that belong to the family
family() {
  case $2 in '*') echo '*'; return ;; esac
  for range in $(one_per_line "$2"); do
    case $1$range in 6*:*) echo "$range" ;; 6*) ;; *:*) ;; *) echo "$range" ;; esac
  done | tr '\n' ','
}

# apply COMMAND 4|6: all rules of a family at once, or none
apply() {
  hooked_inbound='' hooked_outbound=''
  "$1" -w 30 -t nat -C PREROUTING -p tcp -j ISTIO_INBOUND 2>/dev/null && hooked_inbound=yes
  "$1" -w 30 -t nat -C OUTPUT -p tcp -j ISTIO_OUTPUT 2>/dev/null && hooked_outbound=yes
  include=$(family "$2" "$ISTIO_SERVICE_CIDR") exclude=$(family "$2" "$ISTIO_SERVICE_EXCLUDE_CIDR")
  if [ "$2" = 6 ]; then
    rules ::1/128 ::1/128 "$include" "$exclude" | "$1-restore" -w 30 --noflush
  else
    rules 127.0.0.1/32 127.0.0.6/32 "$include" "$exclude" | "$1-restore" -w 30 --noflush
  fi
}

capture_ipv4() {
  tried=''
  for command in ${IPTABLES:-iptables iptables-nft iptables-legacy}; do
    if command -v "$command" >/dev/null 2>&1; then
      if apply "$command" 4; then
        return 0
      fi
      tried="$tried $command"
    fi
  done
  fail "no way to capture traffic: tried${tried:- iptables, iptables-nft, iptables-legacy, none of them is there}"
}

# A pod with an IPv6 address is captured on it; elsewhere IPv6 must not be a way around the sidecar.
capture_ipv6() {
  [ -n "$(cat /proc/net/if_inet6 2>/dev/null)" ] || return 0
  command=$(printf '%s' "$command" | sed 's/^iptables/ip6tables/')
  command -v "$command" >/dev/null 2>&1 || return 0
  case $POD_IP,${POD_IPS:-} in
    *:*) apply "$command" 6 || fail "$command cannot capture the pod's IPv6 traffic" ;;
    *) refuse_ipv6 || echo 'istio-init: IPv6 cannot be refused here, and is left alone' >&2 ;;
  esac
}

refuse_ipv6() {
  hook=''
  "$command" -w 30 -t filter -C INPUT -p tcp -j ISTIO_INBOUND 2>/dev/null || hook=yes
  {
    echo '*filter'
    echo ':ISTIO_INBOUND - [0:0]'
    echo '-A ISTIO_INBOUND -i lo -j RETURN'
    echo '-A ISTIO_INBOUND -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN'
    echo '-A ISTIO_INBOUND -p tcp -j REJECT'
    [ -z "$hook" ] || echo '-A INPUT -p tcp -j ISTIO_INBOUND'
    echo 'COMMIT'
  } | "$command-restore" -w 30 --noflush 2>/dev/null
}

# value NAME VALUE: refuses what would need an escape in JSON or sed
value() {
  case $2 in
    *[!A-Za-z0-9.:_/-]*) fail "$1 has a character that is not allowed: $2" ;;
  esac
}

# place FILE: standard input becomes FILE at once
place() {
  cat >"$PROXY_DIR/.$1.new"
  mv -f "$PROXY_DIR/.$1.new" "$PROXY_DIR/$1"
}

write_files() {
  locality=${LOCALITY:-}
  region=${locality%%/*}
  zone='' subzone=''
  case $locality in */*) zone=${locality#*/} ;; esac
  case $zone in */*) subzone=${zone#*/} zone=${zone%%/*} ;; esac
  # Envoy refuses an address of IPv4 that shall be one of IPv4 too.
  any=0.0.0.0 both=false
  case $POD_IP,${POD_IPS:-} in *:*) any=:: both=true ;; esac
  value POD_NAME "$POD_NAME"
  value POD_NAMESPACE "$POD_NAMESPACE"
  value POD_IP "$POD_IP"
  value APP_IP "${APP_IP:-}"
  value POD_UID "${POD_UID:-}"
  value LOCALITY "$locality"
  printf '%s\n' "$FLOTILLA_TOKEN_DESCRIPTION" | place token.yaml
  printf '%s\n' "$FLOTILLA_ROOT_DESCRIPTION" | place root.yaml
  printf '%s\n' "$FLOTILLA_BOOTSTRAP" | sed \
    -e "s|@POD_NAME@|$POD_NAME|g" \
    -e "s|@POD_NAMESPACE@|$POD_NAMESPACE|g" \
    -e "s|@POD_IP@|$POD_IP|g" \
    -e "s|\"@ANY_IP@\",\"port_value\":\([0-9]*\),\"ipv4_compat\":true|\"$any\",\"port_value\":\1,\"ipv4_compat\":$both|g" \
    -e "s|@ANY_IP@|$any|g" \
    -e "s|@APP_IP@|${APP_IP:-$POD_IP}|g" \
    -e "s|@POD_UID@|${POD_UID:-}|g" \
    -e "s|@REGION@|$region|g" \
    -e "s|@ZONE@|$zone|g" \
    -e "s|@SUBZONE@|$subzone|g" | place envoy-rev0.json
}

[ -n "${POD_NAME:-}" ] || fail 'POD_NAME is not set'
[ -n "${POD_NAMESPACE:-}" ] || fail 'POD_NAMESPACE is not set'
[ -n "${POD_IP:-}" ] || fail 'POD_IP is not set'
case $ISTIO_INBOUND_INTERCEPTION_MODE in
  REDIRECT)
    XTABLES_LOCKFILE=${XTABLES_LOCKFILE:-$PROXY_DIR/xtables.lock}
    export XTABLES_LOCKFILE
    capture_ipv4
    capture_ipv6
    ;;
  NONE) ;;
  *) fail "interception mode \"$ISTIO_INBOUND_INTERCEPTION_MODE\" is neither REDIRECT nor NONE" ;;
esac
write_files
