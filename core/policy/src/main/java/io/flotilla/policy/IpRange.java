package io.flotilla.policy;

import java.net.InetAddress;

/** "10.0.0.0/8", or one address. */
final class IpRange {
    private static final int IPV4 = 4;

    private IpRange() {}

    /** No address, or one of another family, is in no range. */
    static boolean contains(String range, String address) {
        if (address.isEmpty()) {
            return false;
        }
        int slash = range.indexOf('/');
        byte[] first = InetAddress.ofLiteral(slash < 0 ? range : range.substring(0, slash))
                .getAddress();
        byte[] asked = InetAddress.ofLiteral(address).getAddress();
        int bits = slash < 0 ? first.length * Byte.SIZE : Integer.parseInt(range.substring(slash + 1));
        // A range in the form of IPv6 that embeds IPv4 ("::ffff:10.0.0.0/104") is read as IPv4; proxies have none such.
        boolean embedded = range.contains(":") && first.length == IPV4;
        if (embedded || first.length != asked.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> i % Byte.SIZE;
            if ((first[i / Byte.SIZE] & mask) != (asked[i / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
