package io.flotilla.config.validate;

import com.google.protobuf.Duration;
import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.platform.MeshConfigMap;
import io.flotilla.config.schema.FieldPath;
import java.util.ArrayList;
import java.util.List;

/** The ConfigMap that holds MeshConfig. */
final class MeshConfigRules {
    private static final FieldPath MESH = FieldPath.ROOT.field("data").field("mesh");
    private static final int MAX_CONNECT_SECONDS = 30;

    private MeshConfigRules() {}

    static void check(Config<Struct> config, Check check) {
        if (!MeshConfigMap.NAMES.contains(config.name())
                || !ManifestField.root(config.spec(), check)
                        .field("data")
                        .field("mesh")
                        .present()) {
            return;
        }
        List<Diagnostic> found = new ArrayList<>();
        var mesh = MeshConfigMap.read(config, found);
        for (Diagnostic problem : found) {
            FieldPath at = problem.path().isEmpty() ? MESH : MESH.field(problem.path());
            String message = "line " + problem.origin().line() + " of it: " + problem.message();
            if (problem.severity() == Diagnostic.Severity.ERROR) {
                check.error(problem.code(), at, message);
            } else {
                check.warning(problem.code(), at, message);
            }
        }
        mesh.ifPresent(each -> {
            if (each.spec().hasConnectTimeout()) {
                Duration timeout = each.spec().getConnectTimeout();
                check.duration(timeout, MESH.field("connectTimeout"));
                check.require(
                        timeout.getSeconds() < MAX_CONNECT_SECONDS
                                || (timeout.getSeconds() == MAX_CONNECT_SECONDS && timeout.getNanos() == 0),
                        "FL0801",
                        MESH.field("connectTimeout"),
                        "must be at most 30s");
            }
            double sampling = each.spec().getDefaultConfig().getTracing().getSampling();
            check.require(
                    sampling >= 0 && sampling <= 100,
                    "FL0801",
                    MESH.field("defaultConfig.tracing.sampling"),
                    "must be between 0 and 100, not " + sampling);
            String compatibility = each.spec().getCompatibility();
            check.require(
                    compatibility.isEmpty() || compatibility.equals("1.1"),
                    "FL0801",
                    MESH.field("compatibility"),
                    "must be \"1.1\" or absent, not \"" + compatibility + "\"");
        });
    }
}
