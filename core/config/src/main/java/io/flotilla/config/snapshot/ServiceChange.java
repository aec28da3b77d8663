package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A change after which some hosts have other services or DestinationRules, of which nobody else's clusters, routes and
 * listeners show anything: the hosts speak HTTP on ports on which others do too, find their endpoints in the registry,
 * and share no name or address with others.
 *
 * @param hosts       whose services or rules came, went or changed
 * @param definitions by key, of services that are new or changed; of those that are gone none
 * @param rules       DestinationRules by key; null for those that are gone
 * @param ruled       hosts of these rules
 * @param routes      VirtualServices that lead to these hosts and whose routes may differ
 * @param selects     whether any of the services selects workloads
 */
record ServiceChange(
        Set<String> hosts,
        Map<ObjectKey, List<ServiceDefinition>> definitions,
        Map<ObjectKey, @Nullable Config<DestinationRule>> rules,
        Set<String> ruled,
        Set<ObjectKey> routes,
        boolean selects) {
    /** More hosts than this are worth a look at everything: taken one by one they cost as much. */
    private static final int MOST = 1_024;

    private static final ServiceChange NONE =
            new ServiceChange(Set.of(), Map.of(), Map.of(), Set.of(), Set.of(), false);

    /** The change between two tables of objects; empty where it may be more. */
    static Optional<ServiceChange> of(IndexedSnapshot previous, ObjectTable objects, Set<ObjectKey> touched) {
        if (touched.isEmpty()) {
            return Optional.of(NONE);
        }
        if (touched.size() > MOST) {
            return Optional.empty();
        }
        Reading reading = new Reading(previous, objects);
        return touched.stream().allMatch(reading::takes) ? reading.end() : Optional.empty();
    }

    /** A change that leaves an object's services the very same is none of these. */
    static boolean concerns(IndexedSnapshot previous, ObjectTable objects, ObjectKey key) {
        if (key.kind().equals(Kind.DESTINATION_RULE) || key.kind().equals(Kind.REGISTRY_SERVICE)) {
            return true;
        }
        return key.kind().equals(Kind.SERVICE_ENTRY)
                && !EndpointChange.endpointsOnly(previous.objects().get(key), objects.get(key));
    }

    private static final class Reading {
        private final IndexedSnapshot previous;
        private final ServiceIndex services;
        private final ObjectTable objects;
        private final ServiceDefinitions making;
        private final Set<String> hosts = new HashSet<>();
        private final Map<ObjectKey, List<ServiceDefinition>> definitions = new HashMap<>();
        private final List<MeshService> involved = new ArrayList<>();
        private final Map<ObjectKey, @Nullable Config<DestinationRule>> rules = new HashMap<>();
        private final Set<String> ruled = new HashSet<>();
        private boolean selects;
        // Only then a rule is seen in routes.
        private boolean hashes;

        Reading(IndexedSnapshot previous, ObjectTable objects) {
            this.previous = previous;
            this.services = previous.indexes().services();
            this.objects = objects;
            this.making = new ServiceDefinitions(previous.settings(), SnapshotBuilder.mesh(objects), objects);
        }

        @SuppressWarnings("unchecked") // the kind says what an object holds
        boolean takes(ObjectKey key) {
            Config<?> then = previous.objects().get(key);
            Config<?> now = objects.get(key);
            if (key.kind().equals(Kind.DESTINATION_RULE)) {
                rules.put(key, (Config<DestinationRule>) now);
                hashes |= hashes((Config<DestinationRule>) then) || hashes((Config<DestinationRule>) now);
                return rule((Config<DestinationRule>) then)
                        && rule((Config<DestinationRule>) now)
                        && failover((Config<DestinationRule>) then).equals(failover((Config<DestinationRule>) now));
            }
            List<ServiceDefinition> after = now == null
                    ? List.of()
                    : key.kind().equals(Kind.REGISTRY_SERVICE)
                            ? List.of(making.registered((Config<Service>) now))
                            : making.declared((Config<ServiceEntry>) now);
            List<ServiceDefinition> before = services.of(key);
            List<ServiceDefinition> kept = SnapshotBuilder.kept(before, after);
            definitions.put(key, kept);
            return Stream.concat(before.stream(), kept.stream()).allMatch(this::takes);
        }

        private boolean takes(ServiceDefinition definition) {
            MeshService service = definition.service();
            hosts.add(service.hostname());
            involved.add(service);
            selects |= !definition.selector().isEmpty();
            return plain(service);
        }

        private static boolean plain(MeshService service) {
            boolean told = service.external()
                    || service.name().equals(service.hostname())
                    || !service.addresses().isEmpty();
            return told
                    && service.resolution() == MeshService.Resolution.REGISTRY
                    && !service.hostname().startsWith("*")
                    && service.ports().stream().allMatch(port -> port.protocol().isHttp());
        }

        // One that chooses its clients by labels makes views differ that did not.
        private boolean rule(@Nullable Config<DestinationRule> rule) {
            if (rule == null) {
                return true;
            }
            String host = Hostnames.resolve(
                    rule.spec().getHost(), rule.namespace(), previous.settings().domainSuffix());
            List<MeshService> named = services.named(host);
            ruled.add(host);
            // A rule for a host that is no service holds for nobody.
            if (!named.isEmpty()) {
                hosts.add(host);
                involved.addAll(named);
            }
            return !host.startsWith("*")
                    && rule.spec().getWorkloadSelector().getMatchLabelsCount() == 0
                    && named.stream().allMatch(Reading::plain);
        }

        private static boolean hashes(@Nullable Config<DestinationRule> rule) {
            return rule != null && Balancers.hash(rule.spec());
        }

        private static Set<String> failover(@Nullable Config<DestinationRule> rule) {
            return rule == null ? Set.of() : FailoverLabels.of(rule.spec()).collect(Collectors.toSet());
        }

        Optional<ServiceChange> end() {
            // What is left of a host in other namespaces comes to light where one goes.
            hosts.forEach(host -> involved.addAll(services.named(host)));
            if (hosts.size() > MOST
                    || !involved.stream().allMatch(Reading::plain)
                    || (selects && previous.indexes().mtls().disables())) {
                return Optional.empty();
            }
            Neighbours neighbours =
                    new Neighbours(hosts, involved, previous.settings().domainSuffix());
            Set<ObjectKey> routes = new HashSet<>();
            boolean alone = !definitions.isEmpty() && !neighbours.speakAsOthers(services);
            if (alone || !neighbours.apart(services) || mentioned() || !rules(neighbours, routes)) {
                return Optional.empty();
            }
            return Optional.of(new ServiceChange(hosts, definitions, rules, ruled, routes, selects));
        }

        private boolean rules(Neighbours neighbours, Set<ObjectKey> routes) {
            boolean told = hashes || !definitions.isEmpty();
            for (Config<VirtualService> rule : previous.indexes().routes().all()) {
                switch (neighbours.met(rule, definitions.isEmpty())) {
                    case NOTHING -> {}
                    case ROUTES -> {
                        if (told) {
                            routes.add(rule.key());
                        }
                    }
                    case MORE -> {
                        return false;
                    }
                }
            }
            return true;
        }

        // Who collects logs, authorizes or gives modules may be a service: then clusters of other names follow it.
        private boolean mentioned() {
            MeshSettings settings = previous.settings();
            Collection<?> plugins = objects.all(Kind.WASM_PLUGIN, io.flotilla.api.extensions.v1alpha1.WasmPlugin.class);
            if (!plugins.isEmpty()) {
                return true;
            }
            String texts = settings.accessLogService() + ' ' + settings.zipkin() + ' ' + SnapshotBuilder.mesh(objects);
            return hosts.stream().anyMatch(host -> texts.contains(host.substring(0, (host + ".").indexOf('.'))));
        }
    }
}
