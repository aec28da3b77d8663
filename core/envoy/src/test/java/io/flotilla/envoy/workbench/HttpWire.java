package io.flotilla.envoy.workbench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 as bytes: as much as tests need, with nothing between them and what is on the wire. */
final class HttpWire {
    private HttpWire() {}

    /**
     * A request or an answer.
     *
     * @param first   line
     * @param headers names in lower case, several values joined by a comma
     */
    record Message(String first, Map<String, String> headers, String body) {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static void write(OutputStream out, String first, String host, Map<String, String> headers) throws IOException {
        StringBuilder text = new StringBuilder(first).append("\r\n");
        text.append("host: ").append(host).append("\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        out.write(ascii(text.append("\r\n").toString()));
        out.flush();
    }

    /** The next message; null where the connection ends before one. */
    static @Nullable Message read(InputStream in, boolean withoutBody) throws IOException {
        String first = line(in);
        return first == null ? null : rest(first, in, withoutBody);
    }

    /** What follows a first line. */
    static Message rest(String first, InputStream in, boolean withoutBody) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (a, b) -> a + "," + b);
        }
        boolean none = withoutBody || first.contains(" 101 ") || first.contains(" 204") || first.contains(" 304");
        return new Message(first, headers, none ? "" : body(in, first, headers));
    }

    private static String body(InputStream in, String first, Map<String, String> headers) throws IOException {
        String length = headers.get("content-length");
        if (length != null) {
            return text(in.readNBytes(Integer.parseInt(length)));
        }
        if (headers.getOrDefault("transfer-encoding", "").contains("chunked")) {
            return chunks(in);
        }
        return first.startsWith("HTTP/") ? text(in.readAllBytes()) : "";
    }

    private static String chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            String size = line(in);
            if (size == null) {
                throw new EOFException("the body ends in the middle");
            }
            int length = Integer.parseInt(size.strip(), 16);
            all.write(in.readNBytes(length));
            line(in);
            if (length == 0) {
                return text(all.toByteArray());
            }
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
