package io.flotilla.config.platform;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ContentVersion;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What a cluster's controllers would make of manifests, as a pure function: a workload's pods, NAME-0, NAME-1 and so
 * on, addresses of pods and services, endpoints. The local mesh runs by it; offline commands look at folders with it.
 */
public final class LocalPlatform {
    /** Kinds that make pods. */
    public static final Set<Kind> CONTROLLERS =
            Set.of(Kind.DEPLOYMENT, Kind.STATEFUL_SET, Kind.DAEMON_SET, Kind.REPLICA_SET);

    private final AddressPlan plan;

    public LocalPlatform(AddressPlan plan) {
        this.plan = plan;
    }

    /**
     * A folder's objects as they would be while everything runs: pods of controllers that have none, each ready, with
     * an address; services with addresses. Endpoints follow from these (see {@link Registry}).
     *
     * @param admission what is done to each new pod, as the sidecar injector would; see {@link #withSidecar}
     */
    public List<Config<?>> expand(Collection<? extends Config<?>> objects, UnaryOperator<Config<Struct>> admission) {
        List<Config<?>> all = new ArrayList<>();
        List<Config<Struct>> manifests = manifests(objects);
        SortedMap<String, String> addresses = serviceAddresses(manifests);
        for (Config<?> object : objects) {
            String address = addresses.get(object.key().resourceName());
            boolean service = object.key().kind().equals(Kind.SERVICE);
            all.add(service && address != null ? withClusterIp(object, address) : object);
        }
        all.addAll(ready(pods(manifests).stream().map(admission).toList(), takenByPods(manifests)));
        return List.copyOf(all);
    }

    /** The pods of every controller that has none among the manifests, without addresses and status. */
    public List<Config<Struct>> pods(Collection<Config<Struct>> manifests) {
        List<Config<Struct>> pods = new ArrayList<>();
        List<Config<Struct>> given = manifests.stream()
                .filter(each -> each.key().kind().equals(Kind.POD))
                .toList();
        for (Config<Struct> controller : new TreeMap<>(byKey(manifests)).values()) {
            if (PodTemplates.runsPods(controller) && !PodTemplates.hasPods(controller, given)) {
                for (int i = 0; i < PodTemplates.replicas(controller); i++) {
                    pods.add(pod(controller, i));
                }
            }
        }
        return pods;
    }

    /** One pod of a controller: "NAME-ORDINAL", from its template, without address and status. */
    public Config<Struct> pod(Config<Struct> controller, int ordinal) {
        return PodTemplates.pod(controller, ordinal);
    }

    /** "NAMESPACE/NAME" to address, for pods that have none yet. */
    public SortedMap<String, String> podAddresses(Collection<Config<Struct>> pods) {
        Set<String> names = new TreeSet<>();
        for (Config<Struct> pod : pods) {
            if (new Manifest(pod.spec()).text("status", "podIP").isEmpty()) {
                names.add(pod.key().resourceName());
            }
        }
        return plan.podAddresses(names, takenByPods(pods));
    }

    /** "NAMESPACE/NAME" to address, for services that need an address and were given none. */
    public SortedMap<String, String> serviceAddresses(Collection<Config<Struct>> manifests) {
        Set<String> names = new TreeSet<>();
        Set<String> taken = new TreeSet<>();
        for (Config<Struct> each : manifests) {
            if (each.key().kind().equals(Kind.SERVICE)) {
                Manifest service = new Manifest(each.spec());
                taken.addAll(Services.givenAddresses(service));
                if (Services.needsAddress(service)) {
                    names.add(each.key().resourceName());
                }
            }
        }
        return plan.serviceAddresses(names, taken);
    }

    /** A pod with its address, running and ready or not. */
    public Config<Struct> running(Config<Struct> pod, String address, boolean ready) {
        return PodTemplates.running(pod, address, ready);
    }

    /** The EndpointSlices (discovery.k8s.io/v1) that the endpoint controller would write. */
    public List<Config<Struct>> endpointSlices(Collection<Config<Struct>> services, Collection<Config<Struct>> pods) {
        return new SliceWriter(pods).write(services);
    }

    /** Marks a pod as one that has a sidecar, where the injector's full patch does not matter. */
    public static Config<Struct> withSidecar(Config<Struct> pod) {
        return PodTemplates.withSidecar(pod);
    }

    private List<Config<Struct>> ready(List<Config<Struct>> pods, Set<String> taken) {
        Set<String> names = new TreeSet<>();
        pods.forEach(pod -> names.add(pod.key().resourceName()));
        Map<String, String> addresses = plan.podAddresses(names, taken);
        return pods.stream()
                .map(pod -> running(pod, addresses.getOrDefault(pod.key().resourceName(), ""), true))
                .toList();
    }

    private static Set<String> takenByPods(Collection<Config<Struct>> manifests) {
        Set<String> taken = new TreeSet<>();
        for (Config<Struct> each : manifests) {
            if (each.key().kind().equals(Kind.POD)) {
                taken.add(new Manifest(each.spec()).text("status", "podIP"));
            }
        }
        return taken;
    }

    @SuppressWarnings("unchecked") // a Service is always read as a Struct
    private static Config<?> withClusterIp(Config<?> service, String address) {
        Struct manifest = ((Config<Struct>) service).spec();
        Struct spec = new StructBuilder(new Manifest(manifest).part("spec").struct())
                .put("clusterIP", address)
                .build();
        return with(
                (Config<Struct>) service,
                new StructBuilder(manifest).put("spec", spec).build());
    }

    static Config<Struct> with(Config<Struct> config, Struct spec) {
        return new Config<>(
                config.key(),
                spec,
                config.labels(),
                config.annotations(),
                config.created(),
                ContentVersion.of(spec, config.labels(), config.annotations()),
                config.origin());
    }

    /** Those of the objects that are manifests. */
    @SuppressWarnings("unchecked") // checked by the type of the spec
    public static List<Config<Struct>> manifests(Collection<? extends Config<?>> objects) {
        return objects.stream()
                .filter(object -> object.spec() instanceof Struct)
                .map(object -> (Config<Struct>) object)
                .toList();
    }

    private static Map<ObjectKey, Config<Struct>> byKey(Collection<Config<Struct>> manifests) {
        Map<ObjectKey, Config<Struct>> byKey = new TreeMap<>();
        manifests.forEach(each -> byKey.put(each.key(), each));
        return byKey;
    }
}
