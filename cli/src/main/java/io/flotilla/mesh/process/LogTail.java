package io.flotilla.mesh.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The end of a process's log. */
final class LogTail {
    private static final int BYTES = 16 << 10;
    private static final int LONGEST = 200;
    // "DATE LEVEL  CATEGORY TEXT" of services, "[DATE] LEVEL TEXT" of Kafka, and what the JVM itself says.
    private static final Pattern PROBLEM =
            Pattern.compile(".*?\\b(ERROR|FATAL|SEVERE)\\b\\s+(.*)|((?:Exception in thread|Error:|Caused by:) ?.*)");

    private LogTail() {}

    /** The last error in what a log has from a place on; empty where there is none in its last lines. */
    static Optional<String> error(Path log, long from) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            // A log that was cut has begun anew.
            long start = file.length() < from ? 0 : from;
            long tail = Math.max(start, file.length() - BYTES);
            byte[] bytes = new byte[(int) (file.length() - tail)];
            file.seek(tail);
            file.readFully(bytes);
            return error(new String(bytes, StandardCharsets.UTF_8).lines().toList());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The last error of some lines, without what stands before its text. */
    static Optional<String> error(List<String> lines) {
        return lines.reversed().stream()
                .map(PROBLEM::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(found -> found.group(2) == null ? found.group(3) : found.group(2))
                .map(text -> text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text);
    }
}
