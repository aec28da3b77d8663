package io.flotilla.config.analysis.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/** What a match is said to cover is compared with requests that are matched one by one, as a proxy would. */
class HttpMatchProperties {
    /** A request as far as matches look at it; names of headers in lower case. */
    record Request(String path, String method, int port, Map<String, String> headers, Map<String, String> query) {}

    @Property(tries = 20_000)
    void whatCoversAnotherTakesAllOfItsRequests(
            @ForAll("matches") HTTPMatchRequest outer,
            @ForAll("matches") HTTPMatchRequest inner,
            @ForAll("requests") Request request) {
        boolean covers = first(outer).covers(first(inner));
        Statistics.label("covers").collect(covers);
        if (covers && takes(inner, request)) {
            assertThat(takes(outer, request)).isTrue();
        }
    }

    @Property(tries = 2000)
    void everyMatchCoversItself(@ForAll("matches") HTTPMatchRequest match) {
        assertThat(first(match).covers(first(match))).isTrue();
    }

    @Property(tries = 2000)
    void theIndexFindsWhatPairwiseComparisonFinds(
            @ForAll("lists") List<HTTPMatchRequest> earlier, @ForAll("matches") HTTPMatchRequest later) {
        EarlierMatches index = new EarlierMatches();
        earlier.forEach(each -> index.add(first(each)));
        boolean pairwise = earlier.stream().anyMatch(each -> first(each).covers(first(later)));

        assertThat(index.covering(first(later)).isPresent()).isEqualTo(pairwise);
    }

    private static HttpMatch first(HTTPMatchRequest match) {
        return HttpMatch.of(VirtualService.newBuilder()
                        .addHttp(HTTPRoute.newBuilder().addMatch(match))
                        .build())
                .getFirst();
    }

    private static boolean takes(HTTPMatchRequest match, Request request) {
        String path = match.getIgnoreUriCase() ? request.path().toLowerCase(Locale.ROOT) : request.path();
        StringMatch uri = match.getIgnoreUriCase() ? lower(match.getUri()) : match.getUri();
        return (!match.hasUri() || takes(uri, path))
                && (!match.hasMethod() || takes(match.getMethod(), request.method()))
                && (match.getPort() == 0 || match.getPort() == request.port())
                && match.getHeadersMap().entrySet().stream()
                        .allMatch(each -> takes(
                                each.getValue(),
                                request.headers().get(each.getKey().toLowerCase(Locale.ROOT))))
                && match.getQueryParamsMap().entrySet().stream()
                        .allMatch(each -> takes(each.getValue(), request.query().get(each.getKey())))
                && match.getWithoutHeadersMap().entrySet().stream()
                        .noneMatch(each -> takes(
                                each.getValue(),
                                request.headers().get(each.getKey().toLowerCase(Locale.ROOT))));
    }

    private static boolean takes(StringMatch match, @Nullable String text) {
        if (text == null) {
            return false;
        }
        return switch (match.getMatchTypeCase()) {
            case EXACT -> text.equals(match.getExact());
            case PREFIX -> text.startsWith(match.getPrefix());
            case REGEX -> Pattern.matches(match.getRegex(), text);
            case MATCHTYPE_NOT_SET -> true;
        };
    }

    private static StringMatch lower(StringMatch match) {
        return switch (match.getMatchTypeCase()) {
            case EXACT -> exact(match.getExact().toLowerCase(Locale.ROOT));
            case PREFIX -> prefix(match.getPrefix().toLowerCase(Locale.ROOT));
            case REGEX, MATCHTYPE_NOT_SET -> match;
        };
    }

    private static StringMatch exact(String text) {
        return StringMatch.newBuilder().setExact(text).build();
    }

    private static StringMatch prefix(String text) {
        return StringMatch.newBuilder().setPrefix(text).build();
    }

    private static StringMatch regex(String text) {
        return StringMatch.newBuilder().setRegex(text).build();
    }

    @Provide
    Arbitrary<List<HTTPMatchRequest>> lists() {
        return matches().list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<HTTPMatchRequest> matches() {
        Arbitrary<StringMatch> uris = Arbitraries.of(
                exact("/a"),
                exact("/A"),
                exact("/a/b"),
                prefix("/"),
                prefix("/a"),
                prefix("/A"),
                prefix("/a/"),
                regex(".*"),
                regex("/a.*"),
                regex("/[ab]"),
                regex("/a/b"));
        Arbitrary<StringMatch> values = Arbitraries.of(
                exact("x"), exact("xy"), prefix("x"), regex("x.*"), regex(".*"), StringMatch.getDefaultInstance());
        Arbitrary<Map<String, StringMatch>> maps =
                Arbitraries.maps(Arbitraries.of("h", "H", "k"), values).ofMaxSize(1);
        Arbitrary<Map<String, StringMatch>> none = Arbitraries.just(Map.of());
        return Combinators.combine(
                        uris.injectNull(0.3),
                        Arbitraries.of(true, false, false, false),
                        Arbitraries.of(exact("GET"), prefix("P"), regex("GET|PUT"))
                                .injectNull(0.7),
                        Arbitraries.of(0, 0, 0, 80),
                        Arbitraries.oneOf(none, maps),
                        Arbitraries.oneOf(none, none, maps),
                        Arbitraries.oneOf(none, none, maps))
                .as(HttpMatchProperties::match);
    }

    private static HTTPMatchRequest match(
            @Nullable StringMatch uri,
            boolean anyCase,
            @Nullable StringMatch method,
            int port,
            Map<String, StringMatch> headers,
            Map<String, StringMatch> query,
            Map<String, StringMatch> without) {
        HTTPMatchRequest.Builder match =
                HTTPMatchRequest.newBuilder().setPort(port).setIgnoreUriCase(anyCase);
        if (uri != null) {
            match.setUri(uri);
        }
        if (method != null) {
            match.setMethod(method);
        }
        return match.putAllHeaders(headers)
                .putAllQueryParams(query)
                .putAllWithoutHeaders(without)
                .build();
    }

    @Provide
    Arbitrary<Request> requests() {
        Arbitrary<Map<String, String>> values = Arbitraries.maps(
                        Arbitraries.of("h", "k"), Arbitraries.of("x", "xy", "z", ""))
                .ofMaxSize(2)
                .map(TreeMap::new);
        return Combinators.combine(
                        Arbitraries.of("/", "/a", "/A", "/a/b", "/A/B", "/b", "/ab"),
                        Arbitraries.of("GET", "PUT", "POST"),
                        Arbitraries.of(80, 81),
                        values,
                        values)
                .as(Request::new);
    }
}
