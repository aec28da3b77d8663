package io.flotilla.envoy.authz;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.AccessPolicy.Action;
import io.flotilla.config.authorization.Marks;
import io.flotilla.envoy.Wire;
import java.util.ArrayList;
import java.util.List;

/** The filters of requests. */
final class RequestFilters {
    /** Name of the filter, and of the metadata in which it tells what it found. */
    static final String NAME = Marks.HTTP;

    private RequestFilters() {}

    static List<HttpFilter> of(Guards guards) {
        List<HttpFilter> filters = new ArrayList<>();
        if (guards.authorization().wantsOneHost()) {
            filters.add(filter(
                    NAME, RBAC.newBuilder().setRules(Hosts.refuseSeveral()).build()));
        }
        for (Authorizer authorizer : guards.authorizers()) {
            asked(authorizer, guards).ifPresent(filters::addAll);
        }
        guards.recorder().ifPresent(recorder -> filters.addAll(recorded(guards, recorder)));
        enforced(guards, Action.DENY, io.envoyproxy.envoy.config.rbac.v3.RBAC.Action.DENY, filters);
        enforced(guards, Action.ALLOW, io.envoyproxy.envoy.config.rbac.v3.RBAC.Action.ALLOW, filters);
        if (guards.recorder().isEmpty()) {
            Rules.of(
                            io.envoyproxy.envoy.config.rbac.v3.RBAC.Action.LOG,
                            guards.authorization().of(Action.AUDIT, false),
                            true)
                    .ifPresent(rules -> filters.add(
                            filter(NAME, RBAC.newBuilder().setRules(rules).build())));
        }
        return filters;
    }

    private static List<HttpFilter> recorded(Guards guards, Recorder recorder) {
        return new Recording<>(
                        guards,
                        recorder,
                        true,
                        (rules, mark) -> filter(
                                NAME,
                                RBAC.newBuilder()
                                        .setShadowRules(rules)
                                        .setShadowRulesStatPrefix(mark)
                                        .build()),
                        (mark, tolerates) -> filter("envoy.filters.http.ext_authz", recorder.http(mark, tolerates)))
                .filters();
    }

    private static void enforced(
            Guards guards,
            Action action,
            io.envoyproxy.envoy.config.rbac.v3.RBAC.Action how,
            List<HttpFilter> filters) {
        RBAC.Builder rbac = RBAC.newBuilder();
        Rules.of(how, guards.authorization().of(action, false), true).ifPresent(rbac::setRules);
        Rules.of(how, guards.authorization().of(action, true), true)
                .ifPresent(rules -> rbac.setShadowRules(rules)
                        .setShadowRulesStatPrefix(action == Action.DENY ? Marks.TRIED_DENY : Marks.TRIED_ALLOW));
        if (rbac.hasRules() || rbac.hasShadowRules()) {
            filters.add(filter(NAME, rbac.build()));
        }
    }

    // One whom nobody can ask refuses: the policies say that a request needs an answer.
    private static java.util.Optional<List<HttpFilter>> asked(Authorizer authorizer, Guards guards) {
        List<AccessPolicy> policies = guards.authorization().of(Action.CUSTOM, false).stream()
                .filter(policy -> policy.provider().equals(authorizer.name()))
                .toList();
        return Rules.of(io.envoyproxy.envoy.config.rbac.v3.RBAC.Action.DENY, policies, true)
                .map(rules -> authorizer.isReachable()
                        ? List.of(
                                filter(
                                        NAME,
                                        RBAC.newBuilder()
                                                .setShadowRules(rules)
                                                .setShadowRulesStatPrefix(authorizer.prefix())
                                                .build()),
                                filter("envoy.filters.http.ext_authz", Questions.http(authorizer)))
                        : List.of(filter(NAME, RBAC.newBuilder().setRules(rules).build())));
    }

    private static HttpFilter filter(String name, Message config) {
        return HttpFilter.newBuilder()
                .setName(name)
                .setTypedConfig(Wire.any(config))
                .build();
    }
}
