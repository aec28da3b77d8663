package io.flotilla.galley.consul;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the Consul source: properties "flotilla.consul.*", environment FLOTILLA_CONSUL_*. */
@ConfigMapping(prefix = "flotilla.consul")
interface ConsulSettings {
    /** "http://127.0.0.1:8500" of an agent or server; absent: Consul is not read. */
    Optional<String> address();

    /** Absent: the agent's own. */
    Optional<String> datacenter();

    /** Holds the ACL token; read anew for each question. */
    Optional<String> tokenFile();

    /** PEM roots for an address with https; absent: those of the JDK. */
    Optional<String> caFile();

    /** Of the objects that services become. */
    @WithDefault("default")
    String namespace();

    /** How long Consul may hold a question until something changes. */
    @WithDefault("55s")
    Duration blocking();

    /** A catalog that lacks more than half of what is known counts when it says the same so much later. */
    @WithDefault("30s")
    Duration confirmAfter();
}
