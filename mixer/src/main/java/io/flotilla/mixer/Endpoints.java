package io.flotilla.mixer;

import io.flotilla.identity.TrustDomain;
import io.flotilla.mixer.access.AccessLogServer;
import io.flotilla.mixer.metrics.MetricsEndpoint;
import io.flotilla.mixer.span.ZipkinEndpoint;
import io.flotilla.service.CurrentIdentity;
import io.flotilla.service.RevokedPeers;
import io.grpc.ServerServiceDefinition;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Mixer's ports. */
@ApplicationScoped
public class Endpoints {
    private static final Logger LOG = Logger.getLogger(Endpoints.class);

    private final MixerConfig config;
    private final MetricsEndpoint metrics;
    private final ZipkinEndpoint zipkin;
    private @Nullable TelemetryPort telemetry;
    private int metricsPort;
    private int zipkinPort;

    Endpoints(MixerConfig config, MetricsEndpoint metrics, ZipkinEndpoint zipkin) {
        this.config = config;
        this.metrics = metrics;
        this.zipkin = zipkin;
    }

    void start(
            @Nullable CurrentIdentity identity,
            RevokedPeers revoked,
            AccessLogServer logs,
            ServerServiceDefinition checks) {
        metricsPort = metrics.start(config.metricsBind(), config.metricsPort());
        if (config.zipkinPort() > 0) {
            PeerTls tls =
                    identity == null ? null : new PeerTls(identity, new TrustDomain(config.trustDomain()), revoked);
            zipkinPort = zipkin.start(config.bind(), config.zipkinPort(), tls);
        }
        telemetry = TelemetryPort.start(config, identity, revoked, logs, checks);
        LOG.infof(
                "telemetry on %s:%d (%s), spans on %d, metrics on %d",
                config.bind(),
                telemetry.port(),
                identity == null ? "plaintext" : "mutual TLS",
                zipkinPort,
                metricsPort);
    }

    /** Takes nothing new. */
    void stopIntake() {
        if (telemetry != null) {
            telemetry.stop();
        }
        zipkin.stop();
    }

    void stop() {
        metrics.stop();
    }

    /** Where telemetry comes in; 0 before it does. */
    public int telemetryPort() {
        return telemetry == null ? 0 : telemetry.port();
    }

    /** Where the standard metrics are; 0 before they are. */
    public int metricsPort() {
        return metricsPort;
    }

    /** Where spans come in; 0 if they do not. */
    public int zipkinPort() {
        return zipkinPort;
    }
}
