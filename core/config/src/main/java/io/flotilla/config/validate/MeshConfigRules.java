package io.flotilla.config.validate;

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
            FieldPath at = problem.path().isEmpty() ? MESH : within(problem.path());
            String message = "line " + problem.origin().line() + " of it: " + problem.message();
            if (problem.severity() == Diagnostic.Severity.ERROR) {
                check.error(problem.code(), at, message);
            } else {
                check.warning(problem.code(), at, message);
            }
        }
        mesh.ifPresent(each -> new MeshRules(check).check(each.spec(), MESH));
    }

    private static FieldPath within(String path) {
        return FieldPath.parse(MESH + (path.startsWith("[") ? "" : ".") + path);
    }
}
