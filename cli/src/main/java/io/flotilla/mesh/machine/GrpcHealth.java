package io.flotilla.mesh.machine;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.flotilla.service.GrpcChannels;
import io.flotilla.service.HostPort;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The health service of gRPC, grpc.health.v1.Health: a service's name goes in (field 1), a status comes out (field 1). */
final class GrpcHealth {
    static final MethodDescriptor<String, Integer> CHECK = MethodDescriptor.<String, Integer>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("grpc.health.v1.Health/Check")
            .setRequestMarshaller(new Service())
            .setResponseMarshaller(new Status())
            .build();
    static final int SERVING = 1;

    private static final int FIELD = 1;

    private GrpcHealth() {}

    static Optional<String> ask(String host, int port, String service, Duration timeout) {
        ManagedChannel channel =
                GrpcChannels.plaintext(HostPort.parse(host + ":" + port)).build();
        try {
            int status = ClientCalls.blockingUnaryCall(
                    channel,
                    CHECK,
                    CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS),
                    service);
            return status == SERVING ? Optional.empty() : Optional.of("gRPC health is " + status + ", not SERVING");
        } catch (StatusRuntimeException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } finally {
            channel.shutdownNow();
        }
    }

    private static final class Service implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String service) {
            return written(out -> {
                if (!service.isEmpty()) {
                    out.writeString(FIELD, service);
                }
            });
        }

        @Override
        public String parse(InputStream stream) {
            try {
                CodedInputStream in = CodedInputStream.newInstance(stream);
                String service = "";
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    if (tag >>> 3 == FIELD) {
                        service = in.readStringRequireUtf8();
                    } else {
                        in.skipField(tag);
                    }
                }
                return service;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static final class Status implements MethodDescriptor.Marshaller<Integer> {
        @Override
        public InputStream stream(Integer status) {
            return written(out -> out.writeEnum(FIELD, status));
        }

        @Override
        public Integer parse(InputStream stream) {
            try {
                CodedInputStream in = CodedInputStream.newInstance(stream);
                int status = 0;
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    if (tag >>> 3 == FIELD) {
                        status = in.readEnum();
                    } else {
                        in.skipField(tag);
                    }
                }
                return status;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }

    private static InputStream written(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writing.to(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
