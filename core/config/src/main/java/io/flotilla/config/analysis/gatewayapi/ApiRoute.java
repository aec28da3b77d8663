package io.flotilla.config.analysis.gatewayapi;

import com.google.protobuf.Message;
import io.flotilla.api.gatewayapi.v1.GRPCRoute;
import io.flotilla.api.gatewayapi.v1.GRPCRouteRule;
import io.flotilla.api.gatewayapi.v1.HTTPRoute;
import io.flotilla.api.gatewayapi.v1.HTTPRouteRule;
import io.flotilla.api.gatewayapi.v1.Layer4Rule;
import io.flotilla.api.gatewayapi.v1.ParentReference;
import io.flotilla.api.gatewayapi.v1.TCPRoute;
import io.flotilla.api.gatewayapi.v1.TLSRoute;
import io.flotilla.api.gatewayapi.v1.WeightedBackend;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.gatewayapi.AnyBackend;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A route of any protocol: what it hangs on and where it leads. */
record ApiRoute(Config<?> config, List<ParentReference> parents, List<Backend> backends) {
    /** One backend of a rule. */
    record Backend(FieldPath at, WeightedBackend to) {}

    static List<ApiRoute> all(Mesh mesh) {
        List<ApiRoute> all = new ArrayList<>();
        for (Config<?> config : mesh.objects()) {
            switch (config.spec()) {
                case HTTPRoute route ->
                    all.add(of(
                            config,
                            route.getParentRefsList(),
                            route.getRulesList(),
                            HTTPRouteRule::getBackendRefsList));
                case GRPCRoute route ->
                    all.add(of(
                            config,
                            route.getParentRefsList(),
                            route.getRulesList(),
                            GRPCRouteRule::getBackendRefsList));
                case TLSRoute route ->
                    all.add(of(
                            config, route.getParentRefsList(), route.getRulesList(), Layer4Rule::getBackendRefsList));
                case TCPRoute route ->
                    all.add(of(
                            config, route.getParentRefsList(), route.getRulesList(), Layer4Rule::getBackendRefsList));
                default -> {}
            }
        }
        return all;
    }

    private static <R> ApiRoute of(
            Config<?> config, List<ParentReference> parents, List<R> rules, Function<R, List<? extends Message>> of) {
        List<Backend> backends = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            List<? extends Message> each = of.apply(rules.get(i));
            for (int j = 0; j < each.size(); j++) {
                FieldPath at = Paths.item("rules", i).field("backendRefs").item(j);
                backends.add(new Backend(at, AnyBackend.weighted(each.get(j))));
            }
        }
        return new ApiRoute(config, parents, backends);
    }
}
