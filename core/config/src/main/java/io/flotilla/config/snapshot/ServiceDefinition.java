package io.flotilla.config.snapshot;

import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.registry.v1.Service;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.ObjectKey;
import java.time.Instant;
import java.util.Map;

/** A service of the mesh with what it was made of, which endpoints and inbound ports need. */
sealed interface ServiceDefinition {
    MeshService service();

    ObjectKey key();

    Instant created();

    /** Labels of the workloads that serve it; empty where it has no selector. */
    Map<String, String> selector();

    /** The same with an earlier service in the place of an equal one. */
    default ServiceDefinition keeping(MeshService earlier) {
        if (!earlier.equals(service())) {
            return this;
        }
        return switch (this) {
            case Registered registered -> new Registered(earlier, registered.config());
            case Declared declared -> new Declared(earlier, declared.config());
        };
    }

    /** From the platform's registry. */
    record Registered(MeshService service, Config<Service> config) implements ServiceDefinition {
        @Override
        public ObjectKey key() {
            return config.key();
        }

        @Override
        public Instant created() {
            return config.created();
        }

        @Override
        public Map<String, String> selector() {
            return config.spec().getSelectorMap();
        }
    }

    /** One host of a ServiceEntry. */
    record Declared(MeshService service, Config<ServiceEntry> config) implements ServiceDefinition {
        @Override
        public ObjectKey key() {
            return config.key();
        }

        @Override
        public Instant created() {
            return config.created();
        }

        @Override
        public Map<String, String> selector() {
            return config.spec().getWorkloadSelector().getLabelsMap();
        }
    }
}
