package io.flotilla.galley.source;

import io.flotilla.config.store.Document;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The sources. Of two with the same object the earlier one has it. */
public enum SourceName {
    DIRECTORY(0),
    KUBERNETES(1),
    CONSUL(2),
    MCP(3),
    /** Keys of issuers of tokens, which policies name. */
    JWKS(4);

    private final int rank;

    SourceName(int rank) {
        this.rank = rank;
    }

    /** "kubernetes": in settings, generations, metrics and messages. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<SourceName> of(String text) {
        return Stream.of(values()).filter(source -> source.text().equals(text)).findFirst();
    }

    /** A document of this source. */
    public Document document(String name) {
        return new Document(rank, text(), name);
    }
}
