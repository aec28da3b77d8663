package io.flotilla.galley.serve;

import com.google.protobuf.Message;
import io.flotilla.api.registry.v1.EndpointSlice;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.feed.Envelopes;
import io.flotilla.config.foreign.RegistryEntries;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The registry as ServiceEntry and WorkloadEntry; a change renders the services that it touches. */
final class ForeignRegistry {
    private final Map<String, Service> services = new HashMap<>();
    private final Map<String, TreeMap<String, EndpointSlice>> slices = new HashMap<>();
    private final Map<String, String> serviceOfSlice = new HashMap<>();
    private ResourceSet entries = ResourceSet.EMPTY;
    private ResourceSet workloads = ResourceSet.EMPTY;

    /** ServiceEntry objects, the same set until one of them changes. */
    ResourceSet entries() {
        return entries;
    }

    /** WorkloadEntry objects, likewise. */
    ResourceSet workloads() {
        return workloads;
    }

    void apply(Collection<? extends Config<?>> changed, Set<ObjectKey> removed) {
        Set<String> touched = new TreeSet<>();
        List<Resource> workloadsChanged = new ArrayList<>();
        List<String> workloadsGone = new ArrayList<>();
        for (ObjectKey key : removed) {
            String name = key.resourceName();
            if (key.kind().equals(Kind.REGISTRY_SERVICE)) {
                services.remove(name);
                touched.add(name);
            } else if (key.kind().equals(Kind.REGISTRY_ENDPOINT_SLICE)) {
                leave(name, touched);
            } else if (key.kind().equals(Kind.REGISTRY_WORKLOAD)) {
                workloadsGone.add(name + RegistryEntries.SUFFIX);
            }
        }
        for (Config<?> config : changed) {
            String name = config.key().resourceName();
            Message spec = config.spec();
            if (spec instanceof Service service) {
                services.put(name, service);
                touched.add(name);
            } else if (spec instanceof EndpointSlice slice) {
                leave(name, touched);
                join(name, slice, touched);
            } else if (spec instanceof Workload workload) {
                // What a WorkloadEntry declared is read as that entry itself.
                if (workload.getAddressesCount() == 0 || workload.getDeclared()) {
                    workloadsGone.add(name + RegistryEntries.SUFFIX);
                } else {
                    workloadsChanged.add(resource(RegistryEntries.entry(workload)));
                }
            }
        }
        workloads = workloads.with(workloadsChanged, workloadsGone);
        render(touched);
    }

    private void leave(String slice, Set<String> touched) {
        String service = serviceOfSlice.remove(slice);
        if (service != null) {
            touched.add(service);
            slices.computeIfPresent(service, (key, all) -> {
                all.remove(slice);
                return all.isEmpty() ? null : all;
            });
        }
    }

    private void join(String name, EndpointSlice slice, Set<String> touched) {
        String service = slice.getNamespace() + "/" + slice.getService();
        serviceOfSlice.put(name, service);
        slices.computeIfAbsent(service, key -> new TreeMap<>()).put(name, slice);
        touched.add(service);
    }

    private void render(Set<String> touched) {
        List<Resource> rendered = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (String name : touched) {
            Service service = services.get(name);
            if (service == null) {
                gone.add(name + RegistryEntries.SUFFIX);
                continue;
            }
            Resource now = resource(RegistryEntries.entry(
                    service, slices.getOrDefault(name, new TreeMap<>()).values()));
            Resource before = entries.get(now.name());
            if (before == null || !before.version().equals(now.version())) {
                rendered.add(now);
            }
        }
        entries = entries.with(rendered, gone);
    }

    private static Resource resource(Config<?> config) {
        Resource packed = Resource.of(config.key().resourceName(), Envelopes.wrap(config));
        return new Resource(packed.name(), config.version(), packed.any());
    }
}
