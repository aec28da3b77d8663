package io.flotilla.config.analysis;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.List;
import java.util.Optional;

/** To whom a VirtualService applies. */
public final class Routing {
    /** The name that stands for all sidecars. */
    public static final String MESH = "mesh";

    private Routing() {}

    /** Gateways of a VirtualService: "mesh" where it names none. */
    public static List<String> gateways(VirtualService service) {
        return service.getGatewaysCount() == 0 ? List.of(MESH) : service.getGatewaysList();
    }

    /** Sidecars follow it. */
    public static boolean forSidecars(VirtualService service) {
        return gateways(service).contains(MESH);
    }

    /** A gateway's name with its namespace: "NAMESPACE/NAME". */
    public static String fullGateway(String name, String namespace) {
        if (name.equals(MESH) || name.indexOf('/') >= 0) {
            return name;
        }
        // The old form "NAME.NAMESPACE.svc.DOMAIN".
        String[] parts = name.split("\\.", -1);
        return parts.length > 2 && parts[2].equals("svc") ? parts[1] + "/" + parts[0] : namespace + "/" + name;
    }

    /** The Gateway of a name that a VirtualService gives. */
    @SuppressWarnings("unchecked") // the kind says it
    public static Optional<Config<Gateway>> gateway(Mesh mesh, String name, String namespace) {
        String full = fullGateway(name, namespace);
        int slash = full.indexOf('/');
        return slash < 0
                ? Optional.empty()
                : mesh.find(Kind.GATEWAY, full.substring(0, slash), full.substring(slash + 1))
                        .filter(each -> each.spec() instanceof Gateway)
                        .map(each -> (Config<Gateway>) each);
    }

    /** A host of a Gateway's server without its namespace: "NS/HOST" is "HOST". */
    public static String serverHost(String host) {
        return host.substring(host.indexOf('/') + 1);
    }

    /** The namespace before a host of a Gateway's server; "*" where there is none. */
    public static String serverNamespace(String host, String ofGateway) {
        int slash = host.indexOf('/');
        String namespace = slash < 0 ? "*" : host.substring(0, slash);
        return namespace.equals(".") ? ofGateway : namespace;
    }
}
