package io.flotilla.citadel.call;

import io.flotilla.api.v1.auth.IstioCertificateRequest;
import io.flotilla.api.v1.auth.IstioCertificateResponse;
import io.flotilla.api.v1.auth.IstioCertificateServiceGrpc;
import io.flotilla.citadel.sign.Signer;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrOutcome;
import io.flotilla.identity.csr.CsrReader;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** {@code istio.v1.auth.IstioCertificateService}: a certificate for a key that the caller made. */
public final class CertificateService extends IstioCertificateServiceGrpc.IstioCertificateServiceImplBase {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> CREDENTIALS = Context.key("credentials");

    private final CallerCheck callers;
    private final Signer signer;
    private final Consumer<Event> count;

    /** What is counted (citadel_server_*). */
    public enum Event {
        REQUEST,
        UNPROVEN,
        BAD_CSR
    }

    public CertificateService(CallerCheck callers, Signer signer, Consumer<Event> count) {
        this.callers = callers;
        this.signer = signer;
        this.count = count;
    }

    /** With the interceptor that brings the caller's credentials along. */
    public ServerServiceDefinition definition() {
        return ServerInterceptors.intercept(this, new Credentials());
    }

    @Override
    public void createCertificate(IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> responses) {
        count.accept(Event.REQUEST);
        switch (callers.check(CREDENTIALS.get())) {
            case CallerCheck.Verdict.Unproven unproven -> {
                count.accept(Event.UNPROVEN);
                refuse(responses, Status.UNAUTHENTICATED, unproven.message());
            }
            case CallerCheck.Verdict.Proven proven -> {
                switch (CsrReader.read(request.getCsr())) {
                    case CsrOutcome.Refused refused -> {
                        count.accept(Event.BAD_CSR);
                        refuse(responses, Status.INVALID_ARGUMENT, "csr refused: " + refused.message());
                    }
                    case CsrOutcome.Read read ->
                        answer(
                                responses,
                                signer.sign(
                                        proven.caller(),
                                        read.request(),
                                        request.getCsr(),
                                        Duration.ofSeconds(Math.max(0, request.getValidityDuration()))));
                }
            }
        }
    }

    private static void answer(StreamObserver<IstioCertificateResponse> responses, Signer.Outcome outcome) {
        switch (outcome) {
            case Signer.Outcome.Issued issued -> {
                IstioCertificateResponse.Builder response = IstioCertificateResponse.newBuilder();
                issued.chain().forEach(each -> response.addCertChain(Certificates.pem(List.of(each))));
                // The classic answer ends with one entry for the root; several roots share it.
                response.addCertChain(Certificates.pem(issued.roots()));
                responses.onNext(response.build());
                responses.onCompleted();
            }
            case Signer.Outcome.Refused refused -> refuse(responses, Status.INVALID_ARGUMENT, refused.message());
            case Signer.Outcome.Unavailable away -> refuse(responses, Status.UNAVAILABLE, away.message());
        }
    }

    private static void refuse(StreamObserver<?> responses, Status status, String message) {
        responses.onError(status.withDescription(message).asRuntimeException());
    }

    private static final class Credentials implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String credentials = headers.containsKey(AUTHORIZATION) ? headers.get(AUTHORIZATION) : "";
            Context context = Context.current().withValue(CREDENTIALS, credentials == null ? "" : credentials);
            return Contexts.interceptCall(context, call, headers, next);
        }
    }
}
