package io.flotilla.discovery.wire;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * One serialised response, as a list of pieces of which the large ones belong to every stream that sends them.
 *
 * @param typeUrl of the resources
 * @param nonce   of this response on its stream
 * @param version what the response says in (system_)version_info
 * @param pieces  in order; together they are the message
 * @param size    of all pieces, in bytes
 */
public record ResponseFrame(String typeUrl, String nonce, String version, List<ByteString> pieces, int size) {
    public ResponseFrame {
        pieces = List.copyOf(pieces);
    }

    /** All pieces in one; copies nothing, but reading it is slower. */
    public ByteString bytes() {
        return ByteString.copyFrom(pieces);
    }
}
