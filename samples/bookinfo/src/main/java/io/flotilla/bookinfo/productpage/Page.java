package io.flotilla.bookinfo.productpage;

import io.flotilla.bookinfo.json.Json;
import java.util.List;
import java.util.Optional;

/** The HTML of the pages; complete in themselves, nothing is loaded from elsewhere. */
final class Page {
    private static final String STYLE = """
            :root { color-scheme: light dark; --line: #8886; --accent: #1f5fbf; --red: #c4161c; }
            @media (prefers-color-scheme: dark) { :root { --accent: #8ab4f8; --red: #ff7b72; } }
            * { box-sizing: border-box; }
            body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
            header, main, footer { max-width: 62rem; margin: 0 auto; padding: 1rem; }
            header { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; justify-content: space-between;
              border-bottom: 1px solid var(--line); }
            header a.brand { font-weight: 700; font-size: 1.2rem; text-decoration: none; color: inherit; }
            a { color: var(--accent); }
            form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
            label { display: grid; font-size: .875rem; }
            input, button { font: inherit; padding: .3rem .6rem; }
            h1 { text-align: center; margin: 1rem 0 .25rem; }
            .summary { max-width: 46rem; margin: 0 auto 1.5rem; }
            .columns { display: grid; gap: 2rem; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); }
            dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
            dt { font-weight: 600; } dd { margin: 0; }
            blockquote { margin: 0 0 1.25rem; padding-left: 1rem; border-left: 3px solid var(--line); }
            blockquote p { margin: 0; } cite { font-size: .875rem; }
            .stars { font-size: 1.25rem; letter-spacing: .1em; } .stars.red { color: var(--red); }
            .notice { font-style: italic; } footer { font-size: .875rem; opacity: .8; }
            """;
    private static final int MOST_STARS = 5;
    /** How the members of a book's details are called on the page. */
    private static final List<String[]> FACTS = List.of(
            new String[] {"type", "Type"},
            new String[] {"pages", "Pages"},
            new String[] {"publisher", "Publisher"},
            new String[] {"language", "Language"},
            new String[] {"author", "Author"},
            new String[] {"year", "Year"},
            new String[] {"ISBN-10", "ISBN-10"},
            new String[] {"ISBN-13", "ISBN-13"});

    private Page() {}

    static String index() {
        return document(Optional.empty(), """
                <h1>Bookinfo</h1>
                <p class="summary">A small bookshop of four services, made to be routed, delayed, broken and watched.</p>
                <p class="summary"><a href="productpage">To the product page</a></p>
                """);
    }

    static String product(Part details, Part reviews, Optional<String> user) {
        return document(
                user,
                "<h1>" + Html.escaped(Catalogue.TITLE) + "</h1>\n<p class=\"summary\">"
                        + Html.escaped(Catalogue.SUMMARY)
                        + " <a href=\"" + Catalogue.SUMMARY_URL + "\">Wikipedia Summary</a></p>\n"
                        + "<div class=\"columns\">\n"
                        + section("details", details.ok() ? facts(details.body()) : apology("details", details))
                        + section("reviews", reviews.ok() ? reviews(reviews.body()) : apology("reviews", reviews))
                        + "</div>\n");
    }

    private static String section(String name, String content) {
        return "<section id=\"" + name + "\">\n" + content + "</section>\n";
    }

    private static String apology(String what, Part part) {
        return "<h2>Error fetching product " + what + "!</h2>\n<p role=\"status\">"
                + Html.escaped(part.body().member("error").map(Json::plain).orElse("")) + "</p>\n";
    }

    private static String facts(Json details) {
        StringBuilder out = new StringBuilder("<h2>Book Details</h2>\n<dl>\n");
        for (String[] fact : FACTS) {
            details.member(fact[0])
                    .ifPresent(value ->
                            out.append("<dt>" + fact[1] + "</dt><dd>" + Html.escaped(value.plain()) + "</dd>\n"));
        }
        return out.append("</dl>\n").toString();
    }

    private static String reviews(Json body) {
        StringBuilder out = new StringBuilder("<h2>Book Reviews</h2>\n");
        for (Json review : body.member("reviews").map(Json::items).orElse(List.of())) {
            out.append("<blockquote>\n<p>" + Html.escaped(text(review, "text")) + "</p>\n");
            review.member("rating").ifPresent(rating -> out.append(rating(rating)));
            out.append("<cite>" + Html.escaped(text(review, "reviewer")) + "</cite>\n</blockquote>\n");
        }
        body.member("podname")
                .ifPresent(pod ->
                        out.append("<p>Reviews served by: <code>" + Html.escaped(pod.plain()) + "</code></p>\n"));
        return out.toString();
    }

    private static String rating(Json rating) {
        Optional<Json> error = rating.member("error");
        if (error.isPresent()) {
            return "<p class=\"notice\">" + Html.escaped(error.get().plain()) + "</p>\n";
        }
        int stars = starsOf(rating);
        String colour = text(rating, "color").equals("red") ? "red" : "black";
        return "<p class=\"stars " + colour + "\" role=\"img\" aria-label=\"" + stars + " of " + MOST_STARS
                + " stars\">" + "★".repeat(stars) + "☆".repeat(MOST_STARS - stars) + "</p>\n";
    }

    private static int starsOf(Json rating) {
        try {
            return Math.clamp(Math.round(Double.parseDouble(text(rating, "stars"))), 0, MOST_STARS);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String text(Json json, String member) {
        return json.member(member).map(Json::plain).orElse("");
    }

    private static String document(Optional<String> user, String main) {
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<title>Simple Bookstore App</title>\n<style>\n" + STYLE + "</style>\n</head>\n<body>\n<header>\n"
                + "<a class=\"brand\" href=\"productpage\">BookInfo Sample</a>\n" + signIn(user)
                + "</header>\n<main>\n" + main + "</main>\n"
                + "<footer>A sample application of Flotilla.</footer>\n</body>\n</html>\n";
    }

    private static String signIn(Optional<String> user) {
        return user.map(name -> "<p>Signed in as <strong>" + Html.escaped(name)
                        + "</strong> (<a href=\"logout\">sign out</a>)</p>\n")
                .orElse("""
                        <form method="post" action="login">
                        <label>User name <input name="username" autocomplete="username" required maxlength="64"></label>
                        <label>Password <input name="passwd" type="password" autocomplete="off"></label>
                        <button type="submit">Sign in</button>
                        </form>
                        """);
    }
}
