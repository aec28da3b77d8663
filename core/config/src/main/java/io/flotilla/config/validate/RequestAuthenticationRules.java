package io.flotilla.config.validate;

import com.google.protobuf.util.Durations;
import io.flotilla.api.security.v1beta1.ClaimToHeader;
import io.flotilla.api.security.v1beta1.JWTRule;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.yaml.YamlFile;
import io.flotilla.config.yaml.YamlNode;
import io.flotilla.config.yaml.YamlReader;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/** What a RequestAuthentication must be. */
final class RequestAuthenticationRules {
    private static final String OBJECT = "FL0360";
    private static final String RULE = "FL0361";
    private static final Pattern CLAIM_HEADER = Pattern.compile("[-_A-Za-z0-9]+");
    private static final int MAX_URI = 2048;
    private static final int MAX_CLAIMS = 64;

    private RequestAuthenticationRules() {}

    static void check(Config<RequestAuthentication> config, Check check) {
        RequestAuthentication policy = config.spec();
        FieldPath at = Check.spec();
        new TargetRules(OBJECT, check)
                .check(
                        policy.hasSelector(),
                        policy.getSelector(),
                        policy.hasTargetRef(),
                        policy.getTargetRef(),
                        policy.getTargetRefsList(),
                        at);
        Set<String> issuers = new HashSet<>();
        for (int i = 0; i < policy.getJwtRulesCount(); i++) {
            FieldPath place = at.field("jwtRules").item(i);
            JWTRule rule = policy.getJwtRules(i);
            rule(rule, place, check);
            if (!issuers.add(rule.getIssuer() + " " + rule.getAudiencesList())) {
                check.warning(
                        RULE,
                        place.field("issuer"),
                        "\"" + rule.getIssuer()
                                + "\" is given twice with the same audiences: one of them is never used");
            }
        }
    }

    private static void rule(JWTRule rule, FieldPath at, Check check) {
        check.given(rule.getIssuer(), RULE, at.field("issuer"));
        check.noneEmpty(rule.getAudiencesList(), RULE, at.field("audiences"));
        String uri = rule.getJwksUri();
        check.atMost(MAX_URI, uri, RULE, at.field("jwksUri"));
        check.require(
                uri.isEmpty() || Urls.isWeb(uri), RULE, at.field("jwksUri"), "\"" + uri + "\" is no http or https URL");
        check.require(
                uri.isEmpty() || rule.getJwks().isEmpty(),
                RULE,
                at.field("jwks"),
                "cannot be given together with \"jwksUri\"");
        check.require(
                rule.getJwks().isEmpty() || isKeySet(rule.getJwks()),
                RULE,
                at.field("jwks"),
                "is no set of keys: JSON with a list \"keys\"");
        places(rule, at, check);
        if (rule.hasTimeout()) {
            check.duration(rule.getTimeout(), at.field("timeout"));
            check.require(
                    Durations.toSeconds(rule.getTimeout()) <= 3600, RULE, at.field("timeout"), "must be at most 1h");
        }
        check.require(
                rule.getSpaceDelimitedClaimsCount() <= MAX_CLAIMS,
                RULE,
                at.field("spaceDelimitedClaims"),
                "has " + rule.getSpaceDelimitedClaimsCount() + " claims; at most " + MAX_CLAIMS);
        check.noneEmpty(rule.getSpaceDelimitedClaimsList(), RULE, at.field("spaceDelimitedClaims"));
    }

    /** Where the token is, and where what it says is put. */
    private static void places(JWTRule rule, FieldPath at, Check check) {
        for (int i = 0; i < rule.getFromHeadersCount(); i++) {
            check.headerName(
                    rule.getFromHeaders(i).getName(),
                    RULE,
                    at.field("fromHeaders").item(i).field("name"));
        }
        check.noneEmpty(rule.getFromParamsList(), RULE, at.field("fromParams"));
        check.noneEmpty(rule.getFromCookiesList(), RULE, at.field("fromCookies"));
        if (!rule.getOutputPayloadToHeader().isEmpty()) {
            check.headerName(rule.getOutputPayloadToHeader(), RULE, at.field("outputPayloadToHeader"));
        }
        for (int i = 0; i < rule.getOutputClaimToHeadersCount(); i++) {
            ClaimToHeader claim = rule.getOutputClaimToHeaders(i);
            FieldPath place = at.field("outputClaimToHeaders").item(i);
            check.require(
                    CLAIM_HEADER.matcher(claim.getHeader()).matches(),
                    RULE,
                    place.field("header"),
                    claim.getHeader().isEmpty()
                            ? "is required"
                            : "\"" + claim.getHeader() + "\" is no header name of letters, digits, \"-\" and \"_\"");
            check.given(claim.getClaim(), RULE, place.field("claim"));
        }
    }

    static boolean isKeySet(String jwks) {
        YamlFile json = new YamlReader().read("jwks", jwks);
        return json.broken().isEmpty()
                && json.documents().size() == 1
                && json.documents().getFirst().root() instanceof YamlNode.Mapping set
                && set.get("keys") instanceof YamlNode.Sequence;
    }
}
