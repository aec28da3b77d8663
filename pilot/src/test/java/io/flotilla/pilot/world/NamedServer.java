package io.flotilla.pilot.world;

import io.flotilla.service.GrpcServers;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A gRPC server that answers with its name, and how it is called. */
public final class NamedServer implements AutoCloseable {
    private static final MethodDescriptor<String, String> WHO = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("test.Names/Who")
            .setRequestMarshaller(new Text())
            .setResponseMarshaller(new Text())
            .build();

    private final Server server;

    /** @param tls plaintext where it is null */
    public NamedServer(String name, String address, int port, @Nullable SslContext tls) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(address, port))
                .addService(service(name));
        if (tls != null) {
            builder.sslContext(tls);
        }
        server = builder.build().start();
    }

    /** What it serves. */
    public static ServerServiceDefinition service(String name) {
        return ServerServiceDefinition.builder("test.Names")
                .addMethod(WHO, ServerCalls.asyncUnaryCall((request, answers) -> {
                    answers.onNext(name);
                    answers.onCompleted();
                }))
                .build();
    }

    /** The name of the server that answers a call. */
    public static String ask(Channel channel, Map<String, String> headers, int seconds) {
        Metadata sent = new Metadata();
        headers.forEach((name, value) -> sent.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
        return ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(sent)),
                WHO,
                CallOptions.DEFAULT.withDeadlineAfter(seconds, TimeUnit.SECONDS),
                "who");
    }

    @Override
    public void close() {
        GrpcServers.close(List.of(server), Duration.ZERO);
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
