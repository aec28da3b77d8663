package io.flotilla.galley.mcp;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** How Galley gets its certificate from Citadel: the settings that its configuration port has. */
@ConfigMapping(prefix = "flotilla.identity")
interface McpIdentity {
    Optional<String> citadel();

    @WithDefault("istio-citadel.istio-system.svc")
    String citadelName();

    Optional<String> tokenFile();

    Optional<String> rootFile();

    @WithDefault("istio-galley.istio-system.svc")
    List<String> dnsNames();
}
