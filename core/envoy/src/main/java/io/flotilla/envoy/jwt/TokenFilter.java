package io.flotilla.envoy.jwt;

import com.google.protobuf.Empty;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirement;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirementAndList;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtRequirementOrList;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RequirementRule;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authentication.TokenRule;
import io.flotilla.envoy.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Envoy's filter envoy.filters.http.jwt_authn for a policy. What a good token says is metadata of that filter under
 * {@link #PAYLOAD}; a preflight of CORS (which cannot carry a token) passes.
 */
public final class TokenFilter {
    /** Name of the filter, and of the metadata that it leaves. */
    public static final String NAME = "envoy.filters.http.jwt_authn";

    /** The key of that metadata under which all claims are. */
    public static final String PAYLOAD = "payload";

    private TokenFilter() {}

    /** Nothing where no token is looked at. */
    public static Optional<HttpFilter> of(TokenPolicy policy) {
        return switch (policy) {
            case TokenPolicy.Current(List<TokenRule> rules) ->
                rules.isEmpty()
                        ? Optional.empty()
                        : Optional.of(filter(
                                rules,
                                List.of(RequirementRule.newBuilder()
                                        .setMatch(everywhere())
                                        .setRequires(goodOrMissing(rules.size()))
                                        .build())));
            case TokenPolicy.Classic classic ->
                Optional.of(filter(
                        classic.origins().stream().map(TokenPolicy.Origin::rule).toList(),
                        TriggeredOrigins.rules(classic)));
        };
    }

    /** Every path, and what has none. */
    static RouteMatch everywhere() {
        return RouteMatch.newBuilder().setPrefix("").build();
    }

    static String name(int rule) {
        return "issuer-" + rule;
    }

    static JwtRequirement by(int rule) {
        return JwtRequirement.newBuilder().setProviderName(name(rule)).build();
    }

    /** At least one of these, which are not empty. */
    static JwtRequirement any(List<JwtRequirement> of) {
        return of.size() == 1
                ? of.getFirst()
                : JwtRequirement.newBuilder()
                        .setRequiresAny(JwtRequirementOrList.newBuilder().addAllRequirements(of))
                        .build();
    }

    private static HttpFilter filter(List<TokenRule> rules, List<RequirementRule> requirements) {
        JwtAuthentication.Builder config =
                JwtAuthentication.newBuilder().setBypassCorsPreflight(true).addAllRules(requirements);
        for (int i = 0; i < rules.size(); i++) {
            config.putProviders(name(i), Providers.of(rules.get(i)));
        }
        return HttpFilter.newBuilder()
                .setName(NAME)
                .setTypedConfig(Wire.any(config.build()))
                .build();
    }

    // Several issuers' tokens may be in one place: one of them is good there, or none has brought a bad one anywhere.
    private static JwtRequirement goodOrMissing(int rules) {
        JwtRequirement missing = JwtRequirement.newBuilder()
                .setAllowMissing(Empty.getDefaultInstance())
                .build();
        List<JwtRequirement> each =
                IntStream.range(0, rules).mapToObj(TokenFilter::by).toList();
        if (rules == 1) {
            return any(List.of(each.getFirst(), missing));
        }
        JwtRequirement noneBad = JwtRequirement.newBuilder()
                .setRequiresAll(JwtRequirementAndList.newBuilder()
                        .addAllRequirements(each.stream()
                                .map(one -> any(List.of(one, missing)))
                                .toList()))
                .build();
        return any(
                new ArrayList<>(Stream.concat(each.stream(), Stream.of(noneBad)).toList()));
    }
}
