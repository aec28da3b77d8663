package io.flotilla.envoy.authz;

import com.google.protobuf.Message;
import io.flotilla.api.rbac.v1alpha1.RbacConfig;
import io.flotilla.api.rbac.v1alpha1.ServiceRole;
import io.flotilla.api.rbac.v1alpha1.ServiceRoleBinding;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.Authorization;
import io.flotilla.config.authorization.ClassicRoles;
import io.flotilla.config.authorization.CurrentPolicies;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.config.authorization.TrustDomains;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What holds at one workload, as users write it. */
sealed interface PolicySet {
    String NAMESPACE = "foo";
    TrustDomains DOMAINS = new TrustDomains("cluster.local", List.of());

    /** As the product reads it. */
    Authorization read();

    /** As its documentation has it. */
    boolean permits(Asked asked);

    record Current(List<AuthorizationPolicy> policies) implements PolicySet {
        @Override
        public Authorization read() {
            CurrentPolicies reader = new CurrentPolicies(DOMAINS);
            List<AccessPolicy> read = new ArrayList<>();
            for (int i = 0; i < policies.size(); i++) {
                read.add(reader.read(written(Kind.AUTHORIZATION_POLICY, "p" + i, policies.get(i))));
            }
            return new Authorization(read);
        }

        @Override
        public boolean permits(Asked asked) {
            return Judge.permits(policies, NAMESPACE, asked);
        }
    }

    /**
     * Roles of 1.1.
     *
     * @param roles by name
     * @param peer  principalBinding: USE_PEER
     */
    record Classic(RbacConfig config, Map<String, ServiceRole> roles, List<ServiceRoleBinding> bindings, boolean peer)
            implements PolicySet {
        static final String HOST = "cart.foo.svc.cluster.local";
        static final Map<String, String> LABELS = Map.of("version", "v1");

        @Override
        public Authorization read() {
            List<Config<ServiceRole>> named = new ArrayList<>();
            roles.forEach((name, role) -> named.add(written(Kind.SERVICE_ROLE, name, role)));
            List<Config<ServiceRoleBinding>> bound = new ArrayList<>();
            for (int i = 0; i < bindings.size(); i++) {
                bound.add(written(Kind.SERVICE_ROLE_BINDING, "b" + i, bindings.get(i)));
            }
            return new Authorization(
                    new ClassicRoles(Optional.of(written(Kind.CLUSTER_RBAC_CONFIG, "default", config)), DOMAINS)
                            .of(
                                    new Guarded(NAMESPACE, "server", LABELS),
                                    List.of(new ClassicRoles.Called(HOST, "cart")),
                                    named,
                                    bound,
                                    peer));
        }

        @Override
        public boolean permits(Asked asked) {
            return RolesJudge.permits(this, asked);
        }
    }

    private static <T extends Message> Config<T> written(Kind kind, String name, T spec) {
        return new Config<>(
                ObjectKey.of(kind, NAMESPACE, name), spec, Map.of(), Map.of(), Instant.EPOCH, "", new Origin("", 0));
    }
}
