package io.flotilla.citadel.admin;

import com.google.protobuf.Timestamp;
import io.flotilla.api.identity.v1.CertificateAuthorityGrpc;
import io.flotilla.api.identity.v1.CreateBootstrapTokenRequest;
import io.flotilla.api.identity.v1.CreateBootstrapTokenResponse;
import io.flotilla.api.identity.v1.Revocation;
import io.flotilla.api.identity.v1.RevokeRequest;
import io.flotilla.api.identity.v1.RevokeResponse;
import io.flotilla.api.identity.v1.RotateRequest;
import io.flotilla.api.identity.v1.StatusRequest;
import io.flotilla.api.identity.v1.StatusResponse;
import io.flotilla.citadel.audit.Acts;
import io.flotilla.citadel.bootstrap.Machines;
import io.flotilla.citadel.call.CallerContext;
import io.flotilla.citadel.revoke.RevocationBook;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.Shown;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.issue.Caller;
import io.flotilla.identity.revocation.Revocations;
import io.flotilla.service.caller.CallerCheck;
import io.flotilla.service.caller.Verdict;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** {@code flotilla.identity.v1.CertificateAuthority}: for the accounts that the settings name, and nobody else. */
public final class AuthorityService extends CertificateAuthorityGrpc.CertificateAuthorityImplBase {
    private static final String NOT_DISTRIBUTED =
            "citadel issues and renews by it no more, but it knows no Galley (flotilla.config) that would tell the"
                    + " proxies: peers accept what was issued until it ends";
    private static final Logger AUDIT = Logger.getLogger("citadel.audit");

    private final CallerCheck callers;
    private final Set<ServiceAccount> admins;
    private final Parts parts;

    /**
     * What it asks.
     *
     * @param unlisted why TCP peers are not refused in the handshake; empty where they are
     */
    public record Parts(
            TrustDomain domain,
            Optional<Machines> machines,
            Optional<RevocationBook> revocations,
            Supplier<String> unlisted,
            AuthorityState state,
            Acts acts,
            Clock clock,
            Duration longestLife) {}

    public AuthorityService(CallerCheck callers, Set<ServiceAccount> admins, Parts parts) {
        this.callers = callers;
        this.admins = Set.copyOf(admins);
        this.parts = parts;
    }

    /** With the interceptor that brings the caller's credentials along. */
    public ServerServiceDefinition definition() {
        return ServerInterceptors.intercept(this, new CallerContext());
    }

    /** An answer, or the status with which there is none. */
    private interface Work<A> {
        A run(Caller caller) throws IOException;
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> responses) {
        answer(responses, caller -> status());
    }

    @Override
    public void rotate(RotateRequest request, StreamObserver<StatusResponse> responses) {
        answer(responses, caller -> {
            Optional<String> problem = parts.state().rotate();
            if (problem.isPresent()) {
                throw failure(Status.FAILED_PRECONDITION, problem.get());
            }
            parts.acts()
                    .act(caller, "root.rotation-begun", parts.state().status().getBackend(), Map.of());
            AUDIT.infof("root rotation begun by %s, %s", caller.account(), caller.by());
            return status();
        });
    }

    private StatusResponse status() {
        return parts.state().status().toBuilder()
                .addAllRevocations(parts.revocations().map(RevocationBook::all).orElse(List.of()))
                .build();
    }

    @Override
    public void revoke(RevokeRequest request, StreamObserver<RevokeResponse> responses) {
        answer(responses, caller -> {
            RevocationBook book = parts.revocations()
                    .orElseThrow(() -> failure(
                            Status.FAILED_PRECONDITION, "this Citadel keeps no revocations: ca-dir is not set"));
            Instant now = parts.clock().instant();
            Revocation revocation = request.getRevocation().toBuilder()
                    .setRevokedAt(time(now))
                    .setUntil(time(now.plus(parts.longestLife())))
                    .setActor(caller.account() + " by " + caller.by())
                    .build();
            if (book.take(revocation) instanceof Revocations.Outcome.Bad bad) {
                throw failure(Status.INVALID_ARGUMENT, bad.message());
            }
            parts.acts().act(caller, "certificate.revoked", struck(revocation), told(revocation));
            AUDIT.infof("revoked %s by %s, %s", Shown.of(revocation.toString()), caller.account(), caller.by());
            return RevokeResponse.newBuilder()
                    .setRevocation(revocation)
                    .setApply(book.byObject())
                    .setNotInEffect(book.byObject() ? parts.unlisted().get() : NOT_DISTRIBUTED)
                    .build();
        });
    }

    @Override
    public void createBootstrapToken(
            CreateBootstrapTokenRequest request, StreamObserver<CreateBootstrapTokenResponse> responses) {
        answer(responses, caller -> {
            ServiceAccount account = ServiceAccount.parse(request.getNamespace(), request.getServiceAccount())
                    .orElseThrow(() -> failure(
                            Status.INVALID_ARGUMENT,
                            "namespace and service account are no names that Kubernetes would take"));
            Machines machines = parts.machines()
                    .orElseThrow(() -> failure(
                            Status.FAILED_PRECONDITION, "this Citadel keeps no bootstrap tokens: ca-dir is not set"));
            Duration lifetime = Duration.ofSeconds(request.getLifetime().getSeconds());
            if (lifetime.isNegative() || lifetime.compareTo(Machines.LONGEST) > 0) {
                throw failure(
                        Status.INVALID_ARGUMENT,
                        "a token for a lifetime of " + lifetime.toHours() + "h is not made: ask for "
                                + Machines.LONGEST.toDays() + "d at most");
            }
            Machines.Made made = machines.make(account, lifetime);
            parts.acts()
                    .act(
                            caller,
                            "bootstrap-token.made",
                            new SpiffeId(parts.domain(), account).uri(),
                            Map.of(
                                    "token", made.token().id(),
                                    "not-after", made.grant().expiresAt().toString()));
            AUDIT.infof(
                    "bootstrap token %s for %s until %s, made by %s, %s",
                    made.token().id(), account, made.grant().expiresAt(), caller.account(), caller.by());
            return CreateBootstrapTokenResponse.newBuilder()
                    .setToken(made.token().text())
                    .setExpiresAt(time(made.grant().expiresAt()))
                    .setIdentity(new SpiffeId(parts.domain(), account).uri())
                    .build();
        });
    }

    private static String struck(Revocation revocation) {
        return switch (revocation.getWhatCase()) {
            case CERTIFICATE -> "serial " + revocation.getCertificate().getSerial();
            case IDENTITY -> revocation.getIdentity();
            case ISSUED_BEFORE -> revocation.getIssuedBefore().getIdentity();
            case WHAT_NOT_SET -> "";
        };
    }

    private static Map<String, String> told(Revocation revocation) {
        Map<String, String> told = new TreeMap<>(Map.of("reason", revocation.getReason()));
        if (revocation.hasCertificate()) {
            told.put("serial", revocation.getCertificate().getSerial());
        }
        if (revocation.hasIssuedBefore()) {
            told.put(
                    "issued-before",
                    Instant.ofEpochSecond(revocation.getIssuedBefore().getTime().getSeconds())
                            .toString());
        }
        told.values().removeIf(String::isEmpty);
        return told;
    }

    private <A> void answer(StreamObserver<A> responses, Work<A> work) {
        try {
            responses.onNext(work.run(admin()));
            responses.onCompleted();
        } catch (StatusRuntimeException e) {
            responses.onError(e);
        } catch (IOException e) {
            responses.onError(failure(Status.UNAVAILABLE, e.getMessage()));
        }
    }

    private Caller admin() {
        Caller caller = switch (callers.check(CallerContext.credentials())) {
            case Verdict.Proven proven -> proven.caller();
            case Verdict.Unproven unproven -> throw failure(Status.UNAUTHENTICATED, unproven.message());
            case Verdict.Unavailable away -> throw failure(Status.UNAVAILABLE, away.message());
        };
        if (!admins.contains(caller.account())) {
            AUDIT.warnf("%s, %s, asked for what only operators may", caller.account(), caller.by());
            throw failure(Status.PERMISSION_DENIED, caller.account() + " is not among the accounts of flotilla.admins");
        }
        return caller;
    }

    static Timestamp time(Instant instant) {
        return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
    }

    private static StatusRuntimeException failure(Status status, @org.jspecify.annotations.Nullable String message) {
        return status.withDescription(message).asRuntimeException();
    }
}
