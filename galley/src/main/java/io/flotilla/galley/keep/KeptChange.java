package io.flotilla.galley.keep;

import io.flotilla.discovery.Generation;
import io.flotilla.galley.source.SourceName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One frame of a kept file: documents, and the generation that holds once they are applied.
 *
 * @param last whether a snapshot ends here; false in journals
 */
record KeptChange(Generation generation, List<KeptDocument> documents, boolean last) {
    KeptChange {
        documents = List.copyOf(documents);
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeBoolean(last);
            write(out, generation.toString());
            out.writeInt(documents.size());
            for (KeptDocument document : documents) {
                write(out, document.source().text());
                write(out, document.name());
                write(out, document.text());
                write(out, document.good());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to take bytes", e);
        }
        return bytes.toByteArray();
    }

    /** @throws IOException where the bytes are no such frame */
    static KeptChange of(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            boolean last = in.readBoolean();
            String text = read(in);
            Generation generation =
                    Generation.parse(text).orElseThrow(() -> new IOException("no generation: \"" + text + "\""));
            int count = in.readInt();
            List<KeptDocument> documents = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String source = read(in);
                SourceName name =
                        SourceName.of(source).orElseThrow(() -> new IOException("unknown source: \"" + source + "\""));
                documents.add(new KeptDocument(name, read(in), read(in), read(in)));
            }
            return new KeptChange(generation, documents, last);
        }
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a text of " + length + " bytes where " + in.available() + " are left");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
