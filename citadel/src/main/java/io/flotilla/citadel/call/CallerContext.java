package io.flotilla.citadel.call;

import io.flotilla.service.caller.Credentials;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Brings a call's credentials to the method that is called. */
public final class CallerContext implements ServerInterceptor {
    private static final Context.Key<Credentials> KEY = Context.key("credentials");

    /** Those of the call under way; none outside of one. */
    public static Credentials credentials() {
        Credentials credentials = KEY.get();
        return credentials == null ? Credentials.NONE : credentials;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Context context = Context.current().withValue(KEY, Credentials.of(call, headers));
        return Contexts.interceptCall(context, call, headers, next);
    }
}
