package io.flotilla.config.mixer;

import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;

/** All adapters that are built in. */
public final class Adapters {
    private static final List<Adapter> ALL = List.of(
            adapter("bypass", io.flotilla.api.adapter.bypass.Params.getDefaultInstance()),
            adapter("circonus", io.flotilla.api.adapter.circonus.Params.getDefaultInstance(), "metric"),
            adapter("cloudwatch", io.flotilla.api.adapter.cloudwatch.Params.getDefaultInstance(), "metric", "logentry"),
            adapter(
                    "denier",
                    io.flotilla.api.adapter.denier.Params.getDefaultInstance(),
                    "checknothing",
                    "listentry",
                    "quota"),
            adapter("dogstatsd", io.flotilla.api.adapter.dogstatsd.Params.getDefaultInstance(), "metric"),
            adapter("fluentd", io.flotilla.api.adapter.fluentd.Params.getDefaultInstance(), "logentry"),
            adapter("kubernetesenv", io.flotilla.api.adapter.kubernetesenv.Params.getDefaultInstance(), "kubernetes"),
            adapter("listchecker", io.flotilla.api.adapter.list.Params.getDefaultInstance(), "listentry"),
            adapter("memquota", io.flotilla.api.adapter.memquota.Params.getDefaultInstance(), "quota"),
            adapter("noop", io.flotilla.api.adapter.noop.Params.getDefaultInstance()),
            adapter("opa", io.flotilla.api.adapter.opa.Params.getDefaultInstance(), "authorization"),
            adapter("prometheus", io.flotilla.api.adapter.prometheus.Params.getDefaultInstance(), "metric"),
            adapter("rbac", io.flotilla.api.adapter.rbac.Params.getDefaultInstance(), "authorization"),
            adapter("redisquota", io.flotilla.api.adapter.redisquota.Params.getDefaultInstance(), "quota"),
            adapter("signalfx", io.flotilla.api.adapter.signalfx.Params.getDefaultInstance(), "metric", "tracespan"),
            adapter("solarwinds", io.flotilla.api.adapter.solarwinds.Params.getDefaultInstance(), "metric", "logentry"),
            adapter(
                    "stackdriver",
                    io.flotilla.api.adapter.stackdriver.Params.getDefaultInstance(),
                    "edge",
                    "logentry",
                    "metric",
                    "tracespan"),
            adapter("statsd", io.flotilla.api.adapter.statsd.Params.getDefaultInstance(), "metric"),
            adapter("stdio", io.flotilla.api.adapter.stdio.Params.getDefaultInstance(), "logentry", "metric"),
            adapter("zipkin", io.flotilla.api.adapter.zipkin.Params.getDefaultInstance(), "tracespan"));

    private Adapters() {}

    /** Sorted by name. */
    public static List<Adapter> all() {
        return ALL;
    }

    public static Optional<Adapter> find(String name) {
        return ALL.stream().filter(adapter -> adapter.name().equals(name)).findFirst();
    }

    public static List<String> names() {
        return ALL.stream().map(Adapter::name).toList();
    }

    private static Adapter adapter(String name, Message params, String... templates) {
        return new Adapter(name, params, List.of(templates));
    }
}
