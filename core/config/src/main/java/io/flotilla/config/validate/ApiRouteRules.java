package io.flotilla.config.validate;

import io.flotilla.api.gatewayapi.v1.GRPCRoute;
import io.flotilla.api.gatewayapi.v1.GRPCRouteRule;
import io.flotilla.api.gatewayapi.v1.Layer4Rule;
import io.flotilla.api.gatewayapi.v1.TCPRoute;
import io.flotilla.api.gatewayapi.v1.TLSRoute;
import io.flotilla.config.gatewayapi.AnyBackend;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** GRPCRoute, TLSRoute and TCPRoute of the Gateway API. */
final class ApiRouteRules {
    private static final String CODE = "FL0517";
    private static final String HOSTS = "FL0516";

    private final Check check;
    private final ApiSyntax syntax;
    private final ApiBackendRules backends;

    private ApiRouteRules(Check check) {
        this.check = check;
        this.syntax = new ApiSyntax(check);
        this.backends = new ApiBackendRules(check);
    }

    static void grpc(Config<GRPCRoute> config, Check check) {
        GRPCRoute spec = config.spec();
        FieldPath at = Check.spec();
        ApiRouteRules rules = new ApiRouteRules(check);
        new ApiReferenceRules(check).parents(spec.getParentRefsList(), at.field("parentRefs"));
        rules.backends.defaultGateways(spec.hasUseDefaultGateways(), spec.getUseDefaultGateways(), at);
        rules.syntax.hostnames(spec.getHostnamesList(), 16, HOSTS, at.field("hostnames"));
        rules.grpcRules(spec.getRulesList(), at.field("rules"));
    }

    private void grpcRules(List<GRPCRouteRule> rules, FieldPath at) {
        syntax.atMost(16, rules.size(), CODE, at);
        backends.ruleNames(rules.stream().map(GRPCRouteRule::getName).toList(), at);
        ApiMatchRules matches = new ApiMatchRules(check);
        ApiFilterRules filters = new ApiFilterRules(check);
        int total = 0;
        for (int i = 0; i < rules.size(); i++) {
            GRPCRouteRule rule = rules.get(i);
            FieldPath place = at.item(i);
            total += rule.getMatchesCount();
            syntax.atMost(64, rule.getMatchesCount(), CODE, place.field("matches"));
            for (int j = 0; j < rule.getMatchesCount(); j++) {
                matches.grpc(rule.getMatches(j), place.field("matches").item(j));
            }
            filters.grpc(rule.getFiltersList(), place.field("filters"));
            syntax.atMost(16, rule.getBackendRefsCount(), ApiBackendRules.CODE, place.field("backendRefs"));
            for (int j = 0; j < rule.getBackendRefsCount(); j++) {
                FieldPath backend = place.field("backendRefs").item(j);
                backends.weighted(AnyBackend.weighted(rule.getBackendRefs(j)), backend);
                filters.grpc(rule.getBackendRefs(j).getFiltersList(), backend.field("filters"));
            }
            if (rule.hasSessionPersistence()) {
                backends.session(rule.getSessionPersistence(), place.field("sessionPersistence"));
            }
        }
        check.require(total <= 128, CODE, at, "has " + total + " matches in all rules, of which 128 are allowed");
    }

    static void tls(Config<TLSRoute> config, Check check) {
        TLSRoute spec = config.spec();
        FieldPath at = Check.spec();
        ApiRouteRules rules = new ApiRouteRules(check);
        new ApiReferenceRules(check).parents(spec.getParentRefsList(), at.field("parentRefs"));
        rules.backends.defaultGateways(spec.hasUseDefaultGateways(), spec.getUseDefaultGateways(), at);
        rules.syntax.hostnames(spec.getHostnamesList(), 1_024, HOSTS, at.field("hostnames"));
        if (spec.getHostnamesCount() == 0) {
            check.warning(
                    HOSTS,
                    at.field("hostnames"),
                    "is required since v1 of the API; write the names that clients ask for");
        }
        rules.layer4(spec.getRulesList(), at.field("rules"));
    }

    static void tcp(Config<TCPRoute> config, Check check) {
        TCPRoute spec = config.spec();
        FieldPath at = Check.spec();
        ApiRouteRules rules = new ApiRouteRules(check);
        new ApiReferenceRules(check).parents(spec.getParentRefsList(), at.field("parentRefs"));
        rules.backends.defaultGateways(spec.hasUseDefaultGateways(), spec.getUseDefaultGateways(), at);
        rules.layer4(spec.getRulesList(), at.field("rules"));
    }

    private void layer4(List<Layer4Rule> rules, FieldPath at) {
        syntax.atLeastOne(rules.size(), CODE, at);
        syntax.atMost(16, rules.size(), CODE, at);
        backends.ruleNames(rules.stream().map(Layer4Rule::getName).toList(), at);
        for (int i = 0; i < rules.size(); i++) {
            backends.layer4(rules.get(i).getBackendRefsList(), at.item(i).field("backendRefs"));
            if (i > 0) {
                check.warning(
                        CODE, at.item(i), "is never reached: rules have no conditions, the first takes everything");
            }
        }
    }
}
