package io.flotilla.envoy.authz;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.AuthorizationRequest;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.AuthorizationResponse;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.BufferSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.HttpService;
import io.envoyproxy.envoy.type.matcher.v3.ListStringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import io.envoyproxy.envoy.type.v3.StatusCode;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.EnvoyExternalAuthorizationGrpcProvider;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.EnvoyExternalAuthorizationHttpProvider;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.EnvoyExternalAuthorizationRequestBody;
import io.flotilla.config.authorization.TextPattern;
import java.util.List;
import java.util.TreeMap;

/** How an authorizer outside is asked: only about what a policy with its name matched. */
final class Questions {
    // Istio's, which is as good as none.
    private static final Duration PATIENCE = Durations.fromSeconds(600);

    private Questions() {}

    static ExtAuthz http(Authorizer authorizer) {
        ExtAuthz.Builder filter = ExtAuthz.newBuilder()
                .setTransportApiVersion(ApiVersion.V3)
                .setFilterEnabledMetadata(matched(RequestFilters.NAME, authorizer));
        if (authorizer.isGrpc()) {
            EnvoyExternalAuthorizationGrpcProvider grpc = authorizer.provider().getEnvoyExtAuthzGrpc();
            filter.setGrpcService(service(authorizer, grpc))
                    .setFailureModeAllow(grpc.getFailOpen())
                    .setClearRouteCache(grpc.getClearRouteCache());
            status(grpc.getStatusOnError(), filter);
            body(grpc.hasIncludeRequestBodyInCheck(), grpc.getIncludeRequestBodyInCheck(), filter);
        } else {
            EnvoyExternalAuthorizationHttpProvider http = authorizer.provider().getEnvoyExtAuthzHttp();
            filter.setHttpService(service(authorizer, http))
                    .setFailureModeAllow(http.getFailOpen())
                    .setClearRouteCache(http.getClearRouteCache());
            headers(http, filter);
            status(http.getStatusOnError(), filter);
            body(http.hasIncludeRequestBodyInCheck(), http.getIncludeRequestBodyInCheck(), filter);
        }
        return filter.build();
    }

    static io.envoyproxy.envoy.extensions.filters.network.ext_authz.v3.ExtAuthz tcp(Authorizer authorizer) {
        EnvoyExternalAuthorizationGrpcProvider grpc = authorizer.provider().getEnvoyExtAuthzGrpc();
        return io.envoyproxy.envoy.extensions.filters.network.ext_authz.v3.ExtAuthz.newBuilder()
                .setStatPrefix("tcp.")
                .setTransportApiVersion(ApiVersion.V3)
                .setFailureModeAllow(grpc.getFailOpen())
                .setFilterEnabledMetadata(matched(ConnectionFilters.NAME, authorizer))
                .setGrpcService(service(authorizer, grpc))
                .build();
    }

    private static MetadataMatcher matched(String filter, Authorizer authorizer) {
        return MetadataMatcher.newBuilder()
                .setFilter(filter)
                .addPath(MetadataMatcher.PathSegment.newBuilder().setKey(authorizer.prefix() + "shadow_engine_result"))
                .setValue(ValueMatcher.newBuilder().setStringMatch(Texts.exact("denied")))
                .build();
    }

    private static GrpcService service(Authorizer authorizer, EnvoyExternalAuthorizationGrpcProvider grpc) {
        return GrpcService.newBuilder()
                .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder()
                        .setClusterName(authorizer.cluster())
                        .setAuthority(authorizer.host()))
                .setTimeout(grpc.hasTimeout() ? grpc.getTimeout() : PATIENCE)
                .build();
    }

    private static HttpService service(Authorizer authorizer, EnvoyExternalAuthorizationHttpProvider http) {
        AuthorizationRequest.Builder request = AuthorizationRequest.newBuilder();
        new TreeMap<>(http.getIncludeAdditionalHeadersInCheckMap())
                .forEach((name, value) -> request.addHeadersToAdd(
                        HeaderValue.newBuilder().setKey(name).setValue(value)));
        AuthorizationResponse.Builder response = AuthorizationResponse.newBuilder();
        if (http.getHeadersToUpstreamOnAllowCount() > 0) {
            response.setAllowedUpstreamHeaders(names(http.getHeadersToUpstreamOnAllowList()));
        }
        if (http.getHeadersToDownstreamOnDenyCount() > 0) {
            response.setAllowedClientHeaders(names(http.getHeadersToDownstreamOnDenyList()));
        }
        if (http.getHeadersToDownstreamOnAllowCount() > 0) {
            response.setAllowedClientHeadersOnSuccess(names(http.getHeadersToDownstreamOnAllowList()));
        }
        return HttpService.newBuilder()
                .setServerUri(HttpUri.newBuilder()
                        .setUri("http://" + authorizer.host() + ":" + authorizer.port())
                        .setCluster(authorizer.cluster())
                        .setTimeout(http.hasTimeout() ? http.getTimeout() : PATIENCE))
                .setPathPrefix(http.getPathPrefix())
                .setAuthorizationRequest(request)
                .setAuthorizationResponse(response)
                .build();
    }

    private static void headers(EnvoyExternalAuthorizationHttpProvider http, ExtAuthz.Builder filter) {
        @SuppressWarnings("deprecation") // what older meshes have
        List<String> old = http.getIncludeHeadersInCheckList();
        List<String> names =
                http.getIncludeRequestHeadersInCheckCount() > 0 ? http.getIncludeRequestHeadersInCheckList() : old;
        if (!names.isEmpty()) {
            filter.setAllowedHeaders(names(names));
        }
    }

    private static ListStringMatcher names(List<String> names) {
        ListStringMatcher.Builder list = ListStringMatcher.newBuilder();
        names.forEach(name -> {
            var matcher = Texts.match(TextPattern.parse(name));
            list.addPatterns(
                    matcher.hasSafeRegex()
                            ? matcher
                            : matcher.toBuilder().setIgnoreCase(true).build());
        });
        return list.build();
    }

    private static void status(String status, ExtAuthz.Builder filter) {
        if (!status.isEmpty()) {
            filter.setStatusOnError(HttpStatus.newBuilder().setCode(StatusCode.forNumber(Integer.parseInt(status))));
        }
    }

    private static void body(boolean given, EnvoyExternalAuthorizationRequestBody body, ExtAuthz.Builder filter) {
        if (given) {
            filter.setWithRequestBody(BufferSettings.newBuilder()
                    .setMaxRequestBytes(body.getMaxRequestBytes())
                    .setAllowPartialMessage(body.getAllowPartialMessage())
                    .setPackAsBytes(body.getPackAsBytes()));
        }
    }
}
