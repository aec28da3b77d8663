package io.flotilla.config.analysis.scope;

import io.flotilla.api.telemetry.v1alpha1.AccessLogging;
import io.flotilla.api.telemetry.v1alpha1.Telemetry;
import io.flotilla.api.telemetry.v1alpha1.Tracing;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.List;

/** Telemetry that names nobody to send to. */
final class TelemetryProviders implements Check {
    private static final Entry EMPTY = Entry.warning(
                    "FA0712", "a Telemetry names no provider, and the mesh has no default", """
                    Tracing and access logs go to providers. This Telemetry names none and no Telemetry of the root
                    namespace does, so the section is passed over unless MeshConfig has default providers. Name a
                    provider in providers.""")
            .istio("IST0157");

    @Override
    public List<Entry> entries() {
        return List.of(EMPTY);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        List<Config<Telemetry>> all = mesh.all(Kind.TELEMETRY, Telemetry.class);
        boolean tracing = all.stream()
                .anyMatch(each -> root(mesh, each)
                        && each.spec().getTracingList().stream().anyMatch(one -> one.getProvidersCount() > 0));
        boolean logging = all.stream()
                .anyMatch(each -> root(mesh, each)
                        && each.spec().getAccessLoggingList().stream().anyMatch(one -> one.getProvidersCount() > 0));
        for (Config<Telemetry> telemetry : all) {
            for (int i = 0; i < telemetry.spec().getTracingCount() && !tracing && !zipkin(mesh); i++) {
                Tracing one = telemetry.spec().getTracing(i);
                if (one.getProvidersCount() == 0
                        && !one.getDisableSpanReporting().getValue()) {
                    findings.report(EMPTY, telemetry, Paths.item("tracing", i), "names no provider: nothing is sent");
                }
            }
            for (int i = 0; i < telemetry.spec().getAccessLoggingCount() && !logging && !logs(mesh); i++) {
                AccessLogging one = telemetry.spec().getAccessLogging(i);
                if (one.getProvidersCount() == 0 && !one.getDisabled().getValue()) {
                    findings.report(
                            EMPTY, telemetry, Paths.item("accessLogging", i), "names no provider: nothing is logged");
                }
            }
        }
    }

    private static boolean root(Mesh mesh, Config<Telemetry> telemetry) {
        return telemetry.namespace().equals(mesh.settings().rootNamespace());
    }

    private static boolean zipkin(Mesh mesh) {
        return !mesh.settings().zipkin().isEmpty();
    }

    private static boolean logs(Mesh mesh) {
        return !mesh.settings().accessLogService().isEmpty();
    }
}
