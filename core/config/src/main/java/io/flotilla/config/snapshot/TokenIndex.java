package io.flotilla.config.snapshot;

import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.authentication.v1alpha1.PrincipalBinding;
import io.flotilla.api.identity.v1.KeySet;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.api.type.v1beta1.PolicyTargetReference;
import io.flotilla.config.authentication.KnownKeys;
import io.flotilla.config.authentication.TokenPolicy;
import io.flotilla.config.authentication.TokenReader;
import io.flotilla.config.authentication.TokenRule;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.model.Clause;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.MeshSnapshot.InboundPort;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Whose tokens a workload believes: the rules of all RequestAuthentications that apply; where none does, the origins of
 * the classic policy that decides for the port.
 */
final class TokenIndex {
    private static final Comparator<Config<RequestAuthentication>> OLDEST = Comparator.comparing(
                    (Config<RequestAuthentication> config) -> config.created())
            .thenComparing(Config::name);

    private final PolicyTargets targets;
    private final TokenReader reader;
    private final Map<String, List<Config<RequestAuthentication>>> current = new HashMap<>();
    private final ClassicPolicies classic;
    private final Map<ObjectKey, List<TokenRule>> read = new ConcurrentHashMap<>();

    TokenIndex(ObjectTable objects, MeshSettings settings) {
        KnownKeys keys = KnownKeys.of(objects.all(Kind.KEY_SET, KeySet.class));
        this.targets = new PolicyTargets(settings.rootNamespace());
        this.reader = new TokenReader(keys::at);
        this.classic = new ClassicPolicies(objects);
        for (var config : objects.all(Kind.REQUEST_AUTHENTICATION, RequestAuthentication.class)) {
            current.computeIfAbsent(config.namespace(), namespace -> new ArrayList<>())
                    .add(config);
        }
        current.values().forEach(each -> each.sort(OLDEST));
    }

    /** At a port of a workload; 0 for ports that no service has. */
    TokenPolicy at(Guarded workload, int port, List<InboundPort> inbound) {
        List<TokenRule> rules = rules(at(workload, serving(port, inbound)));
        return rules.isEmpty()
                ? classic.deciding(workload.namespace(), port, inbound)
                        .map(policy -> reader.read(policy.spec()))
                        .orElse(TokenPolicy.NONE)
                : new TokenPolicy.Current(rules);
    }

    /**
     * At an edge, for requests to these Gateways.
     *
     * @param port where the edge's pods listen
     */
    TokenPolicy atEdge(Guarded workload, int port, Collection<ObjectKey> gateways, List<InboundPort> inbound) {
        List<TokenRule> rules = rules(atEdge(workload, gateways));
        return rules.isEmpty()
                ? classic.deciding(workload.namespace(), port, inbound)
                        .map(policy -> reader.read(policy.spec()))
                        .orElse(TokenPolicy.NONE)
                : new TokenPolicy.Current(rules);
    }

    /** A classic policy decides, and has the principal of requests be that of their connections. */
    boolean principalIsPeer(Guarded workload, int port, List<InboundPort> inbound) {
        return classic.deciding(workload.namespace(), port, inbound)
                        .filter(policy -> policy.spec().getPrincipalBinding() == PrincipalBinding.USE_PEER)
                        .isPresent()
                && rules(at(workload, serving(port, inbound))).isEmpty();
    }

    /** What says the rules of {@link #at(Guarded, int, List)}, in their order. */
    List<Clause> clauses(Guarded workload, int port, List<InboundPort> inbound) {
        return clauses(at(workload, serving(port, inbound)), workload, port, inbound);
    }

    /** What says the rules of {@link #atEdge(Guarded, int, Collection, List)}, in their order. */
    List<Clause> edgeClauses(Guarded workload, int port, Collection<ObjectKey> gateways, List<InboundPort> inbound) {
        return clauses(atEdge(workload, gateways), workload, port, inbound);
    }

    private List<Clause> clauses(
            List<Config<RequestAuthentication>> policies, Guarded workload, int port, List<InboundPort> inbound) {
        List<Clause> clauses = new ArrayList<>();
        for (Config<RequestAuthentication> policy : policies) {
            for (int i = 0; i < policy.spec().getJwtRulesCount(); i++) {
                clauses.add(new Clause(policy.key(), "spec.jwtRules[" + i + "]"));
            }
        }
        return clauses.isEmpty()
                ? classic.deciding(workload.namespace(), port, inbound)
                        .map(TokenIndex::origins)
                        .orElse(List.of())
                : clauses;
    }

    private static List<Clause> origins(Config<Policy> policy) {
        List<Clause> clauses = new ArrayList<>();
        for (int i = 0; i < policy.spec().getOriginsCount(); i++) {
            if (policy.spec().getOrigins(i).hasJwt()) {
                clauses.add(new Clause(policy.key(), "spec.origins[" + i + "].jwt"));
            }
        }
        return clauses.isEmpty() ? List.of(new Clause(policy.key(), "spec.principalBinding")) : clauses;
    }

    private static List<MeshService> serving(int port, List<InboundPort> inbound) {
        return inbound.stream()
                .filter(each -> each.endpointPort() == port)
                .map(InboundPort::service)
                .distinct()
                .toList();
    }

    private List<Config<RequestAuthentication>> at(Guarded workload, List<MeshService> services) {
        return applying(workload, List.of(), target -> PolicyTargets.isService(target, services));
    }

    private List<Config<RequestAuthentication>> atEdge(Guarded workload, Collection<ObjectKey> gateways) {
        return applying(
                workload,
                gateways.stream().map(ObjectKey::namespace).sorted().toList(),
                target -> PolicyTargets.isGateway(target, gateways));
    }

    private List<Config<RequestAuthentication>> applying(
            Guarded workload, List<String> others, Predicate<PolicyTargetReference> serves) {
        return Stream.concat(Stream.of(targets.root(), workload.namespace()), others.stream())
                .distinct()
                .flatMap(each -> current.getOrDefault(each, List.of()).stream())
                .filter(policy -> targets.apply(
                        policy.namespace(), policy.spec().getSelector(), named(policy.spec()), workload, serves))
                .toList();
    }

    private List<TokenRule> rules(List<Config<RequestAuthentication>> policies) {
        return policies.stream()
                .flatMap(policy -> read
                        .computeIfAbsent(
                                policy.key(),
                                key -> policy.spec().getJwtRulesList().stream()
                                        .map(reader::read)
                                        .toList())
                        .stream())
                .toList();
    }

    private static List<PolicyTargetReference> named(RequestAuthentication policy) {
        return policy.hasTargetRef()
                ? Stream.concat(policy.getTargetRefsList().stream(), Stream.of(policy.getTargetRef()))
                        .toList()
                : policy.getTargetRefsList();
    }
}
