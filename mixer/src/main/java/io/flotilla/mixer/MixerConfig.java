package io.flotilla.mixer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;

/** Mixer's settings; environment FLOTILLA_X_Y is property flotilla.x-y. */
@ConfigMapping(prefix = "flotilla")
public interface MixerConfig {
    /** Address of the telemetry and Zipkin ports. Without an identity it must be loopback. */
    @WithDefault("127.0.0.1")
    String bind();

    /** Telemetry (and policy) gRPC. */
    @WithDefault("9091")
    int port();

    /** Zipkin spans over HTTP; 0 is off. */
    @WithDefault("19411")
    int zipkinPort();

    /** Standard metrics for Prometheus. */
    @WithDefault("42422")
    int metricsPort();

    /** Address of the metrics port: plaintext, as Prometheus expects it. */
    @WithDefault("127.0.0.1")
    String metricsBind();

    /** Galley: xds://HOST:PORT or xds+tls://HOST:PORT; empty for none (every join is "unknown"). */
    Optional<String> config();

    @WithDefault("istio-system")
    String namespace();

    @WithDefault("cluster.local")
    String trustDomain();

    Identity identity();

    @WithName("mixer")
    Telemetry telemetry();

    /** How the service gets its certificate. */
    interface Identity {
        /** HOST:PORT; empty for no identity: plaintext on loopback. */
        Optional<String> citadel();

        @WithDefault("/var/run/secrets/tokens/istio-token")
        String tokenFile();

        @WithDefault("/var/run/secrets/istio/root-cert.pem")
        String rootFile();

        Optional<String> dnsNames();

        @WithDefault("istio-citadel.istio-system.svc")
        String citadelName();
    }

    /** Sizes and times of the way to Kafka and of the aggregation. */
    interface Telemetry {
        /** Partitions of topics that Mixer makes. */
        @WithDefault("8")
        int partitions();

        /** Consumer group of all Mixers that share the counting. */
        @WithDefault("flotilla-mixer")
        String group();

        /** Bytes that may wait while Kafka is away; past them the oldest go. */
        @WithDefault("67108864")
        long queueBytes();

        /** How long records of one pod are gathered. */
        @WithDefault("100ms")
        Duration linger();

        /** Most label sets, each for HTTP and TCP. */
        @WithDefault("20000")
        int series();

        /** Port of the proxies' own metrics, to ask them what they dropped; 0 for not at all. */
        @WithDefault("15090")
        int proxyStatsPort();

        /** Time between askings. */
        @WithDefault("10s")
        Duration proxyStatsInterval();

        /** Records to know doubles by. */
        @WithDefault("131072")
        int doublesWindow();

        Audit audit();
    }

    /** What becomes of records that must be kept while Kafka is away. */
    enum WhenAway {
        /** They wait on disk. */
        SPOOL,
        /** They are refused, and with them their requests. */
        REFUSE,
        /** Requests go on, and access logs tell of them later. */
        PERMIT
    }

    /** Records that are kept before a request goes on. */
    interface Audit {
        @WithDefault("spool")
        WhenAway whenKafkaIsAway();

        /** Folder of what waits for Kafka, of this process alone; without one it is refused. */
        Optional<String> outboxDir();

        /** Bytes that may wait there; past them it is refused. */
        @WithDefault("268435456")
        long outboxBytes();

        /** How long a record waits for its turn, and then for Kafka, before Kafka counts as away. */
        @WithDefault("1s")
        Duration patience();

        /** Most records that are being kept at once. */
        @WithDefault("1000")
        int atOnce();

        /** Of one caller at most, of those and of the bytes that wait on disk: 1 to 100. */
        @WithDefault("25")
        int callerPercent();
    }
}
