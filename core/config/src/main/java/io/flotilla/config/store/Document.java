package io.flotilla.config.store;

import org.jspecify.annotations.Nullable;

/**
 * Where objects are written: a file of a folder, an object of a cluster, a node of a catalog. Documents are ordered by
 * how much they count: of two with the same object the later one has it.
 *
 * @param rank   of its source: 0 counts most
 * @param source the source's name, for messages
 * @param name   within the source; it stands as the file in what is said about its objects
 */
public record Document(int rank, String source, String name) implements Comparable<Document> {
    /** A file of a folder, where there is no other source. */
    public static Document file(String name) {
        return new Document(0, "directory", name);
    }

    @Override
    public int compareTo(Document other) {
        int byRank = Integer.compare(other.rank, rank);
        return byRank != 0 ? byRank : name.compareTo(other.name);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Document document
                        && rank == document.rank
                        && name.equals(document.name)
                        && source.equals(document.source));
    }

    @Override
    public int hashCode() {
        return 31 * (31 * name.hashCode() + source.hashCode()) + rank;
    }
}
