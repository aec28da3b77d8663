package io.flotilla.config.analysis.gatewayapi;

import io.flotilla.api.gatewayapi.v1.GRPCBackend;
import io.flotilla.api.gatewayapi.v1.GRPCRoute;
import io.flotilla.api.gatewayapi.v1.HTTPBackend;
import io.flotilla.api.gatewayapi.v1.HTTPRoute;
import io.flotilla.api.gatewayapi.v1.Layer4Rule;
import io.flotilla.api.gatewayapi.v1.ParentReference;
import io.flotilla.api.gatewayapi.v1.TCPRoute;
import io.flotilla.api.gatewayapi.v1.TLSRoute;
import io.flotilla.api.gatewayapi.v1.WeightedBackend;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;

/** A route of any protocol: what it hangs on and where it leads. */
record ApiRoute(Config<?> config, List<ParentReference> parents, List<Backend> backends) {
    /** One backend of a rule. */
    record Backend(FieldPath at, String group, String kind, String namespace, String name, int port) {}

    static List<ApiRoute> all(Mesh mesh) {
        List<ApiRoute> all = new ArrayList<>();
        for (Config<?> config : mesh.objects()) {
            switch (config.spec()) {
                case HTTPRoute route -> all.add(http(config, route));
                case GRPCRoute route -> all.add(grpc(config, route));
                case TLSRoute route -> all.add(l4(config, route.getParentRefsList(), route.getRulesList()));
                case TCPRoute route -> all.add(l4(config, route.getParentRefsList(), route.getRulesList()));
                default -> {}
            }
        }
        return all;
    }

    private static FieldPath at(int rule, int backend) {
        return Paths.item("rules", rule).field("backendRefs").item(backend);
    }

    private static ApiRoute http(Config<?> config, HTTPRoute route) {
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < route.getRulesCount(); i++) {
            for (int j = 0; j < route.getRules(i).getBackendRefsCount(); j++) {
                HTTPBackend each = route.getRules(i).getBackendRefs(j);
                backends.add(new Backend(
                        at(i, j),
                        each.getGroup(),
                        each.getKind(),
                        each.getNamespace(),
                        each.getName(),
                        each.getPort()));
            }
        }
        return new ApiRoute(config, route.getParentRefsList(), backends);
    }

    private static ApiRoute grpc(Config<?> config, GRPCRoute route) {
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < route.getRulesCount(); i++) {
            for (int j = 0; j < route.getRules(i).getBackendRefsCount(); j++) {
                GRPCBackend each = route.getRules(i).getBackendRefs(j);
                backends.add(new Backend(
                        at(i, j),
                        each.getGroup(),
                        each.getKind(),
                        each.getNamespace(),
                        each.getName(),
                        each.getPort()));
            }
        }
        return new ApiRoute(config, route.getParentRefsList(), backends);
    }

    private static ApiRoute l4(Config<?> config, List<ParentReference> parents, List<Layer4Rule> rules) {
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            for (int j = 0; j < rules.get(i).getBackendRefsCount(); j++) {
                WeightedBackend each = rules.get(i).getBackendRefs(j);
                backends.add(new Backend(
                        at(i, j),
                        each.getGroup(),
                        each.getKind(),
                        each.getNamespace(),
                        each.getName(),
                        each.getPort()));
            }
        }
        return new ApiRoute(config, parents, backends);
    }
}
