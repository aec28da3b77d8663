package io.flotilla.mixer.check;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.flotilla.config.authorization.Marks;
import io.flotilla.telemetry.record.CheckTranslation;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says in the headers of its question.
 *
 * @param pod   "NAMESPACE/POD", empty where it does not say
 * @param beside what it says of a connection, since its question has no place for that
 */
record Asked(String pod, CheckTranslation.Beside beside) {
    static final Context.Key<Asked> CURRENT =
            Context.keyWithDefault("asked", new Asked("", CheckTranslation.Beside.NOTHING));

    private static final String UNKNOWN = "-";
    private static final io.grpc.Metadata.Key<String> POD = key("x-flotilla-pod");
    private static final io.grpc.Metadata.Key<String> STREAM = key("x-" + Marks.STREAM);
    private static final io.grpc.Metadata.Key<String> START = key("x-" + Marks.START);
    private static final int NANO_DIGITS = 9;
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
                new CheckTranslation.Beside(
                        marks.getFieldsCount() == 0
                                ? Metadata.getDefaultInstance()
                                : Metadata.newBuilder()
                                        .putFilterMetadata(Marks.TCP, marks.build())
                                        .build(),
                        text(headers, STREAM),
                        time(text(headers, START))));
    }

    /** Of "SECONDS.NANOSECONDS". */
    private static @Nullable Timestamp time(String text) {
        int dot = text.indexOf('.');
        if (dot < 0 || text.length() - dot - 1 != NANO_DIGITS) {
            return null;
        }
        try {
            return Timestamp.newBuilder()
                    .setSeconds(Long.parseLong(text.substring(0, dot)))
                    .setNanos(Integer.parseInt(text.substring(dot + 1)))
                    .build();
        } catch (NumberFormatException e) {
            return null;
        }
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
