package io.flotilla.injector;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.model.Config;
import io.flotilla.envoy.bootstrap.MeshProxies;
import io.flotilla.injection.InjectionConfig;
import io.flotilla.injection.InjectionSettings;
import io.flotilla.injection.MeshText;
import io.flotilla.injection.SidecarInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The injector that is in force: the settings with the policy of one file, read again on change, and what the mesh says
 * of proxies: what Galley publishes, with a file of MeshConfig where Galley has none. The last good ones are kept.
 */
final class PolicyFile {
    private static final Logger LOG = Logger.getLogger("injector");

    private final Optional<Path> file;
    private final Optional<Path> mesh;
    private final InjectionSettings base;
    private String read = "";
    private String readMesh = "";
    private MeshConfig fileMesh = MeshConfig.getDefaultInstance();
    private List<Config<?>> published = List.of();
    private volatile SidecarInjector inForce;

    /**
     * @param file of the policy
     * @param mesh of MeshConfig, whose defaultConfig holds for all pods
     */
    PolicyFile(InjectionSettings settings, Optional<Path> file, Optional<Path> mesh) {
        this.base = settings;
        this.file = file;
        this.mesh = mesh;
        this.inForce = new SidecarInjector(settings);
    }

    SidecarInjector inForce() {
        return inForce;
    }

    /** Reads the files again. */
    synchronized void reload() throws IOException {
        if (file.isPresent()) {
            policy(file.get(), Files.readString(file.get()));
        }
        // A ConfigMap that is mounted where it is there may come later.
        if (mesh.isPresent() && Files.exists(mesh.get())) {
            proxies(mesh.get(), Files.readString(mesh.get()));
        }
    }

    private void policy(Path from, String text) {
        if (text.equals(read)) {
            return;
        }
        read = text;
        InjectionConfig config = InjectionConfig.read(text, base.policy());
        config.warnings().forEach(warning -> LOG.warnf("%s: %s", from, warning));
        if (config.problems().isEmpty()) {
            inForce = new SidecarInjector(inForce.settings().withPolicy(config.policy()), inForce.proxies());
            LOG.infof("policy of %s: %s", from, config.policy().mode());
        } else {
            config.problems().forEach(problem -> LOG.errorf("%s: %s; the policy in force stays", from, problem));
        }
    }

    private void proxies(Path from, String text) {
        if (text.equals(readMesh)) {
            return;
        }
        readMesh = text;
        MeshText said = MeshText.of(text);
        if (said.problems().isEmpty()) {
            fileMesh = said.mesh();
            proxies();
            LOG.infof("MeshConfig of %s is read", from);
        } else {
            said.problems().forEach(problem -> LOG.errorf("%s: %s; the MeshConfig in force stays", from, problem));
        }
    }

    /** Galley publishes these objects. */
    synchronized void published(List<Config<?>> objects) {
        published = List.copyOf(objects);
        proxies();
        LOG.infof("objects of Galley's that say how proxies start: %d", published.size());
    }

    private void proxies() {
        inForce = new SidecarInjector(
                inForce.settings(),
                MeshProxies.ofPublished(published, base.policy().controlPlane(), fileMesh));
    }
}
