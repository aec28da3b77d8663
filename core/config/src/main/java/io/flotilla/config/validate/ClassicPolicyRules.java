package io.flotilla.config.validate;

import io.flotilla.api.authentication.v1alpha1.Jwt;
import io.flotilla.api.authentication.v1alpha1.PeerAuthenticationMethod;
import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.authentication.v1alpha1.PortSelector;
import io.flotilla.api.authentication.v1alpha1.PrincipalBinding;
import io.flotilla.api.authentication.v1alpha1.StringMatch;
import io.flotilla.api.authentication.v1alpha1.TargetSelector;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Policy and MeshPolicy have in common: targets, peers and origins. */
final class ClassicPolicyRules {
    private static final String TARGET = "FL0603";
    private static final String METHOD = "FL0604";
    private static final String NO_EFFECT = "FL0461";

    private final Check check;
    private final Set<String> issuers = new HashSet<>();
    private final Set<String> targeted = new HashSet<>();

    ClassicPolicyRules(Check check) {
        this.check = check;
    }

    void policy(Policy policy, FieldPath at) {
        for (int i = 0; i < policy.getTargetsCount(); i++) {
            target(policy.getTargets(i), at.field("targets").item(i));
        }
        peers(policy.getPeersList(), at.field("peers"));
        FieldPath origins = at.field("origins");
        for (int i = 0; i < policy.getOriginsCount(); i++) {
            check.require(policy.getOrigins(i).hasJwt(), METHOD, origins.item(i), "needs jwt");
            if (policy.getOrigins(i).hasJwt()) {
                token(policy.getOrigins(i).getJwt(), origins.item(i).field("jwt"));
            }
        }
        if (policy.getOriginsCount() == 0) {
            if (policy.getPrincipalBinding() == PrincipalBinding.USE_ORIGIN) {
                check.warning(METHOD, at.field("principalBinding"), "without origins USE_ORIGIN refuses every request");
            }
            if (policy.getOriginIsOptional()) {
                check.warning(NO_EFFECT, at.field("originIsOptional"), "has no effect without origins");
            }
        }
    }

    private void target(TargetSelector target, FieldPath at) {
        check.require(
                Names.isLabel(target.getName()),
                TARGET,
                at.field("name"),
                target.getName().isEmpty()
                        ? "is required"
                        : "\"" + target.getName() + "\" is not the short name of a service");
        check.labels(target.getLabelsMap(), at.field("labels"));
        if (target.getPortsCount() == 0) {
            once(target.getName(), at);
        }
        for (int i = 0; i < target.getPortsCount(); i++) {
            FieldPath place = at.field("ports").item(i);
            PortSelector port = target.getPorts(i);
            switch (port.getPortCase()) {
                case NUMBER -> check.port(port.getNumber(), place.field("number"));
                case NAME ->
                    check.require(
                            Names.isLabel(port.getName()),
                            TARGET,
                            place.field("name"),
                            "\"" + port.getName() + "\" is no port name");
                case PORT_NOT_SET -> check.error(TARGET, place, "needs a number or a name");
            }
            once(target.getName() + ":" + (port.hasNumber() ? port.getNumber() : port.getName()), place);
        }
    }

    private void once(String target, FieldPath at) {
        if (!targeted.add(target)) {
            check.warning(TARGET, at, "\"" + target + "\" is given twice");
        }
    }

    private void peers(List<PeerAuthenticationMethod> peers, FieldPath at) {
        boolean mutual = false;
        for (int i = 0; i < peers.size(); i++) {
            switch (peers.get(i).getParamsCase()) {
                case MTLS -> {
                    check.require(!mutual, METHOD, at.item(i), "mtls is given twice");
                    mutual = true;
                    if (peers.get(i).getMtls().getAllowTls()) {
                        check.warning(
                                NO_EFFECT,
                                at.item(i).field("mtls").field("allowTls"),
                                "is deprecated and has no effect; write \"mode: PERMISSIVE\"");
                    }
                }
                case JWT -> {
                    token(peers.get(i).getJwt(), at.item(i).field("jwt"));
                    check.warning(
                            NO_EFFECT, at.item(i).field("jwt"), "has no effect: of peers, only mtls is looked at");
                }
                case PARAMS_NOT_SET -> check.error(METHOD, at.item(i), "needs mtls or jwt");
            }
        }
    }

    private void token(Jwt jwt, FieldPath at) {
        FieldPath issuer = at.field("issuer");
        check.require(!jwt.getIssuer().isEmpty(), METHOD, issuer, "is required");
        check.require(
                jwt.getIssuer().isEmpty() || issuers.add(jwt.getIssuer()),
                METHOD,
                issuer,
                "\"" + jwt.getIssuer() + "\" is given twice");
        notEmpty(jwt.getAudiencesList(), at.field("audiences"));
        notEmpty(jwt.getJwtHeadersList(), at.field("jwtHeaders"));
        notEmpty(jwt.getJwtParamsList(), at.field("jwtParams"));
        String uri = jwt.getJwksUri();
        check.require(
                uri.isEmpty() || Urls.isWeb(uri),
                METHOD,
                at.field("jwksUri"),
                "\"" + uri + "\" is no http or https URL");
        check.require(
                uri.isEmpty() || jwt.getJwks().isEmpty(),
                METHOD,
                at.field("jwks"),
                "cannot be given together with jwksUri");
        check.require(
                jwt.getJwks().isEmpty() || jwt.getJwks().contains("\"keys\""),
                METHOD,
                at.field("jwks"),
                "is no set of keys: {\"keys\": [...]}");
        for (int i = 0; i < jwt.getTriggerRulesCount(); i++) {
            FieldPath rule = at.field("triggerRules").item(i);
            paths(jwt.getTriggerRules(i).getExcludedPathsList(), rule.field("excludedPaths"));
            paths(jwt.getTriggerRules(i).getIncludedPathsList(), rule.field("includedPaths"));
        }
    }

    private void paths(List<StringMatch> paths, FieldPath at) {
        for (int i = 0; i < paths.size(); i++) {
            StringMatch path = paths.get(i);
            String text = switch (path.getMatchTypeCase()) {
                case EXACT -> path.getExact();
                case PREFIX -> path.getPrefix();
                case SUFFIX -> path.getSuffix();
                case REGEX -> path.getRegex();
                case MATCHTYPE_NOT_SET -> "";
            };
            check.require(!text.isEmpty(), METHOD, at.item(i), "needs exact, prefix, suffix or regex with a text");
            if (path.hasRegex()) {
                check.regex(text, at.item(i).field("regex"));
            }
        }
    }

    private void notEmpty(List<String> texts, FieldPath at) {
        for (int i = 0; i < texts.size(); i++) {
            check.require(!texts.get(i).isEmpty(), METHOD, at.item(i), "is empty");
        }
    }
}
