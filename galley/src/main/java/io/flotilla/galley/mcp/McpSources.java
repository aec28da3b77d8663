package io.flotilla.galley.mcp;

import io.flotilla.galley.source.MassDeletionGuard;
import io.flotilla.galley.source.Source;
import io.flotilla.galley.source.SourceFactory;
import io.flotilla.service.IdentitySettings;
import io.flotilla.service.ServiceIdentity;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The server of flotilla.mcp.address, where that is set. */
@ApplicationScoped
class McpSources implements SourceFactory {
    private final McpSettings settings;
    private final McpIdentity identitySettings;
    private @Nullable ServiceIdentity identity;

    McpSources(McpSettings settings, McpIdentity identitySettings) {
        this.settings = settings;
        this.identitySettings = identitySettings;
    }

    @Override
    public Optional<Source> create() {
        return set(settings.address()).map(McpAddress::parse).map(this::source);
    }

    private Source source(McpAddress address) {
        McpChannel.Tls tls = address.tls()
                ? new McpChannel.Tls(
                        set(settings.serverName()),
                        set(settings.rootFile()).map(Path::of),
                        set(settings.certFile()).map(Path::of),
                        set(settings.keyFile()).map(Path::of),
                        set(settings.certFile()).isPresent()
                                ? Optional.empty()
                                : set(identitySettings.citadel()).map(this::identity))
                : McpChannel.Tls.PLAIN;
        return new McpSource(address, new McpChannel(address, tls), new MassDeletionGuard(settings.confirmAfter()));
    }

    private ServiceIdentity identity(String citadel) {
        ServiceIdentity started = ServiceIdentity.start(new IdentitySettings(
                citadel,
                identitySettings.citadelName(),
                Path.of(identitySettings.tokenFile().orElse("/var/run/secrets/tokens/istio-token")),
                Path.of(identitySettings.rootFile().orElse("/var/run/secrets/istio/root-cert.pem")),
                identitySettings.dnsNames(),
                Duration.ZERO));
        identity = started;
        return started;
    }

    private static Optional<String> set(Optional<String> text) {
        return text.filter(each -> !each.isBlank());
    }

    void stop(@Observes ShutdownEvent event) {
        ServiceIdentity started = identity;
        if (started != null) {
            started.close();
        }
    }
}
