package io.flotilla.mesh.relay;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Linux's tables of TCP sockets, {@code /proc/net/tcp} and {@code tcp6} (proc(5)). */
final class SocketTable {
    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;

    private SocketTable() {}

    /**
     * Inodes of sockets that have a port of 127.0.0.1 or of all addresses; "0" is one that no process has any more.
     *
     * @param order of bytes in the machine that wrote the table: addresses are words in its own
     */
    static List<String> inodes(List<String> table, int port, ByteOrder order) {
        boolean little = order == ByteOrder.LITTLE_ENDIAN;
        String loopback = little ? "0100007F" : "7F000001";
        String mapped = "0".repeat(16) + (little ? "FFFF0000" : "0000FFFF") + loopback;
        Set<String> addresses = Set.of(loopback, mapped, "0".repeat(8), "0".repeat(32));
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        return table.stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > INODE)
                .filter(fields -> fields[LOCAL_ADDRESS].endsWith(suffix))
                .filter(fields -> addresses.contains(
                        fields[LOCAL_ADDRESS].substring(0, fields[LOCAL_ADDRESS].length() - suffix.length())))
                .map(fields -> fields[INODE])
                .toList();
    }
}
