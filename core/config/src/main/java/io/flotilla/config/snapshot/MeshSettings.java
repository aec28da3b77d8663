package io.flotilla.config.snapshot;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What holds for the whole mesh; data, never constants.
 *
 * @param domainSuffix   "cluster.local"
 * @param trustDomain    "cluster.local"
 * @param trustDomainAliases other names under which peers are the same
 * @param rootNamespace  "istio-system": policies there hold for the mesh
 * @param classic        compatibility 1.1 (wire.md, "Which era")
 * @param autoMtls       clients use mesh TLS where the server can; false in classic mode
 * @param defaultMtls    what servers accept where no policy says
 * @param registryOnly   outboundTrafficPolicy REGISTRY_ONLY instead of ALLOW_ANY
 * @param connectTimeout default of clusters
 * @param tracingSampling percent, 0 to 100
 * @param accessLogService cluster that takes access logs ("HOST:PORT"), empty for none
 * @param zipkin         "HOST:PORT" of the Zipkin collector, empty for none
 */
public record MeshSettings(
        String domainSuffix,
        String trustDomain,
        List<String> trustDomainAliases,
        String rootNamespace,
        boolean classic,
        boolean autoMtls,
        MtlsMode defaultMtls,
        boolean registryOnly,
        Duration connectTimeout,
        double tracingSampling,
        String accessLogService,
        String zipkin) {
    public MeshSettings {
        trustDomainAliases = List.copyOf(trustDomainAliases);
    }

    /** Every name of the mesh's trust domain, its own first. */
    public List<String> trustDomains() {
        return Stream.concat(Stream.of(trustDomain), trustDomainAliases.stream())
                .distinct()
                .toList();
    }

    /** Current defaults. */
    public static MeshSettings defaults() {
        return new MeshSettings(
                "cluster.local",
                "cluster.local",
                List.of(),
                "istio-system",
                false,
                true,
                MtlsMode.PERMISSIVE,
                false,
                Duration.ofSeconds(10),
                1.0,
                "",
                "");
    }

    /** The same for a mesh with this domain, whose suite runs in this namespace. */
    public MeshSettings in(String domain, String namespace) {
        return new MeshSettings(
                domain,
                trustDomain,
                trustDomainAliases,
                namespace,
                classic,
                autoMtls,
                defaultMtls,
                registryOnly,
                connectTimeout,
                tracingSampling,
                accessLogService,
                zipkin);
    }
}
