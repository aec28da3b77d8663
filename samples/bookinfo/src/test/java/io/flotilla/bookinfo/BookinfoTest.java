package io.flotilla.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.bookinfo.http.Response;
import io.flotilla.bookinfo.http.Upstream;
import io.flotilla.bookinfo.http.WebServer;
import io.flotilla.bookinfo.productpage.ProductPage;
import io.flotilla.bookinfo.ratings.Ratings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BookinfoTest {
    private static final Stars RED = new Stars.Coloured("red");

    @Test
    void thePageShowsDetailsAndReviewsWithColouredStars() throws IOException, InterruptedException {
        try (Shop shop = Shop.with(RED)) {
            HttpResponse<String> page = shop.get("/productpage");

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
            assertThat(page.body())
                    .contains("<title>Simple Bookstore App</title>", "Book Details", "William Shakespeare")
                    .contains("Book Reviews", "Reviewer1", "Reviewer2")
                    .contains("class=\"stars red\" role=\"img\" aria-label=\"5 of 5 stars\"", "★★★★☆")
                    .contains("Reviews served by: <code>reviews-0</code>");
        }
    }

    @Test
    void withoutStarsRatingsAreNotAsked() throws IOException, InterruptedException {
        try (Shop shop = Shop.with(new Stars.None())) {
            assertThat(shop.get("/productpage").body()).contains("Reviewer1").doesNotContain("★");
            assertThat(shop.reviewsAsked).hasSize(1);
            assertThat(shop.ratingsAsked).isEmpty();
        }
    }

    @Test
    void theApiAnswersInTheShapeThatIsKnown() throws IOException, InterruptedException {
        try (Shop shop = Shop.with(RED)) {
            assertThat(shop.get("/api/v1/products").body()).contains("\"id\":0,\"title\":\"The Comedy of Errors\"");
            assertThat(shop.get("/api/v1/products/7").body())
                    .startsWith("{\"id\":7,\"author\":\"William Shakespeare\",\"year\":1595,\"type\":\"paperback\"")
                    .endsWith("\"ISBN-13\":\"123-1234567890\"}");
            assertThat(shop.get("/api/v1/products/0/reviews").body())
                    .startsWith(
                            "{\"id\":\"0\",\"podname\":\"reviews-0\",\"clustername\":\"null\",\"reviews\":[{\"reviewer\"")
                    .contains("\"rating\":{\"stars\":5,\"color\":\"red\"}");
            assertThat(shop.get("/api/v1/products/0/ratings").body())
                    .isEqualTo("{\"id\":0,\"ratings\":{\"Reviewer1\":5,\"Reviewer2\":4}}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v1/products/x", "/api/v1/products/0/nothing", "/api/v1/products/0/reviews/1", "/other"})
    void whatDoesNotExistIsNotFound(String path) throws IOException, InterruptedException {
        try (Shop shop = Shop.with(RED)) {
            assertThat(shop.get(path).statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-request-id",
                "x-b3-traceid",
                "x-b3-sampled",
                "b3",
                "traceparent",
                "tracestate",
                "x-ot-span-context",
                "x-datadog-trace-id",
                "end-user",
                "user-agent",
                "authorization"
            })
    void whatTracingAndUsersNeedReachesTheLastService(String header) throws IOException, InterruptedException {
        try (Shop shop = Shop.with(RED)) {
            shop.get("/productpage", header, "value-of-" + header);

            assertThat(shop.detailsAsked)
                    .allMatch(asked -> asked.header(header).orElse("").equals("value-of-" + header));
            assertThat(shop.ratingsAsked)
                    .hasSize(1)
                    .allMatch(asked -> asked.header(header).orElse("").equals("value-of-" + header));
        }
    }

    @Test
    void whoSignsInIsTheEndUserOfAllServicesUntilSigningOut() throws IOException, InterruptedException {
        try (Shop shop = Shop.with(RED)) {
            HttpResponse<String> login =
                    shop.post("/login", "application/x-www-form-urlencoded", "username=jason&passwd=any");
            assertThat(login.statusCode()).isEqualTo(302);
            String cookie =
                    login.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];

            assertThat(shop.get("/productpage", "Cookie", cookie).body()).contains("<strong>jason</strong>");
            assertThat(shop.ratingsAsked)
                    .hasSize(1)
                    .allMatch(asked -> asked.header("end-user").orElse("").equals("jason"));
            assertThat(shop.get("/logout", "Cookie", cookie).headers().firstValue("Set-Cookie"))
                    .get()
                    .asString()
                    .startsWith("session=;")
                    .contains("Max-Age=0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"username=", "passwd=x", "username=a%0d%0ax-admin:%20yes", "username=%zz"})
    void aNameThatCannotStandInAHeaderIsRefused(String form) throws IOException, InterruptedException {
        try (Shop shop = Shop.with(RED)) {
            assertThat(shop.post("/login", "application/x-www-form-urlencoded", form)
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void aNameIsShownAsTextNotAsHtml() throws IOException, InterruptedException {
        try (Shop shop = Shop.with(RED)) {
            HttpResponse<String> login = shop.post(
                    "/login", "application/x-www-form-urlencoded", "username=%3Cscript%3Ealert(1)%3C/script%3E");
            String cookie =
                    login.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];

            assertThat(shop.get("/productpage", "Cookie", cookie).body())
                    .contains("&lt;script&gt;")
                    .doesNotContain("<script>");
        }
    }

    @Test
    void withoutRatingsTheReviewsStayAndSaySo() throws IOException, InterruptedException {
        try (Shop shop = Shop.with(RED, request -> Response.error(500, "broken"))) {
            HttpResponse<String> page = shop.get("/productpage");

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("Reviewer1", "Ratings service is currently unavailable");
            assertThat(shop.get("/api/v1/products/0/ratings").statusCode()).isEqualTo(500);
        }
    }

    @Test
    void reviewsThatFailAreAskedForTwice() throws IOException, InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        WebServer failing = WebServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), request -> {
            asked.incrementAndGet();
            return Response.error(503, "away");
        });
        Upstream away = Upstream.at("127.0.0.1", failing.port(), "");
        Response page = new ProductPage(new Services(away, away, away)).answer(Calls.get("/productpage"));
        failing.drain(Calls.AT_ONCE);

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body())
                .contains("Error fetching product details!", "Error fetching product reviews!")
                .contains("Sorry, product reviews are currently unavailable for this book.");
        assertThat(asked).as("details once, reviews twice").hasValue(3);
    }

    @Test
    void aPostReplacesTheRatings() {
        Ratings ratings = new Ratings();

        assertThat(ratings.answer(Calls.post("/ratings/3", "{\"Reviewer1\":1}")).body())
                .isEqualTo("{\"id\":3,\"ratings\":{\"Reviewer1\":1}}");
        assertThat(ratings.answer(Calls.get("/ratings/3")).body()).contains("\"Reviewer1\":1");
        assertThat(ratings.answer(Calls.get("/ratings/4")).body()).contains("\"Reviewer1\":5");
        assertThat(ratings.answer(Calls.post("/ratings/3", "{")).status()).isEqualTo(400);
        assertThat(ratings.answer(Calls.get("/ratings/three")).status()).isEqualTo(400);
    }
}
