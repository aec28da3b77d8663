package io.flotilla.bookinfo.redis;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Redis' protocol, version 2: what both sides say. */
final class Resp {
    /** Longest text that is taken, in bytes. */
    private static final int LONGEST = 1 << 20;

    private Resp() {}

    /** A command and its arguments; none where the client is gone. */
    static Optional<List<String>> command(InputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        if (first != '*') {
            throw new IOException("a command begins with *, not with " + (char) first);
        }
        int count = number(line(in));
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(answer(in).orElseThrow(() -> new IOException("an argument is null")));
        }
        return Optional.of(words);
    }

    static void command(OutputStream out, List<String> words) throws IOException {
        out.write(("*" + words.size() + "\r\n").getBytes(StandardCharsets.UTF_8));
        for (String word : words) {
            bulk(out, word);
        }
        out.flush();
    }

    /**
     * One simple answer; none for null.
     *
     * @throws IOException also where the other side says that it is an error
     */
    static Optional<String> answer(InputStream in) throws IOException {
        int kind = in.read();
        if (kind < 0) {
            throw new EOFException("the connection ended before an answer");
        }
        String line = line(in);
        return switch (kind) {
            case '+', ':' -> Optional.of(line);
            case '-' -> throw new IOException("redis says " + line);
            case '$' -> line.equals("-1") ? Optional.empty() : Optional.of(text(in, number(line)));
            default -> throw new IOException("an answer begins with " + (char) kind);
        };
    }

    static void bulk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.write(bytes);
        line(out, "");
    }

    /** "+OK", "-ERR ...", ":1", "$-1". */
    static void line(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String text(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || !line(in).isEmpty()) {
            throw new EOFException("a text of " + length + " bytes ends early");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int number(String text) throws IOException {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= LONGEST) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        throw new IOException("no length: " + text);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.length() > LONGEST) {
                throw new EOFException("a line ends early");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
