package io.flotilla.config.validate;

import io.flotilla.api.authentication.v1alpha1.Jwt;
import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.authentication.v1alpha1.PortSelector;
import io.flotilla.api.authentication.v1alpha1.TargetSelector;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What callers must show: PeerAuthentication, and the classic Policy and MeshPolicy. */
final class AuthenticationRules {
    private static final String DEFAULT = "default";
    private static final FieldPath NAME = FieldPath.ROOT.field("metadata").field("name");

    private AuthenticationRules() {}

    static void peers(Config<PeerAuthentication> config, Check check) {
        PeerAuthentication policy = config.spec();
        FieldPath at = Check.spec();
        boolean selects = policy.getSelector().getMatchLabelsCount() > 0;
        check.labels(
                policy.getSelector().getMatchLabelsMap(), at.field("selector").field("matchLabels"));
        FieldPath ports = at.field("portLevelMtls");
        policy.getPortLevelMtlsMap()
                .keySet()
                .forEach(port -> check.port(port, ports.field(Integer.toUnsignedString(port))));
        check.require(
                policy.getPortLevelMtlsCount() == 0 || selects,
                "FL0501",
                ports,
                "needs a selector: ports are those of chosen workloads");
    }

    static void policy(Config<Policy> config, Check check) {
        boolean named = config.name().equals(DEFAULT);
        boolean targeted = config.spec().getTargetsCount() > 0;
        check.require(
                targeted || named,
                "FL0601",
                NAME,
                "a policy without targets holds for its namespace and is named \"default\"");
        check.require(
                !targeted || !named,
                "FL0601",
                Check.spec().field("targets"),
                "the policy named \"default\" has no targets");
        targets(config.spec().getTargetsList(), Check.spec().field("targets"), check);
        tokens(config.spec(), check);
    }

    static void meshPolicy(Config<Policy> config, Check check) {
        check.require(config.name().equals(DEFAULT), "FL0602", NAME, "the policy of the mesh is named \"default\"");
        check.require(
                config.spec().getTargetsCount() == 0,
                "FL0602",
                Check.spec().field("targets"),
                "the policy of the mesh has no targets");
        tokens(config.spec(), check);
    }

    private static void targets(List<TargetSelector> targets, FieldPath at, Check check) {
        for (int i = 0; i < targets.size(); i++) {
            TargetSelector target = targets.get(i);
            check.require(
                    Names.isLabel(target.getName()),
                    "FL0603",
                    at.item(i).field("name"),
                    "\"" + target.getName() + "\" is not the short name of a service");
            for (int j = 0; j < target.getPortsCount(); j++) {
                port(target.getPorts(j), at.item(i).field("ports").item(j), check);
            }
        }
    }

    private static void port(PortSelector port, FieldPath at, Check check) {
        switch (port.getPortCase()) {
            case NUMBER -> check.port(port.getNumber(), at.field("number"));
            case NAME ->
                check.require(
                        Names.isLabel(port.getName()),
                        "FL0603",
                        at.field("name"),
                        "\"" + port.getName() + "\" is no port name");
            case PORT_NOT_SET -> check.error("FL0603", at, "needs a number or a name");
        }
    }

    private static void tokens(Policy policy, Check check) {
        Set<String> issuers = new HashSet<>();
        for (int i = 0; i < policy.getPeersCount(); i++) {
            if (policy.getPeers(i).hasJwt()) {
                token(
                        policy.getPeers(i).getJwt(),
                        issuers,
                        Check.spec().field("peers").item(i).field("jwt"),
                        check);
            }
        }
        for (int i = 0; i < policy.getOriginsCount(); i++) {
            token(
                    policy.getOrigins(i).getJwt(),
                    issuers,
                    Check.spec().field("origins").item(i).field("jwt"),
                    check);
        }
        if (policy.getOriginsCount() > 0) {
            check.warning(
                    "FL0605", Check.spec().field("origins"), "tokens of end users are not acted on by this version");
        }
    }

    private static void token(Jwt jwt, Set<String> issuers, FieldPath at, Check check) {
        check.require(!jwt.getIssuer().isEmpty(), "FL0604", at.field("issuer"), "is required");
        check.require(
                issuers.add(jwt.getIssuer()),
                "FL0604",
                at.field("issuer"),
                "\"" + jwt.getIssuer() + "\" is given twice");
        notEmpty(jwt.getAudiencesList(), at.field("audiences"), check);
        notEmpty(jwt.getJwtHeadersList(), at.field("jwtHeaders"), check);
        notEmpty(jwt.getJwtParamsList(), at.field("jwtParams"), check);
        String uri = jwt.getJwksUri();
        check.require(
                uri.isEmpty() || isWeb(uri), "FL0604", at.field("jwksUri"), "\"" + uri + "\" is no http or https URL");
        for (int i = 0; i < jwt.getTriggerRulesCount(); i++) {
            FieldPath rule = at.field("triggerRules").item(i);
            var trigger = jwt.getTriggerRules(i);
            for (int j = 0; j < trigger.getExcludedPathsCount(); j++) {
                check.regex(
                        trigger.getExcludedPaths(j).getRegex(),
                        rule.field("excludedPaths").item(j));
            }
            for (int j = 0; j < trigger.getIncludedPathsCount(); j++) {
                check.regex(
                        trigger.getIncludedPaths(j).getRegex(),
                        rule.field("includedPaths").item(j));
            }
        }
    }

    private static void notEmpty(List<String> texts, FieldPath at, Check check) {
        for (int i = 0; i < texts.size(); i++) {
            check.require(!texts.get(i).isEmpty(), "FL0604", at.item(i), "is empty");
        }
    }

    private static boolean isWeb(String text) {
        try {
            URI uri = URI.create(text);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
