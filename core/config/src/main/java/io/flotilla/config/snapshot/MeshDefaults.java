package io.flotilla.config.snapshot;

import com.google.protobuf.Duration;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.OutboundTrafficPolicy;

/** Reads MeshConfig as settings; what it does not say stays as it was before. */
public final class MeshDefaults {
    /** The value of "compatibility" that asks for the rules of classic Istio. */
    public static final String CLASSIC = "1.1";

    private MeshDefaults() {}

    /** The settings that hold where {@code base} held before and {@code mesh} is applied. */
    public static MeshSettings apply(MeshSettings base, MeshConfig mesh) {
        boolean classic = mesh.getCompatibility().isEmpty()
                ? base.classic()
                : mesh.getCompatibility().equals(CLASSIC);
        MtlsMode servers =
                classic == base.classic() ? base.defaultMtls() : classic ? MtlsMode.DISABLE : MtlsMode.PERMISSIVE;
        boolean autoMtls = classic == base.classic() ? base.autoMtls() : !classic;
        return new MeshSettings(
                text(mesh.getDomainSuffix(), base.domainSuffix()),
                text(mesh.getTrustDomain(), base.trustDomain()),
                mesh.getTrustDomainAliasesCount() == 0 ? base.trustDomainAliases() : mesh.getTrustDomainAliasesList(),
                text(mesh.getRootNamespace(), base.rootNamespace()),
                classic,
                mesh.hasEnableAutoMtls() ? mesh.getEnableAutoMtls().getValue() : autoMtls,
                servers,
                mesh.hasOutboundTrafficPolicy()
                        ? mesh.getOutboundTrafficPolicy().getMode() == OutboundTrafficPolicy.Mode.REGISTRY_ONLY
                        : base.registryOnly(),
                mesh.hasConnectTimeout() ? duration(mesh.getConnectTimeout()) : base.connectTimeout(),
                sampling(base, mesh),
                text(logs(mesh), base.accessLogService()),
                text(zipkin(mesh), base.zipkin()));
    }

    private static double sampling(MeshSettings base, MeshConfig mesh) {
        double given = mesh.getDefaultConfig().getTracing().getSampling();
        return given > 0 ? given : base.tracingSampling();
    }

    /** Istio names the service in ProxyConfig, and turns it on beside. */
    private static String logs(MeshConfig mesh) {
        String istio = mesh.getEnableEnvoyAccessLogService()
                ? mesh.getDefaultConfig().getEnvoyAccessLogService().getAddress()
                : "";
        return text(mesh.getAccessLogService(), istio);
    }

    private static String zipkin(MeshConfig mesh) {
        String current = mesh.getDefaultConfig().getTracing().getZipkin().getAddress();
        @SuppressWarnings("deprecation") // what old meshes have
        String old = mesh.getDefaultConfig().getZipkinAddress();
        return text(current, old);
    }

    private static String text(String given, String otherwise) {
        return given.isEmpty() ? otherwise : given;
    }

    private static java.time.Duration duration(Duration duration) {
        return java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }
}
