package io.flotilla.config.validate;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.Problems;
import java.util.Map;
import java.util.TreeMap;

/** The rules of each kind. */
public final class Validators {
    private static final Map<String, ForKind<?>> RULES = new TreeMap<>();

    static {
        add(Kind.VIRTUAL_SERVICE, VirtualService.class, VirtualServiceRules::check);
        add(Kind.DESTINATION_RULE, DestinationRule.class, DestinationRuleRules::check);
        add(Kind.GATEWAY, Gateway.class, GatewayRules::check);
        add(Kind.SERVICE_ENTRY, ServiceEntry.class, ServiceEntryRules::check);
        add(Kind.PEER_AUTHENTICATION, PeerAuthentication.class, AuthenticationRules::peers);
        add(Kind.POLICY, Policy.class, AuthenticationRules::policy);
        add(Kind.MESH_POLICY, Policy.class, AuthenticationRules::meshPolicy);
        add(Kind.SERVICE, Struct.class, KubernetesServiceRules::check);
        add(Kind.POD, Struct.class, KubernetesPodRules::pod);
        add(Kind.DEPLOYMENT, Struct.class, KubernetesPodRules::controller);
        add(Kind.STATEFUL_SET, Struct.class, KubernetesPodRules::controller);
        add(Kind.DAEMON_SET, Struct.class, KubernetesPodRules::controller);
        add(Kind.REPLICA_SET, Struct.class, KubernetesPodRules::controller);
        add(Kind.ENDPOINTS, Struct.class, KubernetesPodRules::endpoints);
        add(Kind.ENDPOINT_SLICE, Struct.class, KubernetesPodRules::endpoints);
        add(Kind.CONFIG_MAP, Struct.class, MeshConfigRules::check);
    }

    private Validators() {}

    /**
     * Adds what is wrong with an object to {@code problems}.
     *
     * @param classic judge by the rules of Istio 1.1 where they differ
     */
    public static void validate(Config<?> config, boolean classic, Problems problems) {
        ForKind<?> rules = RULES.get(config.key().kind().toString());
        if (rules != null) {
            rules.check(config, new Check(problems, classic));
        }
    }

    private static <T extends Message> void add(Kind kind, Class<T> message, Check.Rules<T> rules) {
        RULES.put(kind.toString(), new ForKind<>(message, rules));
    }

    private record ForKind<T extends Message>(Class<T> message, Check.Rules<T> rules) {
        @SuppressWarnings("unchecked") // the message is looked at first
        void check(Config<?> config, Check check) {
            if (message.isInstance(config.spec())) {
                rules.check((Config<T>) config, check);
            }
        }
    }
}
