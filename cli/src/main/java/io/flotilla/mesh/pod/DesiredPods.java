package io.flotilla.mesh.pod;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.AddressPlan;
import io.flotilla.config.platform.LocalPlatform;
import io.flotilla.config.platform.Manifest;
import io.flotilla.envoy.bootstrap.MeshProxies;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the objects of a mesh ask for.
 *
 * @param controllers by "NAMESPACE/NAME", or "NAMESPACE/pod:NAME" for a pod without controller
 * @param services    all of them
 * @param namespaces  labels by name
 * @param wanted      the controllers' pods, for planning
 * @param elsewhere   pods that have an address already and are run by somebody else
 * @param proxies     how the proxies of pods start
 */
public record DesiredPods(
        SortedMap<String, Config<Struct>> controllers,
        List<Config<Struct>> services,
        SortedMap<String, Map<String, String>> namespaces,
        List<Rollout.Wanted> wanted,
        List<Struct> elsewhere,
        MeshProxies proxies) {

    public static DesiredPods of(Collection<Config<Struct>> manifests, MeshProxies proxies) {
        SortedMap<String, Config<Struct>> controllers = new TreeMap<>();
        SortedMap<String, Map<String, String>> namespaces = new TreeMap<>();
        for (Config<Struct> each : manifests) {
            Kind kind = each.key().kind();
            boolean owned = !new Manifest(each.spec())
                    .list("metadata", "ownerReferences")
                    .isEmpty();
            if (LocalPlatform.CONTROLLERS.contains(kind) && !owned) {
                controllers.put(each.namespace() + "/" + each.name(), each);
            } else if (kind.equals(Kind.POD) && !owned && !hasAddress(each)) {
                controllers.put(each.namespace() + "/pod:" + each.name(), each);
            } else if (kind.equals(Kind.NAMESPACE)) {
                namespaces.put(each.name(), each.labels());
            }
        }
        List<Struct> elsewhere = manifests.stream()
                .filter(each -> each.key().kind().equals(Kind.POD) && hasAddress(each))
                .map(Config::spec)
                .toList();
        List<Config<Struct>> services = manifests.stream()
                .filter(each -> each.key().kind().equals(Kind.SERVICE))
                .toList();
        return new DesiredPods(controllers, services, namespaces, wanted(controllers), elsewhere, proxies);
    }

    /** A pod with an address runs elsewhere: it is told of, not run. */
    private static boolean hasAddress(Config<Struct> pod) {
        return !new Manifest(pod.spec()).text("status", "podIP").isEmpty();
    }

    private static List<Rollout.Wanted> wanted(SortedMap<String, Config<Struct>> controllers) {
        return controllers.entrySet().stream()
                .map(each -> new Rollout.Wanted(each.getKey(), replicas(each.getValue()), template(each.getValue())))
                .toList();
    }

    /** How many pods there are when all is as wanted. */
    public int podCount() {
        return wanted.stream().mapToInt(Rollout.Wanted::replicas).sum();
    }

    private static int replicas(Config<Struct> controller) {
        boolean one = controller.key().kind().equals(Kind.POD)
                || controller.key().kind().equals(Kind.DAEMON_SET);
        return one
                ? 1
                : Math.max(
                        0,
                        new Manifest(controller.spec())
                                .number("spec", "replicas")
                                .orElse(1));
    }

    /** Pods cannot be changed, as in Kubernetes: one without controller is always of the same template. */
    private static String template(Config<Struct> controller) {
        return controller.key().kind().equals(Kind.POD)
                ? ""
                : ContentVersion.of(
                        new Manifest(controller.spec()).part("spec", "template").struct(), Map.of(), Map.of());
    }

    /** "NAMESPACE/NAME" of services to their addresses, given ones and those that the platform gives. */
    SortedMap<String, String> serviceAddresses() {
        SortedMap<String, String> addresses =
                new TreeMap<>(new LocalPlatform(AddressPlan.DEFAULT).serviceAddresses(services));
        for (Config<Struct> service : services) {
            String given = new Manifest(service.spec()).text("spec", "clusterIP");
            if (!given.isEmpty() && !given.equals("None")) {
                addresses.put(service.key().resourceName(), given);
            }
        }
        return addresses;
    }
}
