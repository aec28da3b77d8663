package io.flotilla.galley.consul;

import io.flotilla.galley.source.MassDeletionGuard;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.Optional;

/** The Consul of flotilla.consul.address, where that is set. */
@ApplicationScoped
class ConsulSources implements SourceFactory {
    private final ConsulSettings settings;

    ConsulSources(ConsulSettings settings) {
        this.settings = settings;
    }

    @Override
    public Optional<Source> create() {
        return settings.address().filter(address -> !address.isBlank()).map(this::source);
    }

    private Source source(String address) {
        if (!address.startsWith("http://") && !address.startsWith("https://")) {
            throw new IllegalStateException("flotilla.consul.address \"" + address
                    + "\" is no URL; write http://HOST:8500 or https://HOST:8501");
        }
        ConsulApi api = new ConsulApi(
                address,
                settings.datacenter(),
                settings.tokenFile().map(Path::of),
                settings.caFile().map(Path::of));
        return new ConsulSource(
                api, settings.namespace(), settings.blocking(), new MassDeletionGuard(settings.confirmAfter()));
    }
}
