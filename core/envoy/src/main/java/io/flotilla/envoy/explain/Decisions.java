package io.flotilla.envoy.explain;

import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.flotilla.api.networking.v1alpha3.HTTPRoute;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.analysis.Positions;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.RuleParts;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.explain.Step.Decision;
import io.flotilla.envoy.gateway.LeftOutServer;
import io.flotilla.envoy.route.RuleOrigin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which object made a resource what it is: what metadata says (filter_metadata "istio", "config"), and the rule in it. */
final class Decisions {
    private final Scope scope;
    private final Map<ObjectKey, Config<?>> written = new TreeMap<>();
    private final Positions positions;

    Decisions(Scope scope, Iterable<Config<?>> objects, Positions positions) {
        this.scope = scope;
        this.positions = positions;
        objects.forEach(object -> written.put(object.key(), object));
    }

    /** The rule that made a route. */
    Optional<Decision> of(Route route, int port) {
        return owner(route.getMetadata(), Kind.VIRTUAL_SERVICE).map(key -> rule(key, route, port));
    }

    private Decision rule(ObjectKey key, Route route, int port) {
        Optional<Config<VirtualService>> merged = scope
                .snapshot()
                .virtualServices(scope.view().namespace())
                .stream()
                .filter(rule -> rule.key().resourceName().equals(key.resourceName()))
                .findFirst();
        int index =
                merged.map(rule -> RuleOrigin.index(scope, rule, port, route)).orElse(-1);
        Config<?> root = written.get(key);
        if (merged.isEmpty() || index < 0 || root == null || !(root.spec() instanceof VirtualService spec)) {
            return decision(key, FieldPath.ROOT, merged.map(Config::origin).orElse(Origin.NONE));
        }
        if (spec.getHttpList().stream().noneMatch(HTTPRoute::hasDelegate)) {
            return decision(key, FieldPath.parse("spec.http[" + index + "]"), root.origin());
        }
        return delegated(key, spec, merged.get().spec().getHttp(index));
    }

    // A merged rule has the name of its leaf, or else the one of the root that says all itself.
    private Decision delegated(ObjectKey key, VirtualService root, HTTPRoute merged) {
        for (int i = 0; i < root.getHttpCount(); i++) {
            HTTPRoute route = root.getHttp(i);
            if (!route.hasDelegate() && route.equals(merged)) {
                return decision(key, FieldPath.parse("spec.http[" + i + "]"), Origin.NONE);
            }
            if (!route.hasDelegate()) {
                continue;
            }
            String namespace = route.getDelegate().getNamespace();
            ObjectKey leaf = ObjectKey.of(
                    Kind.VIRTUAL_SERVICE,
                    namespace.isEmpty() ? key.namespace() : namespace,
                    route.getDelegate().getName());
            Config<?> found = written.get(leaf);
            if (found != null && found.spec() instanceof VirtualService spec) {
                for (int j = 0; j < spec.getHttpCount(); j++) {
                    if (comesFrom(merged, spec.getHttp(j))) {
                        return decision(leaf, FieldPath.parse("spec.http[" + j + "]"), found.origin());
                    }
                }
            }
        }
        return decision(key, FieldPath.ROOT, Origin.NONE);
    }

    private static boolean comesFrom(HTTPRoute merged, HTTPRoute leaf) {
        return merged.getName().equals(leaf.getName())
                && merged.getRouteCount() == leaf.getRouteCount()
                && merged.hasRedirect() == leaf.hasRedirect()
                && merged.hasDirectResponse() == leaf.hasDirectResponse();
    }

    /** The DestinationRule of a cluster; of a subset, where that is declared. */
    Optional<Decision> of(Cluster cluster) {
        return owner(cluster.getMetadata(), Kind.DESTINATION_RULE).map(key -> {
            // Metadata has one name, that of the oldest of several rules.
            RuleParts rules = parts(cluster.getName());
            return rules.subset(subset(cluster.getName()))
                    .map(each -> decision(
                            each.rule().key(),
                            FieldPath.parse("spec.subsets[" + each.index() + "]"),
                            each.rule().origin()))
                    .or(() -> rules.policy().map(each -> decision(each.key(), FieldPath.ROOT, each.origin())))
                    .orElseGet(() -> decision(key, FieldPath.ROOT, Origin.NONE));
        });
    }

    // "outbound|PORT|SUBSET|HOST"
    private RuleParts parts(String cluster) {
        return scope.snapshot()
                .service(
                        cluster.substring(cluster.lastIndexOf('|') + 1),
                        scope.view().namespace())
                .map(service -> scope.snapshot()
                        .destinationRuleParts(
                                service, scope.view().namespace(), scope.view().labels()))
                .orElse(new RuleParts(List.of()));
    }

    private static String subset(String cluster) {
        String[] parts = cluster.split("\\|", -1);
        return parts.length > 2 ? parts[2] : "";
    }

    /** The service that a host is. */
    Optional<Decision> of(MeshService service) {
        String kind = service.name().equals(service.hostname()) ? "ServiceEntry" : "Service";
        return Optional.of(new Decision(kind + " " + service.namespace() + "/" + service.name(), "", service.origin()));
    }

    /** The server of a Gateway that an edge leaves out. */
    Optional<Decision> of(LeftOutServer server) {
        return Optional.of(
                decision(server.gateway(), FieldPath.parse("spec.servers[" + server.index() + "]"), Origin.NONE));
    }

    /** An object as a whole. */
    Optional<Decision> of(Config<?> object) {
        return Optional.of(decision(object.key(), FieldPath.ROOT, object.origin()));
    }

    private Decision decision(ObjectKey key, FieldPath path, Origin fallback) {
        String object = key.kind().name() + " " + key.namespace() + "/" + key.name();
        Config<? extends Message> found = written.get(key);
        Origin origin = found == null ? fallback : new Origin(found.origin().file(), positions.line(found, path));
        return new Decision(object, path.toString(), origin);
    }

    private static Optional<ObjectKey> owner(Metadata metadata, Kind kind) {
        String path = metadata.getFilterMetadataOrDefault("istio", com.google.protobuf.Struct.getDefaultInstance())
                .getFieldsOrDefault("config", com.google.protobuf.Value.getDefaultInstance())
                .getStringValue();
        String[] parts = path.split("/", -1);
        return parts.length == 8 ? Optional.of(ObjectKey.of(kind, parts[5], parts[7])) : Optional.empty();
    }
}
