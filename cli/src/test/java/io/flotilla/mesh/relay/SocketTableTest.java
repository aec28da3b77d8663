package io.flotilla.mesh.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketTableTest {
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
    private static final String REST = " 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ";

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "this host's loopback, 0100007F:A5B6, 7F000001:A5B6, true",
        "all addresses, 00000000:A5B6, 00000000:A5B6, true",
        "all addresses of both kinds, 00000000000000000000000000000000:A5B6, 00000000000000000000000000000000:A5B6, true",
        "loopback within IPv6, 0000000000000000FFFF00000100007F:A5B6, 00000000000000000000FFFF7F000001:A5B6, true",
        "another loopback address, 0200007F:A5B6, 7F000002:A5B6, false",
        "IPv6 loopback, 00000000000000000000000001000000:A5B6, 00000000000000000000000000000001:A5B6, false",
        "another port, 0100007F:A5B7, 7F000001:A5B7, false"
    })
    void findsWhatKeepsAPortOfLoopback(String row, String little, String big, boolean found) {
        List<String> inodes = found ? List.of("57218") : List.of();

        assertThat(inodes(little, ByteOrder.LITTLE_ENDIAN)).as(row).isEqualTo(inodes);
        assertThat(inodes(big, ByteOrder.BIG_ENDIAN)).as(row).isEqualTo(inodes);
    }

    private static List<String> inodes(String address, ByteOrder order) {
        return SocketTable.inodes(List.of(HEAD, "   0: " + address + REST + "57218 1 0 100 0 0 10 0"), 42_422, order);
    }

    @Test
    void shortLinesAreNone() {
        assertThat(SocketTable.inodes(List.of("", "0: 0100007F:A5B6", HEAD), 42_422, ByteOrder.LITTLE_ENDIAN))
                .isEmpty();
    }
}
