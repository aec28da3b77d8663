package io.flotilla.galley.serve;

import io.flotilla.fixtures.base.FreePort;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;

/** Servers of configuration without TLS, on loopback, as tests of what is served want them. */
public final class PlainServers {
    private PlainServers() {}

    /**
     * Serves; a port of its own where that is negative. Another may follow there: who tries to come back to a port that
     * the system gives to anybody can be given that very port as its own.
     */
    public static ConfigServers start(ServedViews views, int wanted) {
        int port = wanted < 0 ? FreePort.next() : wanted;
        FreePort.awaitFree(port);
        return ConfigServers.start(
                new ConfigServers.Settings(
                        "127.0.0.1",
                        port,
                        0,
                        "cluster.local",
                        "istio-system",
                        List.of(),
                        Optional.empty(),
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        List.of()),
                views,
                new ReaderMetrics(new SimpleMeterRegistry()));
    }
}
