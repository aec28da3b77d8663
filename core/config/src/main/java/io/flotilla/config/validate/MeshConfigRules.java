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
    private static final FieldPath DATA = FieldPath.ROOT.field("data");
    private static final FieldPath MESH = DATA.field("mesh");
    private static final FieldPath NETWORKS = DATA.field("meshNetworks");

    private MeshConfigRules() {}

    static void check(Config<Struct> config, Check check) {
        ManifestField data = ManifestField.root(config.spec(), check).field("data");
        if (!MeshConfigMap.NAMES.contains(config.name()) || !data.field("mesh").present()) {
            return;
        }
        List<Diagnostic> found = new ArrayList<>();
        var mesh = MeshConfigMap.read(config, found);
        for (Diagnostic problem : found) {
            FieldPath at = within(MeshConfigMap.ofNetworks(problem) ? NETWORKS : MESH, problem.path());
            String message = "line " + problem.origin().line() + " of it: " + problem.message();
            if (problem.severity() == Diagnostic.Severity.ERROR) {
                check.error(problem.code(), at, message);
            } else {
                check.warning(problem.code(), at, message);
            }
        }
        boolean beside = data.field("meshNetworks").present();
        mesh.ifPresent(each -> {
            new MeshRules(check).check(each.spec(), MESH);
            new MeshNetworkRules(check)
                    .check(each.spec().getMeshNetworks(), beside ? NETWORKS : MESH.field("meshNetworks"));
        });
    }

    private static FieldPath within(FieldPath part, String path) {
        return path.isEmpty() ? part : FieldPath.parse(part + (path.startsWith("[") ? "" : ".") + path);
    }
}
