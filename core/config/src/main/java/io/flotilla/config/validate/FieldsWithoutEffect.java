package io.flotilla.config.validate;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fields of Istio that change nothing in this mesh: whoever sets one is told so, and why. That all of them are here, and
 * none that has an effect, is what {@code CoverageTest} of core/envoy sees.
 */
final class FieldsWithoutEffect {
    static final String CODE = "FL0027";

    /** "KIND.PATH" to the reason. The fields of a ProxyConfig have this kind wherever one stands. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry(
                    "EnvoyFilter.configPatches.match.waypoint",
                    "there is no ambient mode, so no waypoint that it could match"),
            Map.entry(
                    "RequestAuthentication.jwtRules.timeout",
                    "Galley fetches keys before they are needed, so no request waits for them; a fetch ends after 10 s"),
            Map.entry(
                    "WasmPlugin.imagePullPolicy",
                    "Envoy keeps a module by its hash, and fetches another hash anew; give sha256 to say which"),
            Map.entry(
                    "WasmPlugin.imagePullSecret",
                    "Envoy fetches no images; put the module where http://, https:// or file:// finds it"),
            Map.entry("WasmPlugin.verificationKey", "it is reserved, and Istio does not read it either"),
            Map.entry(
                    "WorkloadGroup.metadata.annotations",
                    "nobody reads them on a machine; labels are given to the group's entries"),
            Map.entry("MeshConfig.authPolicy", "it is of Istio 1.1; a PeerAuthentication or MeshPolicy says it"),
            Map.entry("MeshConfig.ca", "Citadel is the mesh's authority; its own settings name an external one"),
            Map.entry(
                    "MeshConfig.caCertificates.certSigners",
                    "for the mesh's own trust domain Citadel serves the roots of the signer that it uses"),
            Map.entry("MeshConfig.certificates", "Citadel's rules say who gets a certificate for DNS names"),
            Map.entry("MeshConfig.configSources", "Galley's settings name its sources"),
            Map.entry(
                    "MeshConfig.disablePolicyChecks",
                    "it is of Istio 1.1; an AuthorizationPolicy with action CUSTOM or AUDIT says what Mixer is asked about, and without one nothing is"),
            Map.entry("MeshConfig.enableClientSidePolicyCheck", "it is of Istio 1.1; the server's side asks"),
            Map.entry(
                    "MeshConfig.enablePrometheusMerge",
                    "applications' metrics are scraped from applications; Mixer and Envoy have their own"),
            Map.entry("MeshConfig.enableSdsTokenMount", "it is of Istio 1.1; tokens are always projected"),
            Map.entry(
                    "MeshConfig.extensionProviders.opencensus",
                    "Envoy has no tracer of OpenCensus any more (OpenCensusConfig); write opentelemetry"),
            Map.entry(
                    "MeshConfig.extensionProviders.stackdriver",
                    "Envoy reached it by OpenCensus, which it has no more (OpenCensusConfig); write opentelemetry with a collector that exports there"),
            Map.entry("MeshConfig.hboneIdleTimeout", "there is no ambient mode"),
            Map.entry(
                    "MeshConfig.mixerCheckServer",
                    "it is of Istio 1.1; a provider of MeshConfig.extensionProviders (envoyExtAuthzGrpc) names Mixer for checks"),
            Map.entry("MeshConfig.mixerReportServer", "it is of Istio 1.1; accessLogService names Mixer for reports"),
            Map.entry("MeshConfig.policyCheckFailOpen", "it is of Istio 1.1; failOpen of a provider says it"),
            Map.entry("MeshConfig.rdsRefreshDelay", "it is of Istio 0.x; Pilot pushes"),
            Map.entry("MeshConfig.sdsRefreshDelay", "it is of Istio 1.1; Citadel pushes"),
            Map.entry("MeshConfig.sdsUdsPath", "it is of Istio 1.1; Envoy asks Citadel itself"),
            Map.entry(
                    "MeshConfig.sdsUseK8sSaJwt", "it is of Istio 1.1; the pod's projected token is what Citadel takes"),
            Map.entry("MeshConfig.serviceScopeConfigs", "there is no ambient mode"),
            Map.entry(
                    "MeshConfig.serviceSettings",
                    "a Galley reads one cluster, and what others tell by MCP (ServiceEntry, WorkloadEntry) names none: every endpoint is local"),
            Map.entry(
                    "MeshConfig.sidecarToTelemetrySessionAffinity",
                    "it is of Istio 1.1; access logs are streams, which stay where they are"),
            Map.entry(
                    "MeshConfig.tlsDefaults.minProtocolVersion",
                    "Istio reads ecdhCurves and cipherSuites alone; minProtocolVersion of a server says it"),
            Map.entry(
                    "MeshConfig.verifyCertificateAtClient",
                    "servers are always checked, as in today's Istio; insecureSkipVerify of a DestinationRule says otherwise"),
            Map.entry(
                    "MeshNetworks.networks.gateways.registryServiceName",
                    "a Galley reads one cluster, and knows no services of another; give the gateway's address"),
            Map.entry("ProxyConfig.availabilityZone", "it is of Istio 1.1; the locality comes from labels of the node"),
            Map.entry("ProxyConfig.binaryPath", "the proxy's image has envoy on its PATH"),
            Map.entry("ProxyConfig.configPath", "the init container writes the bootstrap to a volume of the pod"),
            Map.entry("ProxyConfig.connectTimeout", "it is of Istio 1.1; MeshConfig.connectTimeout says it"),
            Map.entry("ProxyConfig.controlPlaneAuthPolicy", "proxies speak to Pilot by mutual TLS, always"),
            Map.entry(
                    "ProxyConfig.customConfigFile",
                    "bootstraps are not files of users; an EnvoyFilter with applyTo BOOTSTRAP changes them"),
            Map.entry("ProxyConfig.discoveryRefreshDelay", "it is of Istio 0.x; Pilot pushes"),
            Map.entry(
                    "ProxyConfig.extraStatTags",
                    "they are tags of the statistics of Istio's own filter, which is in no Envoy of upstream; Mixer's metrics have all of its tags"),
            Map.entry("ProxyConfig.parentShutdownDuration", "there are no hot restarts"),
            Map.entry(
                    "ProxyConfig.privateKeyProvider",
                    "the extensions that Envoy's PrivateKeyProvider would name (cryptomb, qat) are in its contrib builds alone"),
            Map.entry(
                    "ProxyConfig.proxyBootstrapTemplatePath",
                    "bootstraps are no templates here; an EnvoyFilter with applyTo BOOTSTRAP changes them"),
            Map.entry(
                    "ProxyConfig.proxyHeaders.metadataExchangeHeaders",
                    "proxies tell who calls by a header of the mesh, which never leaves it"),
            Map.entry("ProxyConfig.sds", "it is of Istio 1.1; keys come by SDS, always"),
            Map.entry("ProxyConfig.statNameLength", "it is of Istio 1.1; Envoy has no limit any more"),
            Map.entry(
                    "ProxyConfig.tracing.openCensusAgent",
                    "Envoy has no tracer of OpenCensus any more (OpenCensusConfig); name a provider of OpenTelemetry"),
            Map.entry(
                    "ProxyConfig.tracing.stackdriver",
                    "Envoy reached it by OpenCensus, which it has no more (OpenCensusConfig); name a provider of OpenTelemetry"));

    private static final Set<String> KINDS = REASONS.keySet().stream()
            .map(path -> path.substring(0, path.indexOf('.')))
            .collect(Collectors.toSet());

    private FieldsWithoutEffect() {}

    /** Warns of each that is set in a message, whose fields begin at {@code at}. */
    static void check(Message message, FieldPath at, Check check) {
        String kind = message.getDescriptorForType().getName();
        if (KINDS.contains(kind)) {
            walk(message, kind, at, check);
        }
    }

    private static void walk(Message message, String path, FieldPath at, Check check) {
        message.getAllFields().forEach((field, value) -> {
            FieldPath place = at.field(field.getJsonName());
            String inner = path + "." + field.getJsonName();
            String reason = REASONS.get(inner);
            if (reason != null) {
                check.warning(CODE, place, "has no effect: " + reason);
            } else if (field.isMapField()) {
                entries(field, (List<?>) value, inner, place, check);
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                if (value instanceof List<?> items) {
                    for (int i = 0; i < items.size(); i++) {
                        walk((Message) items.get(i), inner, place.item(i), check);
                    }
                } else {
                    walk((Message) value, inner, place, check);
                }
            }
        });
    }

    private static void entries(FieldDescriptor map, List<?> entries, String path, FieldPath at, Check check) {
        FieldDescriptor key = map.getMessageType().findFieldByName("key");
        FieldDescriptor value = map.getMessageType().findFieldByName("value");
        if (value.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            for (Object each : entries) {
                Message entry = (Message) each;
                walk((Message) entry.getField(value), path, at.field(String.valueOf(entry.getField(key))), check);
            }
        }
    }
}
