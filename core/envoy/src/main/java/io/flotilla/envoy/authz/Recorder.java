package io.flotilla.envoy.authz;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.config.authorization.AccessPolicy;
import io.flotilla.config.authorization.AccessPolicy.Action;
import io.flotilla.config.authorization.Marks;
import io.flotilla.envoy.Names;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.jwt.TokenFilter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who keeps a record of what AUDIT policies match before it goes on: the mesh's Mixer, at the address of its access log
 * service.
 *
 * @param host      of Mixer
 * @param port      of Mixer
 * @param providers names under which MeshConfig has the same server as an authorizer
 * @param tolerant  those of them whose failure lets requests pass
 */
public record Recorder(String host, int port, Set<String> providers, Set<String> tolerant) {
    // Mixer answers within its own time, which is less.
    private static final Duration PATIENCE = Durations.fromSeconds(5);
    private static final List<String> HEADERS = List.of("x-request-id", "user-agent");
    private static final List<String> MARKS = List.of(
            Marks.AUDIT + Marks.RESULT,
            Marks.AUDIT + Marks.RULE,
            Marks.AUDIT_IF_POSSIBLE + Marks.RESULT,
            Marks.AUDIT_IF_POSSIBLE + Marks.RULE,
            Marks.DENY + Marks.RESULT,
            Marks.DENY + Marks.RULE,
            Marks.ALLOW + Marks.RESULT,
            Marks.ALLOW + Marks.RULE);

    public Recorder {
        providers = Set.copyOf(providers);
        tolerant = Set.copyOf(tolerant);
    }

    /** That of the mesh; empty where none is set. */
    static Optional<Recorder> of(Scope scope) {
        String address = scope.settings().accessLogService();
        int colon = address.lastIndexOf(':');
        if (colon <= 0) {
            return Optional.empty();
        }
        String host = address.substring(0, colon);
        int port = Integer.parseInt(address.substring(colon + 1));
        List<ExtensionProvider> same = scope.snapshot().mesh().getExtensionProvidersList().stream()
                .filter(provider -> isAt(provider, host, port))
                .toList();
        return Optional.of(new Recorder(host, port, names(same, false), names(same, true)));
    }

    private static boolean isAt(ExtensionProvider provider, String host, int port) {
        String service = provider.getEnvoyExtAuthzGrpc().getService();
        return provider.getEnvoyExtAuthzGrpc().getPort() == port
                && service.substring(service.indexOf('/') + 1).equals(host);
    }

    private static Set<String> names(List<ExtensionProvider> providers, boolean tolerantOnly) {
        return providers.stream()
                .filter(provider ->
                        !tolerantOnly || provider.getEnvoyExtAuthzGrpc().getFailOpen())
                .map(ExtensionProvider::getName)
                .collect(Collectors.toSet());
    }

    /** Whether it is the one that this policy asks; it only keeps records and refuses nothing. */
    boolean isAsked(AccessPolicy policy) {
        return policy.action() == Action.AUDIT
                || (policy.action() == Action.CUSTOM && providers.contains(policy.provider()));
    }

    /** Whether what the policy matches goes on where no record can be kept. */
    boolean tolerates(AccessPolicy policy) {
        return policy.action() == Action.AUDIT ? policy.unrecorded() : tolerant.contains(policy.provider());
    }

    /** Asks about the requests that rules marked so. */
    ExtAuthz http(String mark, boolean tolerates) {
        ExtAuthz.Builder filter = ExtAuthz.newBuilder()
                .setTransportApiVersion(ApiVersion.V3)
                .setFilterEnabledMetadata(matched(Marks.HTTP, mark))
                .setGrpcService(service())
                .setFailureModeAllow(tolerates)
                .setStatusOnError(HttpStatus.newBuilder().setCode(StatusCode.ServiceUnavailable))
                .addAllMetadataContextNamespaces(List.of(Marks.HTTP, TokenFilter.NAME, "flotilla"));
        ListStringMatcher.Builder headers = ListStringMatcher.newBuilder();
        HEADERS.forEach(name -> headers.addPatterns(Texts.exact(name)));
        return filter.setAllowedHeaders(headers).build();
    }

    /** Asks about the connections that rules marked so; their marks go along as headers. */
    io.envoyproxy.envoy.extensions.filters.network.ext_authz.v3.ExtAuthz tcp(String mark, boolean tolerates) {
        GrpcService.Builder service = service().toBuilder();
        MARKS.forEach(name -> service.addInitialMetadata(
                header("x-" + name.replace('_', '-'), "%DYNAMIC_METADATA(" + Marks.TCP + ":" + name + ")%")));
        service.addInitialMetadata(header("x-" + Marks.STREAM, "%STREAM_ID%"))
                .addInitialMetadata(header("x-" + Marks.START, "%START_TIME(%s.%9f)%"));
        return io.envoyproxy.envoy.extensions.filters.network.ext_authz.v3.ExtAuthz.newBuilder()
                .setStatPrefix("tcp.")
                .setTransportApiVersion(ApiVersion.V3)
                .setFilterEnabledMetadata(matched(Marks.TCP, mark))
                .setFailureModeAllow(tolerates)
                .setGrpcService(service)
                .build();
    }

    private static MetadataMatcher matched(String filter, String mark) {
        return MetadataMatcher.newBuilder()
                .setFilter(filter)
                .addPath(MetadataMatcher.PathSegment.newBuilder().setKey(mark + Marks.RESULT))
                .setValue(ValueMatcher.newBuilder().setStringMatch(Texts.exact(Marks.MATCHED)))
                .build();
    }

    private GrpcService service() {
        return GrpcService.newBuilder()
                .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder()
                        .setClusterName(Names.outbound(port, "", host))
                        .setAuthority(host))
                .setTimeout(PATIENCE)
                .addInitialMetadata(header("x-flotilla-pod", "%ENVIRONMENT(POD_NAMESPACE)%/%ENVIRONMENT(POD_NAME)%"))
                .build();
    }

    private static HeaderValue header(String name, String value) {
        return HeaderValue.newBuilder().setKey(name).setValue(value).build();
    }
}
