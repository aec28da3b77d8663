package io.flotilla.service.fetch;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/** Tells addresses of the public internet from those that only we can reach. */
final class PublicAddress {
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b};

    private PublicAddress() {}

    static boolean is(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return switch (address) {
            case Inet4Address four -> !reserved(bytes);
            case Inet6Address six ->
                (bytes[0] & 0xfe) != 0xfc // unique local (RFC 4193)
                        && !Arrays.equals(bytes, 0, NAT64.length, NAT64, 0, NAT64.length)
                        && !(bytes[0] == 0x20 && bytes[1] == 0x02) // 6to4: an IPv4 address inside
                        && !Arrays.equals(bytes, 0, 12, new byte[12], 0, 12); // IPv4-compatible
            default -> false;
        };
    }

    private static boolean reserved(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        return first == 0
                || first >= 240
                || (first == 100 && (second & 0xc0) == 64) // carriers' own (RFC 6598)
                || (first == 192 && second == 0 && (bytes[2] & 0xff) == 0)
                || (first == 198 && (second & 0xfe) == 18); // benchmarks (RFC 2544)
    }
}
