package io.flotilla.bookinfo.mysql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One table of names and messages, the newest thousand, until the process ends; three kinds of statements. */
final class Guestbook {
    private static final int MOST = 1_000;
    private static final String TEXT = "'((?:[^'\\\\]++|''|\\\\.)*+)'";
    private static final Pattern ESCAPED = Pattern.compile("''|\\\\(.)", Pattern.DOTALL);
    private static final Pattern CREATE =
            Pattern.compile("\\s*CREATE\\s+TABLE\\s+IF\\s+NOT\\s+EXISTS\\s+guestbook\\b.*", flags());
    private static final Pattern INSERT = Pattern.compile(
            "\\s*INSERT\\s+INTO\\s+guestbook\\s*\\(\\s*name\\s*,\\s*message\\s*\\)\\s*VALUES\\s*\\(\\s*" + TEXT
                    + "\\s*,\\s*" + TEXT + "\\s*\\)\\s*",
            flags());
    private static final Pattern SELECT = Pattern.compile(
            "\\s*SELECT\\s+name\\s*,\\s*message\\s+FROM\\s+guestbook\\s+ORDER\\s+BY\\s+id\\s+DESC\\s+LIMIT\\s+(\\d{1,4})\\s*",
            flags());

    private final Deque<List<String>> newest = new ArrayDeque<>();

    private static int flags() {
        return Pattern.CASE_INSENSITIVE | Pattern.DOTALL;
    }

    /**
     * Runs a statement.
     *
     * @throws IllegalArgumentException where it is none of the three
     */
    synchronized Rows run(String statement) {
        Matcher insert = INSERT.matcher(statement);
        if (insert.matches()) {
            newest.addFirst(List.of(plain(insert.group(1)), plain(insert.group(2))));
            while (newest.size() > MOST) {
                newest.removeLast();
            }
            return Rows.NONE;
        }
        Matcher select = SELECT.matcher(statement);
        if (select.matches()) {
            return new Rows(
                    List.of("name", "message"),
                    new ArrayList<>(newest)
                            .stream().limit(Long.parseLong(select.group(1))).toList());
        }
        if (CREATE.matcher(statement).matches()) {
            return Rows.NONE;
        }
        throw new IllegalArgumentException("this server knows the statements of the guestbook only");
    }

    private static String plain(String quoted) {
        return ESCAPED.matcher(quoted)
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1) == null ? "'" : found.group(1)));
    }

    /** A text as a statement has it. */
    static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
