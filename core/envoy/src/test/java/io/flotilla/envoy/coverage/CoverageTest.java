package io.flotilla.envoy.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A field counts as translated where some mesh of this folder sets it and some proxy is told something else once it is
 * taken away again. Of every other field whoever sets it is told why it has no effect, or the reason stands in
 * "not-translated.txt" with the test that shows it.
 */
class CoverageTest {
    private static final Path PAGE = Path.of(System.getProperty("flotilla.root"), "docs/api-coverage.md");
    private static final Path REASONS = Meshes.FOLDER.resolve("not-translated.txt");
    private static final List<Message> KINDS = List.of(
            VirtualService.getDefaultInstance(),
            DestinationRule.getDefaultInstance(),
            Gateway.getDefaultInstance(),
            ServiceEntry.getDefaultInstance(),
            Sidecar.getDefaultInstance(),
            EnvoyFilter.getDefaultInstance(),
            AuthorizationPolicy.getDefaultInstance(),
            Telemetry.getDefaultInstance(),
            RequestAuthentication.getDefaultInstance(),
            WasmPlugin.getDefaultInstance(),
            MeshConfig.getDefaultInstance(),
            WorkloadEntry.getDefaultInstance(),
            WorkloadGroup.getDefaultInstance(),
            ProxyConfig.getDefaultInstance());

    @Test
    void everyFieldIsTranslatedOrItIsSaidWhyNot() throws IOException {
        NavigableMap<String, String> translated = translated();
        Reasons reasons = Reasons.read(REASONS);
        List<String> silent = new ArrayList<>();
        List<String> slandered = new ArrayList<>();
        StringBuilder page = new StringBuilder();
        for (Message kind : KINDS) {
            String name = kind.getDescriptorForType().getName();
            page.append("\n## ").append(name).append("\n\n| field | |\n| --- | --- |\n");
            for (String field : Fields.of(kind.getDescriptorForType())) {
                String where = translated.get(name + "." + field);
                String why = where == null ? reasons.of(kind, field) : where;
                if (why == null) {
                    silent.add(name + "." + field);
                }
                if (where != null && Reasons.told(kind, field).isPresent()) {
                    slandered.add(name + "." + field);
                }
                page.append("| `").append(field).append("` | ").append(why).append(" |\n");
            }
        }
        assertThat(silent).as("fields that change nothing, and no reason").isEmpty();
        assertThat(slandered)
                .as("fields that change something, and are said not to")
                .isEmpty();
        assertThat(reasons.paths().stream().filter(translated::containsKey).toList())
                .as("reasons for fields that are translated after all")
                .isEmpty();
        Page.check(PAGE, page.toString());
    }

    @Test
    void everyReasonIsShownByATestOrTold() throws IOException {
        Reasons reasons = Reasons.read(REASONS);
        assertThat(reasons.paths().stream().flatMap(path -> reasons.unproved(kind(path), path).stream()))
                .isEmpty();
    }

    private static Message kind(String path) {
        return KINDS.stream()
                .filter(kind -> path.startsWith(kind.getDescriptorForType().getName() + "."))
                .findFirst()
                .orElseThrow();
    }

    /** Path to the file that shows it. */
    private static NavigableMap<String, String> translated() throws IOException {
        NavigableMap<String, String> translated = new TreeMap<>();
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
}
