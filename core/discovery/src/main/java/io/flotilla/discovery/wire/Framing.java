package io.flotilla.discovery.wire;

import java.util.List;

/** How a response looks on the wire; resources' bytes are referred to, never copied. */
public interface Framing {
    /** A response with all of a type. */
    ResponseFrame world(String typeUrl, String nonce, String version, Contents contents);

    /** A response with what is new or differs, and names of what is gone. */
    ResponseFrame delta(String typeUrl, String nonce, String version, Contents changed, List<String> removed);
}
