package io.flotilla.gateway;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.model.Config;
import io.flotilla.config.object.ObjectReader;
import io.flotilla.config.object.ParsedObject;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.envoy.bootstrap.MeshProxies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** What a folder of manifests says of how proxies start; read when a gateway starts. */
final class MeshManifests {
    private static final Logger LOG = Logger.getLogger("gateway");

    private MeshManifests() {}

    /**
     * An object or a file that cannot be read is told and left out: a gateway starts all the same.
     *
     * @param rootNamespace whose objects hold for the mesh
     */
    static MeshProxies read(Path folder, String rootNamespace) {
        List<Config<?>> objects = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(MeshManifests::isManifest).sorted().toList()) {
                for (ParsedObject object : new ObjectReader(ReadOptions.DEFAULT)
                        .read(file.toString(), Files.readString(file))
                        .objects()) {
                    if (object.valid()) {
                        objects.add(object.config());
                    } else {
                        LOG.warnf("left out: %s", object.problems().getFirst());
                    }
                }
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            LOG.warnf("%s cannot be read, so the gateway starts without what it says: %s", folder, e.getMessage());
        }
        return MeshProxies.ofManifests(objects, rootNamespace, MeshConfig.getDefaultInstance());
    }

    // A mounted ConfigMap's own files are links beside a hidden folder.
    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        return (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"))
                && !name.startsWith(".")
                && !file.toString().contains("/..")
                && Files.isRegularFile(file);
    }
}
