package io.flotilla.config.analysis.reference;

import com.google.protobuf.Struct;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.List;

/** exportTo names a namespace that is not there. */
final class UnknownExportNamespace implements Check {
    private static final Entry UNKNOWN = Entry.warning("FA0111", "exportTo names a namespace that does not exist", """
                    The object is exported to a namespace that is not there, so nobody in it can see the object: most
                    often the name is misspelt, and the namespace that was meant does not see it. Correct the name,
                    or take the entry out.""")
            .kiali("KIA0005");

    @Override
    public List<Entry> entries() {
        return List.of(UNKNOWN);
    }

    @Override
    public boolean looksAtOne() {
        return true;
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        mesh.virtualServices().forEach(each -> check(mesh, each, each.spec().getExportToList(), findings));
        mesh.destinationRules().forEach(each -> check(mesh, each, each.spec().getExportToList(), findings));
        mesh.all(Kind.SERVICE_ENTRY, ServiceEntry.class)
                .forEach(each -> check(mesh, each, each.spec().getExportToList(), findings));
        for (Config<Struct> service : mesh.manifests(Kind.SERVICE)) {
            String annotation = service.annotations().getOrDefault("networking.istio.io/exportTo", "");
            for (String namespace : annotation.split(",", -1)) {
                if (isMissing(mesh, namespace.strip())) {
                    findings.report(
                            UNKNOWN,
                            service,
                            Paths.ANNOTATIONS.field("networking.istio.io/exportTo"),
                            "there is no namespace \"" + namespace.strip() + "\"; correct or remove it");
                }
            }
        }
    }

    private static void check(Mesh mesh, Config<?> config, List<String> exportTo, Findings findings) {
        for (int i = 0; i < exportTo.size(); i++) {
            if (isMissing(mesh, exportTo.get(i))) {
                findings.report(
                        UNKNOWN,
                        config,
                        Paths.item("exportTo", i),
                        "there is no namespace \"" + exportTo.get(i) + "\"; correct or remove it");
            }
        }
    }

    private static boolean isMissing(Mesh mesh, String namespace) {
        return !namespace.isEmpty()
                && !namespace.equals(".")
                && !namespace.equals("*")
                && !namespace.equals("~")
                && !mesh.namespaces().known(namespace);
    }
}
