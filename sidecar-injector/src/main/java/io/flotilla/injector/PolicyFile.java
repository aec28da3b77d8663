package io.flotilla.injector;

import io.flotilla.injection.InjectionConfig;
import io.flotilla.injection.InjectionSettings;
import io.flotilla.injection.ProxyText;
import io.flotilla.injection.SidecarInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The injector that is in force: the settings with the policy of one file and the mesh's ProxyConfig of another, read
 * again on change, the last good ones kept.
 */
final class PolicyFile {
    private static final Logger LOG = Logger.getLogger("injector");

    private final Optional<Path> file;
    private final Optional<Path> mesh;
    private final InjectionSettings base;
    private String read = "";
    private String readMesh = "";
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
        if (mesh.isPresent()) {
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
            inForce = new SidecarInjector(inForce.settings().withPolicy(config.policy()));
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
        ProxyText said = ProxyText.ofMesh(text);
        if (said.problems().isEmpty()) {
            inForce = new SidecarInjector(inForce.settings().withProxy(said.config()));
            LOG.infof("defaultConfig of %s holds", from);
        } else {
            said.problems().forEach(problem -> LOG.errorf("%s: %s; the defaultConfig in force stays", from, problem));
        }
    }
}
