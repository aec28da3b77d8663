package io.flotilla.envoy.authz;

import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.AccessPolicy.Action;
import io.flotilla.config.authorization.AccessRule;
import io.flotilla.config.authorization.Attribute;
import io.flotilla.config.authorization.Marks;
import io.flotilla.config.authorization.Term;
import io.flotilla.envoy.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Policies for a server whose gRPC library carries them out itself (gRFC A41). What the library does not know of a call
 * (tokens, metadata, the TLS name, headers of gRPC's own) makes a rule that refuses wider and takes away one that
 * permits. It asks nobody and records nothing, so what a policy wants to be asked about or on record is refused, where a
 * proxy that can reach nobody would refuse it too.
 */
public final class LibraryFilters {
    private LibraryFilters() {}

    /** The filters, in the order in which a proxy has them. */
    public static List<HttpFilter> of(Guards guards) {
        List<HttpFilter> filters = new ArrayList<>();
        if (guards.authorization().wantsOneHost()) {
            filters.add(filter("hosts", Hosts.refuseSeveral()));
        }
        List<AccessPolicy> unanswered = guards.authorization().policies().stream()
                .filter(policy -> refused(guards, policy))
                .toList();
        add("unanswered", RBAC.Action.DENY, unanswered, filters);
        add("deny", RBAC.Action.DENY, guards.authorization().of(Action.DENY, false), filters);
        add("allow", RBAC.Action.ALLOW, guards.authorization().of(Action.ALLOW, false), filters);
        return filters;
    }

    /** One filter; the library wants each of another name. */
    public static HttpFilter filter(String what, RBAC rules) {
        return HttpFilter.newBuilder()
                .setName(Marks.HTTP + "." + what)
                .setTypedConfig(Wire.any(io.envoyproxy
                        .envoy
                        .extensions
                        .filters
                        .http
                        .rbac
                        .v3
                        .RBAC
                        .newBuilder()
                        .setRules(Dialect.of(rules))
                        .build()))
                .build();
    }

    private static boolean refused(Guards guards, AccessPolicy policy) {
        boolean tolerated = guards.recorder()
                .filter(recorder -> recorder.isAsked(policy) && recorder.tolerates(policy))
                .isPresent();
        return !policy.dryRun()
                && !tolerated
                && switch (policy.action()) {
                    case CUSTOM -> true;
                    case AUDIT -> guards.recorder().isPresent();
                    case DENY, ALLOW -> false;
                };
    }

    private static void add(String what, RBAC.Action action, List<AccessPolicy> policies, List<HttpFilter> filters) {
        Function<AccessRule, Optional<AccessRule>> told =
                rule -> rule.at(LibraryFilters::isTold, action == RBAC.Action.DENY);
        Rules.of(action, policies, told)
                .filter(rules -> action == RBAC.Action.ALLOW || rules.getPoliciesCount() > 0)
                .ifPresent(rules -> filters.add(filter(what, rules)));
    }

    private static boolean isTold(Term term) {
        Attribute attribute = term.attribute();
        return switch (attribute.kind()) {
            case PRINCIPAL,
                    NAMESPACE,
                    SERVICE_ACCOUNT,
                    TRUST_DOMAIN,
                    SOURCE_IP,
                    REMOTE_IP,
                    HOST,
                    METHOD,
                    PATH,
                    PORT,
                    DESTINATION_IP -> true;
            case HEADER -> {
                String name = attribute.path().getFirst();
                yield !name.startsWith("grpc-") && !name.equals(":scheme") && !name.equals("te");
            }
            case REQUEST_PRINCIPAL, AUDIENCE, PRESENTER, CLAIM, SERVER_NAME, METADATA, UNKNOWN -> false;
        };
    }
}
