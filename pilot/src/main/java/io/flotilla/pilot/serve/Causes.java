package io.flotilla.pilot.serve;

import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.snapshot.Hostnames;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which objects of the mesh a refused response was made of. Envoy's message names the resources that it refused, and
 * these name a host: what is written for that host is the cause, if the response had anything for it.
 */
public final class Causes {
    // Possessive and bounded: the message is a client's, and must not be tried from every letter to its end.
    private static final String HOST = "([A-Za-z0-9*][A-Za-z0-9.*-]{0,252}+)";
    // "outbound|80|v1|reviews.default.svc.cluster.local"
    private static final Pattern CLUSTER = Pattern.compile("outbound\\|\\d+\\|[^|\\s]*\\|" + HOST);
    // A virtual host, "80/reviews.default.svc.cluster.local:80", or without its route's name.
    private static final Pattern VIRTUAL_HOST = Pattern.compile("(?<![\\w.])" + HOST + ":\\d+");
    private static final int MOST = 20;
    // What a client says beyond this is not looked through.
    private static final int MESSAGE = 32 << 10;

    private Causes() {}

    /**
     * The objects, sorted by kind; empty where the message names no host of the mesh.
     *
     * @param proxy   who refused
     * @param message what it said
     * @param refused what was in the response
     */
    static List<ObjectKey> of(MeshSnapshot mesh, Proxy proxy, String message, Response refused) {
        Set<ObjectKey> keys = new TreeSet<>();
        String namespace = proxy.pod().namespace();
        for (String host : hosts(message).stream().filter(refused::concerns).toList()) {
            for (Config<VirtualService> rule : mesh.virtualServices(namespace)) {
                if (names(rule, host, mesh)) {
                    keys.add(rule.key());
                }
            }
            mesh.service(host, namespace)
                    .ifPresent(service -> rules(mesh, service, proxy).forEach(rule -> keys.add(rule.key())));
        }
        return keys.stream().limit(MOST).toList();
    }

    /** "KIND NAMESPACE/NAME". */
    public static String text(ObjectKey object) {
        return object.kind().name() + " " + object.resourceName();
    }

    // Which of several it was, nobody says.
    private static List<Config<DestinationRule>> rules(MeshSnapshot mesh, MeshService service, Proxy proxy) {
        return mesh.destinationRuleParts(
                        service, proxy.pod().namespace(), proxy.pod().labels())
                .all();
    }

    private static boolean names(Config<VirtualService> rule, String host, MeshSnapshot mesh) {
        return rule.spec().getHostsList().stream()
                .map(name -> Hostnames.resolve(
                        name, rule.namespace(), mesh.settings().domainSuffix()))
                .anyMatch(pattern -> Hostnames.subsetOf(host, pattern));
    }

    private static List<String> hosts(String message) {
        List<String> hosts = new ArrayList<>();
        for (Pattern pattern : List.of(CLUSTER, VIRTUAL_HOST)) {
            Matcher matcher = pattern.matcher(message.substring(0, Math.min(message.length(), MESSAGE)));
            while (matcher.find() && hosts.size() < MOST) {
                hosts.add(matcher.group(1));
            }
        }
        return hosts;
    }
}
