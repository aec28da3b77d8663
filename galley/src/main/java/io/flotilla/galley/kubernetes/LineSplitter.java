package io.flotilla.galley.kubernetes;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes lines of the pieces in which a body arrives; a line that was not ended is none. */
final class LineSplitter {
    private final Consumer<String> lines;
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();

    LineSplitter(Consumer<String> lines) {
        this.lines = lines;
    }

    void take(ByteBuffer piece) {
        while (piece.hasRemaining()) {
            byte next = piece.get();
            if (next == '\n') {
                String line = open.toString(StandardCharsets.UTF_8);
                open.reset();
                if (!line.isBlank()) {
                    lines.accept(line);
                }
            } else {
                open.write(next);
            }
        }
    }
}
