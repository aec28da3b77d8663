package io.flotilla.galley.mcp;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Another server as a source. */
@ConfigMapping(prefix = "flotilla.mcp")
interface McpSettings {
    /** xds://HOST:PORT, xds+tls://, mcp:// or mcp+tls://; absent: none. */
    Optional<String> address();

    /** PEM roots of the server's certificate; absent: those of this service's identity, else the machine's. */
    Optional<String> rootFile();

    /** A DNS name in the server's certificate; absent: the host of the address. */
    Optional<String> serverName();

    /** PEM chain and PKCS#8 key that are shown to the server; absent: this service's own identity. */
    Optional<String> certFile();

    Optional<String> keyFile();

    /** When a server that lacks more than half of a kind is asked again. */
    @WithDefault("30s")
    Duration confirmAfter();
}
