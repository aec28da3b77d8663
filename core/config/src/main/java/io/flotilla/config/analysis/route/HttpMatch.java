package io.flotilla.config.analysis.route;

import io.flotilla.api.networking.v1alpha3.HTTPMatchRequest;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.StringMatch;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Labels;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One alternative of an HTTP rule: what a request must be to be taken by it.
 *
 * @param rule     index of the rule
 * @param index    index of the match in it; -1 where the rule has none and takes everything
 * @param match    its conditions
 * @param gateways where it applies
 */
record HttpMatch(int rule, int index, HTTPMatchRequest match, Set<String> gateways) {
    /** The alternatives of all rules, in order. */
    static List<HttpMatch> of(VirtualService service) {
        List<HttpMatch> all = new ArrayList<>();
        Set<String> everywhere = new TreeSet<>(Routing.gateways(service));
        for (int i = 0; i < service.getHttpCount(); i++) {
            HTTPRoute route = service.getHttp(i);
            if (route.getMatchCount() == 0) {
                all.add(new HttpMatch(i, -1, HTTPMatchRequest.getDefaultInstance(), everywhere));
            }
            for (int j = 0; j < route.getMatchCount(); j++) {
                HTTPMatchRequest match = route.getMatch(j);
                Set<String> here = match.getGatewaysCount() == 0 ? everywhere : new TreeSet<>(match.getGatewaysList());
                all.add(new HttpMatch(i, j, match, here));
            }
        }
        return all;
    }

    /** Where it stands. */
    FieldPath at() {
        FieldPath place = Paths.item("http", rule);
        return index < 0 ? place : place.field("match").item(index);
    }

    /** Every request that {@code other} takes is taken by this one. */
    boolean covers(HttpMatch other) {
        HTTPMatchRequest theirs = other.match;
        return gateways.containsAll(other.gateways)
                && (match.getPort() == 0 || match.getPort() == theirs.getPort())
                && Labels.fit(match.getSourceLabelsMap(), theirs.getSourceLabelsMap())
                && (match.getSourceNamespace().isEmpty()
                        || match.getSourceNamespace().equals(theirs.getSourceNamespace()))
                && coversOne(match.hasMethod(), match.getMethod(), theirs.hasMethod(), theirs.getMethod())
                && coversOne(match.hasScheme(), match.getScheme(), theirs.hasScheme(), theirs.getScheme())
                && coversOne(match.hasAuthority(), match.getAuthority(), theirs.hasAuthority(), theirs.getAuthority())
                && Strings.coversPath(match, theirs)
                && coversAll(match.getHeadersMap(), theirs.getHeadersMap(), true)
                && coversAll(match.getQueryParamsMap(), theirs.getQueryParamsMap(), false)
                && excludesNoMore(match.getWithoutHeadersMap(), theirs.getWithoutHeadersMap());
    }

    private static boolean coversOne(boolean given, StringMatch outer, boolean other, StringMatch inner) {
        return !given || (other && Strings.covers(outer, inner));
    }

    private static boolean coversAll(Map<String, StringMatch> outer, Map<String, StringMatch> inner, boolean anyCase) {
        return outer.entrySet().stream().allMatch(each -> {
            StringMatch theirs = find(inner, each.getKey(), anyCase);
            return theirs != null && Strings.covers(each.getValue(), theirs);
        });
    }

    private static boolean excludesNoMore(Map<String, StringMatch> outer, Map<String, StringMatch> inner) {
        return outer.entrySet().stream().allMatch(each -> {
            StringMatch theirs = find(inner, each.getKey(), true);
            return theirs != null && Strings.covers(theirs, each.getValue());
        });
    }

    /** Names of headers are the same in any case. */
    static @Nullable StringMatch find(Map<String, StringMatch> matches, String name, boolean anyCase) {
        StringMatch exact = matches.get(name);
        if (exact != null || !anyCase) {
            return exact;
        }
        return matches.entrySet().stream()
                .filter(each -> each.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }
}
