package io.flotilla.discovery.wire;

import io.grpc.MethodDescriptor;
import java.io.InputStream;

/** Gives gRPC the bytes of a frame as they are. It only writes: clients read the generated messages. */
public final class FrameMarshaller implements MethodDescriptor.Marshaller<ResponseFrame> {
    @Override
    public InputStream stream(ResponseFrame frame) {
        return new FrameStream(frame);
    }

    @Override
    public ResponseFrame parse(InputStream stream) {
        throw new UnsupportedOperationException("responses are read as the generated messages");
    }
}
