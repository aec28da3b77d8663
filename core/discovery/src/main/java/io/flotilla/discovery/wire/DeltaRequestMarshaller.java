package io.flotilla.discovery.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.Status;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a {@link DeltaRequest} from the bytes of a DeltaDiscoveryRequest. Servers only read. */
public final class DeltaRequestMarshaller implements MethodDescriptor.Marshaller<DeltaRequest> {
    private static final int KEY = 1;
    private static final int VALUE = 2;

    @Override
    public InputStream stream(DeltaRequest request) {
        throw new UnsupportedOperationException("clients send the generated messages");
    }

    @Override
    public DeltaRequest parse(InputStream stream) {
        try {
            return read(stream instanceof KnownLength ? known(stream) : stream.readAllBytes());
        } catch (IOException e) {
            throw io.grpc.Status.INTERNAL
                    .withDescription("not a DeltaDiscoveryRequest: " + e.getMessage())
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    // InputStream.readNBytes(int) reads pieces and copies them together: twice the bytes of all streams that return.
    private static byte[] known(InputStream stream) throws IOException {
        byte[] bytes = new byte[stream.available()];
        int read = stream.readNBytes(bytes, 0, bytes.length);
        return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
    }

    /** The same of bytes at hand, which stay in use. */
    public static DeltaRequest read(byte[] bytes) throws IOException {
        return new Reading(bytes).read();
    }

    private static final class Reading {
        private final byte[] bytes;
        private final CodedInputStream in;
        private final Texts subscribe;
        private final Texts names;
        private final Texts versions;
        private final List<String> unsubscribe = new ArrayList<>();
        private Node node = Node.getDefaultInstance();
        private String typeUrl = "";
        private String nonce = "";
        private @Nullable Status error;

        private Reading(byte[] bytes) {
            this.bytes = bytes;
            in = CodedInputStream.newInstance(bytes);
            subscribe = new Texts(bytes);
            names = new Texts(bytes);
            versions = new Texts(bytes);
        }

        private DeltaRequest read() throws IOException {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (tag) {
                    case (DeltaDiscoveryRequest.NODE_FIELD_NUMBER << 3) | 2 ->
                        node = in.readMessage(Node.parser(), ExtensionRegistryLite.getEmptyRegistry());
                    case (DeltaDiscoveryRequest.TYPE_URL_FIELD_NUMBER << 3) | 2 -> typeUrl = in.readStringRequireUtf8();
                    case (DeltaDiscoveryRequest.RESOURCE_NAMES_SUBSCRIBE_FIELD_NUMBER << 3) | 2 -> text(subscribe);
                    case (DeltaDiscoveryRequest.RESOURCE_NAMES_UNSUBSCRIBE_FIELD_NUMBER << 3) | 2 ->
                        unsubscribe.add(in.readStringRequireUtf8());
                    case (DeltaDiscoveryRequest.INITIAL_RESOURCE_VERSIONS_FIELD_NUMBER << 3) | 2 -> held();
                    case (DeltaDiscoveryRequest.RESPONSE_NONCE_FIELD_NUMBER << 3) | 2 ->
                        nonce = in.readStringRequireUtf8();
                    case (DeltaDiscoveryRequest.ERROR_DETAIL_FIELD_NUMBER << 3) | 2 ->
                        error = in.readMessage(Status.parser(), ExtensionRegistryLite.getEmptyRegistry());
                    default -> in.skipField(tag);
                }
            }
            return new DeltaRequest(node, typeUrl, nonce, error, subscribe, unsubscribe, names, versions);
        }

        private void text(Texts into) throws IOException {
            int length = in.readRawVarint32();
            int from = in.getTotalBytesRead();
            in.skipRawBytes(length);
            check(from, length);
            into.add(from, length);
        }

        private void held() throws IOException {
            int length = in.readRawVarint32();
            int from = in.getTotalBytesRead();
            in.skipRawBytes(length);
            if (!usual(from, from + length)) {
                held(from, length);
            }
        }

        /** A short name and then a short version, as everybody writes them: thousands of them, so without a look at tags. */
        private boolean usual(int from, int end) throws IOException {
            if (end - from < 2 || bytes[from] != ((KEY << 3) | 2) || bytes[from + 1] < 0) {
                return false;
            }
            int name = from + 2;
            int version = name + bytes[from + 1] + 2;
            if (version > end
                    || bytes[version - 2] != ((VALUE << 3) | 2)
                    || bytes[version - 1] < 0
                    || version + bytes[version - 1] != end) {
                return false;
            }
            check(name, version - 2 - name);
            check(version, end - version);
            names.add(name, version - 2 - name);
            versions.add(version, end - version);
            return true;
        }

        private void held(int start, int size) throws IOException {
            CodedInputStream entry = CodedInputStream.newInstance(bytes, start, size);
            int name = 0;
            int nameLength = 0;
            int version = 0;
            int versionLength = 0;
            for (int tag = entry.readTag(); tag != 0; tag = entry.readTag()) {
                if (tag != ((KEY << 3) | 2) && tag != ((VALUE << 3) | 2)) {
                    entry.skipField(tag);
                    continue;
                }
                int length = entry.readRawVarint32();
                int from = start + entry.getTotalBytesRead();
                entry.skipRawBytes(length);
                check(from, length);
                if (tag == ((KEY << 3) | 2)) {
                    name = from;
                    nameLength = length;
                } else {
                    version = from;
                    versionLength = length;
                }
            }
            names.add(name, nameLength);
            versions.add(version, versionLength);
        }

        private void check(int from, int length) throws InvalidProtocolBufferException {
            int signs = 0;
            for (int i = from; i < from + length; i++) {
                signs |= bytes[i];
            }
            if (signs < 0
                    && !UnsafeByteOperations.unsafeWrap(bytes, from, length).isValidUtf8()) {
                throw new InvalidProtocolBufferException("a name or version is not UTF-8");
            }
        }
    }
}
