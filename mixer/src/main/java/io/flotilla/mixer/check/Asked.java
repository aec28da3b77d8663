package io.flotilla.mixer.check;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.flotilla.config.authorization.Marks;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a proxy says in the headers of its question.
 *
 * @param pod   "NAMESPACE/POD", empty where it does not say
 * @param found what its rules found of a connection, as the metadata of its filter
 */
record Asked(String pod, Metadata found) {
    static final Context.Key<Asked> CURRENT =
            Context.keyWithDefault("asked", new Asked("", Metadata.getDefaultInstance()));

    private static final String UNKNOWN = "-";
    private static final io.grpc.Metadata.Key<String> POD = key("x-flotilla-pod");
    private static final List<String> MARKS = Stream.of(Marks.AUDIT, Marks.AUDIT_IF_POSSIBLE, Marks.DENY, Marks.ALLOW)
            .flatMap(mark -> Stream.of(mark + Marks.RESULT, mark + Marks.RULE))
            .toList();

    static Asked of(io.grpc.Metadata headers) {
        Struct.Builder marks = Struct.newBuilder();
        for (String mark : MARKS) {
            String text = text(headers, key("x-" + mark.replace('_', '-')));
            if (!text.isEmpty()) {
                marks.putFields(mark, Value.newBuilder().setStringValue(text).build());
            }
        }
        String pod = text(headers, POD);
        return new Asked(
                pod.startsWith(UNKNOWN + "/") || pod.endsWith("/" + UNKNOWN) ? "" : pod,
                marks.getFieldsCount() == 0
                        ? Metadata.getDefaultInstance()
                        : Metadata.newBuilder()
                                .putFilterMetadata(Marks.TCP, marks.build())
                                .build());
    }

    // Envoy writes "-" for what it does not know.
    private static String text(io.grpc.Metadata headers, io.grpc.Metadata.Key<String> key) {
        String text = headers.get(key);
        return text == null || text.equals(UNKNOWN) ? "" : text;
    }

    private static io.grpc.Metadata.Key<String> key(String name) {
        return io.grpc.Metadata.Key.of(name, io.grpc.Metadata.ASCII_STRING_MARSHALLER);
    }

    /** Makes the headers known to the method that is called. */
    static final class Interceptor implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, io.grpc.Metadata headers, ServerCallHandler<Q, A> next) {
            return Contexts.interceptCall(Context.current().withValue(CURRENT, of(headers)), call, headers, next);
        }
    }
}
