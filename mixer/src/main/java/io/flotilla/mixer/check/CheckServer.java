package io.flotilla.mixer.check;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.envoyproxy.envoy.service.auth.v3.OkHttpResponse;
import io.flotilla.config.authorization.Marks;
import io.flotilla.identity.SpiffeId;
import io.flotilla.mixer.audit.AuditTrail;
import io.flotilla.service.PeerIdentity;
import io.flotilla.telemetry.audit.RequestAudit;
import io.flotilla.telemetry.record.CheckTranslation;
import io.flotilla.telemetry.registry.RegistryHistory;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.service.auth.v3.Authorization}: says yes once a record of the request is kept. Where none can be, the call
 * fails and the proxy does what its policy says of that.
 */
public final class CheckServer extends AuthorizationGrpc.AuthorizationImplBase {
    private static final CheckResponse YES = CheckResponse.newBuilder()
            .setStatus(com.google.rpc.Status.newBuilder().setCode(Code.OK_VALUE))
            .setOkResponse(OkHttpResponse.getDefaultInstance())
            .setDynamicMetadata(Struct.newBuilder()
                    .putFields(
                            Marks.RECORDED,
                            Value.newBuilder().setBoolValue(true).build()))
            .build();

    /** Without the mark: the access log makes the event. */
    private static final CheckResponse YES_UNRECORDED =
            YES.toBuilder().clearDynamicMetadata().build();

    private final Supplier<RegistryHistory> registry;
    private final AuditTrail trail;
    private final Clock clock;
    private final Supplier<CompletableFuture<Void>> opening;

    private CheckServer(
            Supplier<RegistryHistory> registry,
            AuditTrail trail,
            Clock clock,
            Supplier<CompletableFuture<Void>> opening) {
        this.registry = registry;
        this.trail = trail;
        this.clock = clock;
        this.opening = opening;
    }

    /**
     * The service for one port, whose threads may wait.
     *
     * @param opening asked for each question, which is not looked at before that is done
     */
    public static ServerServiceDefinition service(
            Supplier<RegistryHistory> registry,
            AuditTrail trail,
            Clock clock,
            Supplier<CompletableFuture<Void>> opening) {
        return ServerInterceptors.intercept(new CheckServer(registry, trail, clock, opening), new Asked.Interceptor());
    }

    @Override
    public void check(CheckRequest request, StreamObserver<CheckResponse> responses) {
        @Nullable SpiffeId caller = PeerIdentity.CALLER.get();
        Asked asked = Asked.CURRENT.get();
        opening.get().join();
        CheckTranslation.Result result = new CheckTranslation(registry.get())
                .of(
                        request,
                        new CheckTranslation.Asking(caller == null ? "" : caller.toString(), asked.pod()),
                        asked.beside(),
                        clock.instant());
        switch (result) {
            case CheckTranslation.Result.Refused(String reason) ->
                responses.onError(
                        Status.PERMISSION_DENIED.withDescription(reason).asRuntimeException());
            case CheckTranslation.Result.Told told -> answer(keep(told), responses);
        }
    }

    private AuditTrail.Kept keep(CheckTranslation.Result.Told told) {
        try {
            return trail.keep(RequestAudit.before(told.record()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new AuditTrail.Kept.No(AuditTrail.Refusal.CROWDED, "this process ends");
        }
    }

    private static void answer(AuditTrail.Kept kept, StreamObserver<CheckResponse> responses) {
        switch (kept) {
            case AuditTrail.Kept.Yes yes -> {
                responses.onNext(YES);
                responses.onCompleted();
            }
            case AuditTrail.Kept.Later later -> {
                responses.onNext(YES_UNRECORDED);
                responses.onCompleted();
            }
            case AuditTrail.Kept.No(AuditTrail.Refusal why, String reason) ->
                responses.onError(Status.UNAVAILABLE.withDescription(reason).asRuntimeException());
        }
    }
}
