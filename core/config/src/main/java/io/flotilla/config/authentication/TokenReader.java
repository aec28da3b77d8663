package io.flotilla.config.authentication;

import io.flotilla.api.authentication.v1alpha1.Jwt;
import io.flotilla.api.authentication.v1alpha1.OriginAuthenticationMethod;
import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.authentication.v1alpha1.PrincipalBinding;
import io.flotilla.api.authentication.v1alpha1.StringMatch;
import io.flotilla.api.security.v1beta1.JWTRule;
import io.flotilla.config.authentication.TokenPolicy.Origin;
import io.flotilla.config.authentication.TokenPolicy.PathPattern;
import io.flotilla.config.authentication.TokenPolicy.Trigger;
import io.flotilla.config.authentication.TokenRule.ClaimHeader;
import io.flotilla.config.authentication.TokenRule.Header;
import io.flotilla.config.authentication.TokenRule.Outputs;
import io.flotilla.config.authentication.TokenRule.Places;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Reads the rules of both eras.
 *
 * @param keys the JSON Web Key Set that was found at an address; empty for none
 */
public record TokenReader(UnaryOperator<String> keys) {
    private static final String BEARER = "Bearer ";

    // Callers are to be known by a token, and there is nobody to issue one.
    private static final Origin NOBODY = new Origin(
            new TokenRule(
                    "nobody.invalid",
                    List.of(),
                    "",
                    new Places(List.of(), List.of(), List.of()),
                    new Outputs(true, "", List.of()),
                    List.of()),
            List.of());

    /** A rule of RequestAuthentication. */
    public TokenRule read(JWTRule rule) {
        return new TokenRule(
                rule.getIssuer(),
                rule.getAudiencesList(),
                keys(rule.getJwks(), rule.getJwksUri(), rule.getIssuer()),
                new Places(
                        rule.getFromHeadersList().stream()
                                .map(header -> new Header(header.getName(), header.getPrefix()))
                                .toList(),
                        rule.getFromParamsList(),
                        rule.getFromCookiesList()),
                new Outputs(
                        rule.getForwardOriginalToken(),
                        rule.getOutputPayloadToHeader(),
                        rule.getOutputClaimToHeadersList().stream()
                                .map(claim -> new ClaimHeader(claim.getHeader(), claim.getClaim()))
                                .toList()),
                rule.getSpaceDelimitedClaimsList());
    }

    /** The origins of a policy of Istio 1.1; nothing is asked where there are none. */
    public TokenPolicy read(Policy policy) {
        List<Origin> origins = policy.getOriginsList().stream()
                .filter(OriginAuthenticationMethod::hasJwt)
                .map(OriginAuthenticationMethod::getJwt)
                .map(jwt -> new Origin(rule(jwt), triggers(jwt)))
                .toList();
        if (!origins.isEmpty()) {
            return new TokenPolicy.Classic(origins, policy.getOriginIsOptional());
        }
        boolean demands = policy.getPrincipalBinding() == PrincipalBinding.USE_ORIGIN && !policy.getOriginIsOptional();
        return demands ? new TokenPolicy.Classic(List.of(NOBODY), false) : TokenPolicy.NONE;
    }

    // The application of 1.1 got the token as the client sent it.
    private TokenRule rule(Jwt jwt) {
        return new TokenRule(
                jwt.getIssuer(),
                jwt.getAudiencesList(),
                keys(jwt.getJwks(), jwt.getJwksUri(), jwt.getIssuer()),
                new Places(
                        jwt.getJwtHeadersList().stream()
                                .map(name -> new Header(name, name.equalsIgnoreCase("authorization") ? BEARER : ""))
                                .toList(),
                        jwt.getJwtParamsList(),
                        List.of()),
                new Outputs(true, "", List.of()),
                List.of());
    }

    private String keys(String given, String uri, String issuer) {
        return VerificationKeys.of(given.isEmpty() ? keys.apply(KeyAddresses.of(uri, issuer)) : given);
    }

    private static List<Trigger> triggers(Jwt jwt) {
        return jwt.getTriggerRulesList().stream()
                .map(rule -> new Trigger(patterns(rule.getExcludedPathsList()), patterns(rule.getIncludedPathsList())))
                .toList();
    }

    private static List<PathPattern> patterns(List<StringMatch> matches) {
        return matches.stream()
                .<PathPattern>map(match -> switch (match.getMatchTypeCase()) {
                    case EXACT -> new PathPattern.Exact(match.getExact());
                    case PREFIX -> new PathPattern.Prefix(match.getPrefix());
                    case SUFFIX -> new PathPattern.Suffix(match.getSuffix());
                    case REGEX -> new PathPattern.Regex(match.getRegex());
                    case MATCHTYPE_NOT_SET -> new PathPattern.Exact("");
                })
                .toList();
    }
}
