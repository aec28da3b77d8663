package io.flotilla.discovery.wire;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.InputStream;
import java.util.List;

/** Gives gRPC the bytes of a frame as they are. It only writes: clients read the generated messages. */
public final class FrameMarshaller implements MethodDescriptor.Marshaller<ResponseFrame> {
    /**
     * Sent, it resets the stream at once, with all that waits in it for the client to read: gRPC does that where a
     * message cannot be written, and has no other way to.
     */
    public static final ResponseFrame RESET = new ResponseFrame("", "", "", List.of(), -1);

    @Override
    public InputStream stream(ResponseFrame frame) {
        if (frame.size() < 0) {
            throw Status.CANCELLED.withDescription("the client does not read").asRuntimeException();
        }
        return new FrameStream(frame);
    }

    @Override
    public ResponseFrame parse(InputStream stream) {
        throw new UnsupportedOperationException("responses are read as the generated messages");
    }
}
