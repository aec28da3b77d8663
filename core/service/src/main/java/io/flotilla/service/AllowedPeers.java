package io.flotilla.service;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.SpiffeId;
import io.flotilla.identity.TrustDomain;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lets calls through only from identities on a list; the caller is then in {@link PeerIdentity#CALLER}. */
public final class AllowedPeers implements ServerInterceptor {
    private final Predicate<SpiffeId> usual;
    private final Map<String, Predicate<SpiffeId>> byService;
    private final boolean withoutCertificate;

    private AllowedPeers(
            Predicate<SpiffeId> usual, Map<String, Predicate<SpiffeId>> byService, boolean withoutCertificate) {
        this.usual = usual;
        this.byService = Map.copyOf(byService);
        this.withoutCertificate = withoutCertificate;
    }

    /** Every workload of the trust domain. */
    public static AllowedPeers anyone(TrustDomain domain) {
        return new AllowedPeers(id -> id.trustDomain().equals(domain), Map.of(), false);
    }

    /** These accounts of the trust domain. */
    public static AllowedPeers accounts(TrustDomain domain, Set<ServiceAccount> accounts) {
        return new AllowedPeers(among(domain, accounts), Map.of(), false);
    }

    /** Another list for one gRPC service, named in full: {@code envoy.service.accesslog.v3.AccessLogService}. */
    public AllowedPeers forService(String service, TrustDomain domain, Set<ServiceAccount> accounts) {
        Map<String, Predicate<SpiffeId>> all = new HashMap<>(byService);
        all.put(service, among(domain, accounts));
        return new AllowedPeers(usual, all, withoutCertificate);
    }

    /** Those too who show no certificate at all, since what is called asks them for other proof. */
    public AllowedPeers alsoWithoutCertificate() {
        return new AllowedPeers(usual, byService, true);
    }

    private static Predicate<SpiffeId> among(TrustDomain domain, Set<ServiceAccount> accounts) {
        Set<ServiceAccount> copy = Set.copyOf(accounts);
        return id -> id.trustDomain().equals(domain) && copy.contains(id.account());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (withoutCertificate && PeerIdentity.certificate(call).isEmpty()) {
            return next.startCall(call, headers);
        }
        Optional<SpiffeId> peer = PeerIdentity.of(call);
        @Nullable String service = call.getMethodDescriptor().getServiceName();
        Predicate<SpiffeId> allowed = service == null ? usual : byService.getOrDefault(service, usual);
        if (peer.isEmpty()) {
            return refuse(call, Status.UNAUTHENTICATED.withDescription("the peer shows no SPIFFE identity"));
        }
        if (!allowed.test(peer.get())) {
            return refuse(
                    call,
                    Status.PERMISSION_DENIED.withDescription(peer.get() + " may not call "
                            + call.getMethodDescriptor().getFullMethodName()));
        }
        Context context = Context.current().withValue(PeerIdentity.CALLER, peer.get());
        return Contexts.interceptCall(context, call, headers, next);
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
