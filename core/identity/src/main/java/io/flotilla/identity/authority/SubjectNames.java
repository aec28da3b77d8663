package io.flotilla.identity.authority;

import io.flotilla.identity.der.Der;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The content of a SubjectAltName extension (RFC 5280, 4.2.1.6). */
public final class SubjectNames {
    private static final int DNS = 2;
    private static final int URI = 6;

    private SubjectNames() {}

    /** URIs first, then DNS names, each in the given order; all are ASCII. */
    public static byte[] encode(List<String> uris, List<String> dnsNames) {
        List<byte[]> names = new ArrayList<>();
        uris.forEach(uri -> names.add(Der.implicit(URI, uri.getBytes(StandardCharsets.US_ASCII))));
        dnsNames.forEach(name -> names.add(Der.implicit(DNS, name.getBytes(StandardCharsets.US_ASCII))));
        return Der.sequence(names.toArray(byte[][]::new));
    }
}
