package io.flotilla.config.analysis.gatewayapi;

import com.google.protobuf.Struct;
import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.gatewayapi.v1.Listener;
import io.flotilla.api.gatewayapi.v1.ParentReference;
import io.flotilla.api.gatewayapi.v1.ReferenceGrant;
import io.flotilla.api.gatewayapi.v1.WeightedBackend;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.GatewayApi;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import io.flotilla.config.schema.FieldPath;
import java.util.List;

/** What routes of the Gateway API refer to. */
final class RouteReferences implements Check {
    private static final Entry PARENT = Entry.error(
                    "FA1101", "a route hangs on a Gateway or listener that does not exist", """
                    parentRefs names what serves the route: a Gateway (of the route's namespace where none is named),
                    maybe one listener of it by sectionName or port, or a Service for calls inside of the mesh. It is
                    not there, so nobody serves the route. Correct the reference, or create the Gateway.""")
            .istio("IST0101")
            .kiali("KIA1401");
    private static final Entry BACKEND = Entry.error("FA1102", "a route leads to a Service that does not exist", """
                    The backend is no Service of its namespace (the route's where none is named), or the Service has no
                    such port. Requests that the rule sends there get 500. Correct name, namespace and port.""")
            .istio("IST0101")
            .kiali("KIA1402");
    private static final Entry GRANT =
            Entry.error("FA1107", "a route leads into another namespace that has not allowed it", """
            A reference into another namespace counts only if a ReferenceGrant there allows it for routes of this kind
            and namespace. None does, so requests that the rule sends there get 500. Add a ReferenceGrant to the
            namespace of the Service.""");

    @Override
    public List<Entry> entries() {
        return List.of(PARENT, BACKEND, GRANT);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        List<Config<ReferenceGrant>> grants = mesh.all(GatewayApi.REFERENCE_GRANT, ReferenceGrant.class);
        for (ApiRoute route : ApiRoute.all(mesh)) {
            for (int i = 0; i < route.parents().size(); i++) {
                parent(mesh, route, route.parents().get(i), Paths.item("parentRefs", i), findings);
            }
            for (ApiRoute.Backend backend : route.backends()) {
                WeightedBackend to = backend.to();
                boolean service = to.getGroup().isEmpty()
                        && (to.getKind().isEmpty() || to.getKind().equals("Service"));
                if (service) {
                    backend(mesh, route, backend, grants, findings);
                }
            }
        }
    }

    private static void parent(Mesh mesh, ApiRoute route, ParentReference parent, FieldPath at, Findings findings) {
        String namespace = parent.getNamespace().isEmpty() ? route.config().namespace() : parent.getNamespace();
        boolean service = parent.getKind().equals("Service");
        boolean gateway = parent.getKind().isEmpty() || parent.getKind().equals("Gateway");
        String name = namespace + "/" + parent.getName();
        if (service && mesh.find(Kind.SERVICE, namespace, parent.getName()).isEmpty()) {
            findings.report(PARENT, route.config(), at, "there is no Service \"" + name + "\"");
        } else if (gateway) {
            Config<?> found =
                    mesh.find(GatewayApi.GATEWAY, namespace, parent.getName()).orElse(null);
            if (found == null || !(found.spec() instanceof Gateway spec)) {
                findings.report(PARENT, route.config(), at, "there is no Gateway \"" + name + "\"");
            } else if (spec.getListenersList().stream().noneMatch(each -> fits(parent, each))) {
                findings.report(
                        PARENT,
                        route.config(),
                        at,
                        "Gateway \"" + name + "\" has no listener of that sectionName and port");
            }
        }
    }

    private static boolean fits(ParentReference parent, Listener listener) {
        return (parent.getSectionName().isEmpty() || parent.getSectionName().equals(listener.getName()))
                && (parent.getPort() == 0 || parent.getPort() == listener.getPort());
    }

    private static void backend(
            Mesh mesh,
            ApiRoute route,
            ApiRoute.Backend backend,
            List<Config<ReferenceGrant>> grants,
            Findings findings) {
        String own = route.config().namespace();
        WeightedBackend to = backend.to();
        String namespace = to.getNamespace().isEmpty() ? own : to.getNamespace();
        Config<?> service = mesh.find(Kind.SERVICE, namespace, to.getName()).orElse(null);
        if (service == null || !(service.spec() instanceof Struct struct)) {
            findings.report(
                    BACKEND,
                    route.config(),
                    backend.at(),
                    "there is no Service \"" + namespace + "/" + to.getName() + "\"");
            return;
        }
        boolean port = to.getPort() == 0
                || new Manifest(struct)
                        .list("spec", "ports").stream()
                                .anyMatch(each -> each.number("port").orElse(0) == to.getPort());
        if (!port) {
            findings.report(
                    BACKEND,
                    route.config(),
                    backend.at().field("port"),
                    "Service \"" + namespace + "/" + to.getName() + "\" has no port " + to.getPort());
        }
        if (!namespace.equals(own) && grants.stream().noneMatch(grant -> allows(grant, route, namespace))) {
            findings.report(
                    GRANT,
                    route.config(),
                    backend.at().field("namespace"),
                    "no ReferenceGrant of namespace " + namespace + " allows "
                            + route.config().key().kind().name() + "s of namespace " + own);
        }
    }

    private static boolean allows(Config<ReferenceGrant> grant, ApiRoute route, String namespace) {
        return grant.namespace().equals(namespace)
                && grant.spec().getFromList().stream()
                        .anyMatch(from -> from.getNamespace()
                                        .equals(route.config().namespace())
                                && from.getKind()
                                        .equals(route.config().key().kind().name()))
                && grant.spec().getToList().stream().anyMatch(to -> to.getKind().equals("Service"));
    }
}
