package io.flotilla.service.fetch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP/1.1 answer (RFC 9112), as far as a GET needs it.
 *
 * @param headers by name in lower case; the last of several counts
 */
record Response(int status, Map<String, String> headers, String body) {
    private static final int MAX_HEAD = 16 * 1024;
    private static final int MAX_LINE = 8 * 1024;

    static Response read(InputStream socket, int maxBytes) throws IOException {
        InputStream in = new BufferedInputStream(socket);
        String[] first = line(in).split(" ", 3);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.") || !first[1].matches("\\d{3}")) {
            throw new IOException("the answer is not HTTP");
        }
        Map<String, String> headers = new HashMap<>();
        int size = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            size += line.length();
            int colon = line.indexOf(':');
            if (colon < 1 || size > MAX_HEAD) {
                throw new IOException("the answer's headers are malformed or too long");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int status = Integer.parseInt(first[1]);
        byte[] body = status == 200 ? body(in, headers, maxBytes) : new byte[0];
        return new Response(status, Map.copyOf(headers), new String(body, StandardCharsets.UTF_8));
    }

    /** Where it sends us, relative to where it came from. */
    Optional<URI> redirect(URI from) {
        boolean moved = status >= 301 && status <= 308 && status != 304;
        String location = headers.get("location");
        return moved && location != null ? Optional.of(from.resolve(location)) : Optional.empty();
    }

    private static byte[] body(InputStream in, Map<String, String> headers, int maxBytes) throws IOException {
        if ("chunked".equalsIgnoreCase(headers.getOrDefault("transfer-encoding", ""))) {
            return chunks(in, maxBytes);
        }
        String length = headers.getOrDefault("content-length", "");
        if (length.isEmpty()) {
            return bounded(in.readNBytes(maxBytes + 1), maxBytes);
        }
        if (!length.matches("\\d{1,9}") || Integer.parseInt(length) > maxBytes) {
            throw tooLong(maxBytes);
        }
        return whole(in, Integer.parseInt(length));
    }

    private static byte[] chunks(InputStream in, int maxBytes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            String size = line(in).split(";", 2)[0].strip();
            if (!size.matches("[0-9a-fA-F]{1,7}")) {
                throw new IOException("the answer has a malformed chunk");
            }
            int length = Integer.parseInt(size, 16);
            if (length == 0) {
                return all.toByteArray();
            }
            if (all.size() + length > maxBytes) {
                throw tooLong(maxBytes);
            }
            all.writeBytes(whole(in, length));
            line(in);
        }
    }

    private static byte[] whole(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the answer ends too early");
        }
        return bytes;
    }

    private static byte[] bounded(byte[] bytes, int maxBytes) throws IOException {
        if (bytes.length > maxBytes) {
            throw tooLong(maxBytes);
        }
        return bytes;
    }

    private static IOException tooLong(int maxBytes) {
        return new IOException("the answer is longer than " + maxBytes + " bytes");
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > MAX_LINE) {
                throw new IOException("the answer ends in the middle of a line, or never ends it");
            }
            line.append((char) c);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }
}
