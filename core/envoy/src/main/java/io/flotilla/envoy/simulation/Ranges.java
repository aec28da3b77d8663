package io.flotilla.envoy.simulation;

import io.envoyproxy.envoy.config.core.v3.CidrRange;
import java.math.BigInteger;
import java.net.InetAddress;

/** Ranges of addresses. */
final class Ranges {
    private Ranges() {}

    static boolean contains(CidrRange range, String address) {
        try {
            // Both are numbers, so nobody is asked for a name.
            byte[] one = InetAddress.ofLiteral(range.getAddressPrefix()).getAddress();
            byte[] other = InetAddress.ofLiteral(address).getAddress();
            int free = one.length * Byte.SIZE - range.getPrefixLen().getValue();
            return one.length == other.length
                    && new BigInteger(1, one).shiftRight(free).equals(new BigInteger(1, other).shiftRight(free));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
