package io.flotilla.injector;

import io.flotilla.injection.InjectionConfig;
import io.flotilla.injection.InjectionPolicy;
import io.flotilla.injection.InjectionSettings;
import io.flotilla.injection.SidecarInjector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The injector that is in force: the settings with the policy of a file, read again on change, last good one kept. */
final class PolicyFile {
    private static final Logger LOG = Logger.getLogger("injector");

    private final InjectionSettings settings;
    private final Optional<Path> file;
    private String read = "";
    private volatile SidecarInjector inForce;

    PolicyFile(InjectionSettings settings, Optional<Path> file) {
        this.settings = settings;
        this.file = file;
        this.inForce = new SidecarInjector(settings);
    }

    SidecarInjector inForce() {
        return inForce;
    }

    /** Reads the file again. */
    synchronized void reload() throws IOException {
        if (file.isEmpty()) {
            return;
        }
        String text = Files.readString(file.get());
        if (text.equals(read)) {
            return;
        }
        read = text;
        InjectionPolicy base = settings.policy();
        InjectionConfig config = InjectionConfig.read(text, base);
        config.warnings().forEach(warning -> LOG.warnf("%s: %s", file.get(), warning));
        if (config.problems().isEmpty()) {
            inForce = new SidecarInjector(settings.withPolicy(config.policy()));
            LOG.infof("policy of %s: %s", file.get(), config.policy().mode());
        } else {
            config.problems().forEach(problem -> LOG.errorf("%s: %s; the policy in force stays", file.get(), problem));
        }
    }
}
