package io.flotilla.envoy.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.ServiceEntry;
import io.flotilla.api.networking.v1alpha3.Sidecar;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.api.networking.v1alpha3.WorkloadEntry;
import io.flotilla.api.networking.v1alpha3.WorkloadGroup;
import io.flotilla.api.networking.v1beta1.ProxyConfig;
import io.flotilla.api.security.v1beta1.AuthorizationPolicy;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.api.telemetry.v1alpha1.Telemetry;
import io.flotilla.config.model.Config;
import io.flotilla.envoy.coverage.Fields.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A field counts as translated where some mesh of this folder sets it and some proxy is told something else once it is
 * taken away again. Every other field stands, with the reason, in "not-translated.txt".
 */
class CoverageTest {
    private static final Path PAGE = Path.of(System.getProperty("flotilla.root"), "docs/api-coverage.md");
    private static final List<Descriptor> KINDS = List.of(
            VirtualService.getDescriptor(),
            DestinationRule.getDescriptor(),
            Gateway.getDescriptor(),
            ServiceEntry.getDescriptor(),
            Sidecar.getDescriptor(),
            EnvoyFilter.getDescriptor(),
            AuthorizationPolicy.getDescriptor(),
            Telemetry.getDescriptor(),
            RequestAuthentication.getDescriptor(),
            WasmPlugin.getDescriptor(),
            MeshConfig.getDescriptor(),
            WorkloadEntry.getDescriptor(),
            WorkloadGroup.getDescriptor(),
            ProxyConfig.getDescriptor());

    @Test
    void everyFieldIsTranslatedOrItIsSaidWhyNot() throws IOException {
        SortedMap<String, String> translated = translated();
        SortedMap<String, String> reasons = reasons();
        List<String> silent = new ArrayList<>();
        StringBuilder page = new StringBuilder();
        for (Descriptor kind : KINDS) {
            page.append("\n## ").append(kind.getName()).append("\n\n| field | |\n| --- | --- |\n");
            for (String field : Fields.of(kind)) {
                String path = kind.getName() + "." + field;
                String where = translated.get(path);
                String why = Reasons.of(path, reasons);
                if (where == null && why == null) {
                    silent.add(path);
                }
                page.append("| `")
                        .append(field)
                        .append("` | ")
                        .append(where == null ? why : where)
                        .append(" |\n");
            }
        }
        assertThat(silent).as("fields that change nothing, and no reason").isEmpty();
        assertThat(reasons.keySet().stream()
                        .filter(path -> translated.containsKey(path))
                        .toList())
                .as("reasons for fields that are translated after all")
                .isEmpty();
        Page.check(PAGE, page.toString());
    }

    /** Path to the file that shows it. */
    private static SortedMap<String, String> translated() throws IOException {
        SortedMap<String, String> translated = new TreeMap<>();
        for (Meshes.Mesh mesh : Meshes.all()) {
            for (Config<?> object : mesh.objects()) {
                String kind = object.spec().getDescriptorForType().getName();
                for (Place place : Fields.places(object.spec())) {
                    String path = kind + "." + place.path();
                    if (!translated.containsKey(path) && mesh.differs(Meshes.with(object, place.without()))) {
                        translated.put(path, "`" + mesh.name() + "`");
                    }
                }
            }
        }
        return translated;
    }

    /** Lines "PATH: REASON"; a path that ends in ".*" stands for all below it and for itself. */
    private static SortedMap<String, String> reasons() throws IOException {
        SortedMap<String, String> reasons = new TreeMap<>();
        for (String line : Files.readAllLines(Meshes.FOLDER.resolve("not-translated.txt"))) {
            int colon = line.indexOf(": ");
            if (colon > 0 && !line.startsWith("#")) {
                assertThat(reasons.put(line.substring(0, colon), line.substring(colon + 2)))
                        .as(line)
                        .isNull();
            }
        }
        return Map.copyOf(reasons).isEmpty() ? new TreeMap<>() : reasons;
    }
}
