package io.flotilla.config.platform;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Addresses that follow from names, so that the same names have the same addresses each time. Two octets are given;
 * the third is 1 to 255 (subnet 0 is the platform's own), the last 1 to 254.
 *
 * @param pods     first two octets of pods, "10.44"
 * @param services first two octets of services, "10.96"
 */
public record AddressPlan(String pods, String services) {
    /** Pods in 10.44.0.0/16, services in 10.96.0.0/16. */
    public static final AddressPlan DEFAULT = new AddressPlan("10.44", "10.96");

    private static final int SUBNETS = 255;
    private static final int HOSTS = 254;

    /** "NAMESPACE/NAME" of each pod to its address; {@code taken} addresses are given to nobody. */
    public SortedMap<String, String> podAddresses(Collection<String> names, Collection<String> taken) {
        return assign(pods, names, taken);
    }

    /** "NAMESPACE/NAME" of each service to its address; {@code taken} addresses are given to nobody. */
    public SortedMap<String, String> serviceAddresses(Collection<String> names, Collection<String> taken) {
        return assign(services, names, taken);
    }

    /** Where two names want the same address, the first by name has it, the other takes the next free one. */
    private static SortedMap<String, String> assign(String prefix, Collection<String> names, Collection<String> taken) {
        Set<String> used = new HashSet<>(taken);
        SortedMap<String, String> assigned = new TreeMap<>();
        for (String name : new TreeSet<>(names)) {
            int slot = slot(name);
            for (int tries = 0; tries < SUBNETS * HOSTS; tries++) {
                String address = address(prefix, (slot + tries) % (SUBNETS * HOSTS));
                if (used.add(address)) {
                    assigned.put(name, address);
                    break;
                }
            }
        }
        return Collections.unmodifiableSortedMap(assigned);
    }

    private static String address(String prefix, int slot) {
        return prefix + "." + (1 + slot / HOSTS) + "." + (1 + slot % HOSTS);
    }

    private static int slot(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            int number = (digest[0] & 0xFF) << 16 | (digest[1] & 0xFF) << 8 | (digest[2] & 0xFF);
            return number % (SUBNETS * HOSTS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
