package io.flotilla.citadel.call;

import io.flotilla.api.v1.auth.IstioCertificateRequest;
import io.flotilla.api.v1.auth.IstioCertificateResponse;
import io.flotilla.api.v1.auth.IstioCertificateServiceGrpc;
import io.flotilla.citadel.sign.Signer;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrOutcome;
import io.flotilla.identity.csr.CsrReader;
import io.flotilla.identity.issue.Caller;
import io.flotilla.service.caller.CallerCheck;
import io.flotilla.service.caller.Credentials;
import io.flotilla.service.caller.Verdict;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** {@code istio.v1.auth.IstioCertificateService}: a certificate for a key that the caller made. */
public final class CertificateService extends IstioCertificateServiceGrpc.IstioCertificateServiceImplBase {
    private static final int URGENT_SHARE = 4;

    private final CallerCheck callers;
    private final Delegation delegation;
    private final Signer signer;
    private final Consumer<Event> count;
    private final Clock clock;
    private volatile RootText lastRoots = new RootText(List.of(), "");

    /** What is counted (citadel_server_*). */
    public enum Event {
        REQUEST,
        UNPROVEN,
        BAD_CSR,
        /** A caller that asks in a name that is not its own, without a policy for it. */
        NOT_DELEGATED
    }

    public CertificateService(
            CallerCheck callers, Delegation delegation, Signer signer, Consumer<Event> count, Clock clock) {
        this.callers = callers;
        this.delegation = delegation;
        this.signer = signer;
        this.count = count;
        this.clock = clock;
    }

    /** With the interceptor that brings the caller's credentials along. */
    public ServerServiceDefinition definition() {
        return ServerInterceptors.intercept(this, new CallerContext());
    }

    @Override
    public void createCertificate(IstioCertificateRequest request, StreamObserver<IstioCertificateResponse> responses) {
        count.accept(Event.REQUEST);
        try {
            responses.onNext(answer(request, proven(callers.check(CallerContext.credentials()))));
            responses.onCompleted();
        } catch (StatusRuntimeException e) {
            responses.onError(e);
        }
    }

    private Verdict.Proven proven(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Proven proven -> proven;
            case Verdict.Unproven unproven -> {
                count.accept(Event.UNPROVEN);
                throw failure(Status.UNAUTHENTICATED, unproven.message());
            }
            case Verdict.Unavailable away -> throw failure(Status.UNAVAILABLE, away.message());
        };
    }

    private IstioCertificateResponse answer(IstioCertificateRequest request, Verdict.Proven proven) {
        Caller caller = switch (delegation.resolve(proven.caller(), request.getMetadata())) {
            case Delegation.Outcome.For found -> found.caller();
            case Delegation.Outcome.Refused refused -> {
                count.accept(Event.NOT_DELEGATED);
                throw failure(Status.PERMISSION_DENIED, refused.message());
            }
        };
        CsrOutcome.Read csr = switch (CsrReader.read(request.getCsr())) {
            case CsrOutcome.Read read -> read;
            case CsrOutcome.Refused refused -> {
                count.accept(Event.BAD_CSR);
                throw failure(Status.INVALID_ARGUMENT, "csr refused: " + refused.message());
            }
        };
        Duration asked = Duration.ofSeconds(Math.max(0, request.getValidityDuration()));
        return switch (signer.sign(
                caller,
                new Signer.Wish(
                        csr.request(), request.getCsr(), asked, proven.claim(), urgent(CallerContext.credentials())))) {
            case Signer.Outcome.Issued issued -> response(issued);
            case Signer.Outcome.Refused refused -> throw failure(Status.INVALID_ARGUMENT, refused.message());
            case Signer.Outcome.Unclaimed used -> throw failure(Status.UNAUTHENTICATED, used.message());
            case Signer.Outcome.Limited limited -> throw failure(Status.RESOURCE_EXHAUSTED, limited.message());
            case Signer.Outcome.Unavailable away -> throw failure(Status.UNAVAILABLE, away.message());
        };
    }

    /** Less than a quarter of its certificate's life is left. */
    private boolean urgent(Credentials credentials) {
        return credentials
                .certificate()
                .map(held -> {
                    Instant end = held.getNotAfter().toInstant();
                    Duration life = Duration.between(held.getNotBefore().toInstant(), end);
                    return clock.instant().isAfter(end.minus(life.dividedBy(URGENT_SHARE)));
                })
                .orElse(false);
    }

    /** Roots as text, which are the same for many answers. */
    private record RootText(List<X509Certificate> roots, String pem) {}

    private String rootText(List<X509Certificate> roots) {
        RootText last = lastRoots;
        if (!last.roots().equals(roots)) {
            last = new RootText(roots, Certificates.pem(roots));
            lastRoots = last;
        }
        return last.pem();
    }

    private IstioCertificateResponse response(Signer.Outcome.Issued issued) {
        IstioCertificateResponse.Builder response = IstioCertificateResponse.newBuilder();
        issued.chain().forEach(each -> response.addCertChain(Certificates.pem(List.of(each))));
        // The classic answer ends with one entry for the root; several roots share it.
        return response.addCertChain(rootText(issued.roots())).build();
    }

    private static StatusRuntimeException failure(Status status, String message) {
        return status.withDescription(message).asRuntimeException();
    }
}
