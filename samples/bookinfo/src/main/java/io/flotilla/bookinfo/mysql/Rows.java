package io.flotilla.bookinfo.mysql;

import java.util.List;

/** What a statement gives: names of columns, and rows of texts; both empty where it gives none. */
public record Rows(List<String> columns, List<List<String>> rows) {
    static final Rows NONE = new Rows(List.of(), List.of());

    public Rows {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }
}
