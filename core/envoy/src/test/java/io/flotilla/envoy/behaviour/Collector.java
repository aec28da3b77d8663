package io.flotilla.envoy.behaviour;

import io.flotilla.envoy.workbench.App;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Collectors of telemetry that keep the messages as they are: what is asked of them is text. */
final class Collector {
    private Collector() {}

    /** One of OpenTelemetry, with the service of that name. */
    static Server of(String name, List<String> told) throws IOException {
        return of(name, told, new CopyOnWriteArrayList<>());
    }

    /**
     * The same.
     *
     * @param tokens of Lightstep, of each call that has one
     */
    static Server of(String name, List<String> told, List<String> tokens) throws IOException {
        Metadata.Key<String> token = Metadata.Key.of("lightstep-access-token", Metadata.ASCII_STRING_MARSHALLER);
        MethodDescriptor<String, String> export = MethodDescriptor.<String, String>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(name + "/Export")
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
        BindableService service = () -> ServerServiceDefinition.builder(name)
                .addMethod(export, ServerCalls.asyncUnaryCall((request, answer) -> {
                    told.add(request);
                    answer.onNext("");
                    answer.onCompleted();
                }))
                .build();
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        Optional.ofNullable(headers.get(token)).ifPresent(tokens::add);
                        return next.startCall(call, headers);
                    }
                })
                .build()
                .start();
    }

    /** What an application was sent, which is a collector. */
    static String told(App collector) {
        StringBuilder all = new StringBuilder();
        collector.requests().forEach(request -> all.append(request.body()));
        return all.toString();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
