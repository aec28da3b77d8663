package io.flotilla.telemetry.record;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.flotilla.api.events.v1.Decision;
import io.flotilla.api.events.v1.HttpRequest;
import io.flotilla.api.events.v1.Peer;
import io.flotilla.api.events.v1.RecordType;
import io.flotilla.api.events.v1.Reporter;
import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.api.events.v1.SecurityPolicy;
import io.flotilla.api.registry.v1.Workload;
import io.flotilla.telemetry.registry.RegistryHistory;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Translates what a proxy asks before it lets a request or connection go on ({@code envoy.service.auth.v3}) into a record
 * of it.
 *
 * @param history the registry of the last minute
 */
public record CheckTranslation(RegistryHistory history) {
    // A question says nothing of clusters.
    private static final String NO_CLUSTER = "";

    /**
     * Who asks.
     *
     * @param uri  of its verified certificate, empty on plaintext
     * @param pod  "NAMESPACE/POD" as it says itself, empty where it says nothing
     */
    public record Asking(String uri, String pod) {}

    /**
     * What the proxy told beside its question.
     *
     * @param metadata what its rules found, where the question itself does not tell it
     * @param stream   of a connection: the proxy's id of it, empty where it does not say
     * @param start    of a connection: when it began; null where it does not say
     */
    public record Beside(
            Metadata metadata, String stream, @Nullable Timestamp start) {
        /** Nothing. */
        public static final Beside NOTHING = new Beside(Metadata.getDefaultInstance(), "", null);
    }

    /** Whether there is a record. */
    public sealed interface Result {
        /** What is to be kept. */
        record Told(RequestRecord record) implements Result {}

        /** The one that asks may not, and why. */
        record Refused(String reason) implements Result {}
    }

    /** The record. */
    public Result of(CheckRequest check, Asking asking, Beside beside, Instant now) {
        Optional<Workload> self = self(asking);
        if (!asking.uri().isEmpty() && !mayAsk(asking, self)) {
            return new Result.Refused("\"" + asking.uri() + "\" may not ask for pod " + asking.pod());
        }
        AttributeContext context = check.getAttributes();
        Metadata metadata = context.getMetadataContext().toBuilder()
                .mergeFrom(beside.metadata())
                .build();
        String uri = spiffe(context.getSource().getPrincipal());
        Peer caller = new CallerJoin(history, self.map(Workload::getNetwork).orElse(""), NO_CLUSTER)
                .caller(uri, context.getSource().getAddress(), peer(metadata), now);
        String own = asking.uri().isEmpty() ? spiffe(context.getDestination().getPrincipal()) : asking.uri();
        RequestRecord.Builder record = RequestRecord.newBuilder()
                .setType(RecordType.TCP_OPEN)
                .setProtocol("tcp")
                .setReporter(Reporter.DESTINATION)
                .setSecurity(uri.isEmpty() ? SecurityPolicy.NONE : SecurityPolicy.MUTUAL_TLS)
                .setSource(caller)
                .setDestination(Peers.of(
                        self.orElse(null),
                        Principal.parse(own).orElse(null),
                        context.getDestination().getAddress(),
                        NO_CLUSTER))
                .setStart(Timestamps.fromMillis(now.toEpochMilli()))
                .setRequestedServerName(Texts.cut(context.getTlsSession().getSni()))
                .setDecision(Decision.newBuilder(Decisions.next(metadata)).setRecorded(true));
        // Its id counts only with the time that the proxy gave it.
        if (context.getRequest().hasHttp()) {
            AttributeContext.HttpRequest http = context.getRequest().getHttp();
            request(http, record);
            if (context.getRequest().hasTime()) {
                record.setStart(context.getRequest().getTime())
                        .setStreamId(Texts.cut(http.getHeadersOrDefault("x-request-id", "")));
            }
        } else if (beside.start() != null) {
            record.setStart(beside.start()).setStreamId(Texts.cut(beside.stream()));
        }
        return new Result.Told(record.build());
    }

    private static void request(AttributeContext.HttpRequest http, RequestRecord.Builder record) {
        int query = http.getPath().indexOf('?');
        record.setType(RecordType.HTTP)
                .setProtocol("http")
                .setHttp(HttpRequest.newBuilder()
                        .setMethod(Texts.cut(http.getMethod()))
                        .setScheme(Texts.cut(http.getScheme()))
                        .setAuthority(Texts.cut(http.getHost()))
                        .setPath(Texts.cut(
                                query < 0 ? http.getPath() : http.getPath().substring(0, query)))
                        .setRequestId(Texts.cut(http.getHeadersOrDefault("x-request-id", "")))
                        .setUserAgent(Texts.cut(http.getHeadersOrDefault("user-agent", "")))
                        .setVersion(Texts.cut(http.getProtocol())));
    }

    private Optional<Workload> self(Asking asking) {
        int slash = asking.pod().indexOf('/');
        if (slash <= 0) {
            return Optional.empty();
        }
        String namespace = asking.pod().substring(0, slash);
        String name = asking.pod().substring(slash + 1);
        return Optional.of(history.byName(namespace, name)
                .orElse(Workload.newBuilder()
                        .setNamespace(namespace)
                        .setName(name)
                        .build()));
    }

    // A pod that nobody knows yet has no service account here.
    private static boolean mayAsk(Asking asking, Optional<Workload> self) {
        return Principal.parse(asking.uri())
                .filter(peer -> self.isEmpty()
                        || (self.get().getNamespace().equals(peer.namespace())
                                && (self.get().getServiceAccount().isEmpty()
                                        || self.get().getServiceAccount().equals(peer.serviceAccount()))))
                .isPresent();
    }

    private static String peer(Metadata metadata) {
        return metadata.getFilterMetadataOrDefault("flotilla", com.google.protobuf.Struct.getDefaultInstance())
                .getFieldsOrDefault("peer", com.google.protobuf.Value.getDefaultInstance())
                .getStringValue();
    }

    // Envoy tells another name of the certificate where it has no URI.
    private static String spiffe(String principal) {
        return principal.startsWith("spiffe://") ? principal : "";
    }
}
