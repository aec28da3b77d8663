package io.flotilla.envoy.behaviour;

import com.google.protobuf.StringValue;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** A gRPC server that says its name before what it heard. */
final class EchoServer implements AutoCloseable {
    private static final String SERVICE = "flotilla.Echo";
    static final MethodDescriptor<StringValue, StringValue> SAY = method("Say", MethodDescriptor.MethodType.UNARY);
    static final MethodDescriptor<StringValue, StringValue> COUNT =
            method("Count", MethodDescriptor.MethodType.SERVER_STREAMING);
    static final MethodDescriptor<StringValue, StringValue> CHAT =
            method("Chat", MethodDescriptor.MethodType.BIDI_STREAMING);

    /** How many calls fail before one is answered. */
    final AtomicInteger failing = new AtomicInteger();

    private final String name;
    private final Server server;

    EchoServer(String name) throws IOException {
        this.name = name;
        BindableService service = () -> ServerServiceDefinition.builder(SERVICE)
                .addMethod(SAY, ServerCalls.asyncUnaryCall(this::say))
                .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(this::count))
                .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(this::chat))
                .build();
        this.server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service)
                .build()
                .start();
    }

    private static MethodDescriptor<StringValue, StringValue> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<StringValue, StringValue>newBuilder()
                .setType(type)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
                .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
                .build();
    }

    int port() {
        return server.getPort();
    }

    private void say(StringValue request, StreamObserver<StringValue> answer) {
        if (request.getValue().equals("nothing")) {
            return;
        }
        if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            answer.onError(Status.UNAVAILABLE.asRuntimeException());
            return;
        }
        answer.onNext(StringValue.of(name + " heard " + request.getValue()));
        answer.onCompleted();
    }

    private void count(StringValue request, StreamObserver<StringValue> answer) {
        for (int i = 1; i <= Integer.parseInt(request.getValue()); i++) {
            answer.onNext(StringValue.of(name + " " + i));
        }
        answer.onCompleted();
    }

    private StreamObserver<StringValue> chat(StreamObserver<StringValue> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(StringValue value) {
                say(value, new StreamObserver<>() {
                    @Override
                    public void onNext(StringValue said) {
                        answer.onNext(said);
                    }

                    @Override
                    public void onError(Throwable problem) {
                        answer.onError(problem);
                    }

                    @Override
                    public void onCompleted() {
                        // The conversation goes on.
                    }
                });
            }

            @Override
            public void onError(Throwable problem) {
                // The caller is gone.
            }

            @Override
            public void onCompleted() {
                answer.onCompleted();
            }
        };
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
