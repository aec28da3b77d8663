package io.flotilla.envoy.endpoint;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A range of IP addresses, "10.0.0.0/8", or one address.
 *
 * @param prefix its bytes
 * @param bits   how many of them count
 */
public record AddressRange(List<Byte> prefix, int bits) {
    public AddressRange {
        prefix = List.copyOf(prefix);
    }

    /** Reads a range; empty where the text is none. */
    public static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        Optional<byte[]> address = bytes(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int whole = address.get().length * Byte.SIZE;
        try {
            int bits = slash < 0 ? whole : Integer.parseInt(text.substring(slash + 1));
            return bits < 0 || bits > whole
                    ? Optional.empty()
                    : Optional.of(new AddressRange(boxed(address.get()), bits));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether an address is in it; of another family it is not. */
    public boolean contains(String address) {
        Optional<byte[]> other = bytes(address);
        if (other.isEmpty() || other.get().length != prefix.size()) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((prefix.get(bit / Byte.SIZE) & mask) != (other.get()[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    // A name is not looked up: only what is written as an address is one.
    private static Optional<byte[]> bytes(String text) {
        boolean literal =
                text.matches("[0-9]+(\\.[0-9]+){3}") || (text.contains(":") && text.matches("[0-9a-fA-F:.]+"));
        if (!literal) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text).getAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static List<Byte> boxed(byte[] bytes) {
        List<Byte> boxed = new ArrayList<>();
        for (byte each : bytes) {
            boxed.add(each);
        }
        return List.copyOf(boxed);
    }
}
