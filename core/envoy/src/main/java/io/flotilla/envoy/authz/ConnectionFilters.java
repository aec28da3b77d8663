package io.flotilla.envoy.authz;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.AccessPolicy.Action;
import io.flotilla.config.authorization.Marks;
import io.flotilla.envoy.Wire;
import java.util.ArrayList;
import java.util.List;

/** The filters of connections that are not HTTP; a refused one is closed at its first byte. */
final class ConnectionFilters {
    /** Name of the filter, and of the metadata in which it tells what it found. */
    static final String NAME = Marks.TCP;

    private static final String STATISTICS = "tcp.";

    private ConnectionFilters() {}

    /**
     * The filters.
     *
     * @param clientChooses the same port serves requests, and by its first bytes a client chooses which it makes. What is
     *                      asked of requests there is asked of connections too, else it could be left out
     */
    static List<Filter> of(Guards guards, boolean clientChooses) {
        List<Filter> filters = new ArrayList<>();
        if (clientChooses && guards.tokens() instanceof TokenPolicy.Classic origins && !origins.optional()) {
            // Connections bring no tokens; a set without rules permits nothing.
            filters.add(filter(
                    NAME,
                    rbac().setRules(io.envoyproxy.envoy.config.rbac.v3.RBAC.getDefaultInstance())
                            .build()));
        }
        for (Authorizer authorizer : guards.authorizers()) {
            asked(authorizer, guards, clientChooses, filters);
        }
        guards.recorder().ifPresent(recorder -> filters.addAll(recorded(guards, recorder)));
        enforced(guards, Action.DENY, io.envoyproxy.envoy.config.rbac.v3.RBAC.Action.DENY, filters);
        enforced(guards, Action.ALLOW, io.envoyproxy.envoy.config.rbac.v3.RBAC.Action.ALLOW, filters);
        if (guards.recorder().isEmpty()) {
            Rules.of(
                            io.envoyproxy.envoy.config.rbac.v3.RBAC.Action.LOG,
                            guards.authorization().of(Action.AUDIT, false),
                            false)
                    .filter(rules -> rules.getPoliciesCount() > 0)
                    .ifPresent(rules ->
                            filters.add(filter(NAME, rbac().setRules(rules).build())));
        }
        return filters;
    }

    private static List<Filter> recorded(Guards guards, Recorder recorder) {
        return new Recording<>(
                        guards,
                        recorder,
                        false,
                        (rules, mark) -> filter(
                                NAME,
                                rbac().setShadowRules(rules)
                                        .setShadowRulesStatPrefix(mark)
                                        .build()),
                        (mark, tolerates) -> filter("envoy.filters.network.ext_authz", recorder.tcp(mark, tolerates)))
                .filters();
    }

    private static void enforced(
            Guards guards, Action action, io.envoyproxy.envoy.config.rbac.v3.RBAC.Action how, List<Filter> filters) {
        RBAC.Builder rbac = rbac();
        Rules.of(how, guards.authorization().of(action, false), false).ifPresent(rbac::setRules);
        Rules.of(how, guards.authorization().of(action, true), false)
                .ifPresent(rules -> rbac.setShadowRules(rules)
                        .setShadowRulesStatPrefix(action == Action.DENY ? Marks.TRIED_DENY : Marks.TRIED_ALLOW));
        if (rbac.hasRules() || rbac.hasShadowRules()) {
            filters.add(filter(NAME, rbac.build()));
        }
    }

    // Only gRPC knows of connections; one who must be asked and cannot be refuses.
    private static void asked(Authorizer authorizer, Guards guards, boolean wide, List<Filter> filters) {
        List<AccessPolicy> policies = guards.authorization().of(Action.CUSTOM, false).stream()
                .filter(policy -> policy.provider().equals(authorizer.name()))
                .toList();
        Rules.of(io.envoyproxy.envoy.config.rbac.v3.RBAC.Action.DENY, policies, false, wide)
                .filter(rules -> rules.getPoliciesCount() > 0)
                .ifPresent(rules -> {
                    if (authorizer.isReachable() && authorizer.isGrpc()) {
                        filters.add(filter(
                                NAME,
                                rbac().setShadowRules(rules)
                                        .setShadowRulesStatPrefix(authorizer.prefix())
                                        .build()));
                        filters.add(filter("envoy.filters.network.ext_authz", Questions.tcp(authorizer)));
                    } else {
                        filters.add(filter(NAME, rbac().setRules(rules).build()));
                    }
                });
    }

    private static RBAC.Builder rbac() {
        return RBAC.newBuilder().setStatPrefix(STATISTICS);
    }

    private static Filter filter(String name, Message config) {
        return Filter.newBuilder()
                .setName(name)
                .setTypedConfig(Wire.any(config))
                .build();
    }
}
