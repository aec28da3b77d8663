package io.flotilla.galley;

import java.util.Map;

/** A plain page of tables; everything that is put into it is escaped. */
final class DebugPage {
    private final StringBuilder html = new StringBuilder();
    private boolean open;

    DebugPage(String title) {
        html.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>")
                .append(escaped(title))
                .append("</title><style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse}")
                .append("td,th{border:1px solid #bbb;padding:.2em .6em;text-align:left}</style><h1>")
                .append(escaped(title))
                .append("</h1>");
    }

    void text(String text) {
        html.append("<p>").append(escaped(text)).append("</p>");
    }

    /** Begins a table; rows go into the last one. */
    void table(String title, String... columns) {
        close();
        html.append("<h2>").append(escaped(title)).append("</h2><table><tr>");
        for (String column : columns) {
            html.append("<th>").append(escaped(column)).append("</th>");
        }
        html.append("</tr>");
        open = true;
    }

    void row(Object... cells) {
        html.append("<tr>");
        for (Object cell : cells) {
            html.append("<td>").append(escaped(String.valueOf(cell))).append("</td>");
        }
        html.append("</tr>");
    }

    void links(String title, Map<String, String> links) {
        close();
        html.append("<h2>").append(escaped(title)).append("</h2><ul>");
        links.forEach((path, text) -> html.append("<li><a href=\"")
                .append(escaped(path))
                .append("\">")
                .append(escaped(text))
                .append("</a></li>"));
        html.append("</ul>");
    }

    String html() {
        close();
        return html.append("</html>\n").toString();
    }

    private void close() {
        if (open) {
            html.append("</table>");
            open = false;
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
