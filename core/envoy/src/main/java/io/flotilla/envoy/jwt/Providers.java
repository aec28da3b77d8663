package io.flotilla.envoy.jwt;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtClaimToHeader;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtHeader;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.RemoteJwks;
import io.flotilla.config.authentication.TokenRule;
import io.flotilla.envoy.Names;

/** One issuer as Envoy's filter knows it. */
final class Providers {
    private static final Duration SOON = Durations.fromSeconds(1);

    private Providers() {}

    static JwtProvider of(TokenRule rule) {
        JwtProvider.Builder provider = JwtProvider.newBuilder()
                .setIssuer(rule.issuer())
                .addAllAudiences(rule.audiences())
                .setForward(rule.outputs().forward())
                .setForwardPayloadHeader(rule.outputs().payload())
                .setPayloadInMetadata(TokenFilter.PAYLOAD)
                // Routes may ask for claims, which were not known when the request came.
                .setClearRouteCache(true)
                .setNormalizePayloadInMetadata(JwtProvider.NormalizePayload.newBuilder()
                        .addSpaceDelimitedClaims("scope")
                        .addSpaceDelimitedClaims("permission")
                        .addAllSpaceDelimitedClaims(rule.spaceDelimited().stream()
                                .filter(claim -> !claim.equals("scope") && !claim.equals("permission"))
                                .distinct()
                                .toList()));
        if (rule.jwks().isEmpty()) {
            provider.setRemoteJwks(nowhere());
        } else {
            provider.setLocalJwks(DataSource.newBuilder().setInlineString(rule.jwks()));
        }
        rule.places()
                .headers()
                .forEach(header -> provider.addFromHeaders(
                        JwtHeader.newBuilder().setName(header.name()).setValuePrefix(header.prefix())));
        provider.addAllFromParams(rule.places().params())
                .addAllFromCookies(rule.places().cookies());
        rule.outputs()
                .claims()
                .forEach(claim -> provider.addClaimToHeaders(JwtClaimToHeader.newBuilder()
                        .setHeaderName(claim.header())
                        .setClaimName(claim.claim())));
        return provider.build();
    }

    // Envoy takes no set without keys, and a key of our own would be one that somebody has. From a cluster without
    // endpoints it never gets any, and so refuses every token.
    private static RemoteJwks nowhere() {
        return RemoteJwks.newBuilder()
                .setHttpUri(HttpUri.newBuilder()
                        .setUri("http://keys.invalid/")
                        .setCluster(Names.BLACK_HOLE)
                        .setTimeout(SOON))
                .build();
    }
}
