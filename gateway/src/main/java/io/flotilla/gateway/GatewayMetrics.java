package io.flotilla.gateway;

import io.flotilla.gateway.process.EnvoySupervisor;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** What the gateway service measures of its Envoy and its credentials. */
@ApplicationScoped
class GatewayMetrics {
    private final MeterRegistry registry;
    private final GatewayLifecycle gateway;

    GatewayMetrics(MeterRegistry registry, GatewayLifecycle gateway) {
        this.registry = registry;
        this.gateway = gateway;
    }

    void register(@Observes StartupEvent event) {
        Gauge.builder(
                        "gateway.envoy.up",
                        gateway,
                        it -> it.supervisor()
                                .flatMap(EnvoySupervisor::process)
                                .map(process -> 1.0)
                                .orElse(0.0))
                .description("1 while the supervised Envoy runs")
                .register(registry);
        FunctionCounter.builder(
                        "gateway.envoy.restarts",
                        gateway,
                        it -> it.supervisor().map(EnvoySupervisor::restarts).orElse(0))
                .description("how often Envoy ended and was started again")
                .register(registry);
        Gauge.builder("gateway.credentials", gateway, it -> it.secrets().names().size())
                .description("credentials in force")
                .register(registry);
        Gauge.builder(
                        "gateway.credential.problems",
                        gateway,
                        it -> it.secrets().problems().size())
                .description("credentials that cannot be used")
                .register(registry);
    }
}
