package io.flotilla.bookinfo.productpage;

import io.flotilla.bookinfo.json.Json;
import java.util.List;

/** The books of the shop: one. */
final class Catalogue {
    static final String TITLE = "The Comedy of Errors";
    static final String SUMMARY_URL = "https://en.wikipedia.org/wiki/The_Comedy_of_Errors";
    static final String SUMMARY = "Two pairs of twins, parted by a storm when they were small, come to the same town"
            + " on the same day, and nobody can tell who is who. It is the shortest of William Shakespeare's plays,"
            + " and among his first.";

    private Catalogue() {}

    static Json json() {
        String html = "<a href=\"" + SUMMARY_URL + "\">Wikipedia Summary</a>: " + SUMMARY.replace("'", "&#39;");
        return Json.array(List.of(
                Json.object("id", Json.of(0)).with("title", Json.of(TITLE)).with("descriptionHtml", Json.of(html))));
    }
}
