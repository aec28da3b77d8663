package io.flotilla.config.validate;

import com.google.protobuf.Duration;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.EnvoyExternalAuthorizationGrpcProvider;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.EnvoyExternalAuthorizationHttpProvider;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.HttpHeader;
import io.flotilla.api.mesh.v1alpha1.ExtensionProvider.OpenTelemetryTracingProvider;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the extension providers of a MeshConfig must be. A provider that cannot work is a warning: Istio takes such a
 * mesh too, and only what names the provider suffers.
 */
final class MeshProviderRules {
    private static final String CODE = "FL0805";
    private static final int MAX_PORT = 65_535;
    /** Those that Envoy can answer with: envoy.type.v3.StatusCode. */
    private static final Set<Integer> STATUS = Set.of(
            100, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308,
            400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423,
            424, 426, 428, 429, 431, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511);

    private final Check check;

    MeshProviderRules(Check check) {
        this.check = check;
    }

    void check(List<ExtensionProvider> providers, FieldPath at) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < providers.size(); i++) {
            ExtensionProvider provider = providers.get(i);
            FieldPath place = at.item(i);
            if (provider.getName().isEmpty()) {
                check.warning(CODE, place.field("name"), "is required, so nothing can use this provider");
            } else if (!names.add(provider.getName())) {
                check.warning(CODE, place.field("name"), "\"" + provider.getName() + "\" is given twice");
            }
            provider(provider, place);
        }
    }

    @SuppressWarnings("deprecation") // old meshes have lightstep and opencensus
    private void provider(ExtensionProvider provider, FieldPath at) {
        switch (provider.getProviderCase()) {
            case ENVOY_EXT_AUTHZ_HTTP -> authorization(provider.getEnvoyExtAuthzHttp(), at.field("envoyExtAuthzHttp"));
            case ENVOY_EXT_AUTHZ_GRPC -> authorization(provider.getEnvoyExtAuthzGrpc(), at.field("envoyExtAuthzGrpc"));
            case ZIPKIN -> {
                FieldPath place = at.field("zipkin");
                service(provider.getZipkin().getService(), provider.getZipkin().getPort(), place);
                timeout(provider.getZipkin().getTimeout(), place.field("timeout"));
                headers(provider.getZipkin().getHeadersList(), place.field("headers"));
                path(provider.getZipkin().getPath(), place.field("path"));
            }
            case LIGHTSTEP -> {
                FieldPath place = at.field("lightstep");
                service(
                        provider.getLightstep().getService(),
                        provider.getLightstep().getPort(),
                        place);
                required(provider.getLightstep().getAccessToken(), place.field("accessToken"));
            }
            case DATADOG ->
                service(
                        provider.getDatadog().getService(),
                        provider.getDatadog().getPort(),
                        at.field("datadog"));
            case OPENCENSUS ->
                service(
                        provider.getOpencensus().getService(),
                        provider.getOpencensus().getPort(),
                        at.field("opencensus"));
            case SKYWALKING ->
                service(
                        provider.getSkywalking().getService(),
                        provider.getSkywalking().getPort(),
                        at.field("skywalking"));
            case OPENTELEMETRY -> telemetry(provider.getOpentelemetry(), at.field("opentelemetry"));
            case ENVOY_HTTP_ALS ->
                service(
                        provider.getEnvoyHttpAls().getService(),
                        provider.getEnvoyHttpAls().getPort(),
                        at.field("envoyHttpAls"));
            case ENVOY_TCP_ALS ->
                service(
                        provider.getEnvoyTcpAls().getService(),
                        provider.getEnvoyTcpAls().getPort(),
                        at.field("envoyTcpAls"));
            case ENVOY_OTEL_ALS ->
                service(
                        provider.getEnvoyOtelAls().getService(),
                        provider.getEnvoyOtelAls().getPort(),
                        at.field("envoyOtelAls"));
            case SDS -> {
                FieldPath place = at.field("sds");
                required(provider.getSds().getName(), place.field("name"));
                service(provider.getSds().getService(), provider.getSds().getPort(), place);
            }
            case STACKDRIVER, PROMETHEUS, ENVOY_FILE_ACCESS_LOG -> {
                // All that they take has a default.
            }
            case PROVIDER_NOT_SET -> check.warning(CODE, at, "says not which kind of provider it is");
        }
    }

    private void authorization(EnvoyExternalAuthorizationHttpProvider provider, FieldPath at) {
        service(provider.getService(), provider.getPort(), at);
        status(provider.getStatusOnError(), at.field("statusOnError"));
        path(provider.getPathPrefix(), at.field("pathPrefix"));
        timeout(provider.getTimeout(), at.field("timeout"));
    }

    private void authorization(EnvoyExternalAuthorizationGrpcProvider provider, FieldPath at) {
        service(provider.getService(), provider.getPort(), at);
        status(provider.getStatusOnError(), at.field("statusOnError"));
        timeout(provider.getTimeout(), at.field("timeout"));
    }

    private void telemetry(OpenTelemetryTracingProvider provider, FieldPath at) {
        service(provider.getService(), provider.getPort(), at);
        if (provider.hasHttp() && provider.hasGrpc()) {
            check.warning(CODE, at, "takes http or grpc, not both");
        }
        if (provider.hasHttp()) {
            FieldPath http = at.field("http");
            path(provider.getHttp().getPath(), http.field("path"));
            timeout(provider.getHttp().getTimeout(), http.field("timeout"));
            headers(provider.getHttp().getHeadersList(), http.field("headers"));
        }
        if (provider.hasDynatraceSampler()) {
            FieldPath sampler = at.field("dynatraceSampler");
            required(provider.getDynatraceSampler().getTenant(), sampler.field("tenant"));
            if (provider.getDynatraceSampler().hasHttpService()) {
                var service = provider.getDynatraceSampler().getHttpService();
                service(service.getService(), service.getPort(), sampler.field("httpService"));
            }
        }
    }

    /** "HOST", or "NAMESPACE/HOST". */
    private void service(String service, int port, FieldPath at) {
        int slash = service.indexOf('/');
        String host = service.substring(slash + 1);
        boolean fits = (slash < 0 || Names.isLabel(service.substring(0, slash)))
                && (Names.isHost(host) || Addresses.isIp(host));
        if (service.isEmpty()) {
            check.warning(CODE, at.field("service"), "is required");
        } else if (!fits) {
            check.warning(CODE, at.field("service"), "\"" + service + "\" is no service: HOST or NAMESPACE/HOST");
        }
        if (port < 1 || port > MAX_PORT) {
            check.warning(
                    CODE,
                    at.field("port"),
                    "must be a port between 1 and " + MAX_PORT + ", not " + Integer.toUnsignedString(port));
        }
    }

    private void required(String text, FieldPath at) {
        if (text.isEmpty()) {
            check.warning(CODE, at, "is required");
        }
    }

    private void status(String status, FieldPath at) {
        boolean known = status.isEmpty() || (status.matches("[0-9]{3}") && STATUS.contains(Integer.parseInt(status)));
        if (!known) {
            check.warning(CODE, at, "\"" + status + "\" is no status that Envoy can answer with");
        }
    }

    private void path(String path, FieldPath at) {
        if (!path.isEmpty() && !path.startsWith("/")) {
            check.warning(CODE, at, "\"" + path + "\" does not begin with \"/\"");
        }
    }

    private void timeout(Duration timeout, FieldPath at) {
        if (timeout.getSeconds() < 0 || timeout.getNanos() < 0) {
            check.warning(CODE, at, "must not be negative");
        }
    }

    private void headers(List<HttpHeader> headers, FieldPath at) {
        for (int i = 0; i < headers.size(); i++) {
            required(headers.get(i).getName(), at.item(i).field("name"));
        }
    }
}
